//! End-to-end tests: the compiled component, in the harness, against the emulator. One file a
//! subject; `tests/README.md` says which test holds which line of the specification.

mod support;

mod cancel;
mod component;
mod connection;
mod cost;
mod definitions;
mod discovery;
mod error_variants;
mod errors;
mod fault_table;
mod fuzzing;
mod isolation;
mod monitor_url;
mod resilience;
mod retry;
mod second_host;
mod secrets;
mod start;
mod status;
mod steps;
mod swap;
mod validation;
mod wire_format;
