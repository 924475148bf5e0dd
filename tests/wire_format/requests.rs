//! The requests of the component satisfy the model, and `validate` names what the model refuses.

use super::shapes::Shapes;
use crate::support::{GUID, Sent, Stage, Wire, answer, attribute, cases};
use polysync_host::contract::{Attribute, Direction, Job, Parameter, Run, Severity};
use polysync_host::{Answer, JobType};
use proptest::prelude::*;
use sagemaker_emulator::{Model, Operation};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

const EXECUTION: &str = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc";
/// An answer that has what every operation needs.
const ANSWER: &str = r#"{
    "PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc",
    "PipelineExecutionStatus": "Failed",
    "PipelineSummaries": [{"PipelineName": "p"}]
}"#;

/// Members of the operations that the job type never sends.
const UNUSED: [&str; 11] = [
    "CreatedAfter",
    "CreatedBefore",
    "ManagedBy",
    "MlflowExperimentName",
    "PipelineNamePrefix",
    "PipelineVersionAlias",
    "PipelineVersionId",
    "SelectiveExecutionConfig",
    "SortBy",
    "SortOrder of ListPipelines",
    "RoleArn of RetryPipelineExecution",
];

fn wire() -> Arc<Wire> {
    Arc::new(Wire::answering(ANSWER))
}

#[track_caller]
fn expect_allowed(model: &Model, sent: &Sent) {
    let refusal = model.refusal(sent.operation, &sent.body);
    assert_eq!(refusal, None, "{}: {}", sent.operation, sent.body);
}

fn full_job() -> Job {
    Job {
        external_id: "p".to_owned(),
        attributes: vec![
            attribute("execution-display-name", "Nightly"),
            attribute("execution-description", "all of it"),
            attribute("max-parallel-execution-steps", "3"),
            attribute("execution-role-arn", "arn:aws:iam::123456789012:role/r"),
        ],
        parameters: vec![parameter(Direction::Input, "A", Some("1"))],
    }
}

fn parameter(direction: Direction, name: &str, value: Option<&str>) -> Parameter {
    Parameter {
        name: name.to_owned(),
        direction,
        value: value.map(str::to_owned),
    }
}

#[tokio::test]
async fn every_operation_and_every_option_satisfies_the_model() {
    let (stage, wire) = (Stage::new().await, wire());
    let job_type = stage.job_type_on(&wire);
    let run = Run {
        external_id: "p".to_owned(),
        run_id: EXECUTION.to_owned(),
    };
    answer(job_type.test_connection().await);
    answer(job_type.discover(Some("2.token")).await);
    answer(job_type.inspect("p").await);
    answer(job_type.start(&full_job(), GUID).await);
    answer(job_type.status(&run).await);
    answer(job_type.steps(&run, Some("2.token")).await);
    answer(job_type.cancel(&run, GUID).await);
    let parallelism = [attribute("max-parallel-execution-steps", "3")];
    answer(job_type.retry(&run, &parallelism, GUID).await);

    let (model, shapes) = (Model::load().unwrap(), Shapes::load());
    let sent = wire.take_sent();
    sent.iter().for_each(|sent| expect_allowed(&model, sent));

    let operations: BTreeSet<_> = sent.iter().map(|sent| sent.operation).collect();
    for operation in operations {
        let requests = sent.iter().filter(|sent| sent.operation == operation);
        let members: BTreeSet<_> = requests
            .flat_map(|sent| sent.body.as_object().unwrap().keys().map(String::as_str))
            .collect();
        let missing: Vec<_> = shapes
            .input_members(operation)
            .into_iter()
            .filter(|member| !members.contains(member))
            .filter(|member| {
                !UNUSED.iter().any(|unused| {
                    *unused == *member || *unused == format!("{member} of {operation}")
                })
            })
            .collect();
        assert_eq!(missing, [""; 0], "{operation}");
    }
}

/// Texts that match a pattern, and others that may not.
fn text(pattern: &'static str, others: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => pattern,
        1 => prop::sample::select(others).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ]
}

/// Texts whose length is just below, at and just above a limit.
fn long(letter: &'static str, limit: usize) -> impl Strategy<Value = String> {
    prop_oneof![Just(limit - 1), Just(limit), Just(limit + 1)]
        .prop_map(move |length| letter.repeat(length))
}

fn external_ids() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => text("[a-zA-Z0-9](-{0,2}[a-zA-Z0-9]){0,9}", &["", " ", "-a", "a-", "a b", "a_b", "a/b", "a\n"]),
        2 => text(
            "arn:aws(-[a-z]{2})?:sagemaker:[a-z0-9-]{1,9}:([0-9]{12}|aws):pipeline/[a-zA-Z0-9]{1,9}",
            &["arn:", "arn:aws:sagemaker:::pipeline/p", "arn:aws:s3:::pipeline/p",
              "arn:aws:sagemaker:r:123456789012:pipeline/-p", "arn:aws:sagemaker:r:1:pipeline/p"],
        ),
        1 => long("a", 256),
        1 => long("a", 2048 - 45).prop_map(|tail| format!("arn:aws:sagemaker:r:123456789012:pipeline/{tail}")),
    ]
}

