//! What is told while serving: line by line, with a block of numbers below on a terminal, or in JSON.

use std::io::{self, IsTerminal};

use anstyle::Style;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use polysync_host::PluginIdentity;
use serde::Serialize;

use super::counts::Summary;
use super::record::{Ending, Progress, Record};
use super::told::Told;
use crate::failure::Failure;
use crate::json::error::ErrorView;
use crate::json::plugin::PluginView;
use crate::output::{Output, write_line, write_text};
use crate::render;
use crate::render::style::{self, paint};
use crate::render::text;

/// Tells what happens, in one of three ways.
#[derive(Debug)]
pub(crate) enum Report {
    Lines,
    /// Lines, and the numbers below them, kept up to date.
    Live(ProgressBar),
    Json,
}

impl Report {
    pub(crate) fn new(output: Output, verbose: bool) -> Self {
        match output {
            Output::Json | Output::JsonLines => Self::Json,
            Output::Text
                if io::stdout().is_terminal() && io::stderr().is_terminal() && !verbose =>
            {
                let bar = ProgressBar::new_spinner();
                if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}\n  {wide_msg}")
                {
                    bar.set_style(style);
                }
                Self::Live(bar)
            }
            Output::Text => Self::Lines,
        }
    }

    /// The beginning.
    pub(crate) fn serving(
        &self,
        plugin: &PluginIdentity,
        summary: &Summary,
    ) -> Result<(), Failure> {
        match self {
            Self::Json => write_line(&Line::now(What::Serving { summary })),
            _ => self.say(&format!("serving {plugin}; {}", runs(summary))),
        }
    }

    pub(crate) fn tell(&self, told: &Told) -> Result<(), Failure> {
        match self {
            Self::Json => write_line(&Line::now(told.into())),
            _ => self.say(&in_words(told)),
        }
    }

    /// The numbers as they are now, where they have a place of their own.
    pub(crate) fn numbers(&self, summary: &Summary) {
        if let Self::Live(bar) = self {
            bar.set_prefix(runs(summary));
            bar.set_message(of_the_plugin(summary));
            bar.tick();
        }
    }

    /// A remark that is no event.
    pub(crate) fn remark(&self, remark: &str) -> Result<(), Failure> {
        match self {
            Self::Json => Ok(()),
            _ => self.say(remark),
        }
    }

    /// The end.
    pub(crate) fn served(&self, summary: &Summary, exit_code: u8) -> Result<(), Failure> {
        match self {
            Self::Json => write_line(&Line::now(What::Served { exit_code, summary })),
            _ => {
                self.say(&format!("served; {}", numbers(summary)))?;
                if let Self::Live(bar) = self {
                    bar.finish_and_clear();
                }
                Ok(())
            }
        }
    }

    fn say(&self, line: &str) -> Result<(), Failure> {
        let at = paint(style::DIM, Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ"));
        let line = format!("{at}  {line}\n");
        match self {
            Self::Live(bar) => bar.suspend(|| write_text(&line)),
            _ => write_text(&line),
        }
    }
}

/// `runs: 2 running, 5 success`
fn runs(summary: &Summary) -> String {
    let runs: Vec<_> = summary
        .runs
        .iter()
        .map(|(state, number)| format!("{number} {state}"))
        .collect();
    match runs.as_slice() {
        [] => "runs: none".to_owned(),
        runs => format!("runs: {}", runs.join(", ")),
    }
}

fn numbers(summary: &Summary) -> String {
    format!("{}  ·  {}", runs(summary), of_the_plugin(summary))
}

/// `generation 1 (0.1.0 0123456789ab)  ·  calls 3  ·  swaps 0  ·  errors 0`
fn of_the_plugin(summary: &Summary) -> String {
    let plugin = &summary.plugin;
    let sha256: String = plugin.sha256.chars().take(12).collect();
    let mut parts = vec![
        format!(
            "generation {} ({} {sha256})",
            plugin.generation, plugin.version
        ),
        format!("calls {}", summary.calls),
        format!("swaps {}", summary.swaps),
        format!("errors {}", summary.errors),
    ];
    let draining = summary
        .draining
        .iter()
        .map(|old| format!("generation {} drains {}", old.generation, old.calls));
    parts.extend(draining);
    parts.join("  ·  ")
}

fn in_words(told: &Told) -> String {
    match told {
        Told::Accepted(record) => format!("{} accepted from {}", name(record), record.origin),
        Told::Started(record) => format!("{} started as {}", name(record), run_id(record)),
        Told::Changed(record) => {
            format!(
                "{} is {}",
                name(record),
                text::line(&record.platform_status)
            )
        }
        Told::CancelWanted(record) => format!("{} is to be cancelled", name(record)),
        Told::Cancelling(record, message) => {
            format!("{} cancelling: {}", name(record), text::line(message))
        }
        Told::Over(record) => over(record),
        Told::Trouble {
            record,
            doing,
            by,
            failure,
            retry_in,
        } => format!(
            "{} {} {doing} failed under {by}: {}{}{}",
            paint(style::WARNING, "warning:"),
            name(record),
            render::errors::in_one_line(failure),
            hint(failure),
            match retry_in {
                Some(wait) => format!("; trying again in {}", render::time::duration(*wait)),
                None => String::new(),
            }
        ),
        Told::NotTaken(error) => warning(format_args!("not taken: {error:#}")),
        Told::Swapped { from, to } => format!(
            "swapped generation {} → {}: {} {} → {} {}",
            from.generation,
            to.generation,
            from.version,
            from.digest.short(),
            to.version,
            to.digest.short()
        ),
        Told::Unchanged(serving) => format!("the plugin is the one that serves already: {serving}"),
        Told::SwapRefused { error, serving } => warning(format_args!(
            "not swapped: {error}; {serving} goes on serving"
        )),
        Told::RollbackRefused(error) => warning(format_args!("not rolled back: {error:#}")),
        Told::Drained(plugin) => {
            format!("generation {} has ended its last call", plugin.generation)
        }
        Told::LedgerFailed(error) => format!("{} {error:#}", paint(style::ERROR, "error:")),
    }
}

