//! The course of executions in time.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::attempt::{Attempt, StepFailure, Timing};
use super::plan::Plan;
use super::simulation::simulate;
use super::timeline::Timeline;
use crate::definition::Definition;
use crate::definition::expression::Values;

const TIMING: Timing = Timing {
    step: Duration::from_secs(10),
    callback: Duration::from_secs(1000),
    stop: Duration::from_secs(3),
    callback_stop: Duration::from_secs(500),
};

const CHAIN: &str = r#"[
    {"Name":"A","Type":"Processing"},
    {"Name":"B","Type":"Training","DependsOn":["A"]},
    {"Name":"C","Type":"Model","Arguments":{"x":{"Get":"Steps.B.y"}}}
]"#;

fn plan(steps: &str) -> Plan {
    let definition = Definition::parse(&format!(r#"{{"Steps":{steps}}}"#)).unwrap();
    Plan::new(&definition, &Values::default()).unwrap()
}

fn second(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds)
}

fn started_at(seconds: u64) -> Attempt {
    Attempt {
        started: second(seconds),
        max_parallel_steps: None,
        failing_steps: BTreeMap::new(),
        stop_requested: None,
    }
}

fn last_timeline(plan: &Plan, attempts: &[Attempt]) -> Timeline {
    simulate(plan, TIMING, attempts).pop().unwrap()
}

/// The state at a second: `status: step=status step=status`.
fn state(plan: &Plan, attempts: &[Attempt], at: u64) -> String {
    let timeline = last_timeline(plan, attempts);
    let steps: Vec<String> = timeline
        .steps_at(second(at))
        .iter()
        .map(|step| format!("{}={:?}", plan.steps[step.position].name, step.status))
        .collect();
    let (status, _) = timeline.status_at(second(at));
    format!("{status}: {}", steps.join(" "))
}

#[test]
fn a_step_waits_for_its_dependencies_and_references() {
    let plan = plan(CHAIN);
    let attempts = [started_at(0)];
    assert_eq!(state(&plan, &attempts, 0), "Executing: A=Executing");
    assert_eq!(
        state(&plan, &attempts, 10),
        "Executing: A=Succeeded B=Executing"
    );
    assert_eq!(
        state(&plan, &attempts, 29),
        "Executing: A=Succeeded B=Succeeded C=Executing"
    );
    assert_eq!(
        state(&plan, &attempts, 30),
        "Succeeded: A=Succeeded B=Succeeded C=Succeeded"
    );
}

#[test]
fn parallelism_limits_the_number_of_running_steps() {
    let plan = plan(
        r#"[{"Name":"A","Type":"Training"},{"Name":"B","Type":"Training"},{"Name":"C","Type":"Training"}]"#,
    );
    let free = [started_at(0)];
    assert_eq!(
        state(&plan, &free, 0),
        "Executing: A=Executing B=Executing C=Executing"
    );
    let mut capped = started_at(0);
    capped.max_parallel_steps = Some(2);
    let capped = [capped];
    assert_eq!(
        state(&plan, &capped, 0),
        "Executing: A=Executing B=Executing"
    );
    assert_eq!(
        state(&plan, &capped, 10),
        "Executing: A=Succeeded B=Succeeded C=Executing"
    );
}

#[test]
fn only_the_branch_that_the_condition_takes_is_executed() {
    let steps = |right: u32| {
        format!(
            r#"[{{"Name":"C","Type":"Condition","Arguments":{{
                "Conditions":[{{"Type":"Equals","LeftValue":1,"RightValue":{right}}}],
                "IfSteps":[{{"Name":"If","Type":"Training"}}],
                "ElseSteps":[{{"Name":"Else","Type":"Training"}}]}}}}]"#
        )
    };
    let (yes, no) = (plan(&steps(1)), plan(&steps(2)));
    let attempts = [started_at(0)];
    assert_eq!(
        state(&yes, &attempts, 20),
        "Succeeded: C=Succeeded If=Succeeded"
    );
    assert_eq!(
        state(&no, &attempts, 20),
        "Succeeded: C=Succeeded Else=Succeeded"
    );
}

