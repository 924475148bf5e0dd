//! The kit for authors of job types on AWS: the transport to a service that speaks AWS JSON 1.1, and
//! what holds for every service.
//!
//! A service is a value, [`Service`]: its names, its endpoint rule and its wording. A
//! [`Client`](client::Client) signs, sends, reads the answer and decides whether to try again; what a
//! call ends in becomes the contract's error with [`Client::contract_error`](client::Client::contract_error).
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`service`] | what sets one service apart from the others |
//! | [`connection`] | a connection's region, endpoint and variants, parsed |
//! | [`platform`] | a service and CloudWatch Logs on one connection |
//! | [`partition`], [`region`], [`variant`], [`endpoint`] | where a service answers |
//! | [`sigv4`] | the signature of a request |
//! | [`client`] | one operation, or many at the pace that the service allows |
//! | [`retry`], [`pace`] | which failures are tried again, how often and how fast |
//! | [`polls`] | the states of many runs |
//! | [`batch`] | which errors are one run's, and which all would meet |
//! | [`json`], [`time`], [`response`] | how answers are read |
//! | [`error`], [`error_class`], [`hints`] | what a call can end in, its class, and what to do about it |
//! | [`logs`] | what a job wrote to CloudWatch Logs |
//! | [`arn`] | Amazon Resource Names |
//! | [`console`] | links into the AWS console |
//!
//! The kit does not depend on any service or job type.

/// The guide, whose code is compiled with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/writing-a-job-type.md")]
struct Guide;

pub mod arn;
pub mod batch;
pub mod client;
pub mod connection;
pub mod console;
mod contract_error;
pub mod endpoint;
pub mod error;
pub mod error_class;
pub mod hints;
pub mod json;
pub mod logs;
pub mod pace;
pub mod partition;
pub mod platform;
pub mod polls;
pub mod region;
pub mod response;
pub mod retry;
pub mod service;
mod shapes;
pub mod sigv4;
#[cfg(test)]
mod testing;
pub mod time;
pub mod variant;

pub use service::Service;
