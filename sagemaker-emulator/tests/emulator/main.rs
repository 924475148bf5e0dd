//! The emulator over HTTP, as a client meets it.

mod admin;
mod client;
mod constraints;
mod executions;
mod faults;
mod listings;
mod signing;
mod tokens;
