//! What the measurements share: a connection, a run, and SageMaker's answer about it.

use std::sync::Arc;

use anyhow::{Result, anyhow};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::contract::{Connection, Error, Run};
use polysync_host::{Access, CallError, Grants, HttpClient, HttpGrant, JobType, Plugin};

pub(crate) const REGION: &str = "eu-central-1";
pub(crate) const ACCESS_KEY_ID: &str = "AKIDBENCHMARK";
pub(crate) const SECRET: &str = "secret-of-the-benchmark-forty-characters";

/// A run's id.
pub(crate) const RUN_ID: &str =
    "arn:aws:sagemaker:eu-central-1:123456789012:pipeline/churn-training/execution/6k3w1tqvz4mo";

/// SageMaker's answer about an execution that is running.
pub(crate) const EXECUTING: &str = r#"{"CreatedBy":{},"CreationTime":1.793534400123E9,"LastModifiedBy":{},"LastModifiedTime":1.793534460456E9,"PipelineArn":"arn:aws:sagemaker:eu-central-1:123456789012:pipeline/churn-training","PipelineExecutionArn":"arn:aws:sagemaker:eu-central-1:123456789012:pipeline/churn-training/execution/6k3w1tqvz4mo","PipelineExecutionDescription":"Nightly training of the churn model","PipelineExecutionDisplayName":"nightly-2026-11-01","PipelineExecutionStatus":"Executing","PipelineVersionId":7}"#;

/// The headers of SageMaker's answers.
pub(crate) const HEADERS: [(&str, &str); 5] = [
    ("x-amzn-requestid", "0f8fad5b-d9cb-469f-a165-70867728950e"),
    ("content-type", "application/x-amz-json-1.1"),
    ("content-length", "480"),
    ("date", "Sun, 01 Nov 2026 12:01:00 GMT"),
    ("connection", "keep-alive"),
];

/// A connection to SageMaker itself, or to an endpoint in its place.
pub(crate) fn connection(endpoint: Option<&str>) -> Connection {
    Connection {
        region: REGION.to_owned(),
        endpoint: endpoint.map(str::to_owned),
        attributes: Vec::new(),
    }
}

pub(crate) fn run() -> Run {
    Run {
        external_id: Some("churn-training".to_owned()),
        run_id: RUN_ID.to_owned(),
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY_ID, SECRET, None, None, "benchmark")
}

/// The job type with its grants. Where there is a `client`, it answers the requests.
pub(crate) async fn job_type(
    plugin: &Plugin,
    endpoint: Option<&str>,
    client: Option<Arc<dyn HttpClient>>,
) -> Result<JobType> {
    let connection = connection(endpoint);
    let requests = plugin.requests(&connection).await?;
    let mut grants = Grants::none().accept(requests.valid());
    if let Some(endpoint) = endpoint {
        grants = grants.allow_http(HttpGrant::from_endpoint(endpoint)?);
    }
    let mut access = Access::new(grants, SharedCredentialsProvider::new(credentials()));
    if let Some(client) = client {
        access = access.with_http_client(client);
    }
    Ok(plugin.for_connection(connection, access))
}

/// The answer of a call, with both kinds of error as one.
pub(crate) fn answered<T>(answer: Result<Result<T, Error>, CallError>) -> Result<T> {
    answer?.map_err(|error| anyhow!("{}: {}", error.code, error.message))
}
