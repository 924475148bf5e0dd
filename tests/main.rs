//! End-to-end tests: the compiled component, in the host, against the emulator. One file for each
//! subject; `tests/README.md` maps the lines of the specification to tests.

mod support;

mod cancel;
mod component;
mod connection;
mod contract_versions;
mod cost;
mod definitions;
mod discovery;
mod error_variants;
mod errors;
mod fault_table;
mod for_each;
mod fuzzing;
mod isolation;
mod logs;
mod monitor_url;
mod released;
mod resilience;
mod retry;
mod run_by_id;
mod second_host;
mod secrets;
mod selective_execution;
mod start;
mod status;
mod statuses;
mod steps;
mod swap;
mod swap_contracts;
mod validation;
mod wire_format;
