//! The settings of a run that its job may set: how a form shows them, how they are read, and which of
//! them applies. An attribute of the job comes before the connection's default; without either nothing
//! is sent, so that the definition's own applies.

use job_type_kit::contract::{Attribute, AttributeDefinition};
use job_type_kit::{FindingCode, Findings, Problem, limits};

/// `WorkerType`
pub const WORKER_TYPE: &str = "worker-type";
/// `NumberOfWorkers`
pub const NUMBER_OF_WORKERS: &str = "number-of-workers";
/// The argument [`GLUE_VERSION_ARGUMENT`].
pub const GLUE_VERSION: &str = "glue-version";
/// `Timeout`
pub const TIMEOUT: &str = "timeout-minutes";

/// StartJobRun has no member for the version.
pub const GLUE_VERSION_ARGUMENT: &str = "--glue-version";

/// API model: `WorkerType`
pub const WORKER_TYPES: [&str; 13] = [
    "Standard", "G.025X", "G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X", "R.1X", "R.2X", "R.4X",
    "R.8X", "Z.2X",
];

/// API model: `GlueVersionString`
const VERSION_LENGTH: (u32, u32) = (1, 255);
/// API model: `GlueVersionString`, without its anchors.
const VERSION_PATTERN: &str = r"([A-Za-z0-9_]+\.)+[A-Za-z0-9_]+|auto";

/// The settings that are given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunSettings {
    /// One of [`WORKER_TYPES`].
    pub worker_type: Option<String>,
    /// At least 1.
    pub number_of_workers: Option<i32>,
    /// For example `5.0`.
    pub glue_version: Option<String>,
    /// In minutes.
    pub timeout: Option<i32>,
}

impl RunSettings {
    /// A job's attributes. What is wrong goes into `findings`.
    pub fn of_job(attributes: &[Attribute], findings: &mut Findings) -> Self {
        Self::read("", "", attributes, findings)
    }

    /// A connection's defaults. What is wrong goes into `findings`.
    pub fn of_connection(attributes: &[Attribute], findings: &mut Findings) -> Self {
        Self::read("connection.", "default-", attributes, findings)
    }

    fn read(
        prefix: &str,
        default: &str,
        attributes: &[Attribute],
        findings: &mut Findings,
    ) -> Self {
        let key = |key| [default, key].concat();
        let number = |text: &str| limits::whole_number(text, 1);
        let workers = key(NUMBER_OF_WORKERS);
        let timeout = key(TIMEOUT);
        Self {
            worker_type: findings.attribute(prefix, attributes, &key(WORKER_TYPE), worker_type),
            number_of_workers: findings.attribute(prefix, attributes, &workers, number),
            glue_version: findings.attribute(prefix, attributes, &key(GLUE_VERSION), version),
            timeout: findings.attribute(prefix, attributes, &timeout, number),
        }
    }

    /// These, and for what isn't given the defaults.
    #[must_use]
    pub fn or(self, defaults: Self) -> Self {
        Self {
            worker_type: self.worker_type.or(defaults.worker_type),
            number_of_workers: self.number_of_workers.or(defaults.number_of_workers),
            glue_version: self.glue_version.or(defaults.glue_version),
            timeout: self.timeout.or(defaults.timeout),
        }
    }

    /// The attributes of a job that have these values: those that a start takes.
    pub fn attributes(self) -> Vec<Attribute> {
        let number = |number: Option<i32>| number.filter(|n| *n >= 1).map(|n| n.to_string());
        let known = |text: &String, read: Read| read(text).is_ok();
        let version = self.glue_version.filter(|text| known(text, version));
        [
            (
                WORKER_TYPE,
                self.worker_type.filter(|text| known(text, worker_type)),
            ),
            (NUMBER_OF_WORKERS, number(self.number_of_workers)),
            (GLUE_VERSION, version),
            (TIMEOUT, number(self.timeout)),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some(Attribute::new(key, value?)))
        .collect()
    }
}

