//! The command line: the commands, with what `--help` says about each. Options are in the files
//! below, longer texts of `--help` in [`help`].

pub(crate) mod duration;
pub(crate) mod global;
pub(crate) mod help;
pub(crate) mod job;
pub(crate) mod pair;
pub(crate) mod run;

use clap::{Parser, Subcommand};
use uuid::Uuid;

use self::global::GlobalArgs;
use self::job::{DeclaredArgs, DiscoverArgs, JobArgs, JobOriginArgs};
use self::run::{
    FollowArgs, LogsArgs, RunArgs, RunsArgs, ServeArgs, StartAndFollowArgs, StartArgs,
};

/// Runs a job type plugin from the command line: what an orchestrator does with it, step by step.
///
/// What is said about attributes, labels and features comes from the plugin; `describe` shows it.
#[derive(Debug, Parser)]
#[command(name = "polysync-harness", version, after_help = help::EXIT_CODES, after_long_help = help::main())]
#[command(arg_required_else_help = true, max_term_width = help::WIDTH)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what the plugin is: attributes, features, needs
    Describe,

    /// Check a job without starting it
    #[command(after_help = help::JOB)]
    Validate {
        #[command(flatten)]
        job: JobArgs,
        #[command(flatten)]
        declared: DeclaredArgs,
    },

    /// Check that endpoint, credentials and permission are good
    TestConnection,

    /// List the platform's jobs with their parameters
    Discover(DiscoverArgs),

    /// Show one of the platform's jobs
    Inspect {
        /// What the platform calls the job
        external_id: String,
    },

    /// Start a run and don't wait for it
    #[command(after_help = help::JOB)]
    Start(StartArgs),

    /// Show the status of a run, or of several
    ///
    /// Several runs are asked about together. The exit code is 0 whatever their states, and 1 if the
    /// status of a run isn't known; with --json, `state` and `finished` give the state.
    Status(RunsArgs),

    /// Ask the platform to stop a run
    Cancel {
        #[command(flatten)]
        run: RunArgs,
        /// Names this cancellation; the same GUID again is the same request [default: a new one]
        #[arg(long, value_name = "UUID")]
        guid: Option<Uuid>,
    },

    /// Run the failed part of a run again, under the same run id
    Retry {
        /// The run id that `start` printed
        run_id: String,
        #[command(flatten)]
        job: JobOriginArgs,
        /// Names this retry; the same GUID again (after a crash, for example) is the same retry
        /// [default: a new one]
        #[arg(long, value_name = "UUID")]
        guid: Option<Uuid>,
    },

    /// List the steps of a run
    Steps(RunArgs),

    /// Print what the steps of a run wrote
    ///
    /// Each line has its time and, where there are several, which of the step's machines wrote it.
    #[command(after_long_help = help::LOGS)]
    Logs(LogsArgs),

    /// Print where to follow a run on the platform's own pages
    MonitorUrl(RunArgs),

    /// Start a run and follow it to its end
    ///
    /// Ctrl-C (or SIGTERM) cancels the run and follows it to its end. The second one leaves the run
    /// to itself, and prints the command that shows its status. A poll that fails for a reason that
    /// passes is tried again.
    #[command(after_help = help::JOB, after_long_help = help::run())]
    Run(StartAndFollowArgs),

    /// Follow a run that was started elsewhere to its end
    ///
    /// As `run` does after its start, with the same exit codes. Ctrl-C (or SIGTERM) leaves the run to
    /// itself.
    #[command(after_long_help = help::follow())]
    Follow(FollowArgs),

    /// Start jobs as they come, follow their runs, and swap the plugin without losing any
    ///
    /// A small orchestrator. Each run is in the ledger before the platform is asked for it: after a
    /// crash or a restart, serve with the same ledger goes on with every run where it was, and
    /// starts none twice. Ctrl-C or SIGTERM ends it cleanly: calls that are under way end, and the
    /// runs go on at the platform.
    #[command(after_help = help::serve_short(), after_long_help = help::serve())]
    Serve(ServeArgs),
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::CommandFactory;

    use super::*;

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(["polysync-harness"].iter().chain(arguments))
    }

    #[test]
    fn the_definition_of_the_command_line_is_consistent() {
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
    fn a_run_is_polled_every_5_seconds_by_default() {
        let Command::Run(run) = parse(&["run", "-e", "job"]).unwrap().command else {
            panic!("not run")
        };
        assert_eq!(run.following.polling.interval(), Duration::from_secs(5));
        assert!(run.following.polling.may_be_put_off());
    }

    #[test]
    fn an_interval_that_is_given_is_kept() {
        let given = parse(&["run", "-e", "job", "--poll-interval", "2s"]);
        let Command::Run(run) = given.unwrap().command else {
            panic!("not run")
        };
        assert_eq!(run.following.polling.interval(), Duration::from_secs(2));
        assert!(!run.following.polling.may_be_put_off());
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
    fn a_text_that_is_not_a_guid_is_refused() {
        assert!(parse(&["start", "-e", "job", "--guid", "1234"]).is_err());
    }
}
