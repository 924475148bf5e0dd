//! What a plugin of each version of the contract gives on today's host: each cell of the table in
//! `docs/contract.md` is found by calling the plugins.

use crate::support::{ACCESS_KEY_ID, GUID, SECRET, STEP, Stage, answer, job, slot};
use polysync_host::contract::{Connection, LogPosition, Run};
use polysync_host::{Answer, Plugin};
use sagemaker_emulator::{Credentials, Operation, StepFailure};
use std::path::Path;

const DOCUMENT: &str = include_str!("../docs/contract.md");
const HEADER: &str = "| on today's host | a plugin of 0.1 | a plugin of 0.2 |";

/// A row's name and what one plugin does.
type Cell = (&'static str, String);

/// The table's rows, each with a cell for every version.
fn documented() -> Vec<Vec<String>> {
    let lines = DOCUMENT.lines().skip_while(|line| *line != HEADER).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells = row.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    })
    .collect()
}

/// A word for the outcome of a call: that it answers, or the class of its error.
fn outcome<T>(answer: &Answer<T>) -> String {
    match answer {
        Ok(Ok(_)) => "answers".to_owned(),
        Ok(Err(error)) => format!("{:?}", error.class).to_lowercase(),
        Err(error) => panic!("the plugin broke: {error}"),
    }
}

fn either(condition: bool, yes: &str, no: &str) -> String {
    if condition { yes } else { no }.to_owned()
}

/// A stage on which one plugin plays all parts.
async fn stage_for(component: &Path) -> Stage {
    let mut stage = Stage::new().await;
    stage.plugin = slot(component).await.plugin();
    stage
}

#[tokio::test]
async fn a_plugin_of_each_version_gives_what_the_table_says() {
    let mut found: Vec<Vec<String>> = Vec::new();
    let released: Vec<_> = test_components::released()
        .iter()
        .map(|it| it.path())
        .collect();
    let today = test_components::sagemaker_pipeline();
    for component in released.iter().map(|it| it.as_path()).chain([today]) {
        let stage = stage_for(component).await;
        let mut column = descriptions(&stage.plugin).await;
        column.extend(jobs(&stage).await);
        column.extend(runs(component).await);
        column.extend(runs_by_id(component).await);
        if component == today {
            // What was released for its contract does the same.
            for (row, (name, cell)) in found.iter().zip(&column) {
                assert_eq!(row.last(), Some(cell), "{name}");
            }
            break;
        }
        if found.is_empty() {
            found = column
                .iter()
                .map(|(name, _)| vec![(*name).to_owned()])
                .collect();
        }
        for (row, (name, cell)) in found.iter_mut().zip(column) {
            assert_eq!(row[0], name);
            row.push(cell);
        }
    }
    assert_eq!(
        found,
        documented(),
        "the latter is what docs/contract.md says"
    );
}

/// What the plugin says of itself and asks for.
async fn descriptions(plugin: &Plugin) -> Vec<Cell> {
    let features = &plugin.description().features;
    let has = |feature: &str| either(features.iter().any(|it| it == feature), "yes", "no");
    let mut needs = Vec::new();
    for region in ["eu-west-1", "us-east-1"] {
        let connection = Connection {
            region: region.to_owned(),
            endpoint: None,
            attributes: Vec::new(),
        };
        needs.push(plugin.requests(&connection).await.unwrap().to_string());
    }
    let same = needs[0] == needs[1];
    vec![
        (
            "`describe`: feature `idempotent-start`",
            has("idempotent-start"),
        ),
        ("`describe`: feature `logs`", has("logs")),
        (
            "needs",
            either(same, "the same for each connection", "of the connection"),
        ),
    ]
}

/// What the calls about jobs give.
async fn jobs(stage: &Stage) -> Vec<Cell> {
    let job_type = stage.job_type();
    let findings = job_type.validate(&job("", &[]), None).await.unwrap();
    let unspecified = findings[0].code == "Unspecified";
    let tested = outcome(&job_type.test_connection().await);

    let denied = Credentials::new(ACCESS_KEY_ID, SECRET).denied(Operation::DescribePipeline);
    stage.emulator.replace_credentials(vec![denied]);
    let page = answer(job_type.discover(None).await);
    let with_job = page.jobs.iter().all(|job| job.notes.len() == 1) && page.notes.is_empty();

    let described =
        r#"{"PipelineName": "p", "ParallelismConfiguration": {"MaxParallelExecutionSteps": 3}}"#;
    let inspected = answer(stage.job_type_answering(described).inspect("p").await);
    vec![
        (
            "`validate`: the code of a finding",
            either(unspecified, "`Unspecified`", "its own"),
        ),
        ("`test-connection`", tested),
        (
            "`discover`: a note about a job",
            either(with_job, "with the job", "with the page"),
        ),
        (
            "`inspect`: attributes",
            either(inspected.attributes.is_empty(), "none", "suggested"),
        ),
    ]
}