#[test]
fn after_a_failure_running_steps_finish_and_no_other_step_starts() {
    let plan = plan(
        r#"[{"Name":"A","Type":"Training"},{"Name":"B","Type":"Callback","SqsQueueUrl":"q"},{"Name":"C","Type":"Training","DependsOn":["A"]}]"#,
    );
    let mut attempt = started_at(0);
    let reason = StepFailure::AtEnd("out of memory".to_owned());
    attempt.failing_steps.insert("A".to_owned(), reason);
    let attempts = [attempt];
    assert_eq!(
        state(&plan, &attempts, 10),
        "Executing: A=Failed B=Executing"
    );
    assert_eq!(
        state(&plan, &attempts, 1000),
        "Failed: A=Failed B=Succeeded"
    );
    let timeline = last_timeline(&plan, &attempts);
    assert_eq!(
        timeline.steps_at(second(2000))[0].failure_reason.as_deref(),
        Some("out of memory")
    );
    assert_eq!(timeline.status_at(second(2000)).1, second(1000));
}

#[test]
fn a_stop_takes_time_and_no_other_step_starts() {
    let plan = plan(CHAIN);
    let mut attempt = started_at(0);
    attempt.stop_requested = Some(second(15));
    let attempts = [attempt];
    assert_eq!(
        state(&plan, &attempts, 14),
        "Executing: A=Succeeded B=Executing"
    );
    assert_eq!(
        state(&plan, &attempts, 15),
        "Stopping: A=Succeeded B=Stopping"
    );
    assert_eq!(
        state(&plan, &attempts, 18),
        "Stopped: A=Succeeded B=Stopped"
    );
}

#[test]
fn a_stop_between_two_steps_ends_as_stopped() {
    let plan = plan(CHAIN);
    let mut attempt = started_at(0);
    attempt.stop_requested = Some(second(10));
    let attempts = [attempt];
    assert_eq!(state(&plan, &attempts, 20), "Stopped: A=Succeeded");
}

#[test]
fn a_callback_step_delays_the_stop() {
    let plan = plan(r#"[{"Name":"A","Type":"Callback","SqsQueueUrl":"q"}]"#);
    let mut attempt = started_at(0);
    attempt.stop_requested = Some(second(100));
    let attempts = [attempt];
    assert_eq!(state(&plan, &attempts, 599), "Stopping: A=Stopping");
    assert_eq!(state(&plan, &attempts, 600), "Stopped: A=Stopped");
}

#[test]
fn an_execution_fails_if_a_step_fails_while_it_is_stopped() {
    let plan = plan(CHAIN);
    let mut attempt = started_at(0);
    attempt.stop_requested = Some(second(5));
    let reason = StepFailure::WhenStopped("timed out".to_owned());
    attempt.failing_steps.insert("A".to_owned(), reason);
    assert_eq!(state(&plan, &[attempt], 8), "Failed: A=Failed");
}

#[test]
fn a_retry_keeps_successful_steps_and_counts_attempts() {
    let plan = plan(CHAIN);
    let mut first = started_at(0);
    let reason = StepFailure::AtEnd("broken".to_owned());
    first.failing_steps.insert("B".to_owned(), reason);
    let attempts = [first, started_at(100)];
    assert_eq!(
        state(&plan, &attempts[..1], 20),
        "Failed: A=Succeeded B=Failed"
    );
    assert_eq!(
        state(&plan, &attempts, 100),
        "Executing: A=Succeeded B=Executing"
    );
    assert_eq!(
        state(&plan, &attempts, 120),
        "Succeeded: A=Succeeded B=Succeeded C=Succeeded"
    );
    let timeline = last_timeline(&plan, &attempts);
    let counts: Vec<u32> = timeline
        .steps_at(second(120))
        .iter()
        .map(|step| step.attempt)
        .collect();
    assert_eq!(counts, [1, 2, 1]);
}

#[test]
fn an_execution_without_steps_takes_as_long_as_one_step() {
    let plan = plan("[]");
    let attempts = [started_at(0)];
    assert_eq!(state(&plan, &attempts, 9), "Executing: ");
    assert_eq!(state(&plan, &attempts, 10), "Succeeded: ");
}

#[test]
fn a_selective_execution_reuses_the_steps_before_and_leaves_the_steps_after_out() {
    let mut plan = plan(CHAIN);
    plan.select(&["B".to_owned()]).unwrap();
    assert_eq!(
        state(&plan, &[started_at(0)], 10),
        "Succeeded: A=Succeeded B=Succeeded"
    );
}

const FOR_EACH: &str = r#"[
    {"Name":"F","Type":"ForEach","Arguments":{"IterableItems":"[\"a\",\"b\",\"c\"]","MaxConcurrency":2,
        "ForEachBody":[{"Name":"W","Type":"Processing"}]}},
    {"Name":"Z","Type":"Model","DependsOn":["F"]}
]"#;

