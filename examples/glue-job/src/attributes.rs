//! The settings of a run that its job or its connection may give. An attribute of the job comes before
//! the connection's default; without either nothing is sent, so that the definition's own applies.

use aws_kit::platform;
use job_type_kit::contract::AttributeDefinition;
use job_type_kit::{Problem, limits};

/// `WorkerType`
pub const WORKER_TYPE: &str = "worker-type";
/// `NumberOfWorkers`
pub const NUMBER_OF_WORKERS: &str = "number-of-workers";
/// The argument `--glue-version`: StartJobRun has no member for it.
pub const GLUE_VERSION: &str = "glue-version";
/// `Timeout`
pub const TIMEOUT: &str = "timeout-minutes";

/// API model: `WorkerType`
const WORKER_TYPES: [&str; 13] = [
    "Standard", "G.025X", "G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X", "R.1X", "R.2X", "R.4X",
    "R.8X", "Z.2X",
];

/// What can be given for a job.
pub fn of_jobs() -> Vec<AttributeDefinition> {
    let number = |key, label, help| {
        let definition = AttributeDefinition::integer(key, label, help);
        // The API's integers have 32 bits.
        definition.with_minimum(1).with_maximum(i32::MAX.into())
    };
    vec![
        AttributeDefinition::text(WORKER_TYPE, "Glue Worker Type", "The machines of a run.")
            .with_allowed_values(WORKER_TYPES),
        number(
            NUMBER_OF_WORKERS,
            "Glue Number of Workers",
            "How many workers a run has.",
        ),
        AttributeDefinition::text(GLUE_VERSION, "Glue Version", "A version such as 5.0.")
            .with_length((1, 255)),
        number(
            TIMEOUT,
            "Glue Timeout in Minutes",
            "How long a run may take before Glue ends it.",
        ),
    ]
}

/// What can be given for a connection.
pub fn of_connections() -> Vec<AttributeDefinition> {
    let defaults = of_jobs().into_iter().map(AttributeDefinition::as_default);
    defaults.chain(platform::definitions()).collect()
}

/// What is wrong with a job's name, if anything (API model: `NameString`). The model allows tabs, but an
/// External Id has visible characters.
pub fn job_name(text: &str) -> Option<Problem> {
    limits::visible_line(text, (1, 255))
}
