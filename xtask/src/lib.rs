//! Builds job types for WebAssembly, makes components from them, writes a new one to begin from, and
//! starts the emulator: for the `xtask` tool, the benchmark, and build scripts.

pub mod compiler;
pub mod component;
pub mod emulator;
pub mod environment;
mod foreign_imports;
pub mod machine;
pub mod route;
pub mod skeleton;
pub mod workspace;