fn attributes() -> impl Strategy<Value = Vec<Attribute>> {
    let display_name = prop_oneof![
        text(
            "[a-zA-Z0-9](-{0,2}[a-zA-Z0-9]){0,9}",
            &["", " ", "-", "a-", "a.b", "é"]
        ),
        long("a", 82),
    ];
    let description = prop_oneof![
        text(
            "\\PC{0,40}",
            &[
                "two\nlines",
                "cr\rlf",
                "\u{2028}",
                "\u{85}",
                "\t\u{b}\u{c}\0"
            ]
        ),
        long("é", 3072),
    ];
    let parallelism = text(
        "[1-9][0-9]{0,5}",
        &["0", "-1", "1.5", " 7 ", "2147483647", "+3"],
    );
    let role = prop_oneof![
        4 => text(
            "arn:aws(-[a-z]{2})?:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@/-]{1,20}",
            &["role", "arn:aws:iam::123456789012:user/abc", "arn:aws:iam::123456789012:role/",
              "arn:aws:iam::123456789012:role/é", "arn:aws:iam:r:123456789012:role/r"],
        ),
        1 => long("a", 2048 - 30).prop_map(|tail| format!("arn:aws:iam::123456789012:role/{}", &tail[1..])),
    ];
    let given = |key, values: BoxedStrategy<String>| {
        prop::option::of(values.prop_map(move |value| attribute(key, &value)))
    };
    (
        given("execution-display-name", display_name.boxed()),
        given("execution-description", description.boxed()),
        given("max-parallel-execution-steps", parallelism.boxed()),
        given("execution-role-arn", role.boxed()),
    )
        .prop_map(|(a, b, c, d)| [a, b, c, d].into_iter().flatten().collect())
}

fn parameters() -> impl Strategy<Value = Vec<Parameter>> {
    let names = prop_oneof![
        9 => text("[A-Za-z0-9_-]{1,12}", &["", "a b", "é", "a.b", "a\n"]),
        1 => long("a", 256),
    ];
    let values = prop_oneof![9 => "\\PC{0,20}", 1 => long("é", 1024)];
    let directions = prop::sample::select(vec![
        Direction::Input,
        Direction::InputOutput,
        Direction::Output,
    ]);
    let one = (directions, names, prop::option::weighted(0.9, values))
        .prop_map(|(direction, name, value)| parameter(direction, &name, value.as_deref()));
    let many = (198..203_usize).prop_map(|count| {
        (0..count)
            .map(|n| parameter(Direction::Input, &format!("P{n}"), Some("1")))
            .collect()
    });
    prop_oneof![19 => prop::collection::vec(one, 0..4), 1 => many]
}

fn jobs() -> impl Strategy<Value = Job> {
    (external_ids(), attributes(), parameters()).prop_map(
        |(external_id, attributes, parameters)| Job {
            external_id,
            attributes,
            parameters,
        },
    )
}

/// The request that the specification demands for a job, valid or not. `None` if the number of steps
/// is not a number.
fn request(job: &Job) -> Option<Value> {
    let given = |key: &str| {
        let value = job
            .attributes
            .iter()
            .find(|a| a.name == key)?
            .value
            .as_str();
        (!value.trim().is_empty()).then_some(value)
    };
    let mut request = json!({
        "PipelineName": job.external_id,
        "ClientRequestToken": format!("polysync-{GUID}"),
    });
    let sent: Vec<_> = job
        .parameters
        .iter()
        .filter(|p| p.direction != Direction::Output)
        .filter_map(|p| Some(json!({"Name": p.name, "Value": p.value.as_ref()?})))
        .collect();
    if !sent.is_empty() {
        request["PipelineParameters"] = json!(sent);
    }
    for (key, member) in [
        ("execution-display-name", "PipelineExecutionDisplayName"),
        ("execution-description", "PipelineExecutionDescription"),
        ("execution-role-arn", "RoleArn"),
    ] {
        if let Some(value) = given(key) {
            request[member] = json!(value);
        }
    }
    if let Some(count) = given("max-parallel-execution-steps") {
        let count: i64 = count.trim().parse().ok()?;
        request["ParallelismConfiguration"] = json!({"MaxParallelExecutionSteps": count});
    }
    Some(request)
}

/// The field in a finding of `validate` for a path in the model's refusal.
fn field(path: &str, job: &Job) -> String {
    let mut parts = path.split('.');
    match parts.next() {
        Some("pipelineName") => "external-id".to_owned(),
        Some("pipelineExecutionDisplayName") => "attributes.execution-display-name".to_owned(),
        Some("pipelineExecutionDescription") => "attributes.execution-description".to_owned(),
        Some("parallelismConfiguration") => "attributes.max-parallel-execution-steps".to_owned(),
        Some("roleArn") => "attributes.execution-role-arn".to_owned(),
        Some("pipelineParameters") => match parts.next() {
            None => "parameters".to_owned(),
            Some(number) => {
                let mut sent = job
                    .parameters
                    .iter()
                    .filter(|p| p.direction != Direction::Output && p.value.is_some());
                let sent = sent.nth(number.parse::<usize>().unwrap() - 1).unwrap();
                format!("parameters.{}", sent.name)
            }
        },
        other => panic!("{other:?} of {path}"),
    }
}

