//! kill -9 of `serve` between the request that starts a run and its answer, at each point of a sweep,
//! and a restart: one execution per run, never two, none lost. The same for a cancellation.
//!
//! A proxy between the tool and the emulator holds the exchange at a point, the tool is killed, and
//! then the rest arrives or is lost. So where the tool dies doesn't depend on a clock.
//!
//! `POLYSYNC_CRASH_POINTS` is the number of points on each request and answer; 8 if not set.
#![cfg(unix)]

mod no_token;
mod proxy;
mod sweep;

use sagemaker_emulator::Operation;
use serde_json::Value;

use self::proxy::{Part, Point};
use self::sweep::Site;
use crate::support::Stage;

const RUNS: usize = 2;
const START: &str = "SageMaker.StartPipelineExecution";
const STOP: &str = "SageMaker.StopPipelineExecution";

fn site() -> Site {
    Site::new(Stage::new(), |stage, arguments| stage.command(arguments))
}

/// Kills the tool at a point, and starts it again.
fn crash_at(point: Point) {
    let site = site();
    for number in 0..RUNS {
        site.write(&format!("{number}.json"), r#"{ "externalId": "one-step" }"#);
    }
    let held = site.proxy.hold_at(START, point);
    held.kill(&mut site.serve_until_done());

    let events = site.serve_until_done().end().events(0);
    let served: &Value = events.last().unwrap();
    assert_eq!(served["runs"]["success"], RUNS, "{point:?}: {served}");
    let created = site.stage.emulator.executions_created();
    assert_eq!(created, RUNS, "{point:?}");
}

#[test]
fn a_crash_before_the_platform_has_the_whole_request_loses_no_run() {
    sweep::before_the_whole_request().for_each(crash_at);
}

#[test]
fn a_crash_while_the_request_is_on_its_way_starts_no_run_twice() {
    sweep::while_the_request_is_on_its_way().for_each(crash_at);
}

#[test]
fn a_crash_while_the_answer_is_on_its_way_starts_no_run_twice() {
    sweep::while_the_answer_is_on_its_way().for_each(crash_at);
}

#[test]
fn a_cancellation_that_a_crash_interrupts_is_repeated_as_the_same_wish() {
    let site = site();
    site.write("long.json", r#"{ "externalId": "waiting" }"#);
    let nothing = Part { first: 0, of: 1 };
    let held = site.proxy.hold_at(STOP, Point::Answer(nothing));
    let mut first = site.serve(&[]);
    // Cancelled before its start is sent, it would be withdrawn.
    first.until(r#""event":"started""#);
    site.write("long.cancel", "");
    held.kill(&mut first);

    let events = site.serve_until_done().end().events(4);
    assert_eq!(events.last().unwrap()["runs"]["cancelled"], 1);
    let requests = site.stage.emulator.requests();
    let stops = requests
        .iter()
        .filter(|request| request.operation == Some(Operation::StopPipelineExecution));
    let tokens: Vec<_> = stops.map(|stop| &stop.body["ClientRequestToken"]).collect();
    assert!(tokens.len() > 1, "{tokens:?}");
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
}
