//! The checks find what is wrong, with a model and a job type of the tests' own.

use crate::{Api, Passed, Subject, cases};
use job_type_kit::contract::http::Request;
use job_type_kit::contract::{
    Connection, ConnectionReport, DeclaredParameter, Description, Error, ErrorClass, Finding, Job,
    Need, Run, RunState, RunStatus, StartedRun,
};
use job_type_kit::{Context, Guid, Host, JobType};
use proptest::strategy::Just;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const MODEL: &str = r#"{
    "operations": {"Read": {"input": {"shape": "In"}, "output": {"shape": "Out"}}},
    "shapes": {
        "In": {"type": "structure", "required": ["Name"], "members": {
            "Name": {"shape": "Name"}, "Kind": {"shape": "Kind"}, "Count": {"shape": "Count"},
            "Names": {"shape": "Names"}, "Labels": {"shape": "Labels"}, "Share": {"shape": "Share"},
            "Size": {"shape": "Size"}, "On": {"shape": "On"}, "At": {"shape": "At"}}},
        "Out": {"type": "structure", "members": {"Count": {"shape": "Count"}, "Out": {"shape": "Out"}}},
        "Name": {"type": "string", "min": 2, "max": 4, "pattern": "^[\\u0020-\\uD7FF\\uD800\\uDC00-\\uDBFF\\uDFFF\\w]*$"},
        "Kind": {"type": "string", "enum": ["a", "b"]},
        "Count": {"type": "integer", "min": 1},
        "Size": {"type": "long", "max": 5000000000},
        "Share": {"type": "double", "max": 0.5},
        "Names": {"type": "list", "member": {"shape": "Name"}, "max": 2},
        "Labels": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Kind"}, "max": 1},
        "On": {"type": "boolean"},
        "At": {"type": "timestamp"}
    }
}"#;

fn violations(body: Value) -> Vec<String> {
    Api::of([MODEL]).violations("Read", &body)
}

#[test]
fn a_request_within_the_model_violates_nothing() {
    let body = json!({
        "Name": "é😀", "Kind": "b", "Count": 2147483647, "Names": ["ab", "abcd"], "Labels": {"ab": "a"},
        "Share": 0.5, "Size": 5_000_000_000_i64, "On": true, "At": 1.5,
    });
    assert_eq!(violations(body), [""; 0]);
}

#[test]
fn each_constraint_that_a_request_violates_is_named_with_its_path() {
    for (member, value, expected) in [
        ("Name", json!("a"), "Read.Name is or has 1, less than 2"),
        ("Name", json!("abcde"), "Read.Name is or has 5, more than 4"),
        (
            "Name",
            json!("a\u{e000}"),
            "Read.Name is \"a\\u{e000}\": not ",
        ),
        (
            "Name",
            json!(null),
            "Read.Name is null, which has another type",
        ),
        ("Kind", json!("c"), "Read.Kind is \"c\": none of "),
        ("Count", json!(0), "Read.Count is or has 0, less than 1"),
        (
            "Count",
            json!(2_147_483_648_i64),
            "Read.Count is 2147483648: no integer of 32 bits",
        ),
        (
            "Count",
            json!(1.5),
            "Read.Count is 1.5: no integer of 32 bits",
        ),
        (
            "Size",
            json!(5_000_000_001_i64),
            "Read.Size is or has 5000000001, more than",
        ),
        (
            "Share",
            json!(0.6),
            "Read.Share is or has 0.6, more than 0.5",
        ),
        (
            "Names",
            json!(["ab", "ab", "ab"]),
            "Read.Names is or has 3, more than 2",
        ),
        (
            "Names",
            json!(["ab", "x"]),
            "Read.Names[1] is or has 1, less than 2",
        ),
        (
            "Labels",
            json!({"x": "a"}),
            "Read.Labels.x is or has 1, less than 2",
        ),
        (
            "Labels",
            json!({"ab": "x"}),
            "Read.Labels.ab is \"x\": none of ",
        ),
        (
            "On",
            json!("true"),
            "Read.On is \"true\", which has another type",
        ),
        (
            "At",
            json!("now"),
            "Read.At is \"now\", which has another type",
        ),
        ("New", json!(1), "Read.New is unknown"),
    ] {
        let mut body = json!({"Name": "ab"});
        body[member] = value;
        let found = violations(body);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(expected), "{found:?}");
    }
    assert_eq!(violations(json!({})), ["Read.Name is missing"]);
}

#[test]
fn answers_have_members_that_are_absent_null_and_unknown_and_extreme_numbers() {
    let answers: Vec<_> = cases(500, Api::of([MODEL]).answers("Read")).collect();
    let any = |matches: &dyn Fn(&Value) -> bool| answers.iter().any(matches);
    assert!(any(&|answer| answer.get("Count").is_none()));
    assert!(any(&|answer| answer.get("Count") == Some(&Value::Null)));
    assert!(any(&|answer| answer["Count"] == i32::MAX));
    assert!(any(&|answer| answer["Count"] == 1));
    assert!(any(&|answer| answer.get("UnknownMember").is_some()));
    assert!(any(&|answer| answer["Out"]["Out"].is_object()));
}

