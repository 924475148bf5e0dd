//! A job type that misbehaves on command. The connection's attribute `order` holds the command;
//! without one, each call gets the shortest answer that the contract allows.
//!
//! It is written with `wit-bindgen` alone, because a host must be safe from plugins that do not use
//! `kit/job-type`.
#![cfg(target_family = "wasm")]

use std::hint::black_box;

#[allow(
    missing_docs,
    unsafe_code,
    unreachable_pub,
    reason = "generated; the documentation is in the WIT"
)]
mod bindings {
    wit_bindgen::generate!({ world: "plugin", path: "../../wit/0.2.0" });
}

use bindings::exports::polysync::job_type::job_type::Guest;
use bindings::polysync::job_type::types::*;
use bindings::polysync::job_type::{aws_signing, clock, http, log};

mod many_runs;
mod memory;
mod pages;
mod text;

use memory::remembered;
use text::{
    HOSTILE, details, discovered, escape_cursor, has_order, hostile_error, identifier, steps, word,
};

struct Plugin;

#[allow(
    unsafe_code,
    reason = "the exports of a component are unmangled symbols"
)]
mod export {
    super::bindings::export!(Plugin with_types_in super::bindings);
    use super::Plugin;
}

/// Executes the connection's command, if it has one. A command that ends returns an error, whose
/// message is what the host answered.
fn execute_command(connection: &Connection) -> Result<(), Error> {
    let attribute = connection.attributes.iter().find(|a| a.name == "order");
    let Some(Attribute { value, .. }) = attribute else {
        return Ok(());
    };
    let (command, argument) = value.split_once(' ').unwrap_or((value, ""));
    let outcome = match command {
        "loop" => loop {
            black_box(());
        },
        "take-memory" => {
            let mut taken: Vec<Vec<u8>> = Vec::new();
            loop {
                // Memory that is never written to would only take addresses.
                taken.push(vec![1; 1 << 20]);
                black_box(&taken);
            }
        }
        "hold-memory" => {
            let (mebibytes, url) = argument.split_once(' ').unwrap_or_default();
            let held = vec![1u8; mebibytes.parse().map_or(0, |count: usize| count << 20)];
            let answer = send(url);
            black_box(&held);
            answer
        }
        "recurse" => recurse(0).to_string(),
        // These two are for the text of an answer: see `word` and `identifier`.
        "escape-text" | "escape-identifiers" => return Ok(()),
        // For the answers of `statuses` and `logs`: see `many_runs` and `pages`.
        "echo-runs" | "too-few" | "too-many" | "log-lines" => return Ok(()),
        "escape-errors" => return Err(hostile_error()),
        "escape-log" => {
            log::write(log::Level::Error, HOSTILE);
            std::process::abort()
        }
        "trap" => std::process::abort(),
        "log-line" => {
            log::write(log::Level::Info, &"x".repeat(1 << 20));
            "logged".to_owned()
        }
        "log-flood" => {
            for number in 0..1_000_000 {
                log::write(log::Level::Info, &format!("line {number}"));
            }
            "logged".to_owned()
        }
        "panic-in-words" => {
            log::write(log::Level::Error, "panicked at the disco");
            std::process::abort()
        }
        "sleep" => {
            clock::sleep(u64::MAX);
            loop {
                clock::sleep(u64::MAX);
            }
        }
        "send" => send(argument),
        "send-for-ever" => loop {
            send(argument);
        },
        "send-all" => {
            let (times, url) = times(argument);
            let requests: Vec<_> = (0..times).map(|_| request(url)).collect();
            count(http::send_all(&requests))
        }
        "send-in-turn" => {
            let (times, url) = times(argument);
            count((0..times).map(|_| http::send(&request(url))))
        }
        "refresh" => {
            let (times, date) = times(argument);
            (0..times).for_each(|_| drop(aws_signing::refresh(&scope(date))));
            "refreshed".to_owned()
        }
        "key" => aws_signing::get(&scope(argument)).map_or_else(
            |error| error.message,
            |credentials| credentials.access_key_id,
        ),
        "remember" => remembered().to_string(),
        "time-left" => (clock::deadline() - clock::now()).to_string(),
        "send-many-at-once" => {
            let requests: Vec<_> = (0..200_000).map(|_| request("https://a.example")).collect();
            http::send_all(&requests).len().to_string()
        }
        // These two are for a start alone.
        "lose-answer" => return Ok(()),
        "hang-in-start" => return Ok(()),
        // For the listings: see `pages`.
        "pages" => return Ok(()),
        unknown => format!("`{unknown}` is not a command"),
    };
    Err(error(outcome))
}

