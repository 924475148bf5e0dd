//! What Glue does with jobs and runs. Every response satisfies the API model.

use std::time::Duration;

use serde_json::{Value, json};

use super::job::GlueJob;
use super::shipped;
use crate::api::error::ServiceError;
use crate::api::operation::Operation;
use crate::operations::testing::Fixture;

const SECOND: Duration = Duration::from_secs(1);

/// An account with these jobs, where a run takes a second, and a stop too.
fn account(jobs: impl IntoIterator<Item = GlueJob>) -> Fixture {
    let mut fixture = Fixture::new();
    for job in jobs {
        let now = fixture.now;
        fixture.store.glue.add_job(job, now);
    }
    fixture
}

fn start(fixture: &mut Fixture, request: Value) -> Result<String, ServiceError> {
    let answer = fixture.try_call(Operation::StartJobRun, &request)?;
    Ok(answer["JobRunId"].as_str().unwrap().to_owned())
}

fn start_of(fixture: &mut Fixture, job: &str) -> String {
    start(fixture, json!({"JobName": job})).unwrap()
}

fn run(fixture: &mut Fixture, job: &str, id: &str) -> Value {
    let request = json!({"JobName": job, "RunId": id});
    fixture.call(Operation::GetJobRun, &request)["JobRun"].clone()
}

fn stop(fixture: &mut Fixture, job: &str, ids: &[&str]) -> Value {
    let request = json!({"JobName": job, "JobRunIds": ids});
    fixture.call(Operation::BatchStopJobRun, &request)
}

/// The pages of a listing, `length` items each: the members of this name.
fn pages(fixture: &mut Fixture, operation: Operation, of: &str, name: &str) -> Vec<Vec<String>> {
    let mut request = json!({"MaxResults": 2});
    if operation == Operation::GetJobRuns {
        request["JobName"] = json!("sales");
    }
    let mut pages = Vec::new();
    loop {
        let page = fixture.call(operation, &request);
        let items = page[of].as_array().unwrap().iter();
        pages.push(
            items
                .map(|item| item[name].as_str().unwrap().to_owned())
                .collect(),
        );
        match &page["NextToken"] {
            Value::Null => return pages,
            token => request["NextToken"] = token.clone(),
        }
    }
}

#[test]
fn a_run_starts_runs_and_succeeds() {
    let mut fixture = account([GlueJob::new("sales")]);
    let id = start_of(&mut fixture, "sales");
    for state in ["STARTING", "RUNNING", "RUNNING", "RUNNING"] {
        let run = run(&mut fixture, "sales", &id);
        assert_eq!(run["JobRunState"], state);
        assert_eq!(run["CompletedOn"], Value::Null);
        fixture.now += SECOND / 4;
    }
    let over = run(&mut fixture, "sales", &id);
    assert_eq!(over["JobRunState"], "SUCCEEDED");
    assert_eq!(over["CompletedOn"], json!(1_800_000_001.0));
    assert_eq!(over["LastModifiedOn"], over["CompletedOn"]);
    assert_eq!(over["LogGroupName"], "/aws-glue/jobs");
    assert_eq!(over["ErrorMessage"], Value::Null);
}

#[test]
fn a_failed_run_has_its_error_message_from_its_end_on() {
    let mut fixture = account([GlueJob::new("sales").failing("KeyError: day")]);
    let id = start_of(&mut fixture, "sales");
    assert_eq!(run(&mut fixture, "sales", &id)["ErrorMessage"], Value::Null);
    fixture.now += SECOND;
    let over = run(&mut fixture, "sales", &id);
    assert_eq!(
        (&over["JobRunState"], &over["ErrorMessage"]),
        (&json!("FAILED"), &json!("KeyError: day"))
    );
}

#[test]
fn a_run_is_stopping_for_a_while_and_each_that_can_not_be_stopped_has_an_error_of_its_own() {
    let mut fixture = account([GlueJob::new("sales").max_concurrent_runs(2)]);
    let over = start_of(&mut fixture, "sales");
    fixture.now += SECOND;
    let id = start_of(&mut fixture, "sales");
    let answer = stop(&mut fixture, "sales", &[&over, &id, "jr_0"]);
    let stopped = json!([{"JobName": "sales", "JobRunId": id}]);
    assert_eq!(answer["SuccessfulSubmissions"], stopped);
    let code = |number: usize| {
        let error = &answer["Errors"][number];
        (
            error["JobRunId"].clone(),
            error["ErrorDetail"]["ErrorCode"].clone(),
        )
    };
    let invalid = json!("JobRunInvalidStateTransitionException");
    assert_eq!(code(0), (json!(over), invalid.clone()));
    assert_eq!(code(1), (json!("jr_0"), json!("EntityNotFoundException")));
    assert_eq!(run(&mut fixture, "sales", &id)["JobRunState"], "STOPPING");
    let again = stop(&mut fixture, "sales", &[&id]);
    assert_eq!(again["Errors"][0]["ErrorDetail"]["ErrorCode"], invalid);
    fixture.now += SECOND;
    assert_eq!(run(&mut fixture, "sales", &id)["JobRunState"], "STOPPED");
    let unknown = stop(&mut fixture, "gone", &[&id]);
    assert_eq!(unknown["Errors"].as_array().unwrap().len(), 1);
}

