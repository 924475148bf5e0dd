//! The wire format, checked against the API model: the model allows every request that the component
//! sends, and the component understands every response that the model allows.

mod attributes;
mod jobs;
mod listings;
mod log_cursors;
mod native;
mod requests;
mod responses;
mod subject;