/// Whether `validate` refuses something that the model allows, on purpose.
fn is_stricter(field: &str, message: &str) -> bool {
    message == "is given more than once"
        // The model allows ARNs without a region, and `/` and `:` before the pipeline's name.
        || (field == "external-id" && message.contains("is no pipeline's ARN"))
        // The model's pattern allows a role that consists of slashes.
        || (field == "attributes.execution-role-arn" && message.contains("is no role's ARN"))
}

#[tokio::test]
async fn validate_accepts_what_the_model_accepts_and_names_what_the_model_refuses() {
    let (stage, wire, model) = (Stage::new().await, wire(), Model::load().unwrap());
    let job_type = stage.job_type_on(&wire);
    let (mut passed, mut refused) = (0, 0);
    for job in cases(3_000, jobs()) {
        let findings = job_type.validate(&job, None).await.unwrap();
        let errors: Vec<_> = findings
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        let request = request(&job);
        let refusal = request
            .as_ref()
            .and_then(|body| model.refusal(Operation::StartPipelineExecution, body));

        for part in refusal
            .iter()
            .flat_map(|text| text.split("' failed to satisfy"))
        {
            let Some((_, path)) = part.rsplit_once("at '") else {
                continue;
            };
            let field = field(path, &job);
            assert!(
                errors.iter().any(|error| error.field == field),
                "the model refuses {field}, {errors:?} don't name it: {refusal:?}"
            );
        }
        if refusal.is_none() && request.is_some() {
            let unexpected: Vec<_> = errors
                .iter()
                .filter(|error| !is_stricter(&error.field, &error.message))
                .collect();
            assert!(
                unexpected.is_empty(),
                "the model allows {request:?}: {unexpected:?}"
            );
        }

        let started = job_type.start(&job, GUID).await;
        if errors.is_empty() {
            answer(started);
            let sent = wire.take_sent();
            assert_eq!(sent.len(), 1);
            expect_allowed(&model, &sent[0]);
            assert_eq!(Some(&sent[0].body), request.as_ref());
            passed += 1;
        } else {
            assert_eq!(started.unwrap().unwrap_err().code, "InvalidJob");
            assert!(wire.take_sent().is_empty());
            refused += 1;
        }
    }
    assert!(
        passed > 300 && refused > 300,
        "{passed} passed, {refused} refused"
    );
}

#[tokio::test]
async fn every_request_satisfies_the_model_whatever_run_or_cursor_a_host_passes() {
    let (stage, wire, model) = (Stage::new().await, wire(), Model::load().unwrap());
    let job_type = stage.job_type_on(&wire);
    let run_ids = prop_oneof![
        4 => text(
            "arn:aws(-[a-z]{2})?:sagemaker:[a-z0-9-]{0,9}:[0-9]{12}:pipeline/[a-zA-Z0-9-]{0,9}/execution/[a-z0-9]{0,12}",
            &["", "abc", "arn:aws:sagemaker:eu-west-1:aws:pipeline/p/execution/e",
              "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/é\n",
              "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/\u{2028}"],
        ),
        1 => long("a", 2048 - 57)
            .prop_map(|tail| format!("arn:aws:sagemaker:r:123456789012:pipeline/p/execution/xy{tail}")),
    ];
    let cursors = prop::option::of(prop_oneof![
        3 => text("[1-9][0-9]?\\.[ -~]{0,40}", &["", "2.", "0.t", "2.two\nlines", "2.\u{2028}"]),
        1 => long("x", 8192).prop_map(|token| format!("2.{token}")),
    ]);
    let guids = text(
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        &["", "1"],
    );
    let mut total_sent = 0;
    for (run_id, cursor, guid, external_id) in
        cases(1_000, (run_ids, cursors, guids, external_ids()))
    {
        let run = Run {
            external_id: "p".to_owned(),
            run_id,
        };
        call_all(&job_type, &run, cursor.as_deref(), &guid, &external_id).await;
        let sent = wire.take_sent();
        sent.iter().for_each(|sent| expect_allowed(&model, sent));
        total_sent += sent.len();
    }
    assert!(total_sent > 2_000, "{total_sent}");
}

/// Makes every call except a start. A call may be refused, but not break.
async fn call_all(
    job_type: &JobType,
    run: &Run,
    cursor: Option<&str>,
    guid: &str,
    external_id: &str,
) {
    fn expect_unbroken<T>(answer: Answer<T>) {
        drop(answer.unwrap());
    }
    expect_unbroken(job_type.status(run).await);
    expect_unbroken(job_type.steps(run, cursor).await);
    expect_unbroken(job_type.cancel(run, guid).await);
    expect_unbroken(job_type.retry(run, &[], guid).await);
    expect_unbroken(job_type.discover(cursor).await);
    expect_unbroken(job_type.inspect(external_id).await);
    expect_unbroken(job_type.monitor_url(run).await);
}
