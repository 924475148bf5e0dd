//! The formats of a ledger, and how an older one is brought up to date.

use redb::{ReadableTable, Table, WriteTransaction};

use super::kept_plugins;
use super::tables::{FACTS, Tables};
use crate::runs::ledger_error::Unusable;

/// The name of the fact that says the format.
const NAME: &str = "format";
/// The job type that all runs of an older ledger are of, by the name of that fact.
const JOB_TYPE: &str = "job-type";

/// The format of a ledger: its number is raised with each change that an older tool can't read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Runs of several job types: each record names its own.
    Current,
    /// Formats 2 and 3: all runs and plugins are of one job type. Format 2 has jobs in another form, which
    /// is read too.
    OfOneJobType,
    /// Format 1, which has no indices either.
    WithoutIndices,
}

impl Format {
    /// The number of [`Format::Current`].
    const NUMBER: &str = "4";

    /// The format that a ledger says it has; a new one gets ours.
    pub(super) fn of(transaction: &WriteTransaction) -> Result<Self, Unusable> {
        let facts = transaction.open_table(FACTS).map_err(redb::Error::from)?;
        match fact(&facts, NAME)?.as_deref() {
            None | Some(Self::NUMBER) => Ok(Self::Current),
            Some("3" | "2") => Ok(Self::OfOneJobType),
            Some("1") => Ok(Self::WithoutIndices),
            Some(format) => Err(Unusable::Format {
                format: format.to_owned(),
                known: Self::NUMBER,
            }),
        }
    }

    /// Brings a ledger of this format up to date. Returns the runs that can't be understood, as far as that
    /// shows by now.
    pub(super) fn bring_up_to_date(
        self,
        transaction: &WriteTransaction,
    ) -> Result<Vec<u128>, Unusable> {
        self.bring_plugins_up_to_date(transaction)?;
        let job_type = self.job_type(transaction)?;
        let mut unreadable = Vec::new();
        {
            let mut tables = Tables::open(transaction)?;
            if let Some(job_type) = &job_type {
                tables.add_job_type(job_type)?;
            }
            if self == Self::WithoutIndices {
                unreadable = tables.index()?;
            }
        }
        let mut facts = transaction.open_table(FACTS).map_err(redb::Error::from)?;
        facts.remove(JOB_TYPE).map_err(redb::Error::from)?;
        facts
            .insert(NAME, Self::NUMBER)
            .map_err(redb::Error::from)?;
        Ok(unreadable)
    }

    /// Brings up to date what is kept of plugins, which is asked for before the runs are.
    pub(super) fn bring_plugins_up_to_date(
        self,
        transaction: &WriteTransaction,
    ) -> Result<(), Unusable> {
        if let Some(job_type) = self.job_type(transaction)? {
            kept_plugins::bring_up_to_date(transaction, &job_type)?;
        }
        Ok(kept_plugins::create(transaction)?)
    }

    /// The job type that all of an older ledger is of.
    fn job_type(self, transaction: &WriteTransaction) -> Result<Option<String>, redb::Error> {
        match self {
            Self::Current => Ok(None),
            Self::OfOneJobType | Self::WithoutIndices => {
                fact(&transaction.open_table(FACTS)?, JOB_TYPE)
            }
        }
    }
}

/// What a ledger says of itself under this name.
pub(super) fn fact(
    facts: &Table<'_, &'static str, &'static str>,
    name: &str,
) -> Result<Option<String>, redb::Error> {
    Ok(facts.get(name)?.map(|fact| fact.value().to_owned()))
}
