//! The panels of a live display: a run and its steps, or the numbers of all runs.

use std::io;
use std::time::Duration;

use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
use polysync_host::contract::{RunState, RunStatus, Step};

use crate::render::one_run::step_line;
use crate::render::steps::Layout;
use crate::render::style::{self, paint};
use crate::render::{self, text};
use crate::runs::summary::Summary;

const SPINNER: Duration = Duration::from_millis(120);
const SECOND: Duration = Duration::from_secs(1);

/// The most steps that are shown.
const MOST_STEPS: usize = 50;

/// A line for the run and lines for its steps.
#[derive(Debug)]
pub(crate) struct RunPanel {
    run: ProgressBar,
    /// All lines of the steps, so that one thread brings them up to date. None before there are steps.
    steps: Option<ProgressBar>,
    colours: bool,
}

impl RunPanel {
    pub(crate) fn new(bars: &MultiProgress) -> Self {
        let run = bars.add(ProgressBar::new_spinner());
        run.enable_steady_tick(SPINNER);
        Self {
            run,
            steps: None,
            colours: anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
        }
    }

    pub(crate) fn show_run(&self, name: &str, status: &RunStatus) {
        let name = text::line(name);
        let word = paint(
            style::for_state(status.state),
            text::line(&status.platform_status),
        );
        let started = status.started_at;
        self.run.set_style(self.style("{spinner} {lines}", move || {
            let elapsed = started
                .and_then(|start| render::time::between(start, render::time::now()))
                .unwrap_or_default();
            format!("{name}  {word}  {elapsed}")
        }));
    }

    pub(crate) fn show_steps(&mut self, bars: &MultiProgress, steps: &[Step]) {
        let bar = self
            .steps
            .get_or_insert_with(|| bars.add(ProgressBar::new_spinner()))
            .clone();
        let shown: Vec<_> = shown(steps).into_iter().cloned().collect();
        let layout = Layout::for_steps(&shown);
        let is_running = shown.iter().any(|step| step.state == RunState::Running);
        let more = steps.len() - shown.len();
        bar.set_style(self.style("{lines}", move || step_lines(layout, &shown, more)));
        match is_running {
            true => bar.enable_steady_tick(SECOND),
            false => bar.disable_steady_tick(),
        }
        bar.tick();
    }

    /// Lines that are made again at each tick, so that durations grow between two polls.
    fn style(
        &self,
        template: &str,
        lines: impl Fn() -> String + Clone + Send + Sync + 'static,
    ) -> ProgressStyle {
        let colours = self.colours;
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        style.with_key(
            "lines",
            move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
                let width = usize::from(Term::stderr().size().1).saturating_sub(3);
                let lines = match colours {
                    true => lines(),
                    false => anstream::adapter::strip_str(&lines()).to_string(),
                };
                let lines = lines.lines();
                let lines: Vec<_> = lines
                    .map(|line| console::truncate_str(line, width, "…"))
                    .collect();
                let _ = out.write_str(&lines.join("\n"));
            },
        )
    }
}

/// The steps that are shown, in their order: those that run come first where there are too many.
fn shown(steps: &[Step]) -> Vec<&Step> {
    let is_running = |step: &&Step| step.state == RunState::Running;
    let running = steps.iter().filter(is_running).count().min(MOST_STEPS);
    let (mut running, mut others) = (running, MOST_STEPS - running);
    let has_place = |step: &&Step| {
        let places = match is_running(step) {
            true => &mut running,
            false => &mut others,
        };
        let has_place = *places > 0;
        *places = places.saturating_sub(1);
        has_place
    };
    steps.iter().filter(has_place).collect()
}

/// A line for each step, and how many more there are.
fn step_lines(layout: Layout, steps: &[Step], more: usize) -> String {
    let now = render::time::now();
    let lines = steps.iter().map(|step| step_line(layout, step, now));
    let more = (more > 0).then(|| format!("… and {more} more"));
    lines.chain(more).collect::<Vec<_>>().join("\n")
}

/// How many runs are in which state, and what the plugin is doing.
#[derive(Debug)]
pub(crate) struct NumbersPanel(ProgressBar);

impl NumbersPanel {
    pub(crate) fn new(bars: &MultiProgress) -> Self {
        let bar = bars.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}\n  {wide_msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub(crate) fn show(&self, summary: &Summary) {
        self.0.set_prefix(render::summary::runs(summary));
        self.0.set_message(render::summary::plugins(summary));
        self.0.tick();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, plain};

    fn step(number: usize, state: RunState) -> Step {
        Step {
            name: format!("step-{number}."),
            state,
            ..samples::waiting_step()
        }
    }

    #[test]
    fn of_many_steps_those_that_run_are_shown_and_how_many_more_there_are() {
        let states = [RunState::Success, RunState::Running].into_iter().cycle();
        let steps: Vec<_> = (0..)
            .zip(states)
            .take(80)
            .map(|(n, s)| step(n, s))
            .collect();
        let visible = shown(&steps);
        assert_eq!(visible.len(), MOST_STEPS);
        let running = visible
            .iter()
            .filter(|step| step.state == RunState::Running);
        assert_eq!(running.count(), 40);
        assert!(visible.is_sorted_by_key(|step| steps.iter().position(|s| s == *step)));

        let lines = step_lines(Layout::for_steps(&steps), &steps[..2], 78);
        let lines = plain(&lines);
        let lines: Vec<_> = lines.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2], "… and 78 more");
    }

    #[test]
    fn of_many_steps_that_run_as_many_are_shown_as_there_are_places() {
        let steps: Vec<_> = (0..80).map(|n| step(n, RunState::Running)).collect();
        assert_eq!(shown(&steps).len(), MOST_STEPS);
    }
}
