//! An account of the platform, and what it needs.

use wasmtime::component::{ComponentType, Lift, Lower};

/// A named value of an open list. A name that the reader doesn't know is passed over.
///
/// In JSON a list of them is one object, so that an attribute has no JSON form of its own.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
pub struct Attribute {
    /// What is given.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// An account of the platform, and how to reach it. Credentials aren't in it: the host holds
/// them, see `aws-signing`.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Connection {
    /// The platform's region, in its own spelling.
    pub region: String,
    /// Base URL to use in place of the platform's own.
    pub endpoint: Option<String>,
    /// The values of `description.connection-attributes`, each key once. An empty value counts as not
    /// given.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::attributes")
    )]
    pub attributes: Vec<Attribute>,
}

/// Something that the calls of a connection use, for an operator to grant. Without the grant, the
/// host refuses the use, and the call that needs it fails with an error of class `denied`.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Need {
    /// The import that it is about: `http` or `aws-signing`.
    pub capability: String,
    /// One line of at most 256 bytes. For `http`, an origin such as `https://api.example.com`, where
    /// `*` stands for one label of the name. For `aws-signing`, a signing name such as `sagemaker`.
    pub value: String,
}

/// What a connection was found to be good for.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct ConnectionReport {
    /// One sentence for a person.
    pub message: String,
    /// Other facts of interest.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::attributes")
    )]
    pub details: Vec<Attribute>,
}
