//! The calls of a job type that send requests, and what each comes to.

use crate::subject::Passed;
use job_type_kit::contract::{Error, LogPosition};
use job_type_kit::{Context, Guid, JobType};

/// A call that sends requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is documented by the contract")]
pub enum Call {
    TestConnection,
    Discover,
    Inspect,
    Start,
    Status,
    Statuses,
    Cancel,
    Retry,
    Steps,
    OldestLogs,
    LastLogs,
    LogsAfter,
}

impl Call {
    /// Every call.
    pub const ALL: [Self; 12] = [
        Self::TestConnection,
        Self::Discover,
        Self::Inspect,
        Self::Start,
        Self::Status,
        Self::Statuses,
        Self::Cancel,
        Self::Retry,
        Self::Steps,
        Self::OldestLogs,
        Self::LastLogs,
        Self::LogsAfter,
    ];

    /// Makes the call. It has an outcome for each run that it is about.
    pub(crate) fn make<J: JobType>(
        self,
        context: Context<'_>,
        passed: &Passed,
    ) -> Vec<Result<(), Error>> {
        let Passed {
            external_id,
            job,
            runs,
            step,
            cursor,
            log_cursor,
        } = passed;
        let run = &runs[0];
        let cursor = cursor.as_deref();
        let guid = Guid::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
        let logs = |position| J::logs(context, run, step, &position).map(drop);
        vec![match self {
            Self::TestConnection => J::test_connection(context).map(drop),
            Self::Discover => J::discover(context, cursor).map(drop),
            Self::Inspect => J::inspect(context, external_id).map(drop),
            Self::Start => J::start(context, job, &guid).map(drop),
            Self::Status => J::status(context, run).map(drop),
            Self::Statuses => {
                let statuses = J::statuses(context, runs).into_iter();
                return statuses.map(|status| status.map(drop)).collect();
            }
            Self::Cancel => J::cancel(context, run, &guid).map(drop),
            Self::Retry => J::retry(context, run, &[], &guid).map(drop),
            Self::Steps => J::steps(context, run, cursor).map(drop),
            Self::OldestLogs => logs(LogPosition::Oldest),
            Self::LastLogs => logs(LogPosition::Last(5)),
            Self::LogsAfter => logs(LogPosition::After(log_cursor.clone())),
        }]
    }
}