#[test]
fn each_start_is_a_new_run_until_the_job_has_as_many_as_it_may() {
    let mut fixture = account([GlueJob::new("sales").max_concurrent_runs(2)]);
    let runs = [0, 1].map(|_| start_of(&mut fixture, "sales"));
    assert_ne!(runs[0], runs[1]);
    let request = json!({"JobName": "sales"});
    let error = start(&mut fixture, request.clone()).unwrap_err();
    assert_eq!(error.code, "ConcurrentRunsExceededException");
    let body = json!({
        "__type": "ConcurrentRunsExceededException",
        "Message": "Concurrent runs exceeded for sales",
    });
    assert_eq!(error.body(), body);
    fixture.now += SECOND;
    start(&mut fixture, request).unwrap();
    assert_eq!(fixture.store.glue.counts()["sales"], 3);
}

#[test]
fn a_run_has_the_arguments_and_settings_of_its_start_and_those_of_the_definition() {
    let job = GlueJob::new("sales")
        .description("Loads sales")
        .default_argument("--day", "monday")
        .default_argument("--limit", "10")
        .non_overridable_argument("--fixed", "1");
    let mut fixture = account([job]);
    let request = json!({
        "JobName": "sales",
        "Arguments": {"--day": "friday", "--fixed": "2", "--more": ""},
        "WorkerType": "G.2X",
        "NumberOfWorkers": 5,
        "Timeout": 30,
    });
    let id = start(&mut fixture, request).unwrap();
    let run = run(&mut fixture, "sales", &id);
    let arguments = json!({"--day": "friday", "--fixed": "1", "--limit": "10", "--more": ""});
    assert_eq!(run["Arguments"], arguments);
    assert_eq!(
        (&run["WorkerType"], &run["NumberOfWorkers"], &run["Timeout"]),
        (&json!("G.2X"), &json!(5), &json!(30))
    );
    let definition = fixture.call(Operation::GetJob, &json!({"JobName": "sales"}));
    let job = &definition["Job"];
    assert_eq!(
        job["DefaultArguments"],
        json!({"--day": "monday", "--limit": "10"})
    );
    assert_eq!(job["NonOverridableArguments"], json!({"--fixed": "1"}));
    assert_eq!(job["ExecutionProperty"]["MaxConcurrentRuns"], 1);
}

#[test]
fn what_glue_refuses_starts_no_run() {
    let mut fixture = account([GlueJob::new("sales")]);
    for (request, code) in [
        (json!({"JobName": "gone"}), "EntityNotFoundException"),
        (json!({"JobName": ""}), "InvalidInputException"),
        (json!({"JobName": "sales\n"}), "InvalidInputException"),
        (json!({}), "InvalidInputException"),
        (
            json!({"JobName": "sales", "Timeout": 0}),
            "InvalidInputException",
        ),
        (
            json!({"JobName": "sales", "WorkerType": "huge"}),
            "InvalidInputException",
        ),
        (
            json!({"JobName": "sales", "WorkerType": "G.1X"}),
            "InvalidInputException",
        ),
        (
            json!({"JobName": "sales", "JobRunId": "jr_0"}),
            "InvalidInputException",
        ),
        (
            json!({"JobName": "sales", "Arguments": [1]}),
            "SerializationException",
        ),
    ] {
        let error = start(&mut fixture, request.clone()).unwrap_err();
        assert_eq!(error.code, code, "{request}");
    }
    let emoji = json!({"JobName": "sales 😀"});
    let error = start(&mut fixture, emoji).unwrap_err();
    assert_eq!(error.code, "EntityNotFoundException");
    assert_eq!(fixture.store.glue.runs().count(), 0);
}