#[test]
fn a_for_each_step_lasts_until_its_last_iteration_and_runs_no_more_at_once_than_it_may() {
    let plan = plan(FOR_EACH);
    let attempts = [started_at(0)];
    assert_eq!(
        state(&plan, &attempts, 0),
        "Executing: F=Executing W-0=Executing W-1=Executing"
    );
    assert_eq!(
        state(&plan, &attempts, 10),
        "Executing: F=Executing W-0=Succeeded W-1=Succeeded W-2=Executing"
    );
    assert_eq!(
        state(&plan, &attempts, 30),
        "Succeeded: F=Succeeded W-0=Succeeded W-1=Succeeded W-2=Succeeded Z=Succeeded"
    );
}

#[test]
fn an_iteration_that_fails_fails_its_for_each_step_after_the_others() {
    let plan = plan(FOR_EACH);
    let mut attempt = started_at(0);
    let reason = StepFailure::AtEnd("broken".to_owned());
    attempt.failing_steps.insert("W-0".to_owned(), reason);
    let attempts = [attempt, started_at(100)];
    assert_eq!(
        state(&plan, &attempts[..1], 10),
        "Executing: F=Executing W-0=Failed W-1=Succeeded W-2=Executing"
    );
    assert_eq!(
        state(&plan, &attempts[..1], 20),
        "Failed: F=Failed W-0=Failed W-1=Succeeded W-2=Succeeded"
    );
    assert_eq!(
        state(&plan, &attempts, 120),
        "Succeeded: W-1=Succeeded W-2=Succeeded F=Succeeded W-0=Succeeded Z=Succeeded"
    );
}

#[test]
fn a_stop_ends_a_for_each_step_with_its_iterations() {
    let plan = plan(FOR_EACH);
    let mut attempt = started_at(0);
    attempt.stop_requested = Some(second(5));
    let attempts = [attempt];
    assert_eq!(
        state(&plan, &attempts, 6),
        "Stopping: F=Stopping W-0=Stopping W-1=Stopping"
    );
    assert_eq!(
        state(&plan, &attempts, 8),
        "Stopped: F=Stopped W-0=Stopped W-1=Stopped"
    );
}

#[test]
fn a_for_each_step_without_a_list_fails_and_one_without_items_succeeds() {
    let over = |items: &str| FOR_EACH.replace(r#""[\"a\",\"b\",\"c\"]""#, items);
    let attempts = [started_at(0)];
    let unknown = plan(&over(r#"{"Get":"Steps.Z.List"}"#).replace(r#","DependsOn":["F"]"#, ""));
    assert!(state(&unknown, &attempts, 20).starts_with("Failed: Z=Succeeded F=Failed"));
    let empty = plan(&over(r#""[]""#));
    assert_eq!(
        state(&empty, &attempts, 20),
        "Succeeded: F=Succeeded Z=Succeeded"
    );
}
