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
    wit_bindgen::generate!({ world: "plugin", path: "../../wit" });
}

use bindings::exports::polysync::job_type::job_type::*;
use bindings::polysync::job_type::{clock, http, log};

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
        "send-many-at-once" => {
            let requests: Vec<_> = (0..200_000).map(|_| request("https://a.example")).collect();
            http::send_all(&requests).len().to_string()
        }
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

fn discovered(external_id: String) -> DiscoveredJob {
    DiscoveredJob {
        name: external_id.clone(),
        external_id,
        display_name: None,
        description: None,
        job_type: "Misbehaving".to_owned(),
        parameters: Vec::new(),
        details: Vec::new(),
    }
}

fn started(guid: String) -> StartedRun {
    StartedRun {
        run_id: guid,
        details: Vec::new(),
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
            connection_attributes: Vec::new(),
            features: Vec::new(),
            needs: Vec::new(),
        }
    }

    fn validate(connection: Connection, _: Job, _: Option<Vec<DeclaredParameter>>) -> Vec<Finding> {
        let executed = execute_command(&connection).err();
        let finding = |error: Error| Finding {
            severity: Severity::Error,
            field: "connection.attributes.order".to_owned(),
            message: error.message,
        };
        executed.into_iter().map(finding).collect()
    }

    fn test_connection(connection: Connection) -> Result<ConnectionReport, Error> {
        execute_command(&connection)?;
        Ok(ConnectionReport {
            message: "There is nothing to connect to.".to_owned(),
            details: Vec::new(),
        })
    }

    fn discover(connection: Connection, _: Option<String>) -> Result<DiscoveryPage, Error> {
        execute_command(&connection)?;
        Ok(DiscoveryPage {
            jobs: Vec::new(),
            notes: Vec::new(),
            next_cursor: None,
        })
    }

    fn inspect(connection: Connection, external_id: String) -> Result<DiscoveredJob, Error> {
        execute_command(&connection)?;
        Ok(discovered(external_id))
    }

    fn start(connection: Connection, _: Job, guid: String) -> Result<StartedRun, Error> {
        execute_command(&connection)?;
        Ok(started(guid))
    }

    fn status(connection: Connection, _: Run) -> Result<RunStatus, Error> {
        execute_command(&connection)?;
        Ok(RunStatus {
            state: RunState::Success,
            platform_status: String::new(),
            finished: true,
            message: None,
            started_at: None,
            updated_at: None,
            ended_at: None,
            failed_steps: Vec::new(),
            outputs: Vec::new(),
            details: Vec::new(),
        })
    }

    fn cancel(connection: Connection, _: Run, _: String) -> Result<Cancellation, Error> {
        execute_command(&connection)?;
        Ok(Cancellation {
            outcome: CancelOutcome::AlreadyFinished,
            message: "It is over.".to_owned(),
        })
    }

    fn retry(
        connection: Connection,
        _: Run,
        _: Vec<Attribute>,
        guid: String,
    ) -> Result<StartedRun, Error> {
        execute_command(&connection)?;
        Ok(started(guid))
    }

    fn steps(connection: Connection, _: Run, _: Option<String>) -> Result<StepPage, Error> {
        execute_command(&connection)?;
        Ok(StepPage {
            steps: Vec::new(),
            next_cursor: None,
        })
    }

    fn monitor_url(connection: Connection, _: Run) -> Result<String, Error> {
        execute_command(&connection)?;
        Ok("https://example.com".to_owned())
    }
}
