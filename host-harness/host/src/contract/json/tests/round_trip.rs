//! Whatever a type holds comes back from its JSON, but for times that are not on the calendar.

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::contract::*;

/// The last millisecond that jiff can tell: 9999-12-30T22:00:00Z.
const LAST: u64 = 253_402_207_200_000;

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_string(value).expect("JSON");
    let read: T = serde_json::from_str(&json).expect("the JSON that was just written");
    assert_eq!(&read, value, "{json}");
}

fn text() -> impl Strategy<Value = String> {
    any::<String>()
}

fn maybe_text() -> impl Strategy<Value = Option<String>> {
    option::of(text())
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..3)
}

fn time() -> impl Strategy<Value = Option<u64>> {
    option::of(prop_oneof![0..=LAST, Just(0), Just(LAST)])
}

/// Some have the same name.
fn attributes() -> impl Strategy<Value = Vec<Attribute>> {
    let name = prop_oneof![text(), "[ab]"];
    vec(
        (name, text()).prop_map(|(name, value)| Attribute { name, value }),
        0..4,
    )
}

fn state() -> impl Strategy<Value = RunState> {
    prop_oneof![
        Just(RunState::Running),
        Just(RunState::Success),
        Just(RunState::Failed),
        Just(RunState::Cancelled),
        Just(RunState::Unknown),
    ]
}

fn direction() -> impl Strategy<Value = Direction> {
    prop_oneof![
        Just(Direction::Input),
        Just(Direction::Output),
        Just(Direction::InputOutput),
    ]
}

fn definition() -> impl Strategy<Value = AttributeDefinition> {
    let texts_of_it = (text(), text(), text(), text(), maybe_text(), maybe_text());
    let numbers = any::<(Option<i64>, Option<i64>, Option<u32>, Option<u32>)>();
    (texts_of_it, any::<(bool, bool)>(), texts(), numbers).prop_map(
        |(
            (key, label, help, kind, default_value, pattern),
            (required, secret),
            allowed_values,
            (minimum, maximum, min_length, max_length),
        )| AttributeDefinition {
            key,
            label,
            help,
            kind,
            required,
            secret,
            default_value,
            allowed_values,
            minimum,
            maximum,
            min_length,
            max_length,
            pattern,
        },
    )
}

fn description() -> impl Strategy<Value = Description> {
    let definitions = || vec(definition(), 0..2);
    let texts_of_it = (text(), text(), text(), text(), text());
    (texts_of_it, definitions(), definitions(), texts()).prop_map(
        |(
            (id, name, platform, version, external_id_label),
            job_attributes,
            connection_attributes,
            features,
        )| Description {
            id,
            name,
            platform,
            version,
            external_id_label,
            job_attributes,
            connection_attributes,
            features,
        },
    )
}

fn job() -> impl Strategy<Value = Job> {
    let parameter =
        (text(), direction(), maybe_text()).prop_map(|(name, direction, value)| Parameter {
            name,
            direction,
            value,
        });
    (text(), attributes(), vec(parameter, 0..3)).prop_map(
        |(external_id, attributes, parameters)| Job {
            external_id,
            attributes,
            parameters,
        },
    )
}

fn declared_parameter() -> impl Strategy<Value = DeclaredParameter> {
    let texts_of_it = (text(), text(), maybe_text(), maybe_text());
    (texts_of_it, any::<bool>(), texts()).prop_map(
        |((name, data_type, default_value, description), required, allowed_values)| {
            DeclaredParameter {
                name,
                data_type,
                required,
                default_value,
                allowed_values,
                description,
            }
        },
    )
}

fn discovery_page() -> impl Strategy<Value = DiscoveryPage> {
    let texts_of_it = (text(), text(), maybe_text(), maybe_text(), text());
    let parameters = vec(declared_parameter(), 0..3);
    let job = (texts_of_it, attributes(), parameters, texts(), attributes()).prop_map(
        |(
            (external_id, name, display_name, description, job_type),
            attributes,
            parameters,
            notes,
            details,
        )| DiscoveredJob {
            external_id,
            name,
            display_name,
            description,
            job_type,
            attributes,
            parameters,
            notes,
            details,
        },
    );
    (vec(job, 0..2), texts(), maybe_text()).prop_map(|(jobs, notes, next_cursor)| DiscoveryPage {
        jobs,
        notes,
        next_cursor,
    })
}

