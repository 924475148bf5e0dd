//! The example pipelines that are built into the emulator.

use super::Pipeline;
use super::step_log::StepLogs;
use crate::start_error::StartError;

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        [$((
            $name,
            include_str!(concat!("../../pipelines/", $name, ".json")),
            include_str!(concat!("../../pipelines/", $name, ".meta.json")),
        )),+]
    };
}

/// Name, definition and metadata of each pipeline.
const SHIPPED: [(&str, &str, &str); 6] = shipped!(
    "abalone-training",
    "always-fails",
    "callback-then-lambda",
    "churn-training-fails",
    "nightly-scoring",
    "parameters-of-every-type",
);

pub(crate) fn pipelines() -> Result<Vec<Pipeline>, StartError> {
    SHIPPED
        .into_iter()
        .map(|(name, definition, meta)| {
            Ok(Pipeline {
                name: name.to_owned(),
                definition: definition.to_owned(),
                meta: serde_json::from_str(meta).map_err(|source| StartError::Meta {
                    path: format!("pipelines/{name}.meta.json").into(),
                    source,
                })?,
                step_logs: StepLogs::default(),
            })
        })
        .collect()
}
