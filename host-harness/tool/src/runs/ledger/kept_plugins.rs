//! The plugins that served last, with their components, and those that were rolled back from: so that
//! a rollback lasts over a restart.
//!
//! They are in the ledger and not in files beside it, because one file is private, locked and
//! written all at once.

use jiff::Timestamp;
use polysync_host::Digest;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError};

/// The SHA-256 of the plugins that served, in the order in which they served.
const SERVED: TableDefinition<u64, &str> = TableDefinition::new("served");
/// Components by their SHA-256.
const COMPONENTS: TableDefinition<&str, &[u8]> = TableDefinition::new("components");
/// When the plugins that aren't served again were rolled back from, in milliseconds since 1970, by
/// their SHA-256.
const ROLLED_BACK: TableDefinition<&str, i64> = TableDefinition::new("rolled-back");

/// Plugins that are kept, the latest included: as many as a slot keeps.
const KEPT: usize = 5;

/// A plugin that served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptPlugin {
    pub(crate) digest: Digest,
    /// What was read from disk has to be checked against the digest.
    pub(crate) component: Vec<u8>,
}

/// What a restart has to know about plugins.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct PluginHistory {
    /// The plugins that aren't served again.
    pub(crate) rolled_back: Vec<Digest>,
    /// The plugin that served last, if its component is kept.
    pub(crate) latest: Option<KeptPlugin>,
}

/// Makes a plugin the latest. It was chosen to serve, so it isn't refused any more.
pub(super) fn keep(database: &Database, plugin: &KeptPlugin) -> Result<(), redb::Error> {
    let sha256 = plugin.digest.to_string();
    let transaction = database.begin_write()?;
    {
        let mut served = transaction.open_table(SERVED)?;
        let mut components = transaction.open_table(COMPONENTS)?;
        let mut rolled_back = transaction.open_table(ROLLED_BACK)?;
        rolled_back.remove(sha256.as_str())?;
        if components.get(sha256.as_str())?.is_none() {
            components.insert(sha256.as_str(), plugin.component.as_slice())?;
        }
        let last = served.last()?;
        let (number, is_latest) = last.map_or((0, false), |(number, latest)| {
            (number.value(), latest.value() == sha256)
        });
        if !is_latest {
            served.insert(number.saturating_add(1), sha256.as_str())?;
        }
        let numbers = served.iter()?.map(|entry| Ok(entry?.0.value()));
        let numbers: Vec<u64> = numbers.collect::<Result<_, redb::Error>>()?;
        for number in numbers.iter().rev().skip(KEPT) {
            served.remove(number)?;
        }
        let left = served.iter()?.map(|entry| Ok(entry?.1.value().to_owned()));
        let left: Vec<String> = left.collect::<Result<_, redb::Error>>()?;
        components.retain(|sha256, _| left.iter().any(|left| left == sha256))?;
    }
    Ok(transaction.commit()?)
}

/// Refuses a plugin from now on, and takes it from the list of those that served if it is the latest.
pub(super) fn roll_back(database: &Database, refused: Digest) -> Result<(), redb::Error> {
    let refused = refused.to_string();
    let now = Timestamp::now().as_millisecond();
    let transaction = database.begin_write()?;
    {
        let mut rolled_back = transaction.open_table(ROLLED_BACK)?;
        rolled_back.insert(refused.as_str(), now)?;
        let mut served = transaction.open_table(SERVED)?;
        let last = served.last()?;
        let last = last.map(|(number, sha256)| (number.value(), sha256.value().to_owned()));
        if let Some((number, sha256)) = last
            && refused == sha256
        {
            served.remove(number)?;
        }
    }
    Ok(transaction.commit()?)
}

/// What a restart has to know.
pub(super) fn history(database: &Database) -> Result<PluginHistory, redb::Error> {
    let transaction = database.begin_read()?;
    let rolled_back = match transaction.open_table(ROLLED_BACK) {
        Ok(table) => table
            .iter()?
            .filter_map(|entry| entry.map(|entry| entry.0.value().parse().ok()).transpose())
            .collect::<Result<_, redb::StorageError>>()?,
        Err(TableError::TableDoesNotExist(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    Ok(PluginHistory {
        rolled_back,
        latest: nth_last(database, 0)?,
    })
}

/// The plugin that served before the latest one.
pub(super) fn earlier(database: &Database) -> Result<Option<KeptPlugin>, redb::Error> {
    nth_last(database, 1)
}

fn nth_last(database: &Database, n: usize) -> Result<Option<KeptPlugin>, redb::Error> {
    let transaction = database.begin_read()?;
    let (served, components) = match (
        transaction.open_table(SERVED),
        transaction.open_table(COMPONENTS),
    ) {
        (Err(TableError::TableDoesNotExist(_)), _) | (_, Err(TableError::TableDoesNotExist(_))) => {
            return Ok(None);
        }
        (served, components) => (served?, components?),
    };
    let Some(entry) = served.iter()?.rev().nth(n) else {
        return Ok(None);
    };
    let sha256 = entry?.1.value().to_owned();
    let component = components.get(sha256.as_str())?;
    let component = component.map(|component| component.value().to_owned());
    // Its own writing is always a digest.
    Ok(component
        .zip(sha256.parse().ok())
        .map(|(component, digest)| KeptPlugin { digest, component }))
}
