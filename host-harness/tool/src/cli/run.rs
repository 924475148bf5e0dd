//! The options that start runs, or name one.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use polysync_host::contract::Run;
use uuid::Uuid;

use super::duration::{Retention, duration};
use super::job::{DeclaredArgs, JobArgs};

/// The options of `start`, which `run` has too.
#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    #[command(flatten)]
    pub(crate) job: JobArgs,

    /// Names the run before it exists; with the plugin's feature `idempotent-start`, the same GUID again
    /// (after a crash, for example) gives the same run [default: a new one]
    #[arg(long, value_name = "UUID")]
    pub(crate) guid: Option<Uuid>,

    #[command(flatten)]
    pub(crate) declared: DeclaredArgs,
}

/// The options of `run`.
#[derive(Debug, Args)]
pub(crate) struct StartAndFollowArgs {
    #[command(flatten)]
    pub(crate) start: StartArgs,

    #[command(flatten)]
    pub(crate) following: FollowingArgs,
}

/// The options of `follow`.
#[derive(Debug, Args)]
pub(crate) struct FollowArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,

    #[command(flatten)]
    pub(crate) following: FollowingArgs,
}

/// The options of `logs`.
#[derive(Debug, Args)]
pub(crate) struct LogsArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,

    /// The name of the step [default: the steps that failed; else those that run, or the last one that
    /// ran]
    #[arg(long, value_name = "NAME")]
    pub(crate) step: Option<String>,

    /// Begin so many lines before the end of a log [default: begin at the oldest line]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) tail: Option<u32>,

    /// Go on with what is written until the step is over; without --step, until the run is
    #[arg(long)]
    pub(crate) follow: bool,

    #[command(flatten)]
    pub(crate) polling: PollingArgs,
}

/// How runs are followed.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct FollowingArgs {
    #[command(flatten)]
    pub(crate) polling: PollingArgs,

    /// How many lines at the end of a failed step's log are shown when a run has failed; 0 for none
    #[arg(long, value_name = "NUMBER", default_value = "10", value_parser = clap::value_parser!(u32).range(0..=1_000))]
    pub(crate) log_lines: u32,
}

/// How often a run is polled.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct PollingArgs {
    /// How long to wait between two polls of a run; it grows to 30s with the age of the run
    /// [default: 5s, or longer where the plugin says so]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    poll_interval: Option<Duration>,
}

impl PollingArgs {
    /// The shortest time between two polls of a run.
    pub(crate) fn interval(self) -> Duration {
        self.poll_interval.unwrap_or(Duration::from_secs(5))
    }

    /// Whether the plugin may put a poll off: the user has left the interval to the tool.
    pub(crate) fn may_be_put_off(self) -> bool {
        self.poll_interval.is_none()
    }
}

/// The options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The file that the runs are recorded in; it is created if it doesn't exist
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: PathBuf,

    /// A folder of job files [default: lines on stdin]
    #[arg(long, value_name = "DIR")]
    pub(crate) jobs: Option<PathBuf>,

    /// Swap a plugin whenever its file changes
    #[arg(long, conflicts_with = "sha256")]
    pub(crate) watch: bool,

    /// What to do about a plugin that asks for more than is granted
    #[arg(
        long,
        value_name = "ACTION",
        default_value = "refuse",
        requires = "watch"
    )]
    pub(crate) when_needs_grow: WhenNeedsGrow,

    /// End when all runs are over and no more jobs and orders are there (in the folder, or on stdin)
    #[arg(long)]
    pub(crate) until_done: bool,

    /// Serve a plugin's file even if it was rolled back from
    #[arg(long)]
    pub(crate) serve_rolled_back: bool,

    /// How long a run that is over stays in the ledger, and after that until its job file is removed:
    /// for example 12h or 30d, or `forever`
    #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = Retention::parse)]
    pub(crate) keep_finished: Retention,

    /// How many calls of plugins may run at the same time. Of several plugins, none has all of them
    #[arg(long, value_name = "NUMBER", default_value = "16", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) concurrent_calls: u32,

    #[command(flatten)]
    pub(crate) following: FollowingArgs,
}

/// What `serve` does about a plugin that asks for more than is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WhenNeedsGrow {
    /// The plugin that serves goes on
    Refuse,
    /// Swap it in without what isn't granted
    Swap,
}

impl From<WhenNeedsGrow> for polysync_host::WhenNeedsGrow {
    fn from(when: WhenNeedsGrow) -> Self {
        match when {
            WhenNeedsGrow::Refuse => Self::Refuse,
            WhenNeedsGrow::Swap => Self::Swap,
        }
    }
}

/// Which run.
#[derive(Debug, Clone, Args)]
pub(crate) struct RunArgs {
    /// The run id that `start` printed
    pub(crate) run_id: String,

    /// What the platform calls the job of the run
    #[arg(short, long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
}

impl RunArgs {
    /// The run in the contract's terms.
    pub(crate) fn run(&self) -> Run {
        Run {
            external_id: self.external_id.clone(),
            run_id: self.run_id.clone(),
        }
    }
}

/// Which runs.
#[derive(Debug, Args)]
pub(crate) struct RunsArgs {
    /// The run ids that `start` printed; - for a line each on stdin
    #[arg(required = true, value_name = "RUN_ID")]
    pub(crate) run_ids: Vec<String>,

    /// What the platform calls the job of the runs
    #[arg(short, long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
}
