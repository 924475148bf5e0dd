//! The lines that a run writes, and when: that of a step, or of a Glue job.
//!
//! A line's time depends on what was known when the run started, so that no event changes later.
//! What depends on the run's end is written at its end.

use std::borrow::Cow;

use super::event::Millis;
use super::run::Run;
use super::step_group::StepGroup;
use crate::execution::timeline::StepEnding;

/// The longest time from writing a line until it can be read, in milliseconds.
const LONGEST_INGESTION: u64 = 250;

/// The lines of a run.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    /// Spread over the duration that the run has unless it is stopped.
    while_running: Cow<'a, [String]>,
    at_end: Vec<String>,
    times: Times,
}

/// When a run starts and ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) started: Millis,
    /// How long it takes unless it is stopped, in milliseconds.
    pub(super) duration: u64,
    pub(super) stopping: Option<Millis>,
    pub(super) ended: Millis,
}

/// A line with its times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) time: Millis,
    pub(super) ingested: Millis,
    pub(super) text: &'a str,
}

impl<'a> Lines<'a> {
    pub(super) fn new(while_running: Vec<String>, at_end: Vec<String>, times: Times) -> Self {
        Self {
            while_running: Cow::Owned(while_running),
            at_end,
            times,
        }
    }

    pub(super) fn of_run(run: Run<'a>, group: StepGroup<'_>) -> Self {
        let course = run.course;
        let given = run.execution.step_logs.get(&run.step.name);
        Self {
            while_running: match given {
                Some(log) => Cow::Borrowed(log.lines()),
                None => Cow::Owned(while_running(group, &run)),
            },
            at_end: match given {
                Some(_) => Vec::new(),
                None => at_end(group, &course.ending),
            },
            times: Times {
                started: Millis::of(course.started),
                duration: u64::try_from(run.timing.step.as_millis()).unwrap_or(u64::MAX),
                stopping: course.stopping.map(Millis::of),
                ended: Millis::of(course.ended),
            },
        }
    }

    /// The lines in the order of their times, including those of the future.
    pub(super) fn written(&self) -> impl Iterator<Item = Line<'_>> {
        let Times {
            started,
            duration,
            stopping,
            ended,
        } = self.times;
        let count = u64::try_from(self.while_running.len()).unwrap_or(u64::MAX);
        let slots = count.saturating_add(1);
        let delay = (duration / slots / 2).min(LONGEST_INGESTION);
        let latest = started.plus(duration).before();
        let running = self.while_running.iter().zip(1..);
        let running = running
            .map(move |(text, slot)| {
                let share = duration.saturating_mul(slot) / slots;
                let time = started.plus(share).min(latest).max(started);
                Line {
                    time,
                    ingested: time.plus(delay).min(ended),
                    text,
                }
            })
            .take_while(move |line| stopping.is_none_or(|stopping| line.time <= stopping));
        let end = ended.before().max(started);
        let end = stopping.map_or(end, |stopping| end.max(stopping));
        let closing = self.at_end.iter().map(move |text| Line {
            time: end,
            ingested: ended,
            text,
        });
        running.chain(closing)
    }
}

fn while_running(group: StepGroup<'_>, run: &Run<'_>) -> Vec<String> {
    let step = &run.step.name;
    match group {
        StepGroup::TrainingJobs => vec![
            format!("INFO     Training of step {step} starts"),
            "INFO     Input data is downloaded: 2 channels".to_owned(),
            "[1] train-rmse:3.10213 validation-rmse:3.18044".to_owned(),
            "[2] train-rmse:2.40557 validation-rmse:2.61290".to_owned(),
            "[3] train-rmse:2.01984 validation-rmse:2.33371".to_owned(),
        ],
        StepGroup::ProcessingJobs => vec![
            format!("INFO:root:Processing of step {step} starts"),
            "INFO:root:Input is read: 4177 rows".to_owned(),
            "INFO:root:2088 of 4177 rows are processed".to_owned(),
            "INFO:root:4177 of 4177 rows are processed".to_owned(),
        ],
        StepGroup::TransformJobs => vec![
            format!("Model server of step {step} starts"),
            "169.254.255.130 - \"GET /ping HTTP/1.1\" 200".to_owned(),
            "169.254.255.130 - \"POST /invocations HTTP/1.1\" 200".to_owned(),
        ],
        StepGroup::AutoMlJobs => vec![
            format!("AutoML job of step {step} starts"),
            "Data is analyzed".to_owned(),
            "Candidates are generated: 3".to_owned(),
        ],
        StepGroup::Lambda(function) => vec![
            "START Version: $LATEST".to_owned(),
            format!("[INFO] {function} is called by step {step}"),
        ],
    }
}

fn at_end(group: StepGroup<'_>, ending: &StepEnding) -> Vec<String> {
    let last = match (ending, group) {
        (StepEnding::Failed(reason), _) => return failure("/opt/ml/code/main.py", reason),
        (StepEnding::Stopped, _) => "Received SIGTERM, the container stops",
        (StepEnding::Succeeded, StepGroup::TrainingJobs) => "INFO     Reporting training SUCCESS",
        (StepEnding::Succeeded, StepGroup::ProcessingJobs) => "INFO:root:Output is written",
        (StepEnding::Succeeded, StepGroup::TransformJobs) => "Model server stops",
        (StepEnding::Succeeded, StepGroup::AutoMlJobs) => "The best candidate is chosen",
        (StepEnding::Succeeded, StepGroup::Lambda(_)) => "END",
    };
    vec![last.to_owned()]
}

/// An error and a traceback, whose last lines are the reason.
pub(super) fn failure(script: &str, reason: &str) -> Vec<String> {
    let place = format!("  File \"{script}\", line 42, in <module>");
    let traceback = [
        "ERROR    The script fails",
        "Traceback (most recent call last):",
        &place,
        "    main()",
    ];
    let reason = reason.lines().filter(|line| !line.is_empty());
    traceback
        .into_iter()
        .chain(reason)
        .map(str::to_owned)
        .collect()
}
