//! The thin module between WIT and the rest: types are converted, nothing is decided.

use crate::description::{AttributeDefinition, Kind, Need};
use crate::error::{Error, ErrorClass};
use crate::heap::Heap;
use crate::host::{self, Freshness, Host};
use crate::job::{self, DataType};
use crate::pipeline::{
    cancel, connection, console, describe, discover, retry, start, status, steps, validate,
};
use crate::run;
use std::alloc::System;
use std::sync::Once;

#[allow(
    missing_docs,
    unsafe_code,
    reason = "generated; the documentation is in the WIT"
)]
mod bindings {
    wit_bindgen::generate!({
        world: "plugin",
        path: "wit",
    });
}

use bindings::exports::polysync::job_type::job_type as wit;
use bindings::polysync::job_type::{aws_signing, clock, http, log};

struct Plugin;

#[global_allocator]
static HEAP: Heap<System> = Heap::before(System);

#[allow(
    unsafe_code,
    reason = "the exports of a component are unmangled symbols"
)]
mod export {
    super::bindings::export!(Plugin with_types_in super::bindings);
    use super::Plugin;
}

impl wit::Guest for Plugin {
    fn describe() -> wit::Description {
        log_panics();
        let description = describe::describe();
        wit::Description {
            id: description.id.to_owned(),
            name: description.name.to_owned(),
            platform: description.platform.to_owned(),
            version: description.version.to_owned(),
            external_id_label: description.external_id_label.to_owned(),
            job_attributes: all(description.job_attributes),
            connection_attributes: all(description.connection_attributes),
            features: description
                .features
                .iter()
                .map(|f| (*f).to_owned())
                .collect(),
            needs: all(description.needs),
        }
    }

    fn validate(
        connection: wit::Connection,
        job: wit::Job,
        declared: Option<Vec<wit::DeclaredParameter>>,
    ) -> Vec<wit::Finding> {
        log_panics();
        let declared: Option<Vec<job::DeclaredParameter>> = declared.map(all);
        all(validate::validate(
            &connection.into(),
            &job.into(),
            declared.as_deref(),
        ))
    }

    fn test_connection(connection: wit::Connection) -> Result<wit::ConnectionReport, wit::Error> {
        log_panics();
        into(connection::test(&Imports, &connection.into()))
    }

    fn discover(
        connection: wit::Connection,
        cursor: Option<String>,
    ) -> Result<wit::DiscoveryPage, wit::Error> {
        log_panics();
        into(discover::discover(
            &Imports,
            &connection.into(),
            cursor.as_deref(),
        ))
    }

    fn inspect(
        connection: wit::Connection,
        external_id: String,
    ) -> Result<wit::DiscoveredJob, wit::Error> {
        log_panics();
        into(discover::inspect(
            &Imports,
            &connection.into(),
            &external_id,
        ))
    }

    fn start(
        connection: wit::Connection,
        job: wit::Job,
        guid: String,
    ) -> Result<wit::StartedRun, wit::Error> {
        log_panics();
        into(start::start(
            &Imports,
            &connection.into(),
            &job.into(),
            &guid,
        ))
    }

    fn status(connection: wit::Connection, run: wit::Run) -> Result<wit::RunStatus, wit::Error> {
        log_panics();
        into(status::status(&Imports, &connection.into(), &run.into()))
    }

    fn cancel(
        connection: wit::Connection,
        run: wit::Run,
        guid: String,
    ) -> Result<wit::Cancellation, wit::Error> {
        log_panics();
        into(cancel::cancel(
            &Imports,
            &connection.into(),
            &run.into(),
            &guid,
        ))
    }

    fn retry(
        connection: wit::Connection,
        run: wit::Run,
        attributes: Vec<wit::Attribute>,
        guid: String,
    ) -> Result<wit::StartedRun, wit::Error> {
        log_panics();
        let attributes: Vec<job::Attribute> = all(attributes);
        into(retry::retry(
            &Imports,
            &connection.into(),
            &run.into(),
            &attributes,
            &guid,
        ))
    }

    fn steps(
        connection: wit::Connection,
        run: wit::Run,
        cursor: Option<String>,
    ) -> Result<wit::StepPage, wit::Error> {
        log_panics();
        into(steps::steps(
            &Imports,
            &connection.into(),
            &run.into(),
            cursor.as_deref(),
        ))
    }

