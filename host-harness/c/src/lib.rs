//! The host for job type plugins as a shared library, `libpolysync_host`, that any language drives through
//! a C ABI: the functions of [`abi`], declared in `include/polysync_host.h`.
//!
//! A program makes a host, a slot in it, loads a plugin, and makes connections. It begins calls with
//! [`ps_call`](abi::ps_call), which doesn't block, and takes what comes of them with
//! [`ps_next`](abi::ps_next): answers, questions for credentials or HTTP, log lines and swaps. Documents are
//! JSON in the form that `polysync_host::contract::json` describes. The README of this folder shows each.
//!
//! Nothing of the program's runs on a thread that a plugin runs on: the library never calls back. It leaves
//! the signal handlers to the program's runtime.

pub mod abi;
mod calls;
mod connection;
mod credentials;
mod errors;
mod event;
mod host;
mod http;
mod log_events;
mod needs;
mod options;
mod panics;
mod parse;
mod questions;
mod queue;
mod registry;
mod slot;
mod source;
mod status;

pub use status::PsStatus;
