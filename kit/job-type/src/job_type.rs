//! The interface that a job type implements: the contract's exported functions, with their context
//! as an argument. A function that a platform may not offer has a default.

use crate::context::Context;
use crate::contract::{
    Attribute, Cancellation, Connection, ConnectionReport, DeclaredParameter, Description,
    DiscoveredJob, DiscoveryPage, Error, Finding, Job, LogPage, LogPosition, Need, Run, RunStatus,
    StartedRun, StepPage,
};
use crate::guid::Guid;

/// One kind of job on one kind of platform. `wit/0.2.0/job-type.wit` says what each call promises.
///
/// Most defaults answer that the job type does not offer the call. A job type that implements such a
/// function names its [`Feature`](crate::Feature) in the description.
///
/// # Errors
/// Each call returns the contract's [`Error`]. A job type never panics: a panic ends the call
/// without an answer.
#[expect(
    clippy::missing_errors_doc,
    reason = "the errors of all calls are described at the trait"
)]
pub trait JobType {
    /// Describes the job type. The answer is the same each time.
    fn describe() -> Description;

    /// What a connection needs, and not more. The answer for a connection is the same each time.
    fn needs(connection: &Connection) -> Vec<Need>;

    /// Finds what is wrong with a job, without asking the platform.
    fn validate(
        connection: &Connection,
        job: &Job,
        declared: Option<&[DeclaredParameter]>,
    ) -> Vec<Finding>;

    /// Tests endpoint, credentials and permission with the cheapest call that needs all three.
    fn test_connection(context: Context<'_>) -> Result<ConnectionReport, Error>;

    /// Lists one page of the platform's jobs: the first where there is no cursor.
    fn discover(_context: Context<'_>, _cursor: Option<&str>) -> Result<DiscoveryPage, Error> {
        Err(Error::unsupported("discover"))
    }

    /// Reads one job, as the platform knows it now.
    fn inspect(_context: Context<'_>, _external_id: &str) -> Result<DiscoveredJob, Error> {
        Err(Error::unsupported("inspect"))
    }

    /// Starts a run. With the feature `idempotent-start`, the same GUID never starts a second run: it
    /// returns the first, or a conflict that is not retryable where the platform does not tell which run
    /// that is. Without the feature, a start whose answer is lost is an error of class `uncertain`.
    fn start(context: Context<'_>, job: &Job, guid: &Guid) -> Result<StartedRun, Error>;

    /// Reads the state of a run.
    fn status(context: Context<'_>, run: &Run) -> Result<RunStatus, Error>;

    /// Reads the states of many runs, each with its own outcome, in their order.
    ///
    /// The default asks for one after the other, and answers the runs that it has no time left for with an
    /// error that is retryable.
    fn statuses(context: Context<'_>, runs: &[Run]) -> Vec<Result<RunStatus, Error>> {
        // Where the call ends before the answer, all is lost that was read.
        let last = context
            .host
            .deadline()
            .saturating_sub(context.host.time_to_answer());
        runs.iter()
            .map(|run| match context.host.now() < last {
                true => Self::status(context, run),
                false => Err(Error::no_time_for_status()),
            })
            .collect()
    }

    /// Asks the platform to stop a run. `guid` names this wish.
    fn cancel(_context: Context<'_>, _run: &Run, _guid: &Guid) -> Result<Cancellation, Error> {
        Err(Error::unsupported("cancel"))
    }

    /// Runs again what failed, under the same run id. `guid` names this wish.
    fn retry(
        _context: Context<'_>,
        _run: &Run,
        _attributes: &[Attribute],
        _guid: &Guid,
    ) -> Result<StartedRun, Error> {
        Err(Error::unsupported("retry"))
    }

    /// Lists one page of a run's steps: the first where there is no cursor.
    fn steps(_context: Context<'_>, _run: &Run, _cursor: Option<&str>) -> Result<StepPage, Error> {
        Err(Error::unsupported("steps"))
    }

    /// Reads one page of what a step's job wrote.
    fn logs(
        _context: Context<'_>,
        _run: &Run,
        _step: &str,
        _position: &LogPosition,
    ) -> Result<LogPage, Error> {
        Err(Error::unsupported("logs"))
    }

    /// The URL of the page on which a person follows the run. Sends no request.
    fn monitor_url(_connection: &Connection, _run: &Run) -> Result<String, Error> {
        Err(Error::unsupported("monitor-url"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::RunState;
    use crate::host::Host;
    use crate::testing::FakeHost;

    /// Reads a status in 10 seconds.
    struct Slow;

    impl JobType for Slow {
        fn describe() -> Description {
            unreachable!("nobody asks")
        }

        fn needs(_: &Connection) -> Vec<Need> {
            Vec::new()
        }

        fn validate(_: &Connection, _: &Job, _: Option<&[DeclaredParameter]>) -> Vec<Finding> {
            Vec::new()
        }

        fn test_connection(_: Context<'_>) -> Result<ConnectionReport, Error> {
            Err(Error::unsupported("test-connection"))
        }

        fn start(_: Context<'_>, _: &Job, _: &Guid) -> Result<StartedRun, Error> {
            Err(Error::unsupported("start"))
        }

        fn status(context: Context<'_>, _: &Run) -> Result<RunStatus, Error> {
            context.host.sleep(10_000);
            Ok(RunStatus::in_state(RunState::Running))
        }
    }

    /// A host ends a call at its deadline, and what was read by then is lost.
    #[test]
    fn statuses_are_read_as_long_as_there_is_time_to_answer() {
        let host = FakeHost::answering([]);
        host.deadline.set(host.now() + 44_000);
        let run = |n: u8| Run {
            external_id: None,
            run_id: n.to_string(),
        };
        let connection = Connection {
            region: String::new(),
            endpoint: None,
            attributes: Vec::new(),
        };
        let runs: Vec<_> = (0..6).map(run).collect();
        let answers = Slow::statuses(host.on(&connection), &runs);
        let (read, left): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        // The fifth would be begun at the last moment but 4 s.
        assert_eq!((read.len(), left.len()), (4, 2));
        for error in left.into_iter().map(Result::unwrap_err) {
            assert_eq!((error.code.as_str(), error.retryable), ("NoTimeLeft", true));
        }
    }
}
