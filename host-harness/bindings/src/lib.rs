//! Makes what other languages have of the contract in `wit/` and of the functions in `host-harness/c`: the C
//! header, and the contract's types in C# and Python. The results are checked in, so that nobody needs Rust
//! to use them; a test fails where they are out of date.
//!
//! `wit-bindgen` has a generator for C#, but of guests: its types are laid out for a component's memory. These
//! are for the JSON form.

mod csharp;
mod header;
mod python;
mod text;
mod wit;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A file that is made.
#[derive(Debug)]
pub struct Made {
    /// Its path in the repository.
    pub path: PathBuf,
    /// All of it.
    pub content: String,
}

/// Every file, as it has to be.
///
/// # Errors
/// The contract or the library's source can't be read.
pub fn make(repository: &Path) -> Result<Vec<Made>> {
    let types = wit::types(&repository.join("wit/0.2.0")).context("cannot read the contract")?;
    let made = |path: &str, content: String| Made {
        path: path.into(),
        content,
    };
    Ok(vec![
        made(
            "host-harness/c/include/polysync_host.h",
            header::header(repository)?,
        ),
        made(
            "host-harness/dotnet/Polysync.JobTypes/Contract.g.cs",
            csharp::types(&types),
        ),
        made(
            "host-harness/python/polysync_host/contract.py",
            python::types(&types),
        ),
    ])
}
