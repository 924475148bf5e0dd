//! The command line: commands, options and what `--help` says about them.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use polysync_host::contract::Run;
use polysync_host::{Digest, HttpGrant};
use uuid::Uuid;

use crate::exit;
use crate::pairs::{OptionalPair, Pair};

const JSON_HELP: &str = "\
JSON output:
  With --json each command writes one JSON document to stdout; `run` writes one JSON object a line,
  each with an `event` and the time `at`. Times are RFC 3339 in UTC, names are camelCase, and what
  isn't known is null. An error is the document {\"error\": {\"class\", \"code\", \"message\", \"hint\",
  \"retryable\", \"requestId\", \"details\", \"findings\"}, \"plugin\"} (for `run` the last event); the same
  error is on stderr in words. `plugin` is which one was asked: {\"id\", \"version\", \"sha256\",
  \"generation\"}; `status` has it too. `class` is the plugin's, or `plugin` for a broken plugin, or `tool` for one of
  the tool's own. A `discover` that breaks off writes what it found, with `nextCursor` and `error`.";

/// The description of a job file, in the help of the commands that take one.
const JOB_HELP: &str = "\
Job file:
  {
    \"externalId\": \"my-job\",
    \"attributes\": { \"KEY\": \"VALUE\" },
    \"parameters\": [ { \"name\": \"NAME\", \"direction\": \"Input\", \"value\": 0.50 } ]
  }
  All members are optional. `direction` is `Input` (when left out), `Output` or `Input&Output`. A
  value is a string, a number (its text is kept as it stands), a boolean or null. A parameter whose
  value is null, or left out, isn't sent: the platform's default applies. Options override the file.";

/// Runs a job type plugin from the command line: what an orchestrator does with it, step by step.
///
/// All that is said about attributes, labels and features comes from the plugin; `describe` shows it.
#[derive(Debug, Parser)]
#[command(name = "polysync-harness", version, after_help = exit::HELP, after_long_help = after_long_help())]
#[command(arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,

    #[command(subcommand)]
    pub(crate) command: Command,
}

fn after_long_help() -> String {
    format!("{JSON_HELP}\n\n{}", exit::HELP)
}

/// Which plugin, which connection, what it may do and how to tell about it.
#[derive(Debug, Args)]
pub(crate) struct GlobalArgs {
    /// The plugin: a WebAssembly component
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "POLYSYNC_COMPONENT",
        hide_env_values = true
    )]
    pub(crate) component: Option<PathBuf>,

    /// Takes this very build of the plugin and no other, by the SHA-256 of its file
    #[arg(long, global = true, value_name = "DIGEST")]
    pub(crate) sha256: Option<Digest>,

    /// Where compiled plugins are kept, so that a plugin that was used before starts in
    /// milliseconds. What stands there is run as machine code: it must be nobody else's to write to
    /// [default: `polysync` in the user's cache directory]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "POLYSYNC_CACHE",
        hide_env_values = true
    )]
    pub(crate) cache: Option<PathBuf>,

    /// Compile the plugin anew
    #[arg(long, global = true, conflicts_with = "cache")]
    pub(crate) no_cache: bool,

    /// Write JSON to stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Tell more on stderr: -v what is done, -vv details, -vvv everything. RUST_LOG overrides it
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// How long one call of the plugin may take, for example 90s or 5m
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration)]
    pub(crate) call_timeout: Option<Duration>,

    /// The platform's region [else: AWS_REGION, AWS_DEFAULT_REGION, the profile's]
    #[arg(
        long,
        global = true,
        value_name = "REGION",
        help_heading = "Connection"
    )]
    pub(crate) region: Option<String>,

    /// The profile of the AWS configuration files to take credentials and region from [else: AWS_PROFILE]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Connection")]
    pub(crate) profile: Option<String>,

    /// Base URL to use in place of the platform's own [else: AWS_ENDPOINT_URL]
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    pub(crate) endpoint_url: Option<String>,

    /// An attribute of the connection; `describe` lists them. Can be repeated
    #[arg(
        long,
        global = true,
        value_name = "KEY=VALUE",
        help_heading = "Connection"
    )]
    pub(crate) connection_attribute: Vec<Pair>,

    /// Where the plugin may connect to, for example https://*.example.com, where * stands for one
    /// label of the name; "https://api.example.com private" lets the name resolve to addresses of
    /// private networks too. Can be repeated [default: the endpoint URL where there is one, else
    /// all that the plugin says it needs]
    #[arg(long, global = true, value_name = "ORIGIN", help_heading = "Grants")]
    pub(crate) grant: Vec<HttpGrant>,

    /// A service that the plugin may sign requests for. Can be repeated [default: those that the
    /// plugin says it needs]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Grants")]
    pub(crate) grant_service: Vec<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what the plugin is: attributes, features, needs
    Describe,

    /// Check a job without starting it
    #[command(after_help = JOB_HELP)]
    Validate {
        #[command(flatten)]
        job: JobArgs,
        #[command(flatten)]
        declared: DeclaredArgs,
    },

    /// Prove that endpoint, credentials and permission are good
    TestConnection,

    /// List the platform's jobs with their parameters
    Discover(DiscoverArgs),

    /// Show one of the platform's jobs
    Inspect {
        /// What the platform calls the job
        external_id: String,
    },

    /// Start a run and leave it to itself
    #[command(after_help = JOB_HELP)]
    Start(StartArgs),

    /// Show how a run is
    ///
    /// The exit code is 0 whatever the state; with --json, `state` and `finished` tell it.
    Status(RunArgs),

    /// Ask the platform to stop a run
    Cancel {
        #[command(flatten)]
        run: RunArgs,
        /// Names this cancellation; the same again is the same request [default: a new one]
        #[arg(long, value_name = "UUID")]
        guid: Option<Uuid>,
    },

    /// Run what failed of a run again, under the same run id
    Retry {
        /// As `start` gave it
        run_id: String,
        #[command(flatten)]
        job: JobOriginArgs,
        /// Names this retry; the same again (after a crash, say) is the same retry [default: a new one]
        #[arg(long, value_name = "UUID")]
        guid: Option<Uuid>,
    },

    /// List the steps of a run
    Steps(RunArgs),

    /// Print where to follow a run on the platform's own pages
    MonitorUrl(RunArgs),

    /// Start a run and follow it to its end
    ///
    /// Ctrl-C (or SIGTERM) cancels the run and follows it to its end; the second one leaves it to
    /// itself, and says how to follow it from then on. A poll that fails for a reason that passes
    /// is tried again.
    #[command(after_help = JOB_HELP, after_long_help = run_help())]
    Run(FollowArgs),

    /// Start jobs as they come, follow their runs, and swap the plugin without losing any
    ///
    /// A small orchestrator. Each run is in the ledger before the platform is asked for it: after a
    /// crash or a restart, serve with the same ledger goes on with every run where it was, and
    /// starts none twice. Ctrl-C or SIGTERM ends it cleanly: calls that are under way end, and the
    /// runs go on at the platform.
    #[command(after_help = SERVE_HELP, after_long_help = SERVE_HELP)]
    Serve(ServeArgs),
}

