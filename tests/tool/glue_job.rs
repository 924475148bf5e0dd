//! The Glue job type, in the host that also runs the SageMaker Pipeline job type: its description, and its
//! calls against moto's Glue, with no special cases.

use serde_json::{Value, json};

use crate::moto::Moto;
use crate::support::{Ended, GLUE_GRANTS, GUID, assert_in_order, bare, run};

fn with_glue(arguments: &[&str]) -> std::process::Command {
    let mut command = bare(arguments);
    command.env("POLYSYNC_COMPONENT", test_components::glue_job());
    command
}

fn on(moto: &Moto, arguments: &[&str]) -> Ended {
    moto.run(with_glue(arguments).args(GLUE_GRANTS))
}

#[test]
fn the_host_loads_the_glue_job_type_and_describes_it() {
    let document = run(&mut with_glue(&["describe", "--json"])).json(0);
    for (member, value) in [
        ("id", "aws-glue-job"),
        ("name", "AWS Glue Job"),
        ("platform", "AWS Glue"),
        ("contract", "0.2.0"),
    ] {
        assert_eq!(document[member], value);
    }
    let features = json!([
        "discover",
        "inspect",
        "cancel",
        "steps",
        "logs",
        "monitor-url"
    ]);
    assert_eq!(document["features"], features);
}

#[test]
fn jobs_of_moto_are_discovered_with_their_arguments_and_settings() {
    let Some(moto) = Moto::start() else {
        return;
    };
    assert_eq!(on(&moto, &["test-connection"]).code, Some(0));
    let found = on(&moto, &["discover", "--json"]).json(0);
    let jobs = found["jobs"].as_array().unwrap();
    let names: Vec<_> = jobs.iter().map(|job| &job["externalId"]).collect();
    assert_eq!(names, ["returns", "sales"]);
    for job in jobs {
        let parameters = job["parameters"].as_array().unwrap();
        let types: Vec<_> = parameters
            .iter()
            .map(|parameter| (&parameter["name"], &parameter["dataType"]))
            .collect();
        let (day, limit) = (json!("--day"), json!("--limit"));
        let expected = [(&day, &json!("string")), (&limit, &json!("integer"))];
        assert_eq!(types, expected, "{job}");
    }
}

#[test]
fn a_run_of_moto_is_started_polled_and_stopped() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let start = ["start", "--json", "--external-id", "sales", "--guid", GUID];
    let started = on(&moto, &start).json(0);
    let run_id = started["runId"].as_str().unwrap();
    assert!(run_id.starts_with("sales/jr_"), "{started}");
    // The job has one run at once.
    let refused = on(&moto, &["start", "--external-id", "sales"]);
    assert_in_order(
        &refused.stderr,
        &["ConcurrentRunsExceededException", "hint: "],
    );

    let status = |run_id: &str| on(&moto, &["status", "--json", run_id]);
    assert_eq!(status(run_id).json(0)["state"], Value::from("running"));
    let stopped = on(&moto, &["cancel", "--json", run_id, "--guid", GUID]).json(0);
    assert_eq!(stopped["outcome"], Value::from("requested"), "{stopped}");
    let over = status(run_id).text_of_any();
    assert!(over.contains("STOPPED"), "{over}");
    let missing = status("sales/jr_0");
    assert!(missing.text_of_any().contains("EntityNotFoundException"));
    let other = on(&moto, &["start", "--external-id", "gone"]);
    assert_in_order(&other.stderr, &["EntityNotFoundException", "no such job"]);
}

#[test]
fn a_run_of_moto_is_followed_to_its_end() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let job = [
        "run",
        "--external-id",
        "returns",
        "--parameter",
        "day=2026-11-02",
    ];
    let followed = on(&moto, &job);
    assert_in_order(followed.text(0), &["The run succeeded", "(SUCCEEDED)"]);
}