/// A run that has just failed.
async fn failed_run(stage: &Stage) -> Run {
    let failure = StepFailure::AtEnd("no capacity".to_owned());
    stage
        .emulator
        .fail_step("one-step", "Work", failure, Some(1));
    let run = stage.start(&job("one-step", &[])).await;
    stage.until_finished(&run).await;
    run
}

/// What the calls about runs give.
async fn runs(component: &Path) -> Vec<Cell> {
    let stage = stage_for(component).await;
    let job_type = stage.job_type();
    let run = stage.start(&job("one-step", &[])).await;
    let again = answer(job_type.start(&job("one-step", &[]), GUID).await);
    let status = job_type.status(&run).await;
    let polled_later = answer(status.clone()).poll_after.is_some();
    let ten = requests_for_ten(component).await;

    stage.clock.advance(STEP / 2);
    let steps = job_type.steps(&run, None).await;
    let has_log = answer(steps.clone()).steps.iter().any(|step| step.has_log);
    let logs = job_type.logs(&run, "Work", &LogPosition::Oldest).await;
    let cancelled = outcome(&job_type.cancel(&run, GUID).await);
    let url = outcome(&job_type.monitor_url(&run).await);

    let stage = stage_for(component).await;
    let failed = failed_run(&stage).await;
    let retried = outcome(&stage.job_type().retry(&failed, &[], GUID).await);
    vec![
        (
            "`start`: the same GUID again",
            either(again.run_id == run.run_id, "the same run", "another run"),
        ),
        ("`status`", outcome(&status)),
        (
            "`status`: when to ask again",
            either(polled_later, "told", "not told"),
        ),
        ("`statuses` of ten runs of a pipeline", ten),
        ("`steps`", outcome(&steps)),
        (
            "`steps`: whether there is a log",
            either(has_log, "told", "not told"),
        ),
        ("`logs`", outcome(&logs)),
        ("`cancel`", cancelled),
        ("`retry`", retried),
        ("`monitor-url`", url),
    ]
}

/// How many requests it takes to poll ten runs of a pipeline that are under way.
async fn requests_for_ten(component: &Path) -> String {
    let stage = stage_for(component).await;
    let job_type = stage.job_type();
    let mut runs = Vec::new();
    for number in 0..10 {
        let guid = format!("00000000-0000-4000-8000-{number:012}");
        let started = answer(job_type.start(&job("one-step", &[]), &guid).await);
        runs.push(stage.run("one-step", started));
    }
    stage.emulator.forget_requests();
    for status in job_type.statuses(&runs).await {
        answer(status);
    }
    match stage.emulator.requests().len() {
        2 => "two requests".to_owned(),
        10 => "ten requests".to_owned(),
        other => format!("{other} requests"),
    }
}

/// What the calls give for a run whose job isn't known.
async fn runs_by_id(component: &Path) -> Vec<Cell> {
    let stage = stage_for(component).await;
    let job_type = stage.job_type();
    let by_id = Run {
        external_id: None,
        ..failed_run(&stage).await
    };
    let mut outcomes = vec![
        outcome(&job_type.status(&by_id).await),
        outcome(&job_type.statuses(std::slice::from_ref(&by_id)).await[0]),
        outcome(&job_type.steps(&by_id, None).await),
        outcome(&job_type.retry(&by_id, &[], GUID).await),
        outcome(&job_type.cancel(&by_id, GUID).await),
    ];
    outcomes.dedup();
    vec![
        (
            "a run by its id alone: `status`, `statuses`, `steps`, `cancel`, `retry`",
            outcomes.join(", "),
        ),
        (
            "a run by its id alone: `monitor-url`",
            outcome(&job_type.monitor_url(&by_id).await),
        ),
    ]
}
