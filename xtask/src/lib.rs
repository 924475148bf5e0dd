//! Builds the guest for WebAssembly and turns it into a component, and starts the emulator: for the
//! `xtask` tool, which may install what is missing, and for build scripts, which never do.

pub mod component;
pub mod emulator;
pub mod environment;
pub mod machine;
pub mod wasm_target;
pub mod workspace;
