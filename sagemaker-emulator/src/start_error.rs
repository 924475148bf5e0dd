//! The errors that prevent the emulator from starting.

use std::path::PathBuf;

/// Why the emulator can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or the operating system doesn't permit listening on it.
    #[error("cannot listen on 127.0.0.1:{port}: {source}; choose another port, or 0 for any")]
    Listen {
        /// The requested port.
        port: u16,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A folder or file of pipeline definitions cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The folder or file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A pipeline's `.meta.json` is not what the emulator expects.
    #[error("{}: {source}", path.display())]
    Meta {
        /// The file.
        path: PathBuf,
        /// Where and why it is wrong.
        source: serde_json::Error,
    },
    /// A pipeline's name is not one that SageMaker allows.
    #[error(
        "{name:?} is not a pipeline name: letters, digits and single hyphens between them, 256 at most"
    )]
    PipelineName {
        /// The name.
        name: String,
    },
    /// A job's name is not one that Glue allows.
    #[error(
        "{name:?} is not the name of a Glue job: 1 to 255 characters, and no control characters"
    )]
    GlueJobName {
        /// The name.
        name: String,
    },
    /// The API model that is built into the emulator cannot be read.
    #[error("the built-in API model is broken: {0}")]
    Model(String),
}
