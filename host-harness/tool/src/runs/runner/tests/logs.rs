//! The logs of a run that failed, which may take long.

use polysync_host::SystemClock;

use super::*;
use crate::runs::gate::Gate;
use crate::runs::step_logs::StepLog;

const LIMIT: Duration = Duration::from_secs(20);

/// A run that failed, whose logs are being read or waited for.
struct Failed {
    platform: Arc<Platform>,
    clock: Arc<Gate>,
    ledger: Ledger,
    guid: Uuid,
    events: mpsc::UnboundedReceiver<Event>,
    cancel: watch::Sender<Option<Wanted>>,
    _stop: watch::Sender<bool>,
}

impl Failed {
    async fn with_places(places: usize) -> Self {
        let replies = [
            Reply::Status("Failed"),
            Reply::FailedStep,
            Reply::FailedStep,
        ];
        let platform = Platform::new(&replies);
        let clock = Arc::new(Gate::of(Duration::from_secs(30)));
        let (sender, events) = mpsc::unbounded_channel();
        let (stop, stopping) = watch::channel(false);
        let (cancel, cancelled) = watch::channel(None);
        let job_type = job_type(&platform, Arc::new(SystemClock)).await;
        let tool_clock = Arc::clone(&clock) as Arc<dyn Clock>;
        let mut context = context(
            job_type,
            Attendance::Unattended,
            tool_clock,
            sender,
            stopping,
        );
        context.policy.log_lines = 10;
        context.log_readers = Arc::new(Semaphore::new(places));
        let record = executing();
        let (ledger, guid) = (context.ledger.clone(), record.guid);
        tokio::spawn(Runner::new(context, record, cancelled).work());
        Self {
            platform,
            clock,
            ledger,
            guid,
            events,
            cancel,
            _stop: stop,
        }
    }

    async fn logs(mut self) -> Vec<StepLog> {
        // A test that fails ends.
        match tokio::time::timeout(LIMIT, self.events.recv()).await {
            Ok(Some(Event::Run(_, RunEvent::Finished { logs, .. }))) => logs,
            other => panic!("unexpected: {other:?}"),
        }
    }
}

#[track_caller]
fn assert_is_late(logs: &[StepLog]) {
    let [log] = logs else { panic!("{logs:?}") };
    let failure = log.lines.as_ref().unwrap_err();
    assert_eq!(log.step, "Train");
    assert_eq!(failure.platform().unwrap().code, "LogsTakeTooLong");
}

#[tokio::test]
async fn the_ledger_has_the_end_of_a_run_before_its_logs_are_read_and_the_report_does_not_wait_for_ever()
 {
    let failed = Failed::with_places(1).await;
    failed.platform.asked_for_logs.notified().await;
    let record = failed.ledger.get(failed.guid).await.unwrap();
    assert_eq!(record.unwrap().ending(), Some(Ending::Failed));
    failed.clock.passed.notify_one();
    assert_is_late(&failed.logs().await);
}

#[tokio::test]
async fn a_run_that_has_no_place_to_read_logs_is_reported_without_them() {
    let failed = Failed::with_places(0).await;
    failed.clock.begun.notified().await;
    // Whatever can go on goes on.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(failed.platform.requests.lock().unwrap().len(), 2);
    failed.clock.passed.notify_one();
    assert_is_late(&failed.logs().await);
}

#[tokio::test]
async fn a_wish_to_cancel_a_run_that_is_over_ends_the_reading_of_its_logs() {
    let failed = Failed::with_places(1).await;
    failed.platform.asked_for_logs.notified().await;
    failed.cancel.send_replace(Some(WISH));
    let record = failed.ledger.get(failed.guid).await.unwrap();
    assert!(failed.logs().await.is_empty());
    assert_eq!(record.unwrap().cancel, None);
}