/// What can be given for a job.
pub fn job_definitions() -> Vec<AttributeDefinition> {
    definitions("", "of this job's runs, in place of the definition's")
}

/// What can be given for a connection.
pub fn connection_definitions() -> Vec<AttributeDefinition> {
    definitions("default-", "of the runs of jobs that name none")
}

fn definitions(default: &str, whose: &str) -> Vec<AttributeDefinition> {
    let key = |key| [default, key].concat();
    let help = |what| format!("{what} {whose}.");
    let number = |name, label, what| {
        AttributeDefinition::integer(&key(name), label, &help(what))
            .with_minimum(1)
            // The API's integers have 32 bits.
            .with_maximum(i32::MAX.into())
    };
    vec![
        AttributeDefinition::text(
            &key(WORKER_TYPE),
            "Glue Worker Type",
            &help("The kind of machine"),
        )
        .with_allowed_values(WORKER_TYPES),
        number(
            NUMBER_OF_WORKERS,
            "Glue Number of Workers",
            "How many machines of the worker type run each",
        ),
        AttributeDefinition::text(
            &key(GLUE_VERSION),
            "Glue Version",
            &help("The version of Glue, such as 5.0,"),
        )
        .with_length(VERSION_LENGTH)
        .with_pattern(VERSION_PATTERN),
        number(TIMEOUT, "Glue Timeout in Minutes", "The longest time"),
    ]
}

type Read = fn(&str) -> Result<String, Problem>;

fn worker_type(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if WORKER_TYPES.contains(&text) {
        return Ok(text.to_owned());
    }
    let message = format!(
        "is {text:?}, which is not among the worker types: {}",
        WORKER_TYPES.join(", ")
    );
    Err(Problem::new(FindingCode::NotAllowed, message))
}

fn version(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let fits = text == "auto" || (text.contains('.') && text.split('.').all(is_word));
    let wrong = limits::length(text, VERSION_LENGTH).or_else(|| {
        let message = "has to be a version of Glue such as 5.0, or auto";
        (!fits).then(|| Problem::new(FindingCode::InvalidCharacters, message))
    });
    wrong.map_or_else(|| Ok(text.to_owned()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::list;

    #[test]
    fn a_jobs_attribute_comes_before_the_connections_default() {
        let mut findings = Findings::default();
        let job = list(&[("worker-type", "G.2X"), ("timeout-minutes", "60")]);
        let connection = list(&[
            ("default-worker-type", "G.1X"),
            ("default-number-of-workers", "4"),
        ]);
        let job = RunSettings::of_job(&job, &mut findings);
        let defaults = RunSettings::of_connection(&connection, &mut findings);
        assert_eq!(
            job.or(defaults),
            RunSettings {
                worker_type: Some("G.2X".to_owned()),
                number_of_workers: Some(4),
                glue_version: None,
                timeout: Some(60),
            }
        );
        assert_eq!(findings, Findings::default());
    }

    #[test]
    fn each_value_that_glue_does_not_take_names_its_field() {
        for (key, value) in [
            ("worker-type", "G.3X"),
            ("number-of-workers", "0"),
            ("number-of-workers", "2147483648"),
            ("glue-version", "five"),
            ("glue-version", "5..0"),
            ("timeout-minutes", "soon"),
        ] {
            let mut findings = Findings::default();
            RunSettings::of_job(&list(&[(key, value)]), &mut findings);
            let default = format!("default-{key}");
            RunSettings::of_connection(&list(&[(&default, value)]), &mut findings);
            let found = findings.into_sorted();
            let fields: Vec<_> = found.iter().map(|f| f.field.as_str()).collect();
            let job = format!("attributes.{key}");
            let connection = format!("connection.attributes.default-{key}");
            assert_eq!(fields, [job, connection], "{value}");
        }
    }
}
