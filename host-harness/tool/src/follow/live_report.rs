//! How a run goes, on a terminal: a line for the run and one for each step, kept up to date.

use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use polysync_host::contract::{Cancellation, Finding, Run, RunState, StartedRun};
use uuid::Uuid;

use super::plain_report::{INTERRUPTED, ending, step_line, trouble_line};
use super::report::Report;
use super::watch::Snapshot;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::write_text;
use crate::render;
use crate::render::steps::Layout;
use crate::render::style::{self, paint};
use crate::render::text;

const SPINNER: Duration = Duration::from_millis(120);
const SECOND: Duration = Duration::from_secs(1);

/// The lines that are on the terminal. Whatever else is told goes above them.
#[derive(Debug)]
pub(crate) struct LiveReport {
    lines: MultiProgress,
    run: ProgressBar,
    steps: Vec<ProgressBar>,
    colours: bool,
}

impl LiveReport {
    pub(crate) fn new() -> Self {
        let lines = MultiProgress::new();
        let run = lines.add(ProgressBar::new_spinner());
        run.enable_steady_tick(SPINNER);
        let colours = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
        Self {
            lines,
            run,
            steps: Vec::new(),
            colours,
        }
    }

    fn say(&self, text: &str) {
        // Whatever can't be shown here is in the ending as well.
        let _ = self.lines.println(self.fit(text.trim_end()));
    }

    fn fit(&self, text: &str) -> String {
        if self.colours {
            text.to_owned()
        } else {
            anstream::adapter::strip_str(text).to_string()
        }
    }

    /// A line that is made anew at each tick, so that durations grow between two polls.
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

impl LiveReport {
    /// Takes the lines off the terminal for good.
    fn close(&self) {
        // Whatever can't be cleared is overwritten by what comes next.
        let _ = self.lines.clear();
        self.lines.set_draw_target(ProgressDrawTarget::hidden());
    }
}

impl Report for LiveReport {
    fn warnings(&mut self, findings: &[Finding]) -> Result<(), Failure> {
        if !findings.is_empty() {
            self.say(&render::jobs::findings(findings));
        }
        Ok(())
    }

    fn starting(&mut self, guid: Uuid, external_id: &str) -> Result<(), Failure> {
        self.say(&render::status::starting(guid, external_id));
        Ok(())
    }

    fn started(
        &mut self,
        _: Uuid,
        run: &Run,
        _: &StartedRun,
        monitor_url: Option<&str>,
    ) -> Result<(), Failure> {
        self.say(&format!("started  {}", text::line(&run.run_id)));
        if let Some(url) = monitor_url {
            self.say(&format!("monitor  {}", text::line(url)));
        }
        Ok(())
    }

    fn polled(&mut self, run: &Run, snapshot: &Snapshot) -> Result<(), Failure> {
        let name = text::line(&run.external_id);
        let status = &snapshot.status;
        let word = paint(
            style::of_state(status.state),
            text::line(&status.platform_status),
        );
        let started = status.started_at;
        self.run.set_style(self.style("{spinner} {line}", move || {
            let elapsed = started
                .and_then(|start| render::time::between(start, now()))
                .unwrap_or_default();
            format!("{name}  {word}  {elapsed}")
        }));
        self.steps
            .drain(snapshot.steps.len().min(self.steps.len())..)
            .for_each(|line| line.finish_and_clear());
        let layout = Layout::of(&snapshot.steps);
        for (index, step) in snapshot.steps.iter().enumerate() {
            let shown = step.clone();
            let style = self.style("{line}", move || step_line(layout, &shown, now()));
            let line = match self.steps.get(index) {
                Some(line) => line.clone(),
                None => {
                    let line = self.lines.add(ProgressBar::new_spinner());
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
        Ok(())
    }

    fn trouble(
        &mut self,
        doing: &str,
        failure: &Failure,
        retry_in: Option<Duration>,
    ) -> Result<(), Failure> {
        self.say(&trouble_line(doing, failure, retry_in));
        Ok(())
    }

    fn interrupted(&mut self) -> Result<(), Failure> {
        self.say(INTERRUPTED);
        Ok(())
    }

    fn cancelling(&mut self, _: Uuid, cancellation: &Cancellation) -> Result<(), Failure> {
        self.say(&format!(
            "cancelling: {}",
            text::line(&cancellation.message)
        ));
        Ok(())
    }

    fn finished(
        &mut self,
        run: &Run,
        snapshot: &Snapshot,
        monitor_url: Option<&str>,
        _: Exit,
    ) -> Result<(), Failure> {
        self.close();
        let layout = Layout::of(&snapshot.steps);
        let steps = snapshot.steps.iter();
        let steps: String = steps
            .map(|step| step_line(layout, step, snapshot.at) + "\n")
            .collect();
        write_text(&(steps + &ending(run, snapshot, monitor_url)))
    }

    fn left(&mut self, _: Uuid, _: &str, _: Option<&str>) -> Result<(), Failure> {
        self.close();
        Ok(())
    }
}

impl Drop for LiveReport {
    fn drop(&mut self) {
        self.close();
    }
}

fn now() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    since.as_millis().try_into().unwrap_or(u64::MAX)
}
