//! Where a component comes from, and which build is expected there.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::digest::Digest;
use crate::loading::error::LoadFault;

/// Where a component comes from: a file, or bytes in memory. A path converts into a source.
#[derive(Debug, Clone)]
pub struct Source {
    location: Location,
    pinned: Option<Digest>,
}

#[derive(Debug, Clone)]
enum Location {
    File(PathBuf),
    Bytes(Vec<u8>),
}

/// The bytes of a component that have the digest that was expected, but aren't checked otherwise.
pub(crate) struct Binary {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
}

impl Source {
    /// A file, which is read when the component is loaded or swapped in.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            location: Location::File(path.into()),
            pinned: None,
        }
    }

    /// The bytes of a component.
    #[must_use]
    pub fn bytes(bytes: Vec<u8>) -> Self {
        Self {
            location: Location::Bytes(bytes),
            pinned: None,
        }
    }

    /// Accepts only the build with this digest.
    #[must_use]
    pub fn pinned(self, digest: Digest) -> Self {
        Self {
            pinned: Some(digest),
            ..self
        }
    }

    /// The name of the source in errors.
    pub(crate) fn origin(&self) -> String {
        match &self.location {
            Location::File(path) => path.display().to_string(),
            Location::Bytes(_) => "the component".to_owned(),
        }
    }

    /// Reads the component.
    ///
    /// # Errors
    ///
    /// The file can't be read, is larger than `limit` bytes, or isn't the build that is pinned.
    pub(crate) fn read(self, limit: usize) -> Result<Binary, LoadFault> {
        let bytes = match self.location {
            Location::File(path) => read_at_most(&path, limit).map_err(LoadFault::Read)?,
            Location::Bytes(bytes) => bytes,
        };
        if bytes.len() > limit {
            return Err(LoadFault::TooLarge { limit });
        }
        let digest = Digest::compute(&bytes);
        match self.pinned {
            Some(expected) if expected != digest => Err(LoadFault::WrongDigest {
                expected,
                found: digest,
            }),
            _ => Ok(Binary { bytes, digest }),
        }
    }
}

impl<P: AsRef<Path>> From<P> for Source {
    fn from(path: P) -> Self {
        Self::file(path.as_ref())
    }
}

/// A file's bytes, at most one more than `limit`. The file's size isn't asked for, because it can
/// change.
fn read_at_most(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(one_more).read_to_end(&mut bytes)?;
    Ok(bytes)
}
