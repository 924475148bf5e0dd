//! Many runs are polled with few requests.

use std::time::Instant;

use super::*;
use crate::support::LIMIT;

const RUNS: usize = 100;

/// Waits until the emulator has answered so many requests for an operation.
fn until_requested(stage: &Stage, operation: Operation, times: usize) {
    let began = Instant::now();
    while stage.emulator.request_count(operation) < times {
        assert!(began.elapsed() < LIMIT, "{operation:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_hundred_runs_of_one_pipeline_are_polled_with_far_fewer_requests() {
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--json"]);
    for _ in 0..RUNS {
        tool.write_line(WAITING);
    }
    for _ in 0..RUNS {
        tool.until(r#""event":"started""#);
    }
    // Runs that were just started may have been asked about alone.
    let listed = stage
        .emulator
        .request_count(Operation::ListPipelineExecutions);
    until_requested(&stage, Operation::ListPipelineExecutions, listed + 10);
    let described = || {
        stage
            .emulator
            .request_count(Operation::DescribePipelineExecution)
    };
    let before = described();
    until_requested(&stage, Operation::ListPipelineExecutions, listed + 30);
    let more = described() - before;
    assert!(more < RUNS, "{more} requests for single runs");
    tool.interrupt();
    tool.end().events(0);
}
