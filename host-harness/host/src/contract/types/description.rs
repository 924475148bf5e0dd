//! What a job type says of itself.

use wasmtime::component::{ComponentType, Lift, Lower};

/// What can be given for a job or a connection, so that a host can draw a form for it.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct AttributeDefinition {
    /// The name in `attribute`: in kebab-case, like `description.id`.
    pub key: String,
    /// One line of at most 256 bytes.
    pub label: String,
    /// One or two sentences for whoever fills the form; at most 4096 bytes, as are default value,
    /// pattern and each allowed value.
    pub help: String,
    /// `text`, `multiline-text`, `integer` or `boolean`; a host treats another name in kebab-case as
    /// `text`.
    pub kind: String,
    /// Whether a value has to be given.
    pub required: bool,
    /// Whether the value is a secret. A host doesn't show, log or export it.
    #[cfg_attr(feature = "serde", serde(default))]
    pub secret: bool,
    /// The value that applies when none is given. A host may show it; it need not send it.
    #[component(name = "default-value")]
    pub default_value: Option<String>,
    /// The only values that may be given, at most 256. Empty: anything of the kind.
    #[component(name = "allowed-values")]
    #[cfg_attr(feature = "serde", serde(default))]
    pub allowed_values: Vec<String>,
    /// For integers, the least and the greatest value.
    pub minimum: Option<i64>,
    /// As [`minimum`](Self::minimum).
    pub maximum: Option<i64>,
    /// In characters (Unicode scalar values).
    #[component(name = "min-length")]
    pub min_length: Option<u32>,
    /// As [`min_length`](Self::min_length).
    #[component(name = "max-length")]
    pub max_length: Option<u32>,
    /// A regular expression that matches the whole value, in the common subset of ECMAScript and RE2.
    /// It has no anchors of its own.
    pub pattern: Option<String>,
}

/// What a job type is. A host stores, logs and shows it, so it refuses a plugin whose description
/// breaks one of these rules. All lengths are in bytes of UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Description {
    /// Stable for ever: which job type this is, whatever its version. In kebab-case: words of
    /// lower-case letters and digits with a hyphen between them, beginning with a letter; at most 64
    /// bytes.
    pub id: String,
    /// For people. This, the platform and the label are one line each, of at most 256 bytes and
    /// without control characters, invisible ones, and marks that turn the direction of writing.
    pub name: String,
    /// The platform, for people.
    pub platform: String,
    /// The plugin's own, by semantic versioning (`1.2.3`); at most 128 bytes.
    pub version: String,
    /// What the platform calls the external id.
    #[component(name = "external-id-label")]
    pub external_id_label: String,
    /// At most 256, as are the connection's.
    #[component(name = "job-attributes")]
    #[cfg_attr(feature = "serde", serde(default))]
    pub job_attributes: Vec<AttributeDefinition>,
    /// What a connection takes beside region and endpoint.
    #[component(name = "connection-attributes")]
    #[cfg_attr(feature = "serde", serde(default))]
    pub connection_attributes: Vec<AttributeDefinition>,
    /// At most 64 names in kebab-case; a host passes over those that it doesn't know. Which calls it
    /// offers beside those that every job type has: `discover`, `inspect`, `cancel`, `retry`, `steps`,
    /// `logs`, `monitor-url`. And what it promises: `output-parameters`, that a run's last status has
    /// its outputs; `idempotent-start`, that the same GUID never starts a second run.
    #[cfg_attr(feature = "serde", serde(default))]
    pub features: Vec<String>,
}

/// The feature whose plugins never start a second run for the same GUID. Every plugin of version 0.1 has it,
/// beside those that it names.
pub(crate) const IDEMPOTENT_START: &str = "idempotent-start";
