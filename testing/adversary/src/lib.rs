//! Calls that get answers which no service should give, and what every call owes whoever made it
//! all the same: an answer or an error of the contract, after a bounded number of requests.
//!
//! Each function takes any bytes at all. `fuzz/` looks for bytes that break one; the project's tests
//! run each over the corpus of `fuzz/seeds` and over bytes of their own.

mod component;
mod definition;
mod error;
mod native;
mod script;

pub use component::Component;
pub use definition::definition;
pub use error::error;
pub use native::native;
