//! A connection of a slot: the contract's calls, with the grants and credentials of the connection.

use std::sync::Arc;

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use polysync_host::contract::json::attributes;
use polysync_host::contract::{
    Attribute, Connection, DeclaredParameter, Job, LogPosition, Run, RunStatus,
};
use polysync_host::{Access, Answer, AwsEnvironment, JobType};
use serde::{Deserialize, Serialize};

use crate::calls::{Outcome, json};
use crate::credentials::EmbeddersCredentials;
use crate::errors::Failure;
use crate::host::EmbeddedHost;
use crate::http::EmbeddersClient;
use crate::needs::GrantsView;
use crate::parse;
use crate::slot::EmbeddedSlot;

/// A connection, with what it needs for its calls.
#[derive(Debug)]
pub(crate) struct EmbeddedConnection {
    pub(crate) host: Arc<EmbeddedHost>,
    job_type: JobType,
}

/// The argument of `ps_connection_new`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ConnectionView {
    /// What the embedder calls it; the questions about it have this name.
    #[serde(default)]
    name: String,
    connection: Connection,
    #[serde(default)]
    grants: GrantsView,
    #[serde(default)]
    credentials: CredentialsView,
    #[serde(default)]
    http: HttpView,
}

/// Where a connection's credentials come from.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum CredentialsView {
    /// Nowhere: the job type needs none, or signs nothing.
    #[default]
    None,
    /// From the embedder, which gets the event `credentials-asked`.
    Embedder,
    /// From where every AWS tool takes them.
    Environment,
    /// From this profile of the AWS configuration.
    Profile(String),
}

/// Who sends a connection's requests.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum HttpView {
    /// This library.
    #[default]
    Host,
    /// The embedder, which gets the event `http-asked`.
    Embedder,
}

/// What can be asked of a connection: the calls of the contract.
#[derive(Debug, Deserialize)]
#[serde(
    tag = "call",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum ConnectionRequest {
    Validate {
        job: Job,
        declared: Option<Vec<DeclaredParameter>>,
    },
    TestConnection {},
    Discover {
        cursor: Option<String>,
    },
    Inspect {
        external_id: String,
    },
    Start {
        job: Job,
        guid: String,
    },
    Status {
        run: Run,
    },
    Statuses {
        runs: Vec<Run>,
    },
    Cancel {
        run: Run,
        guid: String,
    },
    Retry {
        run: Run,
        #[serde(default, with = "attributes")]
        attributes: Vec<Attribute>,
        guid: String,
    },
    Steps {
        run: Run,
        cursor: Option<String>,
    },
    Logs {
        run: Run,
        step: String,
        position: LogPosition,
    },
    MonitorUrl {
        run: Run,
    },
    /// The account of the connection's credentials, as far as they tell it.
    AccountId {},
}

/// What is known of one run of several.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum RunAnswer {
    Status(Box<RunStatus>),
    Error(Failure),
}

/// Reports missing credentials.
#[derive(Debug)]
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded(
            "the connection was made without credentials",
        )))
    }
}

/// Takes the AWS configuration when it is first needed: that can take as long as a request.
#[derive(Debug)]
struct Environment {
    profile: Option<String>,
    region: String,
}

impl ProvideCredentials for Environment {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let region = Some(self.region.as_str());
            let environment = AwsEnvironment::load(self.profile.as_deref(), region).await;
            environment.credentials.provide_credentials().await
        })
    }
}

impl EmbeddedConnection {
    /// A connection of a slot.
    ///
    /// # Errors
    /// The slot is empty, or the document can't be read.
    pub(crate) fn new(slot: &EmbeddedSlot, document: &str) -> Result<Self, Failure> {
        let view: ConnectionView = parse::json(document, "the connection")?;
        if matches!(view.credentials, CredentialsView::None) && view.grants.has_signing() {
            return Err(Failure::invalid(
                "the connection is granted to sign requests, and has no credentials",
                "Say where its `credentials` come from, or leave `awsSigning` out.",
            ));
        }
        let host = Arc::clone(&slot.host);
        let credentials = credentials(&view, &host);
        let mut access = Access::new(view.grants.read()?, credentials);
        if let HttpView::Embedder = view.http {
            access = access.with_http_client(Arc::new(EmbeddersClient {
                questions: Arc::clone(&host.questions),
                connection: view.name,
            }));
        }
        let job_type = slot.loaded()?.for_connection(view.connection, access);
        Ok(Self { host, job_type })
    }

