//! The emulator over HTTP, as clients use it.

mod admin;
mod client;
mod constraints;
mod executions;
mod faults;
mod listings;
mod signing;
mod tokens;
