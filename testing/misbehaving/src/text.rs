//! Texts with escape sequences, forged lines and marks that turn the direction of writing, in each
//! member of an answer.

use super::{
    Attribute, Connection, DeclaredParameter, DiscoveredJob, Error, Link, LogLine, LogPage, Need,
    RunState, Step, error,
};

/// What would set a terminal's title and colours, forge a line, and turn the direction of writing.
pub(crate) const HOSTILE: &str =
    "a\u{1b}]0;title\u{7}\u{9b}31m\r\n2026-01-01T00:00:00Z  forged\u{202e}b\u{2066}\0";

pub(crate) fn has_order(connection: &Connection, order: &str) -> bool {
    connection
        .attributes
        .iter()
        .any(|a| a.name == "order" && a.value == order)
}

/// A text for a person to read.
pub(crate) fn word(connection: &Connection, usual: &str) -> String {
    match has_order(connection, "escape-text") {
        true => HOSTILE.to_owned(),
        false => usual.to_owned(),
    }
}

/// A text that the host sends back.
pub(crate) fn identifier(connection: &Connection, usual: &str) -> String {
    match has_order(connection, "escape-identifiers") {
        true => format!("{usual}{HOSTILE}"),
        false => usual.to_owned(),
    }
}

/// An identifier for the optional members that hosts send back: none in usual answers.
pub(crate) fn escape_cursor(connection: &Connection) -> Option<String> {
    has_order(connection, "escape-identifiers").then(|| HOSTILE.to_owned())
}

/// The details of an answer: none in usual answers.
pub(crate) fn details(connection: &Connection) -> Vec<Attribute> {
    match has_order(connection, "escape-text") {
        true => hostile_details(),
        false => Vec::new(),
    }
}

fn hostile_details() -> Vec<Attribute> {
    vec![Attribute {
        name: HOSTILE.to_owned(),
        value: HOSTILE.to_owned(),
    }]
}

pub(crate) fn hostile_error() -> Error {
    Error {
        code: HOSTILE.to_owned(),
        hint: HOSTILE.to_owned(),
        request_id: Some(HOSTILE.to_owned()),
        details: hostile_details(),
        ..error(HOSTILE.to_owned())
    }
}

/// The steps of an answer: none in usual answers.
pub(crate) fn steps(connection: &Connection) -> Vec<Step> {
    let hostile = || Some(HOSTILE.to_owned());
    let step = Step {
        name: HOSTILE.to_owned(),
        display_name: hostile(),
        kind: HOSTILE.to_owned(),
        state: RunState::Failed,
        platform_status: HOSTILE.to_owned(),
        started_at: Some(0),
        ended_at: Some(0),
        attempts: Some(1),
        cache_hit: false,
        has_log: true,
        reason: hostile(),
        resource_id: hostile(),
        links: vec![
            Link {
                label: HOSTILE.to_owned(),
                url: "https://example.com".to_owned(),
            },
            Link {
                label: "click".to_owned(),
                url: "javascript:alert(1)".to_owned(),
            },
        ],
        details: hostile_details(),
    };
    match has_order(connection, "escape-text") {
        true => vec![step],
        false => Vec::new(),
    }
}

pub(crate) fn discovered(connection: &Connection, external_id: &str) -> DiscoveredJob {
    let hostile = || has_order(connection, "escape-text").then(|| HOSTILE.to_owned());
    let parameter = |name: &str, default_value| DeclaredParameter {
        name: name.to_owned(),
        data_type: HOSTILE.to_owned(),
        required: false,
        default_value,
        allowed_values: Vec::new(),
        description: hostile(),
    };
    DiscoveredJob {
        external_id: identifier(connection, external_id),
        name: word(connection, external_id),
        display_name: hostile(),
        description: hostile(),
        job_type: word(connection, "Misbehaving"),
        attributes: details(connection),
        parameters: match hostile() {
            Some(value) => vec![
                parameter("Good", None),
                parameter(HOSTILE, None),
                parameter("Value", Some(value)),
            ],
            None => Vec::new(),
        },
        notes: hostile().into_iter().collect(),
        details: details(connection),
    }
}

/// A need, where a text that the host sends back is ordered to be hostile.
pub(crate) fn needs(connection: &Connection) -> Vec<Need> {
    let need = has_order(connection, "escape-identifiers").then(|| Need {
        capability: "http".to_owned(),
        value: HOSTILE.to_owned(),
    });
    need.into_iter().collect()
}

/// One line of a log, where hostile text is ordered.
pub(crate) fn log_page(connection: &Connection) -> LogPage {
    let line = LogLine {
        time: Some(u64::MAX),
        source: HOSTILE.to_owned(),
        message: HOSTILE.to_owned(),
    };
    LogPage {
        lines: match has_order(connection, "escape-text") {
            true => vec![line],
            false => Vec::new(),
        },
        cursor: identifier(connection, "end"),
        more: false,
    }
}
