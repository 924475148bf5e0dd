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

/// Emulates the pipeline operations of Amazon SageMaker on 127.0.0.1.
///
/// Prints `listening on http://127.0.0.1:PORT` when it is ready. Faults and outcomes can be ordered
/// under /_emulator/, see the README.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on, 0 for any that is free.
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// A folder of pipeline definitions, `<name>.json`; the built-in examples if absent.
    #[arg(long, value_name = "FOLDER")]
    pipelines: Option<PathBuf>,

    /// The region to play.
    #[arg(long, default_value = "us-east-1")]
    region: String,

    /// The account to play, twelve digits.
    #[arg(long, default_value = "123456789012", value_parser = account_id)]
    account: String,

    /// The access key that clients must sign with.
    #[arg(long, default_value = "emulator")]
    access_key_id: String,

    /// The secret that belongs to the access key.
    #[arg(long, default_value = "emulator-secret")]
    secret_access_key: String,

    /// How long a step takes, in seconds.
    #[arg(long, default_value = "2", value_parser = seconds)]
    step_duration: Duration,

    /// How long a Callback step waits, in seconds.
    #[arg(long, default_value = "3600", value_parser = seconds)]
    callback_duration: Duration,

    /// How far the emulator's clock is ahead of the machine's, in seconds; negative when behind.
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    clock_offset: i64,

    /// The most requests a second before throttling; no limit if absent.
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
        .callback_duration(arguments.callback_duration);
    if let Some(most) = arguments.requests_per_second {
        builder = builder.requests_per_second(most);
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
    end_asked_for().await.context("cannot listen for signals")
}

/// Waits for Ctrl-C, or for SIGTERM where there is such a thing.
async fn end_asked_for() -> std::io::Result<()> {
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
        .ok_or_else(|| "expected a number of seconds, such as 0.5, of a year at most".to_owned())
}

fn account_id(text: &str) -> Result<String, String> {
    match text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(text.to_owned()),
        false => Err("expected twelve digits".to_owned()),
    }
}
