//! What a run of a Glue job writes: the streams of its driver, and one of an executor.

use std::time::SystemTime;

use super::event::Millis;
use super::glue_group::{GlueGroup, GluePart};
use super::lines::{Lines, Times, failure};
use super::stream::{Stream, digest};
use crate::glue::run::{GlueRun, JobRunState};

/// The streams of a run that have events by now. Their names begin with the run's id.
pub(super) fn streams(
    run: &GlueRun,
    group: GlueGroup<'_>,
    now: SystemTime,
) -> Vec<Stream<'static>> {
    if run.job.log_group != group.name {
        return Vec::new();
    }
    let stream = |name: String, while_running, at_end| {
        let lines = Lines::new(while_running, at_end, times(run));
        Stream::new(&group, name, lines, now)
    };
    let driver = stream(
        run.id.clone(),
        while_running(run, group.part),
        at_end(run, group.part),
    );
    let executor = match group.part {
        GluePart::Output => None,
        GluePart::Error => {
            let hash: String = digest(&run.id).chars().take(40).collect();
            let lines = vec!["INFO CoarseGrainedExecutorBackend: executor 1 starts".to_owned()];
            stream(format!("{}_g-{hash}", run.id), lines, Vec::new())
        }
    };
    driver.into_iter().chain(executor).collect()
}

fn times(run: &GlueRun) -> Times {
    Times {
        started: Millis::of(run.started),
        duration: u64::try_from(run.duration.as_millis()).unwrap_or(u64::MAX),
        stopping: run.stop.map(|stop| Millis::of(stop.requested)),
        ended: Millis::of(run.end()),
    }
}

fn while_running(run: &GlueRun, part: GluePart) -> Vec<String> {
    let job = &run.job.name;
    match part {
        GluePart::Output => vec![
            format!("Reading s3://example-data/{job}/"),
            "2000 records are read".to_owned(),
        ],
        GluePart::Error => vec![format!("INFO GlueLauncher: a run of job {job} starts")],
    }
}

fn at_end(run: &GlueRun, part: GluePart) -> Vec<String> {
    let last = match (part, run.ending()) {
        (GluePart::Output, JobRunState::Succeeded) => "2000 records are written",
        (GluePart::Output, _) => return Vec::new(),
        (GluePart::Error, JobRunState::Failed) => {
            let script = format!("/tmp/{}.py", run.job.name);
            return failure(&script, run.job.failure.as_deref().unwrap_or_default());
        }
        (GluePart::Error, JobRunState::Stopped) => "INFO GlueLauncher: the run is stopped",
        (GluePart::Error, _) => "INFO GlueLauncher: the script has ended",
    };
    vec![last.to_owned()]
}