fn warning(what: std::fmt::Arguments<'_>) -> String {
    let what = what.to_string();
    format!(
        "{} {}",
        paint(style::WARNING, "warning:"),
        text::line(&what)
    )
}

fn hint(failure: &Failure) -> String {
    match failure {
        Failure::Platform(error) if !error.hint.is_empty() => {
            format!(" ({})", text::line(&error.hint))
        }
        _ => String::new(),
    }
}

/// `churn 0f8fad5b`: the job, and enough of the GUID to tell its runs apart.
fn name(record: &Record) -> String {
    let guid = record.guid.to_string();
    let guid = guid.split('-').next().unwrap_or_default();
    format!("{} {guid}", text::line(&record.job.external_id))
}

fn run_id(record: &Record) -> String {
    let run = record.run();
    run.map(|run| text::line(&run.run_id)).unwrap_or_default()
}

fn over(record: &Record) -> String {
    let Progress::Over { ending, reason, .. } = &record.progress else {
        return name(record);
    };
    let reason = match reason {
        Some(reason) => format!(": {}", text::line(reason)),
        None => String::new(),
    };
    format!(
        "{} {}{reason}",
        name(record),
        paint(style_of(*ending), ending.word())
    )
}

fn style_of(ending: Ending) -> Style {
    use polysync_host::contract::RunState;
    style::of_state(match ending {
        Ending::Success => RunState::Success,
        Ending::Failed | Ending::Refused => RunState::Failed,
        Ending::Cancelled | Ending::Withdrawn => RunState::Cancelled,
        Ending::Unknown => RunState::Unknown,
    })
}

/// One line of `serve --json`.
#[derive(Debug, Serialize)]
struct Line<'a> {
    at: Timestamp,
    #[serde(flatten)]
    what: What<'a>,
}

impl<'a> Line<'a> {
    fn now(what: What<'a>) -> Self {
        Self {
            at: Timestamp::now(),
            what,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
enum What<'a> {
    Serving {
        #[serde(flatten)]
        summary: &'a Summary,
    },
    Accepted {
        run: &'a Record,
    },
    Started {
        run: &'a Record,
    },
    Status {
        run: &'a Record,
    },
    CancelWanted {
        run: &'a Record,
    },
    Cancelling {
        run: &'a Record,
        message: &'a str,
    },
    Over {
        run: &'a Record,
    },
    Trouble {
        run: &'a Record,
        doing: &'static str,
        plugin: PluginView,
        retry_in_seconds: Option<f64>,
        error: ErrorView<'a>,
    },
    NotTaken {
        message: String,
    },
    Swapped {
        from: PluginView,
        to: PluginView,
    },
    SwapUnchanged {
        plugin: PluginView,
    },
    SwapRefused {
        message: String,
        plugin: PluginView,
    },
    RollbackRefused {
        message: String,
    },
    Drained {
        plugin: PluginView,
    },
    LedgerFailed {
        message: String,
    },
    Served {
        exit_code: u8,
        #[serde(flatten)]
        summary: &'a Summary,
    },
}

impl<'a> From<&'a Told> for What<'a> {
    fn from(told: &'a Told) -> Self {
        match told {
            Told::Accepted(run) => Self::Accepted { run },
            Told::Started(run) => Self::Started { run },
            Told::Changed(run) => Self::Status { run },
            Told::CancelWanted(run) => Self::CancelWanted { run },
            Told::Cancelling(run, message) => Self::Cancelling { run, message },
            Told::Over(run) => Self::Over { run },
            Told::Trouble {
                record,
                doing,
                by,
                failure,
                retry_in,
            } => Self::Trouble {
                run: record,
                doing,
                plugin: (&**by).into(),
                retry_in_seconds: retry_in.map(|wait| wait.as_secs_f64()),
                error: failure.into(),
            },
            Told::NotTaken(error) => Self::NotTaken {
                message: format!("{error:#}"),
            },
            Told::Swapped { from, to } => Self::Swapped {
                from: (&**from).into(),
                to: (&**to).into(),
            },
            Told::Unchanged(serving) => Self::SwapUnchanged {
                plugin: (&**serving).into(),
            },
            Told::SwapRefused { error, serving } => Self::SwapRefused {
                message: error.to_string(),
                plugin: (&**serving).into(),
            },
            Told::RollbackRefused(error) => Self::RollbackRefused {
                message: format!("{error:#}"),
            },
            Told::Drained(plugin) => Self::Drained {
                plugin: (&**plugin).into(),
            },
            Told::LedgerFailed(error) => Self::LedgerFailed {
                message: format!("{error:#}"),
            },
        }
    }
}
