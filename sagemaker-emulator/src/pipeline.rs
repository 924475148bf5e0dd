//! A pipeline for the emulator: its name, its definition, and facts that a definition doesn't contain.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use self::step_log::{StepLog, StepLogs};
use crate::definition::expression::Scalar;

pub(crate) mod folder;
pub(crate) mod shipped;
pub(crate) mod step_log;

/// A pipeline for the emulator.
#[derive(Clone, Debug)]
pub struct Pipeline {
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) meta: Meta,
    pub(crate) step_logs: StepLogs,
}

/// The facts that a definition doesn't contain, as in `<name>.meta.json`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(crate) struct Meta {
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) managed_by_aws: bool,
    /// Whether `PipelineStatus` is `Deleting`.
    pub(crate) being_deleted: bool,
    /// The aliases of the only version.
    pub(crate) version_aliases: Vec<String>,
    /// The steps that fail in every execution: the reasons by the step's name.
    pub(crate) failing_steps: BTreeMap<String, String>,
    /// The values for `Std:JsonGet`, by `step.property file.path in the file`.
    pub(crate) values: BTreeMap<String, Scalar>,
}

impl Pipeline {
    /// A pipeline without display name and description. A definition that can't be parsed is
    /// returned unchanged; executions of such a pipeline have no steps and take any parameters.
    pub fn new(name: impl Into<String>, definition: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            definition: definition.into(),
            meta: Meta::default(),
            step_logs: StepLogs::default(),
        }
    }

    /// Sets `PipelineDisplayName`.
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.meta.display_name = Some(name.into());
        self
    }

    /// Sets `PipelineDescription`.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.meta.description = Some(text.into());
        self
    }

    /// Makes this a pipeline that AWS manages: the account of its ARN is `aws`, and a start may
    /// name a role.
    pub fn managed_by_aws(mut self) -> Self {
        self.meta.managed_by_aws = true;
        self
    }

    /// Gives this pipeline the status `Deleting`. It is listed and described like any other.
    pub fn being_deleted(mut self) -> Self {
        self.meta.being_deleted = true;
        self
    }

    /// Adds an alias of the pipeline's only version.
    pub fn version_alias(mut self, alias: impl Into<String>) -> Self {
        self.meta.version_aliases.push(alias.into());
        self
    }

    /// Makes a step fail in every execution.
    pub fn failing_step(mut self, step: impl Into<String>, reason: impl Into<String>) -> Self {
        self.meta.failing_steps.insert(step.into(), reason.into());
        self
    }

    /// Sets what a step's job writes to its log, instead of a few lines of the emulator's own. The lines
    /// are spread over the step's duration. Bytes that are not UTF-8 are replaced with U+FFFD, empty lines
    /// are left out, and longer lines than 256 KiB are split.
    pub fn step_log(mut self, step: impl Into<String>, bytes: &[u8]) -> Self {
        let logs = Arc::make_mut(&mut self.step_logs);
        logs.insert(step.into(), StepLog::parse(bytes));
        self
    }

    /// Sets a value for `Std:JsonGet`; `path` is `step.property file.path in the file`.
    pub fn property_file_value(mut self, path: impl Into<String>, value: Scalar) -> Self {
        self.meta.values.insert(path.into(), value);
        self
    }
}
