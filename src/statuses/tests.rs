//! Which requests the states of many runs take, and what each run's state is.

use job_type_kit::contract::ErrorClass;
use proptest::prelude::*;

use super::*;
use crate::testing::connection;
use job_type_kit::contract::RunState;

mod account;
mod failures;

use account::{Account, described, listed, read, run, sent, states};

#[test]
fn a_hundred_executing_runs_of_a_pipeline_take_one_description_and_one_listing() {
    let account = Account::default().with("p", 100, "Executing");
    let runs = account.runs();
    let host = account.host();
    let answers = read(&host, &runs);
    assert_eq!(states(&answers), vec![Some(RunState::Running); 100]);
    assert_eq!((described(&host), listed(&host)), (1, 1));
    assert_eq!(host.bodies().len(), 2);
}

#[test]
fn an_executing_run_has_the_status_that_a_description_gives_as_far_as_the_listing_tells() {
    let account = Account::default().with("p", 10, "Executing");
    let runs = account.runs();
    let host = account.host();
    let answers = read(&host, &runs);
    for (run, answer) in runs.iter().zip(answers) {
        let alone = crate::status::status(host.on(&connection()), run).unwrap();
        assert_eq!(answer.unwrap(), alone);
    }
    assert_eq!(listed(&host), 1);
}

#[test]
fn a_run_that_is_over_stopping_unknown_or_not_listed_is_described() {
    for (status, state) in [
        ("Succeeded", RunState::Success),
        ("Failed", RunState::Failed),
        ("Stopped", RunState::Cancelled),
        ("Stopping", RunState::Running),
        ("CompletedWithFailures", RunState::Unknown),
        ("Hibernating", RunState::Unknown),
    ] {
        let account = Account::of(&[("p", "odd", status)]).with("p", 9, "Executing");
        let mut runs = account.runs();
        runs.push(run("p", "gone"));
        let host = account.host();
        let answers = read(&host, &runs);
        let odd = answers[0].as_ref().unwrap();
        assert_eq!((odd.state, odd.platform_status.as_str()), (state, status));
        assert_eq!(states(&answers[1..10]), vec![Some(RunState::Running); 9]);
        assert_eq!(
            answers[10].as_ref().unwrap_err().class,
            ErrorClass::NotFound
        );
        assert!(listed(&host) == 1 && described(&host) <= 4, "{status}");
    }
}

#[test]
fn a_run_that_is_over_without_success_has_its_failed_steps() {
    let account = Account::of(&[
        ("p", "a", "Failed"),
        ("p", "b", "Succeeded"),
        ("p", "c", "Stopped"),
    ]);
    let runs = account.runs();
    let host = account.host();
    let answers = read(&host, &runs);
    let steps: Vec<_> = answers
        .iter()
        .map(|answer| answer.as_ref().unwrap().failed_steps.len())
        .collect();
    assert_eq!(steps, [1, 0, 1]);
    assert_eq!(sent(&host, "ListPipelineExecutionSteps"), 2);
}

#[test]
fn runs_that_are_all_over_take_a_description_each() {
    let account = Account::default()
        .with("p", 60, "Succeeded")
        .with("q", 60, "Succeeded");
    let runs = account.runs();
    let host = account.host();
    read(&host, &runs);
    assert_eq!((described(&host), listed(&host)), (120, 0));
    // The search for one that is executing doesn't take them one by one.
    assert!(
        host.batches.borrow().len() <= 15,
        "{:?}",
        host.batches.borrow()
    );
}

#[test]
fn a_run_of_each_pipeline_takes_a_description_each() {
    let executions: Vec<_> = (0..30)
        .map(|n| (format!("p{n}"), "e".to_owned(), "Executing".to_owned()))
        .collect();
    let account = Account { executions };
    let runs = account.runs();
    let host = account.host();
    read(&host, &runs);
    assert_eq!((described(&host), listed(&host)), (30, 0));
}

#[test]
fn what_the_first_listing_saves_pays_for_the_listings_of_the_other_pipelines() {
    let account = (0..10).fold(Account::default(), |account, n| {
        account.with(&format!("p{n}"), 100, "Executing")
    });
    let runs = account.runs();
    let host = account.host();
    read(&host, &runs);
    assert_eq!((described(&host), listed(&host)), (1, 10));
    assert_eq!(*host.batches.borrow(), [1, 1, 9]);
}

#[test]
fn pairs_are_listed_once_one_is_known_to_execute() {
    let account = (0..50).fold(Account::default(), |account, n| {
        account.with(&format!("p{n}"), 2, "Executing")
    });
    let runs = account.runs();
    let host = account.host();
    read(&host, &runs);
    assert_eq!((described(&host), listed(&host)), (2, 49));
}

#[test]
fn a_large_pipeline_is_listed_page_by_page() {
    let account = Account::default().with("p", 1_000, "Executing");
    let runs = account.runs();
    let host = account.host();
    assert!(read(&host, &runs).iter().all(Result::is_ok));
    assert_eq!((described(&host), listed(&host)), (1, 10));
}

