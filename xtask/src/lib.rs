//! Builds the guest for WebAssembly, makes a component of it, and starts the emulator: for the `xtask`
//! tool, for the benchmark, and for build scripts.

pub mod compiler;
pub mod component;
pub mod emulator;
pub mod environment;
pub mod machine;
pub mod route;
pub mod workspace;
