//! A pipeline as it is given to the emulator: by name and definition, or from a folder of files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::errors::StartError;
use crate::expression::Scalar;

/// A pipeline to be emulated.
#[derive(Clone, Debug)]
pub struct Pipeline {
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) meta: Meta,
}

/// What a definition doesn't say: the content of `<name>.meta.json`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(crate) struct Meta {
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) managed_by_aws: bool,
    /// By the step's name: the reason it fails with in each execution.
    pub(crate) failing_steps: BTreeMap<String, String>,
    /// What property files hold, for `Std:JsonGet`: by `step.property file.path within it`.
    pub(crate) values: BTreeMap<String, Scalar>,
}

impl Pipeline {
    /// A pipeline without display name and description. A definition that can't be read is served
    /// as it is; executions of such a pipeline have no steps and take any parameters.
    pub fn new(name: impl Into<String>, definition: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            definition: definition.into(),
            meta: Meta::default(),
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

    /// Makes it one of the pipelines that AWS manages: its ARN's account is `aws`, and a start may
    /// name a role.
    pub fn managed_by_aws(mut self) -> Self {
        self.meta.managed_by_aws = true;
        self
    }

    /// Makes a step fail in each execution.
    pub fn failing_step(mut self, step: impl Into<String>, reason: impl Into<String>) -> Self {
        self.meta.failing_steps.insert(step.into(), reason.into());
        self
    }

    /// Sets what `Std:JsonGet` finds, by `step.property file.path within it`.
    pub fn property_file_value(mut self, path: impl Into<String>, value: Scalar) -> Self {
        self.meta.values.insert(path.into(), value);
        self
    }

    /// Reads each `<name>.json` of a folder, with its `<name>.meta.json` where there is one.
    pub(crate) fn read_folder(folder: &Path) -> Result<Vec<Self>, StartError> {
        let entries = fs::read_dir(folder).map_err(|source| unreadable(folder, source))?;
        let mut pipelines = Vec::new();
        for entry in entries {
            let path = entry.map_err(|source| unreadable(folder, source))?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(name) = name.and_then(|name| name.strip_suffix(".json")) else {
                continue;
            };
            if name.ends_with(".meta") {
                continue;
            }
            let definition =
                fs::read_to_string(&path).map_err(|source| unreadable(&path, source))?;
            let meta = path.with_file_name(format!("{name}.meta.json"));
            pipelines.push(Self {
                name: name.to_owned(),
                definition,
                meta: read_meta(&meta)?,
            });
        }
        pipelines.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(pipelines)
    }
}

fn read_meta(path: &Path) -> Result<Meta, StartError> {
    if !path.exists() {
        return Ok(Meta::default());
    }
    let text = fs::read_to_string(path).map_err(|source| unreadable(path, source))?;
    serde_json::from_str(&text).map_err(|source| StartError::Meta {
        path: path.to_owned(),
        source,
    })
}

fn unreadable(path: &Path, source: std::io::Error) -> StartError {
    StartError::Read {
        path: path.to_owned(),
        source,
    }
}
