//! Reads pipelines from a folder of files.

use std::fs;
use std::path::Path;

use super::{Meta, Pipeline};
use crate::start_error::StartError;

/// Reads each `<name>.json` of a folder, with its `<name>.meta.json` if there is one.
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

fn read_error(path: &Path, source: std::io::Error) -> StartError {
    StartError::Read {
        path: path.to_owned(),
        source,
    }
}
