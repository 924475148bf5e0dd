//! The components that were released, for tests of what today's host does with them.

use std::path::{Path, PathBuf};

/// A component that was released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Released {
    /// The version of the contract that it was built for.
    pub contract: &'static str,
    /// The component's file, in the folder of this package.
    file: &'static str,
}

/// The released components, the oldest first.
const RELEASED: [Released; 2] = [
    Released {
        contract: "0.1.0",
        file: "sagemaker-pipeline-0.1.0.wasm",
    },
    Released {
        contract: "0.2.0",
        file: "sagemaker-pipeline-0.2.0.wasm",
    },
];

/// The released components, the oldest first.
pub fn released() -> &'static [Released] {
    &RELEASED
}

impl Released {
    /// Where the component is.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(self.file)
    }
}
