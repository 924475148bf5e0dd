//! Makes calls whose requests get answers that no service should give, and checks what every call
//! still owes its caller: an answer or an error of the contract, after a bounded number of requests.
//!
//! Each function accepts any bytes. `fuzz/` searches for bytes that break one; the project's tests run
//! each over `fuzz/seeds` and over variations of them.

mod component;
mod definition;
mod error;
mod native;
mod script;

pub use component::Component;
pub use definition::definition;
pub use error::error;
pub use native::native;
