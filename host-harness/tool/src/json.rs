//! What the tool writes with `--json`: views of the contract's types and of events. Their shapes are
//! the tool's interface: a change of a field is a breaking change.

pub(crate) mod connection;
pub(crate) mod description;
pub(crate) mod discovery;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod finding;
pub(crate) mod log;
pub(crate) mod need;
pub(crate) mod plugin;
pub(crate) mod printable;
pub(crate) mod run;
pub(crate) mod statuses;
pub(crate) mod summary;

use jiff::Timestamp;
use polysync_host::contract::Attribute;
use serde::{Serialize, Serializer};

/// Named values as an object, in their order.
#[derive(Debug)]
pub(crate) struct Named<'a>(pub(crate) &'a [Attribute]);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .iter()
                .map(|attribute| (&attribute.name, &attribute.value)),
        )
    }
}

/// The time for milliseconds since 1970; none where that is not on the calendar. Serialized as
/// RFC 3339.
pub(crate) fn time(milliseconds: Option<u64>) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(milliseconds?).ok()?).ok()
}
