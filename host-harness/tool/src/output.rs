//! Where the tool writes: answers to stdout, all else to stderr.
//!
//! Text may have colours; they are taken out where there is no terminal, or `NO_COLOR` is set.

use std::io::{self, Write};

use polysync_host::PluginIdentity;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use crate::failure::Failure;
use crate::json::error::ErrorDocument;
use crate::json::event::EventView;
use crate::json::printable::Printable;
use crate::render;

/// The form of the answer on stdout.
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

    /// Reports a failure and the plugin that was called: on stderr in words and, for a program, on
    /// stdout too.
    pub(crate) fn failure(self, failure: &Failure, plugin: Option<&PluginIdentity>) {
        if matches!(failure, Failure::StdoutClosed) {
            return;
        }
        let mut text = render::errors::failure(failure);
        let is_the_platforms = failure.call().is_some_and(|call| call.platform().is_some());
        if let Some(plugin) = plugin.filter(|_| is_the_platforms) {
            // The other failures of a call name the plugin in their own words.
            text += &render::errors::fact("plugin", &plugin.to_string());
        }
        note(&text);
        // The failure is on stderr already: a stdout that fails now changes nothing.
        let _ = match self {
            Self::Text => Ok(()),
            Self::Json => write_document(&ErrorDocument {
                error: failure.into(),
                plugin,
            }),
            Self::JsonLines => write_json_line(&EventView::end(failure, plugin)),
        };
    }
}

/// Writes text to stdout, as it is.
pub(crate) fn write_text(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::from_stdout)
}

/// Writes one JSON object on one line.
pub(crate) fn write_json_line<T: Serialize>(object: &T) -> Result<(), Failure> {
    write_json(object, CompactFormatter)
}

/// Writes text and a line end to stderr. That stderr may be closed is ignored.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", text.trim_end());
}

fn write_document<T: Serialize>(document: &T) -> Result<(), Failure> {
    write_json(document, PrettyFormatter::new())
}

fn write_json<T: Serialize>(value: &T, layout: impl Formatter) -> Result<(), Failure> {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, Printable(layout));
    value
        .serialize(&mut serializer)
        .map_err(|error| anyhow::Error::new(error).context("cannot write JSON"))?;
    text.push(b'\n');
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(&text)
        .and_then(|()| stdout.flush())
        .map_err(Failure::from_stdout)
}
