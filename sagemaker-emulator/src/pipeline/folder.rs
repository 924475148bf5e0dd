//! Reads pipelines from a folder of files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::step_log::{StepLog, StepLogs};
use super::{Meta, Pipeline};
use crate::start_error::StartError;

/// Reads each `<name>.json` of a folder, with its `<name>.meta.json` and its `<name>.logs` if there are any.
pub(crate) fn read(folder: &Path) -> Result<Vec<Pipeline>, StartError> {
    let entries = fs::read_dir(folder).map_err(|source| read_error(folder, source))?;
    let mut pipelines = Vec::new();
    for entry in entries {
        let path = entry.map_err(|source| read_error(folder, source))?.path();
        let file_name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = file_name.and_then(|name| name.strip_suffix(".json")) else {
            continue;
        };
        if name.ends_with(".meta") {
            continue;
        }
        pipelines.push(Pipeline {
            name: name.to_owned(),
            definition: fs::read_to_string(&path).map_err(|source| read_error(&path, source))?,
            meta: read_meta(&path.with_file_name(format!("{name}.meta.json")))?,
            step_logs: read_logs(&path.with_file_name(format!("{name}.logs")))?,
        });
    }
    pipelines.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(pipelines)
}

fn read_meta(path: &Path) -> Result<Meta, StartError> {
    if !path.exists() {
        return Ok(Meta::default());
    }
    let text = fs::read_to_string(path).map_err(|source| read_error(path, source))?;
    serde_json::from_str(&text).map_err(|source| StartError::Meta {
        path: path.to_owned(),
        source,
    })
}

/// Reads each `<step>.log` of a folder.
fn read_logs(folder: &Path) -> Result<StepLogs, StartError> {
    let mut logs = BTreeMap::new();
    if !folder.exists() {
        return Ok(StepLogs::new(logs));
    }
    let entries = fs::read_dir(folder).map_err(|source| read_error(folder, source))?;
    for entry in entries {
        let path = entry.map_err(|source| read_error(folder, source))?.path();
        let file_name = path.file_name().and_then(|name| name.to_str());
        if let Some(step) = file_name.and_then(|name| name.strip_suffix(".log")) {
            let bytes = fs::read(&path).map_err(|source| read_error(&path, source))?;
            logs.insert(step.to_owned(), StepLog::parse(&bytes));
        }
    }
    Ok(StepLogs::new(logs))
}

fn read_error(path: &Path, source: std::io::Error) -> StartError {
    StartError::Read {
        path: path.to_owned(),
        source,
    }
}
