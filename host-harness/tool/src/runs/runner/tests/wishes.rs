//! Cancellations and retries that somebody wishes for.

use super::*;

/// The attempts of a cancellation that fails for now, and those of the one that is made again. The job
/// type looks whether the stop took hold; then the run is polled.
const CANCELLED_LATE: [Reply; 7] = [
    THROTTLED,
    THROTTLED,
    THROTTLED,
    Reply::Arn,
    STOPPED,
    STOPPED,
    Reply::NoSteps,
];

fn to_be_cancelled() -> Record {
    let mut record = executing();
    assert!(record.want_cancelled(WISH));
    record
}

#[tokio::test]
async fn a_cancellation_that_fails_for_now_is_made_again() {
    let worked = work(Attendance::Attended, to_be_cancelled(), &CANCELLED_LATE).await;
    assert_eq!(
        worked.events,
        ["cancelling failed", "cancelling", "cancelled"]
    );
    assert_eq!(worked.waits, [INTERVAL]);
}

#[tokio::test]
async fn a_run_whose_cancellation_is_refused_is_followed_to_its_end() {
    let replies = [DENIED, EXECUTING, SUCCEEDED];
    let worked = work(Attendance::Attended, to_be_cancelled(), &replies).await;
    assert_eq!(worked.events, ["cancelling failed", "success"]);
    assert_eq!(worked.waits, [INTERVAL]);
}

#[tokio::test]
async fn a_refused_cancellation_does_not_count_as_a_failed_poll() {
    let replies = [&[DENIED][..], &[NOT_FOUND; 4], &[SUCCEEDED]].concat();
    let worked = work(Attendance::Unattended, to_be_cancelled(), &replies).await;
    assert!(matches!(worked.end, End::Finished(Ending::Success)));
}

#[tokio::test]
async fn a_cancellation_has_the_guid_of_its_wish_and_a_repeat_has_the_same() {
    let worked = work(Attendance::Unattended, to_be_cancelled(), &CANCELLED_LATE).await;
    let tokens = worked
        .requests
        .iter()
        .take(4)
        .map(|(_, token)| token.as_deref().unwrap());
    let expected = format!("polysync-cancel-{}", WISH.guid);
    assert_eq!(tokens.collect::<Vec<_>>(), [expected.as_str(); 4]);
}

#[tokio::test]
async fn a_refused_cancellation_is_not_taken_for_one_that_was_made() {
    let worked = work_with_record(
        Attendance::Unattended,
        to_be_cancelled(),
        &[DENIED, SUCCEEDED],
    );
    let (_, record) = worked.await;
    assert_eq!(record.cancel.unwrap().outcome, WishOutcome::Refused);
}

/// A run that failed, and that somebody wants retried.
fn to_be_retried() -> Record {
    let mut record = executing();
    record.platform_status = "Failed".into();
    record.finish(Ending::Failed, None);
    assert!(record.want_retried(Uuid::from_u128(0xd)));
    record
}

#[tokio::test]
async fn a_retried_run_is_followed_to_its_new_end() {
    let replies = [Reply::Arn, EXECUTING, SUCCEEDED];
    let worked = work(Attendance::Unattended, to_be_retried(), &replies).await;
    assert_eq!(worked.events, ["retried", "is Executing", "success"]);
    let token = format!("polysync-retry-{}", Uuid::from_u128(0xd));
    let retry = ("RetryPipelineExecution".to_owned(), Some(token));
    assert_eq!(worked.requests[0], retry);
}

#[tokio::test]
async fn a_retry_that_is_refused_leaves_the_run_as_the_platform_has_it() {
    let replies = [DENIED, Reply::Status("Failed"), Reply::NoSteps];
    let worked = work(Attendance::Unattended, to_be_retried(), &replies).await;
    assert_eq!(worked.events, ["retrying failed", "failed"]);
}

#[tokio::test]
async fn a_retry_that_fails_for_now_is_made_five_times_and_then_the_run_is_polled() {
    // The plugin makes three attempts in a call.
    let replies = [&[THROTTLED; 15][..], &[EXECUTING, SUCCEEDED]].concat();
    let worked = work(Attendance::Unattended, to_be_retried(), &replies).await;
    let failed = vec!["retrying failed"; 5];
    let expected = [failed, vec!["is Executing", "success"]].concat();
    assert_eq!(worked.events, expected);
    let retries: Vec<_> = worked.requests.iter().take(15).collect();
    assert!(
        retries.iter().all(|retry| *retry == retries[0]),
        "{retries:?}"
    );
}
