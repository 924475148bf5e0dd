//! The SageMaker Pipeline job type: one module a call of the contract, on plain types.
//!
//! | call | module |
//! | --- | --- |
//! | describe | [`describe`] |
//! | validate | [`validate`], with the API model's limits in [`constraints`] |
//! | test-connection | [`connection`] |
//! | discover, inspect | [`discover`], [`definition`] |
//! | start | [`start`] |
//! | status | [`status`] |
//! | cancel | [`cancel`] |
//! | retry | [`retry`] |
//! | steps | [`steps`], [`step`] |
//! | monitor-url | [`console`] |

pub mod api;
pub mod attributes;
pub mod cancel;
pub mod connection;
pub mod console;
pub mod constraints;
pub mod cursor;
pub mod definition;
pub mod describe;
pub mod discover;
pub mod external_id;
pub mod failure;
pub mod hint;
pub mod metadata;
pub mod retry;
pub mod run_id;
pub mod start;
pub mod status;
pub mod step;
pub mod steps;
#[cfg(test)]
pub(crate) mod testing;
pub mod token;
pub mod validate;
