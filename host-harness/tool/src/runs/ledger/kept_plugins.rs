//! The plugins of each job type that served last, with their components, and those that were rolled back
//! from: so that a rollback lasts over a restart.
//!
//! They are in the ledger and not in files beside it, because one file is private, locked and
//! written all at once.

use jiff::Timestamp;
use polysync_host::Digest;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};

/// The SHA-256 of the plugins that served, by job type, in the order in which they served.
const SERVED: TableDefinition<(&str, u64), &str> = TableDefinition::new("served-by-job-type");
/// Components by their SHA-256.
const COMPONENTS: TableDefinition<&str, &[u8]> = TableDefinition::new("components");
/// The plugins that aren't served again: their job types, and when they were rolled back from in
/// milliseconds since 1970, by their SHA-256.
const ROLLED_BACK: TableDefinition<&str, (&str, i64)> =
    TableDefinition::new("rolled-back-by-job-type");

/// The tables of the formats whose plugins were of one job type.
pub(super) const SERVED_OF_ONE: TableDefinition<u64, &str> = TableDefinition::new("served");
pub(super) const ROLLED_BACK_OF_ONE: TableDefinition<&str, i64> =
    TableDefinition::new("rolled-back");

/// Plugins of a job type that are kept, the latest included: as many as a slot keeps.
const KEPT: usize = 5;

/// A plugin that served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptPlugin {
    pub(crate) digest: Digest,
    /// What was read from disk has to be checked against the digest.
    pub(crate) component: Vec<u8>,
}

/// What the ledger knows of a plugin that was rolled back from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RolledBack {
    pub(crate) job_type: String,
    /// The plugin of its job type that served last, if its component is kept.
    pub(crate) latest: Option<KeptPlugin>,
}

/// Makes the tables, so that whoever reads them finds them.
pub(super) fn create(transaction: &WriteTransaction) -> Result<(), redb::Error> {
    transaction.open_table(SERVED)?;
    transaction.open_table(COMPONENTS)?;
    transaction.open_table(ROLLED_BACK)?;
    Ok(())
}

/// Makes a plugin the latest of its job type. It was chosen to serve, so it isn't refused any more.
pub(super) fn keep(
    database: &Database,
    job_type: &str,
    plugin: &KeptPlugin,
) -> Result<(), redb::Error> {
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
        let (number, is_latest) = match nth_last(&served, job_type, 0)? {
            Some((number, latest)) => (number, latest == sha256),
            None => (0, false),
        };
        if !is_latest {
            served.insert((job_type, number.saturating_add(1)), sha256.as_str())?;
        }
        while let Some((number, _)) = nth_last(&served, job_type, KEPT)? {
            served.remove((job_type, number))?;
        }
        let left = served.iter()?.map(|entry| Ok(entry?.1.value().to_owned()));
        let left: Vec<String> = left.collect::<Result<_, redb::Error>>()?;
        components.retain(|sha256, _| left.iter().any(|left| left == sha256))?;
    }
    Ok(transaction.commit()?)
}

/// Refuses a plugin from now on, and takes it from the list of those that served if it is the latest of
/// its job type.
pub(super) fn roll_back(
    database: &Database,
    job_type: &str,
    refused: Digest,
) -> Result<(), redb::Error> {
    let refused = refused.to_string();
    let now = Timestamp::now().as_millisecond();
    let transaction = database.begin_write()?;
    {
        let mut rolled_back = transaction.open_table(ROLLED_BACK)?;
        rolled_back.insert(refused.as_str(), (job_type, now))?;
        let mut served = transaction.open_table(SERVED)?;
        if let Some((number, sha256)) = nth_last(&served, job_type, 0)?
            && refused == sha256
        {
            served.remove((job_type, number))?;
        }
    }
    Ok(transaction.commit()?)
}

/// What a restart has to know of a plugin, if it was rolled back from.
pub(super) fn rolled_back(
    transaction: &WriteTransaction,
    plugin: Digest,
) -> Result<Option<RolledBack>, redb::Error> {
    let rolled_back = transaction.open_table(ROLLED_BACK)?;
    let Some(entry) = rolled_back.get(plugin.to_string().as_str())? else {
        return Ok(None);
    };
    let job_type = entry.value().0.to_owned();
    let latest = kept(
        &transaction.open_table(SERVED)?,
        &transaction.open_table(COMPONENTS)?,
        &job_type,
        0,
    )?;
    Ok(Some(RolledBack { job_type, latest }))
}

/// The plugin of a job type that served before the latest one.
pub(super) fn earlier(
    database: &Database,
    job_type: &str,
) -> Result<Option<KeptPlugin>, redb::Error> {
    let transaction = database.begin_read()?;
    kept(
        &transaction.open_table(SERVED)?,
        &transaction.open_table(COMPONENTS)?,
        job_type,
        1,
    )
}

/// Gives what a ledger of one job type kept to this job type.
pub(super) fn bring_up_to_date(
    transaction: &WriteTransaction,
    job_type: &str,
) -> Result<(), redb::Error> {
    {
        let mut served = transaction.open_table(SERVED)?;
        for entry in transaction.open_table(SERVED_OF_ONE)?.iter()? {
            let (number, sha256) = entry?;
            served.insert((job_type, number.value()), sha256.value())?;
        }
        let mut rolled_back = transaction.open_table(ROLLED_BACK)?;
        for entry in transaction.open_table(ROLLED_BACK_OF_ONE)?.iter()? {
            let (sha256, at) = entry?;
            rolled_back.insert(sha256.value(), (job_type, at.value()))?;
        }
    }
    transaction.delete_table(SERVED_OF_ONE)?;
    transaction.delete_table(ROLLED_BACK_OF_ONE)?;
    Ok(())
}

/// The number and the SHA-256 of the plugin of a job type that served `n` plugins before its latest one.
fn nth_last(
    served: &impl ReadableTable<(&'static str, u64), &'static str>,
    job_type: &str,
    n: usize,
) -> Result<Option<(u64, String)>, redb::Error> {
    let of_job_type = served.range((job_type, 0)..=(job_type, u64::MAX))?;
    let Some(entry) = of_job_type.rev().nth(n) else {
        return Ok(None);
    };
    let (key, sha256) = entry?;
    Ok(Some((key.value().1, sha256.value().to_owned())))
}

/// The same with its component, if that is kept.
fn kept(
    served: &impl ReadableTable<(&'static str, u64), &'static str>,
    components: &impl ReadableTable<&'static str, &'static [u8]>,
    job_type: &str,
    n: usize,
) -> Result<Option<KeptPlugin>, redb::Error> {
    let Some((_, sha256)) = nth_last(served, job_type, n)? else {
        return Ok(None);
    };
    let component = components.get(sha256.as_str())?;
    let component = component.map(|component| component.value().to_owned());
    // Its own writing is always a digest.
    Ok(component
        .zip(sha256.parse().ok())
        .map(|(component, digest)| KeptPlugin { digest, component }))
}