    fn monitor_url(connection: wit::Connection, run: wit::Run) -> Result<String, wit::Error> {
        log_panics();
        into(console::monitor_url(&connection.into(), &run.into()))
    }
}

/// A panic ends in a trap, which says nothing; so its text goes to the host's log first.
fn log_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            log::write(log::Level::Error, &info.to_string());
        }));
    });
}

/// The host as it really is.
struct Imports;

impl Host for Imports {
    fn send_all(
        &self,
        requests: Vec<host::HttpRequest>,
    ) -> Vec<Result<host::HttpResponse, host::HttpError>> {
        let mut requests: Vec<http::Request> = all(requests);
        let responses = match requests.pop() {
            Some(only) if requests.is_empty() => vec![http::send(&only)],
            Some(last) => {
                requests.push(last);
                http::send_all(&requests)
            }
            None => Vec::new(),
        };
        responses.into_iter().map(into).collect()
    }

    fn signing_credentials(
        &self,
        scope: &host::Scope,
        freshness: Freshness,
    ) -> Result<host::SigningCredentials, host::SigningError> {
        let scope = aws_signing::Scope {
            date: scope.date.clone(),
            region: scope.region.clone(),
            service: scope.service.to_owned(),
        };
        into(match freshness {
            Freshness::Cached => aws_signing::get(&scope),
            Freshness::Renewed => aws_signing::refresh(&scope),
        })
    }

    fn now(&self) -> u64 {
        clock::now()
    }

    fn deadline(&self) -> u64 {
        clock::deadline()
    }

    fn jitter(&self, max: u64) -> u64 {
        clock::jitter(max)
    }

    fn sleep(&self, milliseconds: u64) {
        clock::sleep(milliseconds);
    }

    fn log(&self, level: host::Level, message: &str) {
        let level = match level {
            host::Level::Debug => log::Level::Debug,
            host::Level::Info => log::Level::Info,
            host::Level::Warn => log::Level::Warn,
            host::Level::Error => log::Level::Error,
        };
        log::write(level, message);
    }
}

fn all<T: Into<U>, U>(list: Vec<T>) -> Vec<U> {
    list.into_iter().map(Into::into).collect()
}

fn into<T: Into<U>, U, E: Into<F>, F>(result: Result<T, E>) -> Result<U, F> {
    result.map(Into::into).map_err(Into::into)
}

/// Converts a record whose fields are named alike on both sides, each field by `Into` or by the
/// expression given for it.
macro_rules! convert {
    ($from:ty => $to:path { $($field:ident $(: $value:expr)?),* $(,)? } via $source:ident) => {
        impl From<$from> for $to {
            fn from($source: $from) -> Self {
                Self { $($field: convert!(@field $source $field $($value)?)),* }
            }
        }
    };
    (@field $source:ident $field:ident) => { $source.$field };
    (@field $source:ident $field:ident $value:expr) => { $value };
}

