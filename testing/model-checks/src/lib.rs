//! Checks a job type on AWS by the API models of the services that it talks to: the models allow every
//! request that it sends, and it reads every answer that they allow.
//!
//! An [`Api`] is what the models say: it generates answers, and checks requests. A [`Subject`] is a job type's
//! side: what its calls are made with, and what it usually gets. The job type itself is the type
//! parameter of the checks, so that they serve any.

mod answers;
mod api;
mod calls;
mod cases;
mod jobs;
mod patterns;
mod shapes;
mod subject;
#[cfg(test)]
mod tests;
mod values;
mod violations;

pub use api::Api;
pub use calls::Call;
pub use cases::{cases, runner};
pub use subject::{Made, Passed, Sent, Subject};
