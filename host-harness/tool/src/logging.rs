//! Log lines on stderr: the tool's, the host library's and the plugin's.

use std::io;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// Shows log lines from now on: warnings except the plugin's, and more with each `-v`. `RUST_LOG`
/// overrides that.
pub(crate) fn start(verbosity: u8) -> Result<(), Failure> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(directives) if !directives.is_empty() => directives
            .parse::<EnvFilter>()
            .context("RUST_LOG is not a filter that can be understood")?,
        _ => EnvFilter::new(match verbosity {
            0 => "warn,plugin=error",
            1 => "warn,plugin=info,polysync_host=info",
            2 => "info,plugin=debug,polysync_host=debug",
            _ => "trace",
        }),
    };
    let colours = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(colours)
        .with_writer(io::stderr)
        .init();
    Ok(())
}
