//! The SageMaker Pipeline job type: a WebAssembly component that starts, follows and cancels
//! executions of Amazon SageMaker pipelines for a job orchestrator.
//!
//! Data flows one way: job → request → signed HTTP → response → status. Nothing is kept between
//! calls, and time, randomness, the network and credentials come from the [`host`] alone.
//!
//! - [`job`], [`run`], [`description`], [`error`]: the plain types of the contract.
//! - [`host`]: what the guest may ask of its host, as a trait, so that all the rest runs natively.
//! - [`aws`]: the transport (signing, endpoints, retries, errors). It knows nothing of pipelines.
//! - [`pipeline`]: SageMaker pipelines. It knows nothing of WIT.
//! - `component`: the one thin module between WIT and all of this; compiled for Wasm only.

pub mod aws;
#[cfg(target_family = "wasm")]
mod component;
pub mod description;
pub mod error;
#[cfg(any(target_family = "wasm", test))]
mod heap;
pub mod host;
pub mod job;
pub mod pipeline;
pub mod run;
#[cfg(test)]
mod testing;
mod version;
