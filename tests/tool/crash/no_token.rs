//! The same sweep with a platform whose start takes no token, AWS Glue: never two runs for one job, and
//! each start that may have been carried out is told to the operator, who adopts its run.

use sagemaker_emulator::ManualClock;
use serde_json::Value;

use super::proxy::{Part, Point};
use super::sweep::{self, Site};
use crate::support::{STEP, Stage, assert_in_order};

const START: &str = "AWSGlue.StartJobRun";
const JOB: &str = "sales-load";
const JOB_FILE: &str = r#"{ "externalId": "sales-load" }"#;

/// The run ids of the emulator's runs, in the order of their start.
fn runs(site: &Site) -> Vec<String> {
    let ids = site.stage.emulator.glue_runs_of(JOB).into_iter();
    ids.map(|id| format!("{JOB}/{id}")).collect()
}

/// The event of this name about the run of a job file.
fn of_file<'a>(events: &'a [Value], name: &str, file: &str) -> Option<&'a Value> {
    let mut events = events.iter();
    events.find(|event| event["event"] == name && event["origin"] == file)
}

/// Whether the platform has the whole request; not said where it has it while its connection breaks.
fn is_carried_out(point: Point) -> Option<bool> {
    match point {
        Point::Request {
            rest_arrives: false,
            part: Part { first, of },
        } => (first < of).then_some(false),
        _ => Some(true),
    }
}

/// Kills the tool at a point of the second start, while the first run goes on. Starts it again, and does
/// what it tells the operator.
fn crash_at(point: Point) {
    let (stage, clock) = Stage::with_clock();
    let site = Site::new(stage, |stage, arguments| stage.glue(arguments));
    site.write("first.json", JOB_FILE);
    let mut tool = site.serve(&[]);
    tool.until(r#""event":"started""#);
    let held = site.proxy.hold_at(START, point);
    site.write("second.json", JOB_FILE);
    held.kill(&mut tool);

    clock.advance(STEP);
    let mut tool = site.serve_until_done();
    tool.until(r#""origin":"second.json""#);
    let carried_out = runs(&site);
    let expected = match is_carried_out(point) {
        Some(is_carried_out) => 1 + usize::from(is_carried_out),
        None => carried_out.len().min(2),
    };
    assert_eq!(carried_out.len(), expected, "{point:?}");

    let ended = tool.end();
    let code = ended.code.unwrap_or_default();
    let events = ended.events(code);
    let first = of_file(&events, "finished", "first.json").unwrap();
    assert_eq!(first["state"], "success", "{point:?}");
    let second = of_file(&events, "finished", "second.json").unwrap();
    let is_answered = matches!(point, Point::Answer(part) if part.first == part.of);
    match second["state"].as_str().unwrap() {
        // The tool may have recorded the answer.
        "success" => assert!(is_answered, "{point:?}"),
        _ => {
            assert_eq!(
                (code, &second["state"]),
                (5, &"uncertain".into()),
                "{point:?}"
            );
            resolve(&site, &clock, second, carried_out.get(1));
        }
    }
    assert_eq!(runs(&site).len(), 2, "{point:?}");
}

/// Does what the tool says of an uncertain run: adopts the run that the platform has, or gives the job again.
fn resolve(site: &Site, clock: &ManualClock, uncertain: &Value, run: Option<&String>) {
    let guid = uncertain["guid"].as_str().unwrap();
    let adopt = format!("adopt {guid} ");
    assert_in_order(
        uncertain["reason"].as_str().unwrap(),
        &[
            &format!("`{adopt}RUN-ID`"),
            "to start anew, give the job again",
        ],
    );
    let (file, text, event) = match run {
        Some(run_id) => ("now.order", format!("{adopt}{run_id}\n"), "adopted"),
        None => ("again.json", JOB_FILE.to_owned(), "started"),
    };
    site.write(file, &text);
    let mut tool = site.serve_until_done();
    tool.until(&format!(r#""event":"{event}""#));
    clock.advance(STEP);
    let ended = tool.end();
    let events = ended.events(ended.code.unwrap_or_default());
    let origin = if run.is_some() { "second.json" } else { file };
    let finished = of_file(&events, "finished", origin).unwrap();
    assert_eq!(finished["state"], "success", "{finished}");
    if let Some(run_id) = run {
        assert_eq!(finished["runId"], run_id.as_str());
    }
}

#[test]
fn a_crash_before_the_platform_has_the_whole_request_is_told_and_starts_no_run_by_itself() {
    sweep::before_the_whole_request().for_each(crash_at);
}

#[test]
fn a_crash_while_the_request_is_on_its_way_leaves_one_run_that_the_operator_adopts() {
    sweep::while_the_request_is_on_its_way().for_each(crash_at);
}

#[test]
fn a_crash_while_the_answer_is_on_its_way_leaves_one_run_that_the_operator_adopts() {
    sweep::while_the_answer_is_on_its_way().for_each(crash_at);
}
