//! Jobs of two platforms in one `serve`, while both plugins are swapped again and again.

use std::collections::{BTreeMap, BTreeSet};

use sagemaker_emulator::ManualClock;

use super::*;
use crate::support::{GLUE_GRANTS, STEP};

const ROUNDS: usize = 4;
/// How many jobs of each type come in a round.
const JOBS: usize = 5;
const ALL: usize = ROUNDS * JOBS;
const PIPELINE: &str = r#"{ "jobType": "sagemaker-pipeline", "externalId": "one-step" }"#;
const TYPES: [&str; 2] = ["sagemaker-pipeline", "aws-glue-job"];

/// A job of Glue that its argument tells from the others.
fn glue_job(number: usize) -> String {
    let parameter = format!(r#"{{ "name": "number", "value": "{number}" }}"#);
    format!(
        r#"{{ "jobType": "aws-glue-job", "externalId": "sales-load", "parameters": [{parameter}] }}"#
    )
}

/// Puts another build of a plugin in its place in one step: only a custom section differs.
fn build(yard: &Yard, name: &str, component: &Path, number: u8) -> PathBuf {
    let mut bytes = fs::read(component).unwrap();
    // The section's id and size, the length of its name, the name, and its content.
    bytes.extend([0, 3, 1, b'n', number]);
    let (new, path) = (yard.path("build.new"), yard.path(name));
    fs::write(&new, bytes).unwrap();
    fs::rename(&new, &path).unwrap();
    path
}

fn builds(yard: &Yard, number: u8) -> [PathBuf; 2] {
    [
        build(
            yard,
            "plugin.wasm",
            test_components::sagemaker_pipeline(),
            number,
        ),
        build(yard, "glue.wasm", test_components::glue_job(), number),
    ]
}

/// `serve`, and how many events of each name and job type have come.
struct Watched {
    tool: Running,
    counts: BTreeMap<(String, String), usize>,
}

impl Watched {
    /// Reads on until so many events of this name have come of each job type.
    fn until(&mut self, event: &str, count: usize) {
        let key = |job_type: &str| (event.to_owned(), job_type.to_owned());
        while TYPES
            .iter()
            .any(|id| self.counts.get(&key(id)).is_none_or(|have| *have < count))
        {
            let line = self.tool.until(r#""event":""#);
            let event: Value = serde_json::from_str(&line).unwrap();
            let id = event["jobType"].as_str().or(event["to"]["id"].as_str());
            let key = [event["event"].as_str(), id].map(|part| part.unwrap_or_default().to_owned());
            *self.counts.entry(key.into()).or_default() += 1;
        }
    }
}

/// Takes all jobs while the plugins are swapped, and returns the events.
fn serve_all(stage: &Stage, clock: &ManualClock) -> Vec<Value> {
    let yard = Yard::new();
    let paths = builds(&yard, 0);
    let components = paths
        .each_ref()
        .map(|path| ["--component", path.to_str().unwrap()]);
    let options = ["--watch", "--json", "--until-done"];
    let options = [components.as_flattened(), &GLUE_GRANTS, &options].concat();
    let mut serve = Watched {
        tool: yard.serve(stage, &options),
        counts: BTreeMap::new(),
    };
    for round in 1..=ROUNDS {
        for job in 0..JOBS {
            serve.tool.write_line(PIPELINE);
            serve.tool.write_line(&glue_job((round - 1) * JOBS + job));
        }
        // One of each has started, and the others are about to.
        serve.until("started", (round - 1) * JOBS + 1);
        // Two builds in turn: each is compiled once.
        builds(&yard, u8::from(round % 2 == 1));
        serve.until("swapped", round);
        // The runs of the round before end, and those of this one go on.
        clock.advance(STEP / 2);
    }
    serve.until("started", ALL);
    clock.advance(STEP);
    serve.tool.close_stdin();
    serve.tool.end().events(0)
}

#[test]
fn jobs_of_two_platforms_all_run_once_while_both_plugins_are_swapped() {
    let (stage, clock) = Stage::with_clock();
    let events = serve_all(&stage, &clock);

    assert_eq!(events_named(&events, "error"), Vec::<&Value>::new());
    let finished = events_named(&events, "finished");
    assert_eq!(finished.len(), 2 * ALL);
    for id in TYPES {
        let runs: Vec<_> = finished.iter().filter(|run| run["jobType"] == id).collect();
        assert!(runs.iter().all(|run| run["state"] == "success"), "{runs:?}");
        let ids: BTreeSet<_> = runs.iter().map(|run| run["runId"].as_str()).collect();
        assert_eq!(ids.len(), ALL, "{id}");
        let generation = |run: &Value, by: &str| run[by]["generation"].as_u64().unwrap();
        let passed_on =
            |run: &&&Value| generation(run, "startedBy") < generation(run, "answeredBy");
        assert!(runs.iter().any(passed_on), "{id}");
    }

    assert_eq!(stage.emulator.executions_created(), ALL);
    assert_eq!(stage.emulator.glue_runs_of("sales-load").len(), ALL);
    let requests = stage.emulator.requests();
    let starts = requests
        .iter()
        .filter(|r| r.operation == Some(Operation::StartJobRun));
    let numbers: BTreeSet<_> = starts
        .map(|start| start.body["Arguments"]["--number"].as_str())
        .collect();
    assert_eq!(numbers.len(), ALL);
}