#[test]
fn runs_behind_newer_executions_are_searched_for_as_long_as_it_can_pay() {
    // 300 newer executions that nobody asks for.
    let account = Account::default()
        .with("p", 300, "Succeeded")
        .with("p", 100, "Executing");
    let runs = account.runs().split_off(300);
    let others = Account::default().with("q", 100, "Executing");
    let mut account = account;
    account.executions.extend(others.executions.clone());
    let host = account.clone().host();
    let all: Vec<_> = runs.iter().cloned().chain(others.runs()).collect();
    read(&host, &all);
    assert!(
        described(&host) + listed(&host) < 10,
        "{} {}",
        described(&host),
        listed(&host)
    );

    // Three runs aren't worth the pages.
    let few: Vec<_> = runs.into_iter().take(3).chain(others.runs()).collect();
    let host = account.host();
    read(&host, &few);
    assert!(
        described(&host) + listed(&host) <= 6,
        "{} {}",
        described(&host),
        listed(&host)
    );
}

#[test]
fn a_listing_that_shows_no_run_to_be_executing_is_the_last() {
    let executions = [
        ("p", "a", "Executing"),
        ("p", "b", "Succeeded"),
        ("p", "c", "Succeeded"),
        ("q", "d", "Succeeded"),
        ("q", "e", "Succeeded"),
    ];
    let account = Account::of(&executions);
    let runs = account.runs();
    let host = account.host();
    read(&host, &runs);
    assert_eq!((described(&host), listed(&host)), (5, 1));
}

/// A page that shows one run to be executing costs what it saves.
#[test]
fn a_page_that_saves_no_more_than_it_costs_is_the_last() {
    let account = Account::default()
        .with("p", 2, "Executing")
        .with("p", 150, "Succeeded");
    let all = account.runs();
    // Two that execute, and five on the second page.
    let runs = [&all[..2], &all[147..]].concat();
    let host = account.host();
    assert!(read(&host, &runs).iter().all(Result::is_ok));
    assert_eq!((described(&host), listed(&host)), (6, 1));
}

#[test]
fn runs_that_a_listing_names_as_over_are_described_and_not_listed_again() {
    let account = Account::default()
        .with("p", 1, "Executing")
        .with("p", 150, "Succeeded");
    let all = account.runs();
    // All of the first page, and two of the second, which the first page of another pipeline pays for.
    let mut runs = all[..102].to_vec();
    let mut account = account;
    for n in 0..50 {
        let execution = ("q".to_owned(), format!("q{n}"), "Executing".to_owned());
        runs.push(run("q", &execution.1));
        account.executions.push(execution);
    }
    let host = account.host();
    assert!(read(&host, &runs).iter().all(Result::is_ok));
    assert_eq!((described(&host), listed(&host)), (102, 2));
}

#[test]
fn the_case_of_an_arn_makes_no_other_run_or_pipeline() {
    let account = Account::of(&[
        ("myPipe", "abc", "Executing"),
        ("myPipe", "def", "Executing"),
        ("myPipe", "ghi", "Executing"),
    ]);
    let host = account.host();
    let runs = [
        run("myPipe", "abc"),
        run("MyPipe", "ABC"),
        run("MYPIPE", "def"),
        run("mypipe", "ghi"),
    ];
    assert!(read(&host, &runs).iter().all(Result::is_ok));
    assert_eq!((described(&host), listed(&host)), (1, 1));
}

#[test]
fn pipelines_whose_names_begin_alike_are_apart() {
    let account = Account::default()
        .with("p", 5, "Executing")
        .with("p-1", 5, "Executing");
    let runs = account.runs();
    let host = account.host();
    assert!(read(&host, &runs).iter().all(Result::is_ok));
    assert_eq!((described(&host), listed(&host)), (1, 2));
}

#[test]
fn a_run_that_is_there_twice_is_read_once() {
    let account = Account::of(&[("p", "a", "Failed")]);
    let host = account.host();
    let answers = read(&host, &[run("p", "a"), run("p", "a")]);
    assert_eq!(answers[0], answers[1]);
    assert_eq!((described(&host), host.bodies().len()), (1, 2));
}

const STATUSES: [&str; 7] = [
    "Executing",
    "Executing",
    "Executing",
    "Stopping",
    "Succeeded",
    "Failed",
    "absent",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// A listing that doesn't pay is one request more at most: nobody can know it beforehand.
    #[test]
    fn every_run_has_the_state_that_a_single_poll_gives_for_no_more_requests(
        drawn in prop::collection::vec((0..6_usize, 0..STATUSES.len(), any::<bool>()), 0..300),
    ) {
        let mut account = Account::default();
        let mut runs = Vec::new();
        for (n, (pipeline, status, is_asked)) in drawn.into_iter().enumerate() {
            let (pipeline, id) = (format!("p{pipeline}"), format!("e{n}"));
            if is_asked {
                runs.push(run(&pipeline, &id));
            }
            if STATUSES[status] != "absent" {
                account.executions.push((pipeline, id, STATUSES[status].to_owned()));
            }
        }
        let single = account.clone().host();
        let expected: Vec<_> = runs.iter().map(|run| crate::status::status(single.on(&connection()), run)).collect();
        let host = account.host();
        let answers = read(&host, &runs);
        prop_assert_eq!(answers, expected);
        prop_assert!(described(&host) + listed(&host) <= runs.len() + 1 + runs.len() / 100);
        let steps = "ListPipelineExecutionSteps";
        prop_assert_eq!(sent(&host, steps), sent(&single, steps));
    }
}