fn finding() -> impl Strategy<Value = Finding> {
    let severity = prop_oneof![Just(Severity::Error), Just(Severity::Warning)];
    (severity, text(), text(), text()).prop_map(|(severity, code, field, message)| Finding {
        severity,
        code,
        field,
        message,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let texts_of_it = (text(), text(), text());
    let maybe_texts = (maybe_text(), maybe_text(), maybe_text());
    let links = vec(
        (text(), text()).prop_map(|(label, url)| Link { label, url }),
        0..3,
    );
    (
        (texts_of_it, maybe_texts, state(), time(), time()),
        any::<(Option<u32>, bool, bool)>(),
        (links, attributes()),
    )
        .prop_map(
            |(
                (
                    (name, kind, platform_status),
                    (display_name, reason, resource_id),
                    state,
                    started_at,
                    ended_at,
                ),
                (attempts, cache_hit, has_log),
                (links, details),
            )| Step {
                name,
                display_name,
                kind,
                state,
                platform_status,
                started_at,
                ended_at,
                attempts,
                cache_hit,
                has_log,
                reason,
                resource_id,
                links,
                details,
            },
        )
}

fn status() -> impl Strategy<Value = RunStatus> {
    (
        (state(), text(), any::<bool>(), maybe_text()),
        (time(), time(), time(), time()),
        (vec(step(), 0..2), attributes(), attributes()),
    )
        .prop_map(
            |(
                (state, platform_status, finished, message),
                (poll_after, started_at, updated_at, ended_at),
                (failed_steps, outputs, details),
            )| RunStatus {
                state,
                platform_status,
                finished,
                poll_after,
                message,
                started_at,
                updated_at,
                ended_at,
                failed_steps,
                outputs,
                details,
            },
        )
}

fn log_page() -> impl Strategy<Value = LogPage> {
    let line = (time(), text(), text()).prop_map(|(time, source, message)| LogLine {
        time,
        source,
        message,
    });
    (vec(line, 0..3), text(), any::<bool>()).prop_map(|(lines, cursor, more)| LogPage {
        lines,
        cursor,
        more,
    })
}

fn log_position() -> impl Strategy<Value = LogPosition> {
    prop_oneof![
        Just(LogPosition::Oldest),
        any::<u32>().prop_map(LogPosition::Last),
        text().prop_map(LogPosition::After),
    ]
}

fn class() -> impl Strategy<Value = ErrorClass> {
    prop_oneof![
        Just(ErrorClass::Invalid),
        Just(ErrorClass::Denied),
        Just(ErrorClass::NotFound),
        Just(ErrorClass::Conflict),
        Just(ErrorClass::Limit),
        Just(ErrorClass::Throttled),
        Just(ErrorClass::Unavailable),
        Just(ErrorClass::Unsupported),
        Just(ErrorClass::Uncertain),
        Just(ErrorClass::Other),
    ]
}

fn failure() -> impl Strategy<Value = Error> {
    let texts_of_it = (text(), text(), text(), maybe_text());
    (class(), texts_of_it, any::<bool>(), attributes()).prop_map(
        |(class, (code, message, hint, request_id), retryable, details)| Error {
            class,
            code,
            message,
            hint,
            retryable,
            request_id,
            details,
        },
    )
}

fn outcome() -> impl Strategy<Value = CancelOutcome> {
    prop_oneof![
        Just(CancelOutcome::Requested),
        Just(CancelOutcome::AlreadyStopping),
        Just(CancelOutcome::AlreadyFinished),
    ]
}

proptest! {
    #[test]
    fn of_a_description(description in description()) {
        comes_back(&description);
    }

    #[test]
    fn of_a_connection(
        (region, endpoint, attributes) in (text(), maybe_text(), attributes()),
        (capability, value) in any::<(String, String)>(),
        (message, details) in (text(), attributes()),
    ) {
        comes_back(&Connection { region, endpoint, attributes });
        comes_back(&Need { capability, value });
        comes_back(&ConnectionReport { message, details });
    }

    #[test]
    fn of_a_job(job in job(), finding in finding()) {
        comes_back(&job);
        comes_back(&finding);
    }

    #[test]
    fn of_discovered_jobs(page in discovery_page()) {
        comes_back(&page);
    }

    #[test]
    fn of_a_run(
        (external_id, run_id) in (maybe_text(), text()),
        details in attributes(),
        (outcome, message) in (outcome(), text()),
    ) {
        comes_back(&Run { external_id, run_id: run_id.clone() });
        comes_back(&StartedRun { run_id, details });
        comes_back(&Cancellation { outcome, message });
    }

    #[test]
    fn of_a_status(status in status()) {
        comes_back(&status);
    }

    #[test]
    fn of_steps(steps in vec(step(), 0..3), next_cursor in maybe_text()) {
        comes_back(&StepPage { steps, next_cursor });
    }

    #[test]
    fn of_a_log(page in log_page(), position in log_position()) {
        comes_back(&page);
        comes_back(&position);
    }

    #[test]
    fn of_an_error(error in failure()) {
        comes_back(&error);
    }
}
