//! What the specification asks for holds for each released component on today's host: the tests of the
//! modules below run again, with the released component in place of today's. They run in another process,
//! which an environment variable tells the component.

use crate::support::RELEASED_VARIABLE;
use std::collections::BTreeSet;
use std::env;
use std::process::Command;
use std::time::Duration;
use test_support::process;

const MODULES: [&str; 17] = [
    "cancel",
    "connection",
    "definitions",
    "discovery",
    "error_variants",
    "errors",
    "for_each",
    "isolation",
    "monitor_url",
    "resilience",
    "retry",
    "secrets",
    "selective_execution",
    "start",
    "status",
    "steps",
    "validation",
];

/// The tests of what the released component doesn't do yet. They fail with it, and no other test does.
fn beyond(contract: &str) -> &'static [&'static str] {
    match contract {
        "0.1.0" => &BEYOND_0_1_0,
        "0.2.0" => &[],
        _ => panic!("say which tests are of what came after version {contract}"),
    }
}

/// Of what the job type came to do after version 0.1.0: ForEach steps, versions and selected steps of a
/// pipeline, pipelines that AWS manages, what is told of repeated starts, of quotas and of defaults.
const BEYOND_0_1_0: [&str; 24] = [
    "cancel::a_run_that_was_cancelled_and_retried_is_cancelled_again_under_the_same_or_another_guid",
    "cancel::a_stop_that_conflicts_between_two_steps_is_attempted_five_times_and_once_more_with_a_new_token",
    "definitions::a_default_that_no_start_takes_is_not_suggested_and_one_that_is_too_long_is_noted",
    "definitions::a_definition_may_be_nested_to_any_depth",
    "definitions::every_type_that_the_sdk_writes_is_imported_exactly",
    "discovery::a_pipeline_that_aws_manages_is_labelled_and_starts_under_its_arn_with_the_default_role",
    "discovery::a_pipeline_that_is_being_deleted_is_left_out",
    "errors::an_exhausted_quota_says_whether_waiting_can_help",
    "for_each::a_failed_run_names_the_iterations_that_failed_and_how_many_did",
    "for_each::a_for_each_step_counts_its_iterations_while_it_runs_and_at_its_end",
    "for_each::each_iteration_is_a_step_that_says_of_which_item",
    "selective_execution::a_retry_of_selected_steps_still_reuses_the_others",
    "selective_execution::a_start_without_the_source_that_its_steps_need_says_what_to_give",
    "selective_execution::a_version_and_an_experiment_are_sent_if_given",
    "selective_execution::a_version_that_the_pipeline_does_not_have_is_named_in_the_hint",
    "selective_execution::selected_steps_run_and_the_steps_that_they_need_are_reused_as_cache_hits",
    "selective_execution::steps_that_the_service_can_not_run_alone_are_refused_with_the_reason",
    "start::a_default_role_of_the_connection_does_not_break_the_start_of_a_users_own_pipeline",
    "start::a_repeated_start_of_a_job_that_was_changed_meanwhile_starts_no_second_run",
    "start::a_repeated_start_that_the_platform_refuses_as_a_conflict_starts_no_second_run",
    "start::a_start_whose_answer_is_lost_and_whose_retry_is_a_conflict_starts_one_run",
    "validation::a_value_that_is_given_but_empty_is_refused_before_any_request",
    "validation::attributes_that_do_not_go_together_are_named",
    "validation::each_attribute_is_checked_against_the_api_model",
];

/// Far longer than the tests take, so that one that hangs fails.
const LIMIT: Duration = Duration::from_secs(600);

/// The tests that passed, those that failed, and what was printed.
struct Ran {
    passed: BTreeSet<String>,
    failed: BTreeSet<String>,
    output: String,
}

/// Runs the tests with the component that was released for this version of the contract.
fn run(contract: &str) -> Ran {
    let mut tests = Command::new(env::current_exe().unwrap());
    tests
        .args(MODULES.map(|module| format!("{module}::")))
        .env(RELEASED_VARIABLE, contract);
    let output = process::output(&mut tests, LIMIT).unwrap();
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    let with_outcome = |outcome| -> BTreeSet<String> {
        let lines = output.lines();
        let names = lines.filter_map(|line| line.strip_prefix("test ")?.strip_suffix(outcome));
        names.map(str::to_owned).collect()
    };
    Ran {
        passed: with_outcome(" ... ok"),
        failed: with_outcome(" ... FAILED"),
        output,
    }
}

#[test]
fn the_tests_of_the_specification_pass_with_each_released_component() {
    for released in test_components::released() {
        let Ran {
            passed,
            failed,
            output,
        } = run(released.contract);
        for module in MODULES {
            let prefix = format!("{module}::");
            assert!(
                passed.union(&failed).any(|test| test.starts_with(&prefix)),
                "no test of {module} ran"
            );
        }
        let expected = beyond(released.contract).iter().map(|&it| it.to_owned());
        assert_eq!(
            failed,
            expected.collect(),
            "the latter is what this file lists for version {}. What was printed:\n{}",
            released.contract,
            quoted(&output)
        );
    }
}

/// With a mark before each line, so that nobody takes the lines for this test's own.
fn quoted(output: &str) -> String {
    output.lines().map(|line| format!("| {line}\n")).collect()
}
