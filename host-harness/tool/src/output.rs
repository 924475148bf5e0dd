//! Where the tool writes: answers to stdout, all else to stderr.
//!
//! Text may hold colours; they are taken out where there is no terminal, or `NO_COLOR` is set.

use std::io::{self, Write};

use jiff::Timestamp;
use polysync_host::PluginIdentity;
use serde::Serialize;

use crate::failure::Failure;
use crate::json::error::ErrorDocument;
use crate::json::events::{Event, What};
use crate::json::plugin::PluginView;
use crate::render;

/// The form of what goes to stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Text,
    /// One document.
    Json,
    /// One object a line.
    JsonLines,
}

impl Output {
    /// Writes one answer: `text` for a person, or `document` for a program.
    pub(crate) fn answer<T: Serialize>(
        self,
        text: impl FnOnce() -> String,
        document: &T,
    ) -> Result<(), Failure> {
        match self {
            Self::Text => write_text(&text()),
            Self::Json | Self::JsonLines => write_document(document),
        }
    }

    /// Tells of a failure, on stderr in words and, where a program reads, on stdout too; and which
    /// plugin was asked.
    pub(crate) fn failure(self, failure: &Failure, plugin: Option<&PluginIdentity>) {
        if matches!(failure, Failure::StdoutClosed) {
            return;
        }
        let mut text = render::errors::failure(failure);
        if let Some(plugin) = plugin.filter(|_| failure.is_of_the_platform()) {
            text += &render::errors::fact("plugin", &plugin.to_string());
        }
        note(&text);
        let plugin = plugin.map(PluginView::from);
        // The failure is on stderr already: a stdout that fails now changes nothing.
        let _ = match self {
            Self::Text => Ok(()),
            Self::Json => write_document(&ErrorDocument {
                error: failure.into(),
                plugin,
            }),
            Self::JsonLines => write_event(What::Error {
                exit_code: failure.exit().code(),
                error: failure.into(),
                plugin,
            }),
        };
    }
}

/// Writes text to stdout, as it is.
pub(crate) fn write_text(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::of_stdout)
}

/// Writes one event of `run --json`.
pub(crate) fn write_event(what: What<'_>) -> Result<(), Failure> {
    let event = Event {
        at: Timestamp::now(),
        what,
    };
    write_line(&event)
}

/// Writes one JSON object on one line.
pub(crate) fn write_line<T: Serialize>(object: &T) -> Result<(), Failure> {
    write_json(|stdout| serde_json::to_writer(stdout, object))
}

/// Writes a line, or some, to stderr. A closed stderr is nobody's trouble.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", text.trim_end());
}

fn write_document<T: Serialize>(document: &T) -> Result<(), Failure> {
    write_json(|stdout| serde_json::to_writer_pretty(stdout, document))
}

fn write_json(write: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>) -> Result<(), Failure> {
    let mut text = Vec::new();
    write(&mut text).map_err(|error| anyhow::Error::new(error).context("cannot write JSON"))?;
    text.push(b'\n');
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(&text)
        .and_then(|()| stdout.flush())
        .map_err(Failure::of_stdout)
}
