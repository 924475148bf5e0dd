//! The emulator over HTTP, as clients use it.

mod admin;
mod client;
mod constraints;
mod executions;
mod faults;
mod glue;
mod listings;
mod log_events;
mod log_faults;
mod log_pages;
mod log_streams;
mod signing;
mod tokens;
