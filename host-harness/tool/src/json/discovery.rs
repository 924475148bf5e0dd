//! Jobs as the platform knows them, in JSON.

use polysync_host::contract::{DeclaredParameter, DiscoveredJob};
use serde::Serialize;

use super::Named;
use super::error::ErrorView;

/// What `discover` found; with an error, what it found before that.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiscoveryView<'a> {
    pub(crate) jobs: Vec<DiscoveredJobView<'a>>,
    pub(crate) notes: &'a [String],
    /// The cursor of the page that failed; none without an error.
    pub(crate) next_cursor: Option<&'a str>,
    pub(crate) error: Option<ErrorView<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiscoveredJobView<'a> {
    external_id: &'a str,
    name: &'a str,
    display_name: Option<&'a str>,
    description: Option<&'a str>,
    job_type: &'a str,
    attributes: Named<'a>,
    parameters: Vec<DeclaredParameterView<'a>>,
    notes: &'a [String],
    details: Named<'a>,
}

impl<'a> From<&'a DiscoveredJob> for DiscoveredJobView<'a> {
    fn from(job: &'a DiscoveredJob) -> Self {
        Self {
            external_id: &job.external_id,
            name: &job.name,
            display_name: job.display_name.as_deref(),
            description: job.description.as_deref(),
            job_type: &job.job_type,
            parameters: job
                .parameters
                .iter()
                .map(DeclaredParameterView::from)
                .collect(),
            attributes: Named(&job.attributes),
            notes: &job.notes,
            details: Named(&job.details),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DeclaredParameterView<'a> {
    name: &'a str,
    data_type: &'a str,
    required: bool,
    default_value: Option<&'a str>,
    allowed_values: &'a [String],
    description: Option<&'a str>,
}

impl<'a> From<&'a DeclaredParameter> for DeclaredParameterView<'a> {
    fn from(parameter: &'a DeclaredParameter) -> Self {
        Self {
            name: &parameter.name,
            data_type: &parameter.data_type,
            required: parameter.required,
            default_value: parameter.default_value.as_deref(),
            allowed_values: &parameter.allowed_values,
            description: parameter.description.as_deref(),
        }
    }
}
