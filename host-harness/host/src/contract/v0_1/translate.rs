//! Translates between the types of version 0.1 and those that embedders see.
//!
//! `serde` was considered, from one type into the other through a generic value: it would find at run
//! time what the compiler finds here, that a member is missing.

use std::collections::HashMap;

use super::bindings::types as v0_1;
use crate::contract;
use crate::contract::IDEMPOTENT_START;

/// The code of a finding, which this version doesn't have.
const UNSPECIFIED: &str = "Unspecified";

/// A value of another version of the contract.
pub(super) trait Translate<T> {
    /// The value as `T`.
    fn translate(self) -> T;
}

impl<A: Translate<B>, B> Translate<Option<B>> for Option<A> {
    fn translate(self) -> Option<B> {
        self.map(Translate::translate)
    }
}

impl<A: Translate<B>, B> Translate<Vec<B>> for Vec<A> {
    fn translate(self) -> Vec<B> {
        self.into_iter().map(Translate::translate).collect()
    }
}

impl<A: Translate<B>, B> Translate<Result<B, contract::Error>> for Result<A, v0_1::Error> {
    fn translate(self) -> Result<B, contract::Error> {
        self.map(Translate::translate).map_err(Translate::translate)
    }
}

/// Types that are the same in both versions.
macro_rules! same {
    ($($ty:ty),* $(,)?) => {
        $(impl Translate<Self> for $ty {
            fn translate(self) -> Self {
                self
            }
        })*
    };
}

/// A record of one version, and one of the same name of the other. What the second has beyond the
/// first is added.
macro_rules! record {
    (
        $from:ident => $to:ident, $name:ident {
            $($field:ident),* $(,)?
        } $(adding $($added:ident: $value:expr),*)?
    ) => {
        impl Translate<$to::$name> for $from::$name {
            fn translate(self) -> $to::$name {
                let $from::$name { $($field),* } = self;
                $to::$name {
                    $($field: $field.translate(),)*
                    $($($added: $value,)*)?
                }
            }
        }
    };
}

/// An enum of one version, and one of the same name of the other.
macro_rules! cases {
    ($from:ident => $to:ident, $name:ident { $($case:ident),* $(,)? }) => {
        impl Translate<$to::$name> for $from::$name {
            fn translate(self) -> $to::$name {
                match self {
                    $($from::$name::$case => $to::$name::$case,)*
                }
            }
        }
    };
}

pub(super) use {cases, record};

same!(String, bool, i64, u16, u32, u64, Vec<u8>);

// What a plugin is told.

record!(contract => v0_1, Attribute { name, value });
record!(contract => v0_1, Connection { region, endpoint, attributes });
cases!(contract => v0_1, Direction { Input, Output, InputOutput });
record!(contract => v0_1, Parameter { name, direction, value });
record!(contract => v0_1, Job { external_id, attributes, parameters });
record!(contract => v0_1, DeclaredParameter {
    name, data_type, required, default_value, allowed_values, description,
});

impl Translate<v0_1::Run> for contract::Run {
    /// An external id that isn't known is empty. Nothing but the page of a run needs it, in the plugins
    /// of this version.
    fn translate(self) -> v0_1::Run {
        let Self {
            external_id,
            run_id,
        } = self;
        v0_1::Run {
            external_id: external_id.unwrap_or_default(),
            run_id,
        }
    }
}

// What a plugin tells.

record!(v0_1 => contract, Attribute { name, value });
record!(v0_1 => contract, AttributeDefinition {
    key, label, help, kind, required, default_value, minimum, maximum, min_length, max_length, pattern,
} adding secret: false, allowed_values: Vec::new());
record!(v0_1 => contract, Need { capability, value });
cases!(v0_1 => contract, ErrorClass {
    Invalid, Denied, NotFound, Conflict, Limit, Throttled, Unavailable, Unsupported, Other,
});
record!(v0_1 => contract, Error {
    class, code, message, hint, retryable, request_id, details,
});
record!(v0_1 => contract, DeclaredParameter {
    name, data_type, required, default_value, allowed_values, description,
});
record!(v0_1 => contract, DiscoveredJob {
    external_id, name, display_name, description, job_type, parameters, details,
} adding attributes: Vec::new(), notes: Vec::new());
cases!(v0_1 => contract, Severity { Error, Warning });
record!(v0_1 => contract, Finding {
    severity, field, message,
} adding code: UNSPECIFIED.to_owned());
record!(v0_1 => contract, StartedRun { run_id, details });
cases!(v0_1 => contract, RunState { Running, Success, Failed, Cancelled, Unknown });
record!(v0_1 => contract, Link { label, url });
record!(v0_1 => contract, Step {
    name, display_name, kind, state, platform_status, started_at, ended_at, attempts, cache_hit, reason,
    resource_id, links, details,
} adding has_log: false);
record!(v0_1 => contract, StepPage { steps, next_cursor });
record!(v0_1 => contract, RunStatus {
    state, platform_status, finished, message, started_at, updated_at, ended_at, failed_steps, outputs,
    details,
} adding poll_after: None);
cases!(v0_1 => contract, CancelOutcome { Requested, AlreadyStopping, AlreadyFinished });
record!(v0_1 => contract, Cancellation { outcome, message });
record!(v0_1 => contract, ConnectionReport { message, details });

