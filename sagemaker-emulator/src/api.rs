//! The SageMaker API as its model defines it: operations, constraints, statuses and errors.

mod constraints;
pub(crate) mod epoch_seconds;
pub(crate) mod error;
pub(crate) mod model;
pub(crate) mod operation;
pub(crate) mod options;
mod shapes;
pub(crate) mod status;
