//! What everything is measured on: one connection, one run, and a platform that answers from memory.

use std::sync::Arc;

use anyhow::{Context, Result};
use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_harness::contract::{Connection, Run};
use polysync_harness::{
    Access, BodyMeter, Grants, HttpClient, HttpRequest, HttpResponse, JobType, Plugin,
    TransportError,
};
use reqwest::header::{HeaderMap, HeaderValue};

pub(crate) const REGION: &str = "eu-central-1";
pub(crate) const ACCESS_KEY_ID: &str = "AKIDBENCHMARK";
pub(crate) const SECRET: &str = "secret-of-the-benchmark-forty-characters";

/// A run, as SageMaker names it.
pub(crate) const RUN_ID: &str =
    "arn:aws:sagemaker:eu-central-1:123456789012:pipeline/churn-training/execution/6k3w1tqvz4mo";

/// What SageMaker says of an execution that is under way.
pub(crate) const EXECUTING: &str = r#"{"CreatedBy":{},"CreationTime":1.793534400123E9,"LastModifiedBy":{},"LastModifiedTime":1.793534460456E9,"PipelineArn":"arn:aws:sagemaker:eu-central-1:123456789012:pipeline/churn-training","PipelineExecutionArn":"arn:aws:sagemaker:eu-central-1:123456789012:pipeline/churn-training/execution/6k3w1tqvz4mo","PipelineExecutionDescription":"Nightly training of the churn model","PipelineExecutionDisplayName":"nightly-2026-11-01","PipelineExecutionStatus":"Executing","PipelineVersionId":7}"#;

/// The headers of SageMaker's answers.
pub(crate) const HEADERS: [(&str, &str); 5] = [
    ("x-amzn-requestid", "0f8fad5b-d9cb-469f-a165-70867728950e"),
    ("content-type", "application/x-amz-json-1.1"),
    ("content-length", "480"),
    ("date", "Sun, 01 Nov 2026 12:01:00 GMT"),
    ("connection", "keep-alive"),
];

pub(crate) fn connection() -> Connection {
    Connection {
        region: REGION.to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    }
}

pub(crate) fn run() -> Run {
    Run {
        external_id: "churn-training".to_owned(),
        run_id: RUN_ID.to_owned(),
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY_ID, SECRET, None, None, "benchmark")
}

/// The job type, as far as it may go, with its requests answered by `client`.
pub(crate) fn job_type(
    plugin: &Plugin,
    connection: Connection,
    client: Arc<dyn HttpClient>,
) -> Result<JobType> {
    let mut grants = Grants::of_needs(&plugin.description().needs)?;
    if let Some(endpoint) = &connection.endpoint {
        grants = grants.allow_http(endpoint.parse().context("no endpoint")?);
    }
    let access =
        Access::new(grants, SharedCredentialsProvider::new(credentials())).with_http_client(client);
    Ok(plugin.for_connection(connection, access))
}

/// Answers each request with the same, at once.
pub(crate) struct FromMemory {
    headers: HeaderMap,
    body: Vec<u8>,
}

impl FromMemory {
    pub(crate) fn answering(body: &str) -> Arc<Self> {
        let headers = HEADERS
            .iter()
            .filter_map(|(name, value)| Some((name.parse().ok()?, HeaderValue::from_static(value))))
            .collect();
        Arc::new(Self {
            headers,
            body: body.as_bytes().to_vec(),
        })
    }
}

#[async_trait]
impl HttpClient for FromMemory {
    async fn send(
        &self,
        _: HttpRequest,
        _: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        Ok(HttpResponse {
            status: 200,
            headers: self.headers.clone(),
            body: self.body.clone(),
        })
    }
}
