//! The options that describe a job, or list jobs.

use std::path::PathBuf;

use clap::Args;

use super::pair::{OptionalPair, Pair};

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

    /// A parameter that is read when the run is over. Can be repeated
    #[arg(long, value_name = "NAME", help_heading = "Job")]
    pub(crate) output: Vec<String>,

    /// A parameter that is sent (if it has a value) and read. Can be repeated
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

/// The options of `discover`.
#[derive(Debug, Args)]
pub(crate) struct DiscoverArgs {
    /// Go on from here: the cursor that a discovery printed when it broke off
    #[arg(long, value_name = "CURSOR")]
    pub(crate) cursor: Option<String>,

    /// Write a job file for each job into this directory, ready for `run --job`
    ///
    /// A file that exists already stays as it is. Parameters are written with the value null, so
    /// that the platform's defaults apply; those without a default have to be filled in.
    #[arg(long, value_name = "DIR")]
    pub(crate) write_jobs: Option<PathBuf>,
}