impl Translate<contract::Description> for v0_1::Description {
    fn translate(self) -> contract::Description {
        let Self {
            id,
            name,
            platform,
            version,
            external_id_label,
            job_attributes,
            connection_attributes,
            mut features,
            needs: _,
        } = self;
        if !features.iter().any(|feature| feature == IDEMPOTENT_START) {
            features.push(IDEMPOTENT_START.to_owned());
        }
        contract::Description {
            id,
            name,
            platform,
            version,
            external_id_label,
            job_attributes: job_attributes.translate(),
            connection_attributes: connection_attributes.translate(),
            features,
        }
    }
}

impl Translate<contract::DiscoveryPage> for v0_1::DiscoveryPage {
    /// A note is about one job. It goes to that job if it is on the page, else to the page.
    fn translate(self) -> contract::DiscoveryPage {
        let Self {
            jobs,
            notes,
            next_cursor,
        } = self;
        let mut jobs: Vec<contract::DiscoveredJob> = jobs.translate();
        let mut of_jobs: HashMap<_, _> = jobs
            .iter_mut()
            .rev()
            .map(|job| (job.external_id.as_str(), &mut job.notes))
            .collect();
        let mut of_page = Vec::new();
        for note in notes {
            let v0_1::DiscoveryNote {
                external_id,
                message,
            } = note;
            match of_jobs.get_mut(external_id.as_str()) {
                Some(notes) => notes.push(message),
                None => of_page.push(format!("{external_id}: {message}")),
            }
        }
        contract::DiscoveryPage {
            jobs,
            notes: of_page,
            next_cursor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(external_id: &str) -> v0_1::DiscoveredJob {
        v0_1::DiscoveredJob {
            external_id: external_id.to_owned(),
            name: external_id.to_owned(),
            display_name: None,
            description: None,
            job_type: "Example".to_owned(),
            parameters: Vec::new(),
            details: Vec::new(),
        }
    }

    fn note(external_id: &str, message: &str) -> v0_1::DiscoveryNote {
        v0_1::DiscoveryNote {
            external_id: external_id.to_owned(),
            message: message.to_owned(),
        }
    }

    #[test]
    fn a_note_goes_to_its_job_or_to_the_page() {
        let page = v0_1::DiscoveryPage {
            jobs: vec![job("one"), job("two")],
            notes: vec![
                note("two", "no parameters"),
                note("gone", "no permission"),
                note("two", "a draft"),
            ],
            next_cursor: Some("2".to_owned()),
        };
        let page: contract::DiscoveryPage = page.translate();
        assert!(page.jobs[0].notes.is_empty());
        assert_eq!(page.jobs[1].notes, ["no parameters", "a draft"]);
        assert_eq!(page.notes, ["gone: no permission"]);
        assert_eq!(page.next_cursor.as_deref(), Some("2"));
    }

    #[test]
    fn notes_about_two_jobs_of_the_same_id_go_to_the_first() {
        let page = v0_1::DiscoveryPage {
            jobs: vec![job("one"), job("one")],
            notes: vec![note("one", "twice")],
            next_cursor: None,
        };
        let page: contract::DiscoveryPage = page.translate();
        assert_eq!(page.jobs[0].notes, ["twice"]);
        assert!(page.jobs[1].notes.is_empty());
    }

    #[test]
    fn every_plugin_promises_that_a_guid_starts_one_run() {
        for features in [&["steps"][..], &["steps", "idempotent-start"]] {
            let description = v0_1::Description {
                id: "example".to_owned(),
                name: String::new(),
                platform: String::new(),
                version: String::new(),
                external_id_label: String::new(),
                job_attributes: Vec::new(),
                connection_attributes: Vec::new(),
                features: features.iter().map(ToString::to_string).collect(),
                needs: Vec::new(),
            };
            let description: contract::Description = description.translate();
            assert_eq!(description.features, ["steps", "idempotent-start"]);
        }
    }
}
