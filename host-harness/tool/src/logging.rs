//! Log lines on stderr: the tool's, the host library's and the plugin's. Whatever is logged, by other
//! crates too, stays one line and does nothing to a terminal.

use std::io;

use anyhow::Context;
use polysync_host::text;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::debug_fn;

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
        .fmt_fields(one_line())
        .with_writer(io::stderr)
        .init();
    Ok(())
}

/// The longest message or value of a field, in bytes.
const LONGEST: usize = 16 << 10;

/// `message name=value`, with escapes for what could forge a line or is for terminals.
fn one_line() -> impl for<'a> FormatFields<'a> + Send + Sync + 'static {
    debug_fn(|writer, field, value| {
        let value = format!("{value:?}");
        let value = text::escaped(&value, LONGEST);
        match field.name() {
            "message" => write!(writer, "{value}"),
            name => write!(writer, "{name}={value}"),
        }
    })
    .delimited(" ")
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_is_logged_stays_one_line_and_does_nothing_to_a_terminal() {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .fmt_fields(one_line())
            .with_writer(move || writer.clone())
            .finish();
        let hostile = "a\n2026-01-01T00:00:00Z ERROR forged\x1b[2J\u{9b}1m\u{202e}";
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::info_span!("call", run = %hostile);
            let _entered = span.enter();
            tracing::info!(failure = %hostile, name = "quoted", "message {hostile}");
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let line = text.strip_suffix('\n').unwrap();
        assert!(!line.contains(text::is_unsafe), "{line:?}");
        assert!(line.contains("message a\\n2026"), "{line}");
        assert!(line.contains(r#"name="quoted""#), "{line}");
    }
}
