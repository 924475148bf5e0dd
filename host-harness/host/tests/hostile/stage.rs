//! A host with the plugin that misbehaves by order, and checks of the host afterwards.

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::contract::{Attribute, Connection, Job, LogPosition, Run};
use polysync_host::{
    Access, CallFault, Clock, Grants, Host, HttpClient, JobType, Limits, Plugin, Usage,
};

/// A call timeout that a test can wait for, and that is long enough for a good call on a busy machine.
pub(crate) const SHORT: Duration = Duration::from_secs(1);
pub(crate) const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// Every function of the contract that takes a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Function {
    Validate,
    TestConnection,
    Discover,
    Inspect,
    Start,
    Status,
    Statuses,
    Cancel,
    Retry,
    Steps,
    Logs,
    MonitorUrl,
}

/// A host with the plugin that misbehaves.
pub(crate) struct Stage {
    pub(crate) host: Host,
    pub(crate) plugin: Plugin,
    grants: Grants,
    credentials: SharedCredentialsProvider,
    http: Option<Arc<dyn HttpClient>>,
    clock: Option<Arc<dyn Clock>>,
}

impl Stage {
    pub(crate) async fn new(limits: Limits) -> Self {
        let host = Host::new(limits).expect("a host");
        let plugin = host.load(test_components::misbehaving()).await;
        Self {
            plugin: plugin.expect("a plugin"),
            host,
            grants: Grants::none(),
            credentials: SharedCredentialsProvider::new(Credentials::new(
                "AKID",
                "never-to-be-printed",
                None,
                None,
                "test",
            )),
            http: None,
            clock: None,
        }
    }

    pub(crate) fn grant(mut self, origin: &str) -> Self {
        self.grants = self.grants.allow_http(origin.parse().expect("a grant"));
        self
    }

    pub(crate) fn client(mut self, client: impl HttpClient + 'static) -> Self {
        self.http = Some(Arc::new(client));
        self
    }

    pub(crate) fn signing(mut self, credentials: SharedCredentialsProvider) -> Self {
        self.grants = self.grants.allow_signing("sagemaker").expect("a service");
        self.credentials = credentials;
        self
    }

    pub(crate) fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// A stage with another plugin of the same host.
    pub(crate) fn beside(&self, plugin: Plugin) -> Self {
        Self {
            host: self.host.clone(),
            plugin,
            grants: self.grants.clone(),
            credentials: self.credentials.clone(),
            http: None,
            clock: None,
        }
    }

    /// A connection of its own for a plugin with an order.
    pub(crate) fn connection(&self, order: &str) -> JobType {
        self.job_type(Some(order))
    }

    pub(crate) fn job_type(&self, order: Option<&str>) -> JobType {
        let order = order.map(|order| Attribute {
            name: "order".to_owned(),
            value: order.to_owned(),
        });
        let connection = Connection {
            region: "eu-west-1".to_owned(),
            endpoint: None,
            attributes: order.into_iter().collect(),
        };
        self.plugin.for_connection(connection, self.access())
    }

    /// What connections may reach.
    pub(crate) fn access(&self) -> Access {
        let mut access = Access::new(self.grants.clone(), self.credentials.clone());
        if let Some(client) = &self.http {
            access = access.with_http_client(Arc::clone(client));
        }
        if let Some(clock) = &self.clock {
            access = access.with_clock(Arc::clone(clock));
        }
        access
    }

    /// Calls a function with an order, then checks that the host still serves.
    ///
    /// Returns the host's answer to the plugin, or how the plugin broke.
    pub(crate) async fn call(&self, function: Function, order: &str) -> Result<String, CallFault> {
        let outcome = self.call_alone(function, order).await;
        self.serves().await;
        outcome
    }

    /// Calls a function with an order, without checking anything afterwards.
    pub(crate) async fn call_alone(
        &self,
        function: Function,
        order: &str,
    ) -> Result<String, CallFault> {
        answer(&self.connection(order), function).await
    }

    /// Like [`Stage::call`], for orders that every function carries out alike.
    pub(crate) async fn order(&self, order: &str) -> Result<String, CallFault> {
        self.call(Function::Status, order).await
    }

    /// Panics unless the host serves the next call, and none of its pool is in use before and after.
    pub(crate) async fn serves(&self) {
        assert_eq!(self.host.usage(), Usage::default());
        let next = call(&self.job_type(None), Function::Status).await;
        assert_eq!(next, Ok(None));
        assert_eq!(self.host.usage(), Usage::default());
    }
}

/// Calls a function of a connection with an order. Returns the host's answer to the plugin, or how
/// the plugin broke.
pub(crate) async fn answer(job_type: &JobType, function: Function) -> Result<String, CallFault> {
    let outcome = call(job_type, function).await;
    outcome.map(|answer| answer.expect("the plugin answers an order with an error"))
}

/// Calls a function. Returns the message if the plugin answers with an error or a finding.
async fn call(job_type: &JobType, function: Function) -> Result<Option<String>, CallFault> {
    let job = Job {
        external_id: "job".to_owned(),
        attributes: Vec::new(),
        parameters: Vec::new(),
    };
    let run = Run {
        external_id: Some("job".to_owned()),
        run_id: "run".to_owned(),
    };
    macro_rules! message {
        ($call:expr) => {
            $call.await.map(|answer| answer.err().map(|e| e.message))
        };
    }
    let answer = match function {
        Function::Validate => job_type
            .validate(&job, None)
            .await
            .map(|findings| findings.into_iter().next().map(|finding| finding.message)),
        Function::TestConnection => message!(job_type.test_connection()),
        Function::Discover => message!(job_type.discover(None)),
        Function::Inspect => message!(job_type.inspect("job")),
        Function::Start => message!(job_type.start(&job, GUID)),
        Function::Status => message!(job_type.status(&run)),
        Function::Statuses => {
            let mut answers = job_type.statuses(std::slice::from_ref(&run)).await;
            assert_eq!(answers.len(), 1);
            let answer = answers.remove(0);
            answer.map(|answer| answer.err().map(|error| error.message))
        }
        Function::Cancel => message!(job_type.cancel(&run, GUID)),
        Function::Retry => message!(job_type.retry(&run, &[], GUID)),
        Function::Steps => message!(job_type.steps(&run, None)),
        Function::Logs => message!(job_type.logs(&run, "step", &LogPosition::Oldest)),
        Function::MonitorUrl => message!(job_type.monitor_url(&run)),
    };
    answer.map_err(|error| error.fault)
}

/// The resident memory of this process, in bytes.
#[cfg(target_os = "linux")]
pub(crate) fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .and_then(|number| number.trim().parse::<usize>().ok());
    kilobytes.expect("a number of kB") * 1024
}
