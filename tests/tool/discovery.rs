//! `discover` and `inspect`: what the platform has, and job files made of it.

use std::fs;

use sagemaker_emulator::{Fault, FaultKind, Operation};
use serde_json::{Value, json};

use crate::support::{Stage, assert_in_order, assert_members};

fn member<'a>(list: &'a Value, key: &str, value: &str) -> &'a Value {
    let found = list
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one[key] == value);
    found.unwrap_or_else(|| panic!("{value} isn't in {list}"))
}

#[test]
fn discover_lists_jobs_in_a_table_with_parameters_types_and_defaults() {
    let stage = Stage::new();
    let unreadable = FaultKind::Definition("no JSON".to_owned());
    let unreadable = Fault::new(unreadable).on_pipeline("always-fails");
    stage.emulator.inject(unreadable);
    let ended = stage.tool(&["discover"]);
    let table = ended.text(0);
    assert_in_order(
        table,
        &[
            "│ Name ",
            "┆ Display name ",
            "┆ Parameters ",
            "┆ Notes ",
            "\n8 jobs\n",
        ],
    );
    for cell in [
        "┆ InputDataUrl:string* ",
        "┆ AccuracyThreshold:float=0.75 ",
        "┆ Abalone-training ",
    ] {
        assert!(table.contains(cell), "{cell:?} isn't in\n{table}");
    }
    let mut rows = table.lines();
    let row = rows
        .find(|line| line.starts_with("│ always-fails"))
        .unwrap();
    assert_in_order(row, &["┆", "┆", "┆ Imported without parameters: "]);
    assert_eq!(ended.stderr, "");
}

#[test]
fn a_discovery_as_json_is_one_document() {
    let document = Stage::new().tool(&["discover", "--json"]).json(0);
    assert_members(&document, &["jobs", "notes", "nextCursor", "error"]);
    assert_eq!(
        (&document["nextCursor"], &document["error"]),
        (&Value::Null, &Value::Null)
    );
    let job = member(&document["jobs"], "externalId", "parameters-of-every-type");
    assert_members(
        job,
        &[
            "externalId",
            "name",
            "displayName",
            "description",
            "jobType",
            "attributes",
            "parameters",
            "notes",
            "details",
        ],
    );
    assert_eq!(
        *member(&job["parameters"], "name", "InstanceType"),
        json!({
            "name": "InstanceType", "dataType": "string", "required": false,
            "defaultValue": "ml.m5.xlarge", "allowedValues": ["ml.m5.xlarge", "ml.c5.xlarge"],
            "description": null,
        })
    );
}

#[test]
fn job_files_of_a_discovery_start_the_jobs_that_were_found() {
    let stage = Stage::new();
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("jobs");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let ended = stage.tool(&[
        "discover",
        "--json",
        "--write-jobs",
        folder.to_str().unwrap(),
    ]);
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        ended.json(0)["jobs"].as_array().unwrap().len()
    );
    let wrote = format!(
        "wrote {}; fill in InputDataUrl\n",
        path("parameters-of-every-type.json")
    );
    assert_in_order(&ended.stderr, &[&wrote]);

    let file = path("abalone-training.json");
    let job: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(job["jobType"], "sagemaker-pipeline");
    let started = stage.tool(&[
        "start",
        "--job",
        &file,
        "-p",
        "ProcessingInstanceCount=2",
        "--json",
    ]);
    assert_eq!(started.json(0)["externalId"], "abalone-training");
    let requests = stage.emulator.requests();
    let start = requests
        .iter()
        .find(|one| one.operation == Some(Operation::StartPipelineExecution));
    assert_eq!(
        start.unwrap().body["PipelineParameters"],
        json!([{ "Name": "ProcessingInstanceCount", "Value": "2" }]),
        "what is null in the file isn't sent"
    );
}

#[test]
fn a_discovery_that_breaks_off_gives_what_it_found_and_where_to_go_on() {
    let stage = Stage::new();
    let ended = stage.tool(&["discover", "--json", "--cursor", "no such cursor"]);
    let document = ended.json(1);
    assert_eq!(document["jobs"], json!([]));
    assert_eq!(document["nextCursor"], "no such cursor");
    assert_eq!(document["error"]["class"], "invalid", "{document}");
    assert_in_order(
        &ended.stderr,
        &[
            "error: ",
            "Go on from here with --cursor 'no such cursor'\n",
        ],
    );
}

#[test]
fn inspect_shows_one_job_with_all_its_parameters() {
    let stage = Stage::new();
    let ended = stage.tool(&["inspect", "parameters-of-every-type"]);
    assert_in_order(
        ended.text(0),
        &[
            "parameters-of-every-type\n",
            "SageMaker Pipeline\n",
            "AccuracyThreshold:float=0.75\n",
            "InstanceType:string=ml.m5.xlarge, one of ml.m5.xlarge, ml.c5.xlarge\n",
            "InputDataUrl:string* (required)\n",
        ],
    );
    let document = stage.tool(&["inspect", "one-step", "--json"]).json(0);
    assert_eq!(
        (&document["name"], &document["parameters"]),
        (&"one-step".into(), &json!([]))
    );
}