fn recurse(depth: u64) -> u64 {
    black_box(depth) + recurse(black_box(depth + 1))
}

fn request(url: &str) -> http::Request {
    http::Request {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout: None,
    }
}

/// The number before an argument, and the argument.
fn times(argument: &str) -> (u32, &str) {
    let (times, rest) = argument.split_once(' ').unwrap_or((argument, ""));
    (times.parse().unwrap_or(0), rest)
}

/// How many answers there are of each kind.
fn count(answers: impl IntoIterator<Item = Result<http::Response, http::Error>>) -> String {
    let (mut good, mut too_large, mut denied, mut other) = (0, 0, 0, 0);
    for answer in answers {
        match answer.map_err(|error| error.kind) {
            Ok(_) => good += 1,
            Err(http::ErrorKind::BodyTooLarge) => too_large += 1,
            Err(http::ErrorKind::Denied) => denied += 1,
            Err(_) => other += 1,
        }
    }
    format!("{good} good, {too_large} too large, {denied} denied, {other} other")
}

fn scope(date: &str) -> aws_signing::Scope {
    aws_signing::Scope {
        date: date.to_owned(),
        region: "eu-west-1".to_owned(),
        service: "sagemaker".to_owned(),
    }
}

fn send(url: &str) -> String {
    match http::send(&request(url)) {
        Ok(response) => format!("status {}", response.status),
        Err(error) => format!("{:?}: {}", error.kind, error.message),
    }
}

fn error(message: String) -> Error {
    Error {
        class: ErrorClass::Other,
        code: "CommandExecuted".to_owned(),
        message,
        hint: String::new(),
        retryable: false,
        request_id: None,
        details: Vec::new(),
    }
}

/// A start that may have happened, as one of two runs.
fn lost_answer() -> Error {
    let candidate = |run_id: &str| Attribute {
        name: "candidate-run-id".to_owned(),
        value: run_id.to_owned(),
    };
    Error {
        class: ErrorClass::Uncertain,
        code: "AnswerLost".to_owned(),
        details: ["run-8", "run-9"].map(candidate).to_vec(),
        // Against the contract, to be passed over.
        retryable: true,
        ..error("No answer came.".to_owned())
    }
}

fn started(connection: &Connection, guid: &str) -> StartedRun {
    StartedRun {
        run_id: identifier(connection, guid),
        details: details(connection),
    }
}

impl Guest for Plugin {
    fn describe() -> Description {
        Description {
            id: "misbehaving".to_owned(),
            name: "Misbehaving".to_owned(),
            platform: "none".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            external_id_label: "name".to_owned(),
            job_attributes: Vec::new(),
            connection_attributes: vec![AttributeDefinition {
                key: "order".to_owned(),
                label: "Order".to_owned(),
                help: HOSTILE.to_owned(),
                kind: "text".to_owned(),
                required: false,
                secret: false,
                default_value: Some(HOSTILE.to_owned()),
                allowed_values: vec![HOSTILE.to_owned()],
                minimum: None,
                maximum: None,
                min_length: None,
                max_length: None,
                pattern: None,
            }],
            features: [
                "discover",
                "inspect",
                "cancel",
                "retry",
                "steps",
                "logs",
                "monitor-url",
            ]
            .map(str::to_owned)
            .to_vec(),
        }
    }

    fn needs(connection: Connection) -> Vec<Need> {
        // This call has no error to return the answer in.
        drop(execute_command(&connection));
        text::needs(&connection)
    }