/// Reads a count, which it can't where it is this large. It starts any job, under its name.
struct Narrow<const MOST: i64>;

impl<const MOST: i64> JobType for Narrow<MOST> {
    fn describe() -> Description {
        unreachable!("nobody asks")
    }

    fn needs(_: &Connection) -> Vec<Need> {
        Vec::new()
    }

    fn validate(_: &Connection, _: &Job, _: Option<&[DeclaredParameter]>) -> Vec<Finding> {
        Vec::new()
    }

    fn test_connection(_: Context<'_>) -> Result<ConnectionReport, Error> {
        Err(Error::unsupported("test-connection"))
    }

    fn start(context: Context<'_>, job: &Job, _: &Guid) -> Result<StartedRun, Error> {
        let body = json!({"Name": job.external_id}).to_string();
        let run_id = send(context.host, &body).to_string();
        Ok(StartedRun {
            run_id,
            details: Vec::new(),
        })
    }

    fn status(context: Context<'_>, _: &Run) -> Result<RunStatus, Error> {
        match send(context.host, r#"{"Name": "ab"}"#)["Count"].as_i64() {
            Some(count) if count > MOST => {
                let (code, class) = ("UnreadableResponse", ErrorClass::Other);
                Err(Error::new(class, code, "too large", ""))
            }
            _ => Ok(RunStatus::in_state(RunState::Running)),
        }
    }
}

fn send(host: &dyn Host, body: &str) -> Value {
    let answer = host.send(&Request {
        method: "POST".to_owned(),
        url: "https://example.com/".to_owned(),
        headers: vec![job_type_kit::contract::http::Header::new(
            "x-amz-target",
            "S.Read",
        )],
        body: body.as_bytes().to_vec(),
        timeout: None,
    });
    serde_json::from_slice(&answer.unwrap().body).unwrap()
}

fn subject() -> Subject {
    let job = Job {
        external_id: "ab".to_owned(),
        attributes: Vec::new(),
        parameters: Vec::new(),
    };
    let run = Run {
        external_id: None,
        run_id: "r".to_owned(),
    };
    Subject {
        api: Api::of([MODEL]),
        connection: Connection {
            region: String::new(),
            endpoint: None,
            attributes: Vec::new(),
        },
        passed: Passed {
            external_id: String::new(),
            job,
            runs: vec![run],
            step: String::new(),
            cursor: None,
            log_cursor: String::new(),
        },
        usual: |_| "{}",
        says_enough: |_, _| true,
    }
}

fn job(name: &str) -> Just<Job> {
    Just(Job {
        external_id: name.to_owned(),
        ..subject().passed.job
    })
}

#[test]
fn a_job_type_that_reads_every_count_passes() {
    let operations = subject().every_answer_is_read::<Narrow<{ i64::MAX }>>(50);
    assert_eq!(operations, ["Read"]);
}

#[test]
#[should_panic = "too large"]
fn an_answer_that_a_job_type_can_not_read_fails_the_check() {
    subject().every_answer_is_read::<Narrow<{ i32::MAX as i64 - 1 }>>(50);
}

#[test]
fn an_answer_that_does_not_say_enough_may_be_refused() {
    let lenient = Subject {
        says_enough: |operation, answer| operation != "Read" || answer["Count"] != i32::MAX,
        ..subject()
    };
    lenient.every_answer_is_read::<Narrow<{ i32::MAX as i64 - 1 }>>(50);
}

#[test]
fn a_job_that_is_sent_as_the_model_allows_passes() {
    type Any = Narrow<{ i64::MAX }>;
    let counts = subject().jobs_without_errors_are_sent::<Any>(3, job("ab"));
    assert_eq!(counts, (3, 0));
    let unused = [
        "At", "Count", "Kind", "Labels", "Names", "On", "Share", "Size",
    ];
    let unused: BTreeSet<_> = unused.map(|member| format!("{member} of Read")).into();
    let unused: Vec<_> = unused.iter().map(String::as_str).collect();
    subject().every_member_is_sent_or_unused::<Any>(&unused);
}

#[test]
#[should_panic = "Read.Name is or has 5, more than 4"]
fn a_job_that_the_model_refuses_and_validate_does_not_fails_the_check() {
    subject().jobs_without_errors_are_sent::<Narrow<0>>(1, job("abcde"));
}

#[test]
#[should_panic = "Read.Name is or has 5, more than 4"]
fn a_request_that_the_model_refuses_fails_the_check_whatever_was_passed() {
    let passed = Passed {
        job: Job {
            external_id: "abcde".to_owned(),
            ..subject().passed.job
        },
        ..subject().passed
    };
    subject().every_request_is_allowed::<Narrow<0>>(1, Just(passed));
}

#[test]
#[should_panic = "Size of Read"]
fn a_member_that_is_neither_sent_nor_unused_fails_the_check() {
    subject().every_member_is_sent_or_unused::<Narrow<0>>(&[]);
}
