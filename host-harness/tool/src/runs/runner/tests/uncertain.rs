//! Starts whose outcome isn't known. The misbehaving plugin doesn't promise that the same GUID gives the
//! same run.

use polysync_host::contract::Attribute;
use polysync_host::{CallError, Source};
use test_components::contract::Contract;
use test_components::text;

use super::*;

async fn misbehaving() -> Plugin {
    let host = Host::new(Limits::recommended()).unwrap();
    host.load(test_components::misbehaving()).await.unwrap()
}

/// The misbehaving plugin, which does in each call what it is ordered to do.
async fn ordered(order: Option<&str>) -> JobType {
    let attribute = |order: &str| Attribute {
        name: "order".into(),
        value: order.into(),
    };
    let connection = Connection {
        region: "eu-west-1".into(),
        endpoint: None,
        attributes: order.map(attribute).into_iter().collect(),
    };
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    let access = Access::new(Grants::none(), SharedCredentialsProvider::new(credentials));
    misbehaving().await.for_connection(connection, access)
}

fn starting() -> Record {
    let mut record = samples::record();
    record.progress = Progress::Starting;
    record
}

/// The run isn't started again, and nobody asks for it any more.
#[track_caller]
fn assert_is_uncertain(worked: &Worked, record: &Record) {
    assert!(matches!(worked.end, End::Finished(Ending::Uncertain)));
    assert_eq!(worked.events, ["starting failed", "uncertain"]);
    let reason = record.reason().unwrap();
    assert!(
        reason.contains(&format!("`adopt {} RUN-ID`", record.guid)),
        "{reason}"
    );
}

#[tokio::test]
async fn a_start_that_breaks_is_not_made_again() {
    let plugin = ordered(Some("trap")).await;
    let (worked, record) = work_with(plugin, Attendance::Unattended, samples::record()).await;
    assert_is_uncertain(&worked, &record);
}

#[tokio::test]
async fn a_start_that_may_have_been_sent_before_a_restart_is_not_made_again() {
    let plugin = ordered(None).await;
    let (worked, record) = work_with(plugin, Attendance::Unattended, starting()).await;
    assert_is_uncertain(&worked, &record);
}

#[tokio::test]
async fn a_start_that_was_not_sent_before_a_restart_is_made() {
    let plugin = ordered(None).await;
    let (worked, _) = work_with(plugin, Attendance::Unattended, samples::record()).await;
    assert_eq!(worked.events, ["started", "success"]);
}

#[tokio::test]
async fn while_somebody_waits_it_is_for_them_to_decide() {
    let plugin = ordered(Some("trap")).await;
    let (worked, _) = work_with(plugin, Attendance::Attended, samples::record()).await;
    assert!(matches!(
        worked.end,
        End::GaveUp {
            call: Call::Start,
            ..
        }
    ));
    assert!(worked.events.is_empty() && worked.waits.is_empty());
}

#[tokio::test]
async fn with_the_promise_a_start_that_may_have_been_sent_is_made_again() {
    let replies = [Reply::Arn, SUCCEEDED];
    let worked = work(Attendance::Unattended, starting(), &replies).await;
    assert_eq!(worked.events, ["started", "success"]);
}

/// A platform that throttles each request, and swaps a plugin in at the first one: of the same job type, and
/// without the promise.
#[derive(Debug)]
struct SwapsAndThrottles(Slot);

#[async_trait]
impl HttpClient for SwapsAndThrottles {
    async fn send(
        &self,
        _: HttpRequest,
        _: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        if self.0.identity().generation == 1 {
            let without = text::of_contract(&Contract::latest(), "sagemaker-pipeline");
            self.0.swap(Source::bytes(without)).await.unwrap();
        }
        Ok(THROTTLED.response())
    }
}

#[tokio::test]
async fn a_start_that_may_have_been_sent_is_not_made_again_by_a_plugin_without_the_promise() {
    let slot = Slot::new(plugin().await);
    let platform = Arc::new(SwapsAndThrottles(slot.clone()));
    let job_type = in_slot(&slot, platform, Arc::new(Waits::default())).await;
    let (worked, record) = work_with(job_type, Attendance::Unattended, samples::record()).await;
    assert!(matches!(worked.end, End::Finished(Ending::Uncertain)));
    let reason = record.reason().unwrap();
    assert!(reason.starts_with("StartInDoubt: "), "{reason}");
}

#[tokio::test]
async fn only_calls_that_break_count_as_broken() {
    let broke = ordered(Some("trap")).await.status(&samples::run()).await;
    let broke: CallError = broke.unwrap_err();
    let mut failures = Failures::default();
    for expected in [1, 2] {
        failures.count(Call::Poll, &broke.clone().into());
        assert_eq!(failures.broken, expected);
    }
    failures.count(Call::Poll, &samples::throttled().into());
    assert_eq!(failures.broken, 0);
}
