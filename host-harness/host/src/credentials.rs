//! Where the credentials of a connection come from, and how long they are used.

#[cfg(feature = "aws-config")]
pub(crate) mod aws_environment;
pub(crate) mod cache;
pub(crate) mod no_credentials;
pub(crate) mod schedule;
pub(crate) mod signing_key;
