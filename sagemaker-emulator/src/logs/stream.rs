//! A log stream with the events in it up to now, and the streams of a step's run.

use std::fmt::Display;
use std::time::SystemTime;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::event::{Event, EventKey, Millis};
use super::lines::Lines;
use super::run::Run;
use super::step_group::StepGroup;
use crate::arn::{job_name, tuning_job_name};
use crate::execution::action::Action;

/// The number of training jobs that a tuning job runs.
const TUNING_JOBS: u32 = 3;

/// A log stream, which has at least one event.
#[derive(Debug)]
pub(super) struct Stream<'a> {
    pub(super) name: String,
    number: u128,
    lines: Lines<'a>,
    now: Millis,
}

impl<'a> Stream<'a> {
    /// The streams of a run that have events by now.
    pub(super) fn of_run(run: Run<'a>, group: StepGroup<'_>, now: SystemTime) -> Vec<Self> {
        if Millis::of(run.course.started) > Millis::of(now) {
            return Vec::new();
        }
        let names = stream_names(run).into_iter();
        names
            .filter_map(|name| Self::new(&group, name, Lines::of_run(run, group), now))
            .collect()
    }

    /// A stream of a group, unless it has no events by now.
    pub(super) fn new(
        group: &impl Display,
        name: String,
        lines: Lines<'a>,
        now: SystemTime,
    ) -> Option<Self> {
        let stream = Self {
            number: number(&format!("{group}:{name}")),
            lines,
            now: Millis::of(now),
            name,
        };
        let has_events = stream.events().next().is_some();
        has_events.then_some(stream)
    }

    /// The events that can be read now, in the order of their keys.
    pub(super) fn events(&self) -> impl Iterator<Item = Event<'_>> {
        let written = self.lines.written();
        written
            .take_while(|line| line.ingested <= self.now)
            .enumerate()
            .map(|(index, line)| Event {
                key: EventKey::new(line.time, index, self.number),
                ingested: line.ingested,
                stream: &self.name,
                message: line.text,
            })
    }
}

/// The names of a run's streams, as the services make them.
fn stream_names(run: Run<'_>) -> Vec<String> {
    let (id, step, attempt) = (&run.execution.id, &run.step.name, run.course.attempt);
    let seconds = Millis::of(run.course.started).0 / 1000;
    let seed = |part: &str| digest(&format!("{id}/{step}/{attempt}/{part}"));
    let instances = 1..=run.step.instances;
    match &run.step.action {
        Action::Tuning => {
            let name = tuning_job_name(id, step, attempt);
            (1..=TUNING_JOBS)
                .map(|job| {
                    let hash: String = seed(&job.to_string()).chars().take(8).collect();
                    format!("{name}-{job:03}-{hash}/algo-1-{seconds}")
                })
                .collect()
        }
        Action::Transform => {
            let name = job_name(id, step, attempt);
            instances
                .map(|instance| {
                    let hash: String = seed(&instance.to_string()).chars().take(17).collect();
                    format!("{name}/i-{hash}-{seconds}")
                })
                .collect()
        }
        Action::Lambda { .. } => {
            let day = Timestamp::try_from(run.course.started).unwrap_or_default();
            let hash: String = seed("container").chars().take(32).collect();
            vec![format!("{}/[$LATEST]{hash}", day.strftime("%Y/%m/%d"))]
        }
        _ => {
            let name = job_name(id, step, attempt);
            instances
                .map(|instance| format!("{name}/algo-{instance}-{seconds}"))
                .collect()
        }
    }
}

pub(super) fn digest(seed: &str) -> String {
    hex::encode(Sha256::digest(seed.as_bytes()))
}

/// A number that only the stream with this name has.
fn number(name: &str) -> u128 {
    let digest = Sha256::digest(name.as_bytes());
    digest
        .iter()
        .take(16)
        .fold(0, |number, byte| number << 8 | u128::from(*byte))
}
