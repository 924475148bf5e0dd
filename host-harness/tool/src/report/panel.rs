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

/// A line for the run and one for each step.
#[derive(Debug)]
pub(crate) struct RunPanel {
    run: ProgressBar,
    steps: Vec<ProgressBar>,
    colours: bool,
}

impl RunPanel {
    pub(crate) fn new(bars: &MultiProgress) -> Self {
        let run = bars.add(ProgressBar::new_spinner());
        run.enable_steady_tick(SPINNER);
        Self {
            run,
            steps: Vec::new(),
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
        self.run.set_style(self.style("{spinner} {line}", move || {
            let elapsed = started
                .and_then(|start| render::time::between(start, render::time::now()))
                .unwrap_or_default();
            format!("{name}  {word}  {elapsed}")
        }));
    }

    pub(crate) fn show_steps(&mut self, bars: &MultiProgress, steps: &[Step]) {
        self.steps
            .drain(steps.len().min(self.steps.len())..)
            .for_each(|line| line.finish_and_clear());
        let layout = Layout::for_steps(steps);
        for (index, step) in steps.iter().enumerate() {
            let shown = step.clone();
            let style = self.style("{line}", move || {
                step_line(layout, &shown, render::time::now())
            });
            let line = match self.steps.get(index) {
                Some(line) => line.clone(),
                None => {
                    let line = bars.add(ProgressBar::new_spinner());
                    self.steps.push(line.clone());
                    line
                }
            };
            line.set_style(style);
            match step.state {
                RunState::Running => line.enable_steady_tick(SECOND),
                _ => line.disable_steady_tick(),
            }
            line.tick();
        }
    }

    /// A line that is made again at each tick, so that durations grow between two polls.
    fn style(
        &self,
        template: &str,
        line: impl Fn() -> String + Clone + Send + Sync + 'static,
    ) -> ProgressStyle {
        let colours = self.colours;
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        style.with_key(
            "line",
            move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
                let width = usize::from(Term::stderr().size().1).saturating_sub(3);
                let line = line();
                let line = if colours {
                    line
                } else {
                    anstream::adapter::strip_str(&line).to_string()
                };
                let _ = out.write_str(&console::truncate_str(&line, width, "…"));
            },
        )
    }
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
        self.0.set_message(render::summary::plugin(summary));
        self.0.tick();
    }
}
