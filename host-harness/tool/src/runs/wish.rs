//! A wish to cancel a run. Each has a GUID of its own, because the platform takes two requests under
//! one GUID for the same wish: a run that is cancelled, retried and cancelled again needs two.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

/// A wish to cancel a run, as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) guid: Uuid,
    /// When the file that asks for it was last changed, for a file beside a job.
    pub(crate) file: Option<Timestamp>,
}

impl Wanted {
    /// A new wish of somebody at the keyboard or on stdin.
    pub(crate) fn new() -> Self {
        Self::from_file(None)
    }

    /// A new wish of a file beside a job.
    pub(crate) fn from_file(file: Option<Timestamp>) -> Self {
        Self {
            guid: Uuid::new_v4(),
            file,
        }
    }
}

/// A wish to cancel a run, as the ledger has it: repeated after a crash, it is the same wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CancelWish {
    /// None in what version 0.1 wrote, which used the run's own GUID.
    pub(crate) guid: Option<Uuid>,
    pub(crate) outcome: WishOutcome,
}

/// What came of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WishOutcome {
    /// The platform was not asked yet, or its answer isn't known.
    Pending,
    /// The platform was asked to stop the run, and agreed.
    Accepted,
    /// The platform refused for good; another wish is needed.
    Refused,
}

/// Reads a wish. Version 0.1 wrote whether there is one.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<CancelWish>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Flag(bool),
        Wish(CancelWish),
    }
    Ok(match Option::<Stored>::deserialize(deserializer)? {
        // It may have been asked for already: then the platform takes it for the same wish.
        Some(Stored::Flag(true)) => Some(CancelWish {
            guid: None,
            outcome: WishOutcome::Pending,
        }),
        Some(Stored::Wish(wish)) => Some(wish),
        Some(Stored::Flag(false)) | None => None,
    })
}
