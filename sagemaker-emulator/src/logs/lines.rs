//! The lines that a step's run writes, and when.
//!
//! A line's time depends on what was known when the run started, so that no event changes later.
//! What depends on the run's end is written at its end.

use std::borrow::Cow;

use super::event::Millis;
use super::group::LogGroup;
use super::run::Run;
use crate::execution::timeline::StepEnding;

/// The longest time from writing a line until it can be read, in milliseconds.
const LONGEST_INGESTION: u64 = 250;

/// The lines of a run.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    /// Spread over the duration that the run has unless it is stopped.
    while_running: Cow<'a, [String]>,
    at_end: Vec<String>,
    started: Millis,
    /// In milliseconds.
    duration: u64,
    stopping: Option<Millis>,
    ended: Millis,
}

/// A line with its times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) time: Millis,
    pub(super) ingested: Millis,
    pub(super) text: &'a str,
}

impl<'a> Lines<'a> {
    pub(super) fn of_run(run: Run<'a>, group: LogGroup<'_>) -> Self {
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
            started: Millis::of(course.started),
            duration: u64::try_from(run.timing.step.as_millis()).unwrap_or(u64::MAX),
            stopping: course.stopping.map(Millis::of),
            ended: Millis::of(course.ended),
        }
    }

    /// The lines in the order of their times, including those of the future.
    pub(super) fn written(&self) -> impl Iterator<Item = Line<'_>> {
        let count = u64::try_from(self.while_running.len()).unwrap_or(u64::MAX);
        let slots = count.saturating_add(1);
        let delay = (self.duration / slots / 2).min(LONGEST_INGESTION);
        let latest = self.started.plus(self.duration).before();
        let running = self.while_running.iter().zip(1..);
        let running = running
            .map(move |(text, slot)| {
                let share = self.duration.saturating_mul(slot) / slots;
                let time = self.started.plus(share).min(latest).max(self.started);
                Line {
                    time,
                    ingested: time.plus(delay).min(self.ended),
                    text,
                }
            })
            .take_while(|line| self.stopping.is_none_or(|stopping| line.time <= stopping));
        let end = self.ended.before().max(self.started);
        let end = self.stopping.map_or(end, |stopping| end.max(stopping));
        let closing = self.at_end.iter().map(move |text| Line {
            time: end,
            ingested: self.ended,
            text,
        });
        running.chain(closing)
    }
}

fn while_running(group: LogGroup<'_>, run: &Run<'_>) -> Vec<String> {
    let step = &run.step.name;
    match group {
        LogGroup::TrainingJobs => vec![
            format!("INFO     Training of step {step} starts"),
            "INFO     Input data is downloaded: 2 channels".to_owned(),
            "[1] train-rmse:3.10213 validation-rmse:3.18044".to_owned(),
            "[2] train-rmse:2.40557 validation-rmse:2.61290".to_owned(),
            "[3] train-rmse:2.01984 validation-rmse:2.33371".to_owned(),
        ],
        LogGroup::ProcessingJobs => vec![
            format!("INFO:root:Processing of step {step} starts"),
            "INFO:root:Input is read: 4177 rows".to_owned(),
            "INFO:root:2088 of 4177 rows are processed".to_owned(),
            "INFO:root:4177 of 4177 rows are processed".to_owned(),
        ],
        LogGroup::TransformJobs => vec![
            format!("Model server of step {step} starts"),
            "169.254.255.130 - \"GET /ping HTTP/1.1\" 200".to_owned(),
            "169.254.255.130 - \"POST /invocations HTTP/1.1\" 200".to_owned(),
        ],
        LogGroup::AutoMlJobs => vec![
            format!("AutoML job of step {step} starts"),
            "Data is analyzed".to_owned(),
            "Candidates are generated: 3".to_owned(),
        ],
        LogGroup::Lambda(function) => vec![
            "START Version: $LATEST".to_owned(),
            format!("[INFO] {function} is called by step {step}"),
        ],
    }
}

fn at_end(group: LogGroup<'_>, ending: &StepEnding) -> Vec<String> {
    let last = match (ending, group) {
        (StepEnding::Failed(reason), _) => return failure(reason),
        (StepEnding::Stopped, _) => "Received SIGTERM, the container stops",
        (StepEnding::Succeeded, LogGroup::TrainingJobs) => "INFO     Reporting training SUCCESS",
        (StepEnding::Succeeded, LogGroup::ProcessingJobs) => "INFO:root:Output is written",
        (StepEnding::Succeeded, LogGroup::TransformJobs) => "Model server stops",
        (StepEnding::Succeeded, LogGroup::AutoMlJobs) => "The best candidate is chosen",
        (StepEnding::Succeeded, LogGroup::Lambda(_)) => "END",
    };
    vec![last.to_owned()]
}

/// An error and a traceback, whose last lines are the reason.
fn failure(reason: &str) -> Vec<String> {
    let traceback = [
        "ERROR    The script fails",
        "Traceback (most recent call last):",
        "  File \"/opt/ml/code/main.py\", line 42, in <module>",
        "    main()",
    ];
    let reason = reason.lines().filter(|line| !line.is_empty());
    traceback
        .into_iter()
        .chain(reason)
        .map(str::to_owned)
        .collect()
}
