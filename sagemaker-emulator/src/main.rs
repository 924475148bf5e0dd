//! The emulator as a program.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use sagemaker_emulator::{Credentials, Emulator, SystemClock};
use tokio::signal;
use tracing_subscriber::EnvFilter;

const LONGEST_DURATION: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Emulates the pipelines of Amazon SageMaker and the jobs of AWS Glue, and the logs of both, on 127.0.0.1.
///
/// Prints `listening on http://127.0.0.1:PORT` when it is ready. The paths under /_emulator/ inject
/// faults and script outcomes; see the README.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on; 0 selects a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// A folder of pipeline definitions, `<name>.json`, with the logs of their steps,
    /// `<name>.logs/<step>.log`; by default the built-in examples.
    #[arg(long, value_name = "FOLDER")]
    pipelines: Option<PathBuf>,

    /// The region of the emulated account.
    #[arg(long, default_value = "us-east-1")]
    region: String,

    /// The ID of the emulated account, twelve digits.
    #[arg(long, default_value = "123456789012", value_parser = account_id)]
    account: String,

    /// The access key that clients must sign with.
    #[arg(long, default_value = "emulator")]
    access_key_id: String,

    /// The secret that belongs to the access key.
    #[arg(long, default_value = "emulator-secret")]
    secret_access_key: String,

    /// The duration of a step, and of a run of a Glue job, in seconds.
    #[arg(long, default_value = "2", value_parser = seconds)]
    step_duration: Duration,

    /// The time until the callback of a Callback step arrives, in seconds.
    #[arg(long, default_value = "3600", value_parser = seconds)]
    callback_duration: Duration,

    /// The difference of the emulator's clock to the system's, in seconds; negative if it is behind.
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    clock_offset: i64,

    /// Throttles requests above this number a second; no limit by default.
    #[arg(long)]
    requests_per_second: Option<u32>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            EnvFilter::builder()
                .with_default_directive(tracing::Level::INFO.into())
                .from_env_lossy(),
        )
        .init();

    let mut builder = Emulator::builder()
        .port(arguments.port)
        .region(arguments.region)
        .account_id(arguments.account)
        .credentials(Credentials::new(
            arguments.access_key_id,
            arguments.secret_access_key,
        ))
        .clock(SystemClock {
            offset_seconds: arguments.clock_offset,
        })
        .step_duration(arguments.step_duration)
        .callback_duration(arguments.callback_duration)
        .shipped_glue_jobs();
    if let Some(limit) = arguments.requests_per_second {
        builder = builder.requests_per_second(limit);
    }
    builder = match arguments.pipelines {
        Some(folder) => builder.pipelines_from(folder),
        None => builder.shipped_pipelines(),
    };
    let emulator = builder
        .start()
        .await
        .context("the emulator did not start")?;
    println!("listening on {}", emulator.url());
    shutdown_signal().await.context("cannot listen for signals")
}

/// Waits for Ctrl-C, or on Unix for SIGTERM.
async fn shutdown_signal() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
        tokio::select! {
            result = signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    signal::ctrl_c().await
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|duration| *duration <= LONGEST_DURATION)
        .ok_or_else(|| "expected a number of seconds, such as 0.5, and at most a year".to_owned())
}

fn account_id(text: &str) -> Result<String, String> {
    match text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(text.to_owned()),
        false => Err("expected twelve digits".to_owned()),
    }
}
