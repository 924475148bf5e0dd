//! The JSON form of the contract's types, by serde: one form for a tool's output, for what a host
//! stores, and for programs in other languages.
//!
//! - Members have the contract's names in camelCase, and enums the contract's words: `not-found`.
//! - An option that isn't given is `null`.
//! - A [time] is RFC 3339 text in UTC: `"2026-11-24T21:15:42.25Z"`.
//! - A list of [attributes] is an object: `{ "display-name": "Nightly" }`.
//! - A [`LogPosition`](super::LogPosition) is `"oldest"`, `{ "last": 100 }` or `{ "after": "CURSOR" }`.
//!
//! What one version of this library writes, earlier and later ones can read. A member that the reader
//! doesn't know is passed over. Options, lists, what came with version 0.2.0 of the contract, and the
//! direction of a parameter may be missing: they are then none, empty, `false` or `""`, and the direction is
//! `input`. A state that the reader doesn't know is `unknown`, and a class of errors `other`.
//!
//! The form hides nothing: the value of a secret attribute is in the JSON of its job or connection.
//!
//! ```
//! use polysync_host::contract::{Direction, Job};
//!
//! let job: Job = serde_json::from_str(
//!     r#"{
//!         "externalId": "abalone-training",
//!         "attributes": { "execution-display-name": "Nightly" },
//!         "parameters": [{ "name": "LearningRate", "value": "0.10" }]
//!     }"#,
//! )?;
//! assert_eq!(job.parameters[0].direction, Direction::Input);
//! # Ok::<(), serde_json::Error>(())
//! ```

pub mod attributes;
pub mod time;

#[cfg(test)]
mod tests;
