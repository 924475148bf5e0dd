//! A runner on the real plugin, against a platform that answers by a script. Waiting takes no time.

mod logs;
mod uncertain;
mod wishes;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::contract::Connection;
use polysync_host::{
    Access, BodyMeter, Clock, Grants, Host, HttpClient, HttpRequest, HttpResponse, Limits, Plugin,
    Slot, TransportError,
};
use tokio::sync::{Notify, OnceCell};
use uuid::Uuid;

use super::*;
use crate::runs::policy::Attendance;
use crate::samples;

const INTERVAL: Duration = Duration::from_secs(1);
const RUN_ID: &str =
    "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/churn/execution/a1b2c3d4e5f6";

/// The wish to cancel the runs of these tests.
const WISH: Wanted = Wanted {
    guid: Uuid::from_u128(0xc),
    file: None,
};

const EXECUTING: Reply = Reply::Status("Executing");
const SUCCEEDED: Reply = Reply::Status("Succeeded");
const STOPPED: Reply = Reply::Status("Stopped");
const NOT_FOUND: Reply = Reply::Error("ResourceNotFound");
const DENIED: Reply = Reply::Error("AccessDeniedException");
const THROTTLED: Reply = Reply::Error("ThrottlingException");

/// What the platform answers to one request.
#[derive(Debug, Clone, Copy)]
enum Reply {
    /// To `StartPipelineExecution` and `StopPipelineExecution`.
    Arn,
    /// To `DescribePipelineExecution`.
    Status(&'static str),
    /// To `ListPipelineExecutionSteps`, which the plugin sends for a run that didn't succeed.
    NoSteps,
    /// The same, of a run with one step, which failed and has a log.
    FailedStep,
    /// To any request, with this code.
    Error(&'static str),
}

impl Reply {
    fn response(self) -> HttpResponse {
        let (status, body) = match self {
            Self::Arn => (200, serde_json::json!({ "PipelineExecutionArn": RUN_ID })),
            Self::Status(word) => (
                200,
                serde_json::json!({
                    "PipelineExecutionArn": RUN_ID, "PipelineExecutionStatus": word,
                }),
            ),
            Self::NoSteps => (200, serde_json::json!({ "PipelineExecutionSteps": [] })),
            Self::FailedStep => {
                let arn = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/t";
                let step = serde_json::json!({
                    "StepName": "Train", "StepStatus": "Failed",
                    "Metadata": { "TrainingJob": { "Arn": arn } },
                });
                (200, serde_json::json!({ "PipelineExecutionSteps": [step] }))
            }
            Self::Error(code) => (400, serde_json::json!({ "__type": code, "message": "no" })),
        };
        HttpResponse {
            status,
            headers: Default::default(),
            body: body.to_string().into_bytes(),
        }
    }
}

/// Answers each request by the next reply, and records the operation and the token of each.
#[derive(Debug, Default)]
struct Platform {
    replies: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<(String, Option<String>)>>,
    /// Told of each request for log lines. These requests aren't answered.
    asked_for_logs: Notify,
}

impl Platform {
    fn new(replies: &[Reply]) -> Arc<Self> {
        Arc::new(Self {
            replies: Mutex::new(replies.iter().copied().collect()),
            ..Self::default()
        })
    }
}

#[async_trait]
impl HttpClient for Platform {
    async fn send(
        &self,
        request: HttpRequest,
        _: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        let operation = request.headers["x-amz-target"].to_str().unwrap();
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let token = body["ClientRequestToken"].as_str().map(str::to_owned);
        let operation = operation.trim_start_matches("SageMaker.").to_owned();
        if operation.starts_with("Logs_") {
            self.asked_for_logs.notify_one();
            return std::future::pending().await;
        }
        self.requests.lock().unwrap().push((operation, token));
        let reply = self.replies.lock().unwrap().pop_front();
        Ok(reply.expect("no reply is left").response())
    }
}

/// A clock on which waiting takes no time. It records how long it was asked to wait.
#[derive(Debug, Default)]
struct Waits(Mutex<Vec<Duration>>);

#[async_trait]
impl Clock for Waits {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn sleep(&self, duration: Duration) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(duration);
    }

    fn random(&self, max: u64) -> u64 {
        max
    }
}

/// What came of a run.
struct Worked {
    end: End,
    events: Vec<String>,
    waits: Vec<Duration>,
    requests: Vec<(String, Option<String>)>,
}

/// The plugin, which all tests of a process share because compiling it takes longer than they do.
async fn plugin() -> Plugin {
    static PLUGIN: OnceCell<Plugin> = OnceCell::const_new();
    let load = || async {
        let host = Host::new(Limits::recommended()).unwrap();
        let plugin = host.load(test_components::sagemaker_pipeline()).await;
        plugin.unwrap()
    };
    PLUGIN.get_or_init(load).await.clone()
}

/// Works on a run until its end, on a platform that gives these replies and no others.
async fn work(attendance: Attendance, record: Record, replies: &[Reply]) -> Worked {
    work_with_record(attendance, record, replies).await.0
}

/// The same, with the record as it was reported last.
async fn work_with_record(
    attendance: Attendance,
    record: Record,
    replies: &[Reply],
) -> (Worked, Record) {
    let platform = Platform::new(replies);
    let job_type = job_type(&platform, Arc::new(Waits::default())).await;
    let (mut worked, record) = work_with(job_type, attendance, record).await;
    assert!(platform.replies.lock().unwrap().is_empty());
    worked.requests = std::mem::take(&mut platform.requests.lock().unwrap());
    (worked, record)
}

/// The plugin on a platform.
async fn job_type(platform: &Arc<Platform>, clock: Arc<dyn Clock>) -> JobType {
    in_slot(
        &Slot::new(plugin().await),
        Arc::clone(platform) as Arc<_>,
        clock,
    )
    .await
}

/// The job type that a slot serves, granted what the plugin asks for.
async fn in_slot(slot: &Slot, platform: Arc<dyn HttpClient>, clock: Arc<dyn Clock>) -> JobType {
    let connection = Connection {
        region: "eu-west-1".into(),
        endpoint: None,
        attributes: Vec::new(),
    };
    let requests = slot.plugin().requests(&connection).await.unwrap();
    let grants = Grants::none().accept(requests.valid());
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    let access = Access::new(grants, SharedCredentialsProvider::new(credentials))
        .with_clock(clock)
        .with_http_client(platform);
    slot.for_connection(connection, access)
}

/// What a run of a test shares with no other.
fn context(
    job_type: JobType,
    attendance: Attendance,
    clock: Arc<dyn Clock>,
    events: mpsc::UnboundedSender<Event>,
    stopping: watch::Receiver<bool>,
) -> Context {
    Context {
        polls: Polls::one_by_one(job_type.clone(), Arc::clone(&clock)),
        job_type,
        ledger: Ledger::in_memory().unwrap(),
        policy: Policy {
            attendance,
            interval: INTERVAL,
            aligned_to: None,
            may_be_put_off: true,
            list_steps: false,
            monitor_url: false,
            log_lines: 0,
        },
        clock,
        log_readers: Arc::new(Semaphore::new(1)),
        events,
        stopping,
    }
}

/// Works on a run until its end, with this job type.
async fn work_with(job_type: JobType, attendance: Attendance, record: Record) -> (Worked, Record) {
    let clock = Arc::new(Waits::default());
    let (events, mut happened) = mpsc::unbounded_channel();
    let (_stop, stopping) = watch::channel(false);
    let (_cancel, cancelled) = watch::channel(None);
    let context = context(
        job_type,
        attendance,
        Arc::clone(&clock) as Arc<_>,
        events,
        stopping,
    );
    let end = Runner::new(context, record, cancelled).work().await;
    let mut names = Vec::new();
    let mut last = None;
    while let Some(event) = happened.recv().await {
        names.push(name(&event));
        if let Event::Run(record, _) = event {
            last = Some(*record);
        }
    }
    let worked = Worked {
        end,
        events: names,
        waits: std::mem::take(&mut clock.0.lock().unwrap()),
        requests: Vec::new(),
    };
    (worked, last.unwrap_or_else(samples::record))
}

fn name(event: &Event) -> String {
    let Event::Run(record, event) = event else {
        panic!("not about a run: {event:?}")
    };
    match event {
        RunEvent::Started { .. } => "started".into(),
        RunEvent::Status(status) => format!("is {}", status.platform_status),
        RunEvent::Error { call, .. } => format!("{} failed", call.doing()),
        RunEvent::Cancelling(_) => "cancelling".into(),
        RunEvent::Retried { .. } => "retried".into(),
        RunEvent::Finished { .. } => record.state().word().into(),
        other => panic!("unexpected: {other:?}"),
    }
}

/// A run that the platform has, and that was executing when the ledger was written.
fn executing() -> Record {
    let mut record = samples::record();
    record.start(RUN_ID.into(), &samples::plugin());
    record.platform_status = "Executing".into();
    record
}

#[tokio::test]
async fn a_run_is_polled_from_its_start_to_its_end() {
    let replies = [Reply::Arn, EXECUTING, EXECUTING, SUCCEEDED];
    let worked = work(Attendance::Unattended, samples::record(), &replies).await;
    assert_eq!(worked.events, ["started", "is Executing", "success"]);
    assert_eq!(worked.waits, [INTERVAL; 2]);
    assert!(matches!(worked.end, End::Finished(Ending::Success)));
}

#[tokio::test]
async fn a_status_that_the_ledger_has_is_not_reported_again() {
    let replies = [EXECUTING, EXECUTING, SUCCEEDED];
    let worked = work(Attendance::Unattended, executing(), &replies).await;
    assert_eq!(worked.events, ["success"]);
}

#[tokio::test]
async fn a_start_that_fails_for_now_is_repeated_with_the_same_token() {
    // The plugin makes three attempts in a call.
    let replies = [THROTTLED, THROTTLED, THROTTLED, Reply::Arn, SUCCEEDED];
    let worked = work(Attendance::Attended, samples::record(), &replies).await;
    assert_eq!(worked.events, ["starting failed", "started", "success"]);
    assert_eq!(worked.waits, [Duration::from_secs(2)]);
    let starts: Vec<_> = worked.requests.iter().take(4).collect();
    assert!(starts.iter().all(|start| *start == starts[0]), "{starts:?}");
}

#[tokio::test]
async fn a_poll_that_succeeds_ends_a_row_of_failures() {
    let replies = [
        &[NOT_FOUND; 4][..],
        &[EXECUTING],
        &[NOT_FOUND; 4],
        &[SUCCEEDED],
    ]
    .concat();
    let worked = work(Attendance::Unattended, executing(), &replies).await;
    assert!(matches!(worked.end, End::Finished(Ending::Success)));
    // The waits after failures grow from the beginning again.
    assert_eq!(worked.waits[..4], worked.waits[5..]);
}

#[tokio::test]
async fn a_run_that_the_platform_does_not_know_ends_as_unknown() {
    let worked = work(Attendance::Unattended, executing(), &[NOT_FOUND; 5]).await;
    assert!(matches!(worked.end, End::Finished(Ending::Unknown)));
}

#[tokio::test]
async fn a_run_that_cannot_be_polled_is_given_up_while_somebody_waits() {
    let worked = work(Attendance::Attended, executing(), &[DENIED]).await;
    assert!(matches!(
        worked.end,
        End::GaveUp {
            call: Call::Poll,
            ..
        }
    ));
    assert!(worked.events.is_empty());
}

#[tokio::test]
async fn polls_that_find_no_run_count_with_other_failures_between_them() {
    let throttled = [THROTTLED; 3];
    let replies = [
        &[NOT_FOUND; 2][..],
        &throttled,
        &[NOT_FOUND; 2],
        &throttled,
        &[NOT_FOUND],
    ]
    .concat();
    let worked = work(Attendance::Unattended, executing(), &replies).await;
    assert!(matches!(worked.end, End::Finished(Ending::Unknown)));
}

#[tokio::test]
async fn other_failures_do_not_count_as_polls_that_find_no_run() {
    let replies = [&[THROTTLED; 12][..], &[NOT_FOUND, SUCCEEDED]].concat();
    let worked = work(Attendance::Unattended, executing(), &replies).await;
    assert!(matches!(worked.end, End::Finished(Ending::Success)));
}