#[test]
fn what_is_not_there_is_an_error() {
    let mut fixture = account([GlueJob::new("sales"), GlueJob::new("returns")]);
    let id = start_of(&mut fixture, "sales");
    for (operation, request) in [
        (Operation::GetJob, json!({"JobName": "gone"})),
        (Operation::GetJobRuns, json!({"JobName": "gone"})),
        (
            Operation::GetJobRun,
            json!({"JobName": "sales", "RunId": "jr_0"}),
        ),
        // Of another job.
        (
            Operation::GetJobRun,
            json!({"JobName": "returns", "RunId": id}),
        ),
    ] {
        let error = fixture.try_call(operation, &request).unwrap_err();
        assert_eq!(error.code, "EntityNotFoundException", "{request}");
    }
}

#[test]
fn jobs_are_listed_in_pages_by_name() {
    let mut fixture = account(shipped::jobs());
    let names = pages(&mut fixture, Operation::GetJobs, "Jobs", "Name");
    assert_eq!(
        names,
        [
            vec!["inventory-stream", "returns-load-fails"],
            vec!["sales-load"]
        ]
    );
}

#[test]
fn runs_are_listed_in_pages_the_newest_first() {
    let mut fixture = account([GlueJob::new("sales").max_concurrent_runs(9)]);
    let mut started: Vec<_> = (0..5).map(|_| start_of(&mut fixture, "sales")).collect();
    started.reverse();
    let pages = pages(&mut fixture, Operation::GetJobRuns, "JobRuns", "Id");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(pages.concat(), started);
}

#[test]
fn a_run_that_starts_meanwhile_does_not_shift_the_next_page() {
    let mut fixture = account([GlueJob::new("sales").max_concurrent_runs(9)]);
    let oldest = start_of(&mut fixture, "sales");
    start_of(&mut fixture, "sales");
    let mut request = json!({"JobName": "sales", "MaxResults": 1});
    let first = fixture.call(Operation::GetJobRuns, &request);
    start_of(&mut fixture, "sales");
    request["NextToken"] = first["NextToken"].clone();
    let second = fixture.call(Operation::GetJobRuns, &request);
    assert_eq!(second["JobRuns"][0]["Id"], json!(oldest));
    assert_eq!(second["NextToken"], Value::Null);
    request["NextToken"] = json!("nonsense");
    let error = fixture
        .try_call(Operation::GetJobRuns, &request)
        .unwrap_err();
    assert_eq!(error.code, "InvalidInputException");
}

/// Where the run has written by now: streams and lines.
fn log(fixture: &mut Fixture, group: &str, run: &str) -> Vec<(String, String)> {
    let request = json!({"logGroupName": group, "logStreamNamePrefix": run});
    let events = fixture.call(Operation::FilterLogEvents, &request)["events"].clone();
    let text = |event: &Value, member: &str| event[member].as_str().unwrap().to_owned();
    let events = events.as_array().unwrap().iter();
    events
        .map(|event| (text(event, "logStreamName"), text(event, "message")))
        .collect()
}

#[test]
fn a_run_writes_to_the_two_groups_of_its_job_in_streams_that_begin_with_its_id() {
    let failing = GlueJob::new("sales")
        .log_group("/own")
        .max_concurrent_runs(2)
        .failing("KeyError: day");
    let mut fixture = account([failing, GlueJob::new("returns")]);
    let group = json!({"logGroupName": "/own/error"});
    let missing = fixture.try_call(Operation::FilterLogEvents, &group);
    assert_eq!(missing.unwrap_err().code, "ResourceNotFoundException");
    let ids = [0, 1].map(|_| start_of(&mut fixture, "sales"));
    start_of(&mut fixture, "returns");
    fixture.now += SECOND;
    for id in &ids {
        let output = log(&mut fixture, "/own/output", id);
        assert_eq!(output.len(), 2);
        assert!(output.iter().all(|(stream, _)| stream == id));
        let error = log(&mut fixture, "/own/error", id);
        assert_eq!(error.last().unwrap().1, "KeyError: day");
        assert!(error.iter().any(|(_, line)| line.starts_with("Traceback")));
        let executor = format!("{id}_g-");
        assert!(
            error
                .iter()
                .any(|(stream, _)| stream.starts_with(&executor))
        );
    }
    let streams = fixture.call(Operation::DescribeLogStreams, &group);
    assert_eq!(streams["logStreams"].as_array().unwrap().len(), 4);
    let default = log(&mut fixture, "/aws-glue/jobs/output", "jr_");
    assert_eq!(default.last().unwrap().1, "2000 records are written");
}
