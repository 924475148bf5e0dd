//! The transport to an AWS service that speaks AWS JSON 1.1: one orchestrator ([`client`]) over
//! plain stages ([`endpoint`], [`sigv4`], [`response`], [`retry`], [`pace`]).

pub mod arn;
pub mod client;
pub mod datetime;
pub mod endpoint;
pub mod error;
pub mod json;
pub mod pace;
pub mod partition;
pub mod response;
pub mod retry;
pub mod sigv4;
