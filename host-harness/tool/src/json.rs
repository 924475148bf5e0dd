//! What the tool writes with `--json`: views of the contract's types. Their shapes are the tool's
//! interface, so fields are only ever added.

pub(crate) mod description;
pub(crate) mod error;
pub(crate) mod events;
pub(crate) mod job;
pub(crate) mod plugin;
pub(crate) mod run;

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

/// RFC 3339, for milliseconds since 1970; none also for what is no time on the calendar.
pub(crate) fn time(milliseconds: Option<u64>) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(milliseconds?).ok()?).ok()
}