const SERVE_HELP: &str = "\
Jobs and orders:
  --jobs DIR   Each file NAME.json in it is a job, run once; NAME.cancel beside it ends the run.
  else stdin   A line is a job file in one line, or `cancel GUID`, `cancel all` or `rollback`.

With --json each event is one JSON object a line: `serving`; of a run `accepted`, `started`, `status`,
`cancel-wanted`, `cancelling`, `trouble`, `over`; of the plugin `swapped`, `swap-unchanged`,
`swap-refused`, `rollback-refused`, `drained`; `not-taken`, and at the end `served`.

Exit codes:
  0  Ended by a signal; with --until-done: all runs succeeded
  1  An error
  2  The command line is wrong
  3  --until-done: a run failed or was refused
  4  --until-done: a run was cancelled, none failed
  5  --until-done: a run is over in a state that nobody knows, none failed";

fn run_help() -> String {
    format!("{JOB_HELP}\n\n{}", exit::HELP)
}

/// Which job, and the values of its attributes.
#[derive(Debug, Default, Args)]
pub(crate) struct JobOriginArgs {
    /// A job file in JSON; - for stdin
    #[arg(short, long, value_name = "FILE", help_heading = "Job")]
    pub(crate) job: Option<PathBuf>,

    /// What the platform calls the job
    #[arg(short, long, value_name = "ID", help_heading = "Job")]
    pub(crate) external_id: Option<String>,

    /// An attribute of the job; `describe` lists them. Can be repeated
    #[arg(short, long, value_name = "KEY=VALUE", help_heading = "Job")]
    pub(crate) attribute: Vec<Pair>,
}

/// A job with its parameters.
#[derive(Debug, Default, Args)]
pub(crate) struct JobArgs {
    #[command(flatten)]
    pub(crate) origin: JobOriginArgs,

    /// A parameter, sent when a run starts. Can be repeated
    #[arg(short, long, value_name = "NAME=VALUE", help_heading = "Job")]
    pub(crate) parameter: Vec<Pair>,

    /// A parameter that is read when a run is over. Can be repeated
    #[arg(long, value_name = "NAME", help_heading = "Job")]
    pub(crate) output: Vec<String>,

    /// A parameter that is sent (where it has a value) and read. Can be repeated
    #[arg(long, value_name = "NAME[=VALUE]", help_heading = "Job")]
    pub(crate) input_output: Vec<OptionalPair>,
}

/// Whether to ask the platform before a job is checked.
#[derive(Debug, Args)]
pub(crate) struct DeclaredArgs {
    /// Ask the platform for the parameters that it declares, and check names, types and values too
    #[arg(long)]
    pub(crate) check_declared: bool,
}

