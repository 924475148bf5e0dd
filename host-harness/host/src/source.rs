//! Where a component comes from, and which one is expected there.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::digest::Digest;
use crate::error::LoadFault;

/// Where a component comes from. Made of a path, or of bytes by [`Source::bytes`].
#[derive(Debug, Clone)]
pub struct Source {
    place: Place,
    pinned: Option<Digest>,
}

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Bytes(Vec<u8>),
}

/// A component's bytes, of which nothing is known yet but that they are those that were expected.
pub(crate) struct Binary {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
}

impl Source {
    /// A file, which is read when the component is loaded.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            place: Place::File(path.into()),
            pinned: None,
        }
    }

    /// A component that is in memory.
    #[must_use]
    pub fn bytes(bytes: Vec<u8>) -> Self {
        Self {
            place: Place::Bytes(bytes),
            pinned: None,
        }
    }

    /// Takes this very build and no other.
    #[must_use]
    pub fn pinned(self, digest: Digest) -> Self {
        Self {
            pinned: Some(digest),
            ..self
        }
    }

    /// What errors call it.
    pub(crate) fn origin(&self) -> String {
        match &self.place {
            Place::File(path) => path.display().to_string(),
            Place::Bytes(_) => "the component".to_owned(),
        }
    }

    /// The bytes, of which there are `limit` at most.
    ///
    /// # Errors
    ///
    /// The file can't be read, is too large, or isn't the one that is pinned.
    pub(crate) fn read(self, limit: usize) -> Result<Binary, LoadFault> {
        let bytes = match self.place {
            Place::File(path) => read_at_most(&path, limit).map_err(LoadFault::Read)?,
            Place::Bytes(bytes) => bytes,
        };
        if bytes.len() > limit {
            return Err(LoadFault::TooLarge { limit });
        }
        let digest = Digest::of(&bytes);
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

/// A file's bytes; of one past the limit, one byte more than it. The size isn't asked for, because
/// it can change.
fn read_at_most(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(one_more).read_to_end(&mut bytes)?;
    Ok(bytes)
}
