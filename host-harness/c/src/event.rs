//! What `ps_next` returns: one JSON object an event, whose member `event` says which.

use std::collections::BTreeMap;

use polysync_host::PluginIdentity;
use serde::Serialize;

use crate::errors::Failure;
use crate::needs::NeedView;

/// An event.
#[derive(Debug, Serialize)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub(crate) enum Event<'a> {
    /// A call has ended with an answer. Each call that was accepted has one event `answer` or `error`.
    Answer {
        call: u64,
        /// The answer's JSON.
        answer: Box<serde_json::value::RawValue>,
        /// The plugin that answered, where one was asked.
        plugin: Option<&'a PluginIdentity>,
        /// From the acceptance to the answer.
        microseconds: u64,
    },
    /// A call has ended without an answer.
    Error {
        call: u64,
        error: &'a Failure,
        plugin: Option<&'a PluginIdentity>,
        microseconds: u64,
    },
    /// A connection whose credentials are the embedder's needs them: answer it by `ps_answer`.
    CredentialsAsked {
        question: u64,
        /// The name that the embedder gave the connection.
        connection: &'a str,
    },
    /// A connection whose requests are the embedder's sends one: answer it by `ps_answer`.
    HttpAsked {
        question: u64,
        connection: &'a str,
        method: &'a str,
        url: &'a str,
        headers: Vec<(&'a str, String)>,
        /// In Base64.
        body: String,
        timeout_milliseconds: u64,
        /// Where the URL's name may lead: `public`, `private` (public ones and private networks) or
        /// `loopback` (this machine).
        addresses: &'a str,
    },
    /// Nobody waits for the answer to a question any more.
    Withdrawn { question: u64 },
    /// A watched file has changed, and its plugin has taken over.
    Swapped {
        slot: u64,
        from: &'a PluginIdentity,
        to: &'a PluginIdentity,
        missing: Vec<NeedView>,
    },
    /// A watched file has changed, and its plugin can't take over.
    SwapRefused { slot: u64, error: &'a Failure },
    /// A line that a plugin or the host logged.
    Log {
        level: &'a str,
        target: &'a str,
        message: &'a str,
        fields: &'a BTreeMap<&'static str, String>,
    },
    /// So many log lines were dropped, because the embedder didn't take them.
    LogDropped { count: u64 },
    /// The host is closed. No event follows.
    Closed,
}
