//! Why nobody works on a run any more.

use super::call::{Call, CallFailure};
use super::ending::Ending;
use super::ledger_error::LedgerError;

/// Why a runner has ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The run is finished.
    Finished(Ending),
    /// No more calls are to be begun.
    Stopped,
    /// The policy gives the run up.
    GaveUp { call: Call, failure: CallFailure },
    /// The ledger can't be written, so nothing more may be done.
    LedgerFailed(LedgerError),
}
