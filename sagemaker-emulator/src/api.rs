//! The APIs of SageMaker, Glue and CloudWatch Logs as their models define them: operations, constraints, statuses and errors.

mod constraints;
pub(crate) mod epoch_seconds;
pub(crate) mod error;
pub(crate) mod model;
pub(crate) mod operation;
pub(crate) mod options;
pub(crate) mod service;
mod shapes;
pub(crate) mod status;