    fn validate(connection: Connection, _: Job, _: Option<Vec<DeclaredParameter>>) -> Vec<Finding> {
        let executed = execute_command(&connection).err();
        let finding = |error: Error| Finding {
            severity: Severity::Error,
            code: error.code,
            field: "connection.attributes.order".to_owned(),
            message: error.message,
        };
        let hostile = has_order(&connection, "escape-text").then(|| Finding {
            severity: Severity::Warning,
            code: HOSTILE.to_owned(),
            field: HOSTILE.to_owned(),
            message: HOSTILE.to_owned(),
        });
        executed.into_iter().map(finding).chain(hostile).collect()
    }

    fn test_connection(connection: Connection) -> Result<ConnectionReport, Error> {
        execute_command(&connection)?;
        Ok(ConnectionReport {
            message: word(&connection, "There is nothing to connect to."),
            details: details(&connection),
        })
    }

    fn discover(connection: Connection, cursor: Option<String>) -> Result<DiscoveryPage, Error> {
        execute_command(&connection)?;
        if let Some(page) = pages::discovery_page(&connection, cursor.as_deref()) {
            return Ok(page);
        }
        let hostile = has_order(&connection, "escape-text");
        let jobs = hostile.then(|| discovered(&connection, "job"));
        let unnamed = hostile.then(|| DiscoveredJob {
            external_id: HOSTILE.to_owned(),
            ..discovered(&connection, "job")
        });
        let note = hostile.then(|| HOSTILE.to_owned());
        Ok(DiscoveryPage {
            jobs: jobs.into_iter().chain(unnamed).collect(),
            notes: note.into_iter().collect(),
            next_cursor: escape_cursor(&connection),
        })
    }

    fn inspect(connection: Connection, external_id: String) -> Result<DiscoveredJob, Error> {
        execute_command(&connection)?;
        Ok(discovered(&connection, &external_id))
    }

    fn start(connection: Connection, _: Job, guid: String) -> Result<StartedRun, Error> {
        execute_command(&connection)?;
        while has_order(&connection, "hang-in-start") {
            clock::sleep(u64::MAX);
        }
        match has_order(&connection, "lose-answer") {
            true => Err(lost_answer()),
            false => Ok(started(&connection, &guid)),
        }
    }

    fn status(connection: Connection, _: Run) -> Result<RunStatus, Error> {
        execute_command(&connection)?;
        Ok(RunStatus {
            state: RunState::Success,
            platform_status: word(&connection, ""),
            finished: true,
            poll_after: None,
            message: has_order(&connection, "escape-text").then(|| HOSTILE.to_owned()),
            started_at: None,
            updated_at: None,
            ended_at: None,
            failed_steps: steps(&connection),
            outputs: details(&connection),
            details: details(&connection),
        })
    }

    fn statuses(connection: Connection, runs: Vec<Run>) -> Vec<Result<RunStatus, Error>> {
        many_runs::statuses(&connection, runs, |run| {
            Self::status(connection.clone(), run)
        })
    }

    fn cancel(connection: Connection, _: Run, _: String) -> Result<Cancellation, Error> {
        execute_command(&connection)?;
        Ok(Cancellation {
            outcome: CancelOutcome::AlreadyFinished,
            message: word(&connection, "It is over."),
        })
    }

    fn retry(
        connection: Connection,
        _: Run,
        _: Vec<Attribute>,
        guid: String,
    ) -> Result<StartedRun, Error> {
        execute_command(&connection)?;
        Ok(started(&connection, &guid))
    }

    fn steps(connection: Connection, _: Run, cursor: Option<String>) -> Result<StepPage, Error> {
        execute_command(&connection)?;
        if let Some(page) = pages::step_page(&connection, cursor.as_deref()) {
            return Ok(page);
        }
        Ok(StepPage {
            steps: steps(&connection),
            next_cursor: escape_cursor(&connection),
        })
    }

    fn logs(connection: Connection, _: Run, _: String, _: LogPosition) -> Result<LogPage, Error> {
        execute_command(&connection)?;
        Ok(pages::log_page(&connection).unwrap_or_else(|| text::log_page(&connection)))
    }

    fn monitor_url(connection: Connection, _: Run) -> Result<String, Error> {
        execute_command(&connection)?;
        Ok(identifier(&connection, "https://example.com"))
    }
}