    /// Begins the call that a request describes.
    ///
    /// # Errors
    /// The request can't be read, or the host takes none.
    pub(crate) fn call(&self, request: &str) -> Result<u64, Failure> {
        let request = parse::json(request, "the request to the connection")?;
        // So that the event names the plugin that answers, whatever is swapped in meanwhile.
        let job_type = self.job_type.pin();
        self.host.begin(async move {
            let answer = answer(&job_type, request).await;
            Outcome {
                answer,
                plugin: Some(job_type.identity()),
            }
        })
    }
}

fn credentials(view: &ConnectionView, host: &EmbeddedHost) -> SharedCredentialsProvider {
    let environment = |profile| {
        SharedCredentialsProvider::new(Environment {
            profile,
            region: view.connection.region.clone(),
        })
    };
    match &view.credentials {
        CredentialsView::None => SharedCredentialsProvider::new(NoCredentials),
        CredentialsView::Embedder => SharedCredentialsProvider::new(EmbeddersCredentials {
            questions: Arc::clone(&host.questions),
            connection: view.name.clone(),
        }),
        CredentialsView::Environment => environment(None),
        CredentialsView::Profile(profile) => environment(Some(profile.clone())),
    }
}

type Json = Box<serde_json::value::RawValue>;

async fn answer(job_type: &JobType, request: ConnectionRequest) -> Result<Json, Failure> {
    match request {
        ConnectionRequest::Validate { job, declared } => {
            let findings = job_type.validate(&job, declared.as_deref()).await;
            findings
                .map(|findings| json(&findings))
                .map_err(|error| Failure::from(&error))
        }
        ConnectionRequest::TestConnection {} => plain(job_type.test_connection().await),
        ConnectionRequest::Discover { cursor } => plain(job_type.discover(cursor.as_deref()).await),
        ConnectionRequest::Inspect { external_id } => plain(job_type.inspect(&external_id).await),
        ConnectionRequest::Start { job, guid } => plain(job_type.start(&job, &guid).await),
        ConnectionRequest::Status { run } => plain(job_type.status(&run).await),
        ConnectionRequest::Statuses { runs } => {
            let answers = job_type.statuses(&runs).await.into_iter();
            Ok(json(&answers.map(run_answer).collect::<Vec<_>>()))
        }
        ConnectionRequest::Cancel { run, guid } => plain(job_type.cancel(&run, &guid).await),
        ConnectionRequest::Retry {
            run,
            attributes,
            guid,
        } => plain(job_type.retry(&run, &attributes, &guid).await),
        ConnectionRequest::Steps { run, cursor } => {
            plain(job_type.steps(&run, cursor.as_deref()).await)
        }
        ConnectionRequest::Logs {
            run,
            step,
            position,
        } => plain(job_type.logs(&run, &step, &position).await),
        ConnectionRequest::MonitorUrl { run } => plain(job_type.monitor_url(&run).await),
        ConnectionRequest::AccountId {} => Ok(json(&job_type.account_id().await)),
    }
}

fn plain<T: Serialize>(answer: Answer<T>) -> Result<Json, Failure> {
    match answer {
        Ok(Ok(answer)) => Ok(json(&answer)),
        Ok(Err(error)) => Err(error.into()),
        Err(broken) => Err(Failure::from(&broken)),
    }
}

fn run_answer(answer: Answer<RunStatus>) -> RunAnswer {
    match answer {
        Ok(Ok(status)) => RunAnswer::Status(Box::new(status)),
        Ok(Err(error)) => RunAnswer::Error(error.into()),
        Err(broken) => RunAnswer::Error(Failure::from(&broken)),
    }
}