/// For `discover`.
#[derive(Debug, Args)]
pub(crate) struct DiscoverArgs {
    /// Go on from here: the cursor that a broken discovery gave
    #[arg(long, value_name = "CURSOR")]
    pub(crate) cursor: Option<String>,

    /// Write a job file for each job into this directory, ready for `run --job`
    ///
    /// A file that is there already stays as it is. Parameters are written with null as their
    /// value, so that the platform's defaults apply; those without a default have to be filled in.
    #[arg(long, value_name = "DIR")]
    pub(crate) write_jobs: Option<PathBuf>,
}

/// For `start`, and for `run`.
#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    #[command(flatten)]
    pub(crate) job: JobArgs,

    /// Names the run before it exists; the same again (after a crash, say) gives the same run
    /// [default: a new one]
    #[arg(long, value_name = "UUID")]
    pub(crate) guid: Option<Uuid>,

    #[command(flatten)]
    pub(crate) declared: DeclaredArgs,
}

/// For `run`.
#[derive(Debug, Args)]
pub(crate) struct FollowArgs {
    #[command(flatten)]
    pub(crate) start: StartArgs,

    /// How long to wait between two polls; it grows to 30s with the age of the run
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = duration)]
    pub(crate) poll_interval: Duration,
}

/// For `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The file in which runs are kept; it is made where it isn't there
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: PathBuf,

    /// A folder of job files [default: lines on stdin]
    #[arg(long, value_name = "DIR")]
    pub(crate) jobs: Option<PathBuf>,

    /// Swap the plugin whenever its file changes
    #[arg(long, conflicts_with = "sha256")]
    pub(crate) watch: bool,

    /// End when there are no more jobs (the folder as it is, or stdin to its end) and all runs are over
    #[arg(long)]
    pub(crate) until_done: bool,

    /// How many calls of the plugin run at the same time
    #[arg(long, value_name = "NUMBER", default_value = "16", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) concurrent_calls: u32,

    /// How long to wait between two polls of a run; it grows to 30s with the age of the run
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = duration)]
    pub(crate) poll_interval: Duration,
}

/// Which run.
#[derive(Debug, Clone, Args)]
pub(crate) struct RunArgs {
    /// As `start` gave it
    pub(crate) run_id: String,

    /// What the platform calls the job of the run
    #[arg(short, long, value_name = "ID")]
    pub(crate) external_id: String,
}

impl RunArgs {
    /// The run, for the contract.
    pub(crate) fn run(&self) -> Run {
        Run {
            external_id: self.external_id.clone(),
            run_id: self.run_id.clone(),
        }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let explain = |why: &dyn std::fmt::Display| format!("{why}: write for example 500ms, 5s or 2m");
    let signed = match text.parse::<u32>() {
        Ok(seconds) => jiff::SignedDuration::from_secs(seconds.into()),
        Err(_) => text
            .parse::<jiff::SignedDuration>()
            .map_err(|_| explain(&"no duration"))?,
    };
    let duration =
        Duration::try_from(signed).map_err(|_| explain(&"a duration can't be negative"))?;
    if duration.is_zero() {
        Err(explain(&"too short"))
    } else {
        Ok(duration)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(["polysync-harness"].iter().chain(arguments))
    }

    #[test]
    fn the_definition_of_the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_options_may_follow_the_command() {
        let cli = parse(&[
            "status",
            "run-1",
            "-e",
            "job",
            "--region",
            "eu-west-1",
            "--json",
            "-vv",
        ])
        .unwrap();

        assert_eq!(cli.global.region.as_deref(), Some("eu-west-1"));
        assert!(cli.global.json);
        assert_eq!(cli.global.verbose, 2);
    }

    #[test]
    fn a_run_is_polled_every_5_seconds_unless_told_otherwise() {
        let Command::Run(run) = parse(&["run", "-e", "job"]).unwrap().command else {
            panic!("not run")
        };
        assert_eq!(run.poll_interval, Duration::from_secs(5));
    }

    #[test]
    fn durations_are_written_with_a_unit_or_in_seconds() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        for wrong in ["", "0", "0s", "-5s", "soon"] {
            assert!(duration(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_pair_without_an_equals_sign_is_refused_with_an_explanation() {
        let error = parse(&["start", "-e", "job", "--parameter", "InstanceCount"])
            .unwrap_err()
            .to_string();

        assert!(
            error.contains("InstanceCount") && error.contains("NAME=VALUE"),
            "{error}"
        );
    }

    #[test]
    fn a_guid_that_is_none_is_refused() {
        assert!(parse(&["start", "-e", "job", "--guid", "1234"]).is_err());
    }

    #[test]
    fn a_run_needs_the_job_it_belongs_to() {
        let error = parse(&["status", "run-1"]).unwrap_err().to_string();
        assert!(error.contains("--external-id"), "{error}");
    }
}
