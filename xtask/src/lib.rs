//! Builds the guest for WebAssembly, makes a component from it, and starts the emulator: for the
//! `xtask` tool, the benchmark, and build scripts.

pub mod compiler;
pub mod component;
pub mod emulator;
pub mod environment;
pub mod machine;
pub mod route;
pub mod workspace;
