//! What a job type is, in JSON.

use polysync_host::contract::AttributeDefinition;
use polysync_host::{GrantRequests, Plugin};
use serde::Serialize;

use super::need::NeedView;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DescriptionView<'a> {
    id: &'a str,
    name: &'a str,
    platform: &'a str,
    version: &'a str,
    external_id_label: &'a str,
    job_attributes: Vec<DefinitionView<'a>>,
    connection_attributes: Vec<DefinitionView<'a>>,
    features: &'a [String],
    sha256: String,
    /// None where nothing is known of the connection.
    needs: Option<Vec<NeedView<'a>>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DefinitionView<'a> {
    key: &'a str,
    label: &'a str,
    help: &'a str,
    kind: &'a str,
    required: bool,
    default_value: Option<&'a str>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    min_length: Option<u32>,
    max_length: Option<u32>,
    pattern: Option<&'a str>,
}

impl<'a> DescriptionView<'a> {
    pub(crate) fn new(plugin: &'a Plugin, requests: Option<&'a GrantRequests>) -> Self {
        let description = plugin.description();
        Self {
            sha256: plugin.digest().to_string(),
            id: &description.id,
            name: &description.name,
            platform: &description.platform,
            version: &description.version,
            external_id_label: &description.external_id_label,
            job_attributes: description
                .job_attributes
                .iter()
                .map(DefinitionView::from)
                .collect(),
            connection_attributes: description
                .connection_attributes
                .iter()
                .map(DefinitionView::from)
                .collect(),
            features: &description.features,
            needs: requests.map(NeedView::all),
        }
    }
}

impl<'a> From<&'a AttributeDefinition> for DefinitionView<'a> {
    fn from(definition: &'a AttributeDefinition) -> Self {
        Self {
            key: &definition.key,
            label: &definition.label,
            help: &definition.help,
            kind: &definition.kind,
            required: definition.required,
            default_value: definition.default_value.as_deref(),
            minimum: definition.minimum,
            maximum: definition.maximum,
            min_length: definition.min_length,
            max_length: definition.max_length,
            pattern: definition.pattern.as_deref(),
        }
    }
}