convert!(wit::Attribute => job::Attribute { name, value } via a);
convert!(job::Attribute => wit::Attribute { name, value } via a);
convert!(wit::Connection => job::Connection { region, endpoint, attributes: all(c.attributes) } via c);
convert!(wit::Job => job::Job {
    external_id, attributes: all(j.attributes), parameters: all(j.parameters)
} via j);
convert!(wit::Parameter => job::Parameter { name, direction: p.direction.into(), value } via p);
convert!(wit::Run => run::Run { external_id, run_id } via r);
convert!(wit::DeclaredParameter => job::DeclaredParameter {
    name, data_type: data_type(p.data_type), required, default_value, allowed_values, description
} via p);
convert!(job::DeclaredParameter => wit::DeclaredParameter {
    name, data_type: data_type_word(p.data_type), required, default_value, allowed_values, description
} via p);
convert!(job::DiscoveredJob => wit::DiscoveredJob {
    external_id, name, display_name, description, job_type: describe::NAME.to_owned(),
    parameters: all(j.parameters), details: all(j.details)
} via j);
convert!(job::DiscoveryNote => wit::DiscoveryNote { external_id, message } via n);
convert!(job::DiscoveryPage => wit::DiscoveryPage {
    jobs: all(p.jobs), notes: all(p.notes), next_cursor
} via p);
convert!(job::Finding => wit::Finding { severity: f.severity.into(), field, message } via f);
convert!(job::ConnectionReport => wit::ConnectionReport { message, details: all(r.details) } via r);
convert!(run::StartedRun => wit::StartedRun { run_id, details: all(r.details) } via r);
convert!(run::Cancellation => wit::Cancellation { outcome: c.outcome.into(), message } via c);
convert!(run::Link => wit::Link { label: l.label.to_owned(), url } via l);
convert!(run::Step => wit::Step {
    name, display_name, kind, state: s.state.into(), platform_status, started_at, ended_at,
    attempts, cache_hit, reason, resource_id, links: all(s.links), details: all(s.details)
} via s);
convert!(run::StepPage => wit::StepPage { steps: all(p.steps), next_cursor } via p);
convert!(run::RunStatus => wit::RunStatus {
    state: s.state.into(), platform_status, finished, message, started_at, updated_at, ended_at,
    failed_steps: all(s.failed_steps), outputs: Vec::new(), details: all(s.details)
} via s);
convert!(Error => wit::Error {
    class: e.class.into(), code, message, hint, retryable, request_id, details: all(e.details)
} via e);
convert!(AttributeDefinition => wit::AttributeDefinition {
    key: d.key.to_owned(), label: d.label.to_owned(), help: d.help.to_owned(),
    kind: kind_word(d.kind).to_owned(), required: false, default_value: None,
    minimum: d.range.map(|(least, _)| least), maximum: d.range.map(|(_, most)| most),
    min_length: d.length.map(|(least, _)| least), max_length: d.length.map(|(_, most)| most),
    pattern: d.pattern.map(str::to_owned)
} via d);
convert!(host::HttpRequest => http::Request {
    method: r.method.to_owned(), url,
    headers: r.headers.into_iter().map(|(name, value)| http::Header { name: name.to_owned(), value }).collect(),
    body
} via r);
convert!(http::Response => host::HttpResponse {
    status, headers: r.headers.into_iter().map(|h| (h.name, h.value)).collect(), body
} via r);
convert!(http::Error => host::HttpError { kind: e.kind.into(), message } via e);
convert!(aws_signing::Credentials => host::SigningCredentials {
    access_key_id, session_token, signing_key
} via c);
convert!(aws_signing::Error => host::SigningError {
    not_granted: e.kind == aws_signing::ErrorKind::NotGranted, message
} via e);

/// Converts an enum whose cases are named alike on both sides.
macro_rules! convert_cases {
    ($from:path => $to:path { $($case:ident),* $(,)? }) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                use $from as Source;
                match value { $(Source::$case => Self::$case),* }
            }
        }
    };
}

convert_cases!(wit::Direction => job::Direction { Input, Output, InputOutput });
convert_cases!(job::Severity => wit::Severity { Error, Warning });
convert_cases!(run::RunState => wit::RunState { Running, Success, Failed, Cancelled, Unknown });
convert_cases!(run::CancelOutcome => wit::CancelOutcome { Requested, AlreadyStopping, AlreadyFinished });
convert_cases!(ErrorClass => wit::ErrorClass {
    Invalid, Denied, NotFound, Conflict, Limit, Throttled, Unavailable, Unsupported, Other
});
convert_cases!(http::ErrorKind => host::HttpErrorKind {
    Denied, Timeout, Connect, Tls, BodyTooLarge, Protocol
});

impl From<Need> for wit::Need {
    fn from(need: Need) -> Self {
        let (capability, value) = match need {
            Need::Http(origin) => ("http", origin),
            Need::AwsSigning(service) => ("aws-signing", service.to_owned()),
        };
        Self {
            capability: capability.to_owned(),
            value,
        }
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
    }
}

fn data_type(word: String) -> DataType {
    match word.as_str() {
        "string" => DataType::String,
        "integer" => DataType::Integer,
        "float" => DataType::Float,
        "boolean" => DataType::Boolean,
        _ => DataType::Other(word),
    }
}

fn data_type_word(data_type: DataType) -> String {
    match data_type {
        DataType::String => "string".to_owned(),
        DataType::Integer => "integer".to_owned(),
        DataType::Float => "float".to_owned(),
        DataType::Boolean => "boolean".to_owned(),
        DataType::Other(word) => word,
    }
}
