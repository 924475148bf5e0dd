//! From a [`JobType`] to the exports of a component.

use std::marker::PhantomData;
use std::sync::Once;

use crate::context::Context;
use crate::contract::log::Level;
use crate::contract::{
    Attribute, Cancellation, Connection, ConnectionReport, DeclaredParameter, Description,
    DiscoveredJob, DiscoveryPage, Error, Finding, Guest, Job, LogPage, LogPosition, Need, Run,
    RunStatus, StartedRun, StepPage,
};
use crate::guid::Guid;
use crate::host::Host;
use crate::imports::Imports;
use crate::job_type::JobType;

/// Exports a [`JobType`] from a component. Does nothing in a native build.
///
/// The crate has to be a `cdylib`. The macro also sets the component's global allocator.
#[macro_export]
macro_rules! export {
    ($job_type:ty) => {
        #[cfg(target_family = "wasm")]
        #[allow(
            unsafe_code,
            reason = "the exports of a component are unmangled symbols"
        )]
        const _: () = {
            #[global_allocator]
            static ARENA: $crate::Arena = $crate::Arena::new();

            type Exported = $crate::Component<$job_type>;
    $crate::contract::bindings::export!(Exported with_types_in $crate::contract::bindings);
        };
    };
}

/// The exported interface of a job type, on the real host.
#[derive(Debug)]
pub struct Component<T>(PhantomData<T>);

/// The context of a call on the real host.
fn on(connection: &Connection) -> Context<'_> {
    Context::new(&Imports, connection)
}

impl<T: JobType> Guest for Component<T> {
    fn describe() -> Description {
        log_panics();
        T::describe()
    }

    fn needs(connection: Connection) -> Vec<Need> {
        log_panics();
        T::needs(&connection)
    }

    fn validate(
        connection: Connection,
        job: Job,
        declared: Option<Vec<DeclaredParameter>>,
    ) -> Vec<Finding> {
        log_panics();
        T::validate(&connection, &job, declared.as_deref())
    }

    fn test_connection(connection: Connection) -> Result<ConnectionReport, Error> {
        log_panics();
        T::test_connection(on(&connection))
    }

    fn discover(connection: Connection, cursor: Option<String>) -> Result<DiscoveryPage, Error> {
        log_panics();
        T::discover(on(&connection), cursor.as_deref())
    }

    fn inspect(connection: Connection, external_id: String) -> Result<DiscoveredJob, Error> {
        log_panics();
        T::inspect(on(&connection), &external_id)
    }

    fn start(connection: Connection, job: Job, guid: String) -> Result<StartedRun, Error> {
        log_panics();
        T::start(on(&connection), &job, &Guid::parse(&guid)?)
    }

    fn status(connection: Connection, run: Run) -> Result<RunStatus, Error> {
        log_panics();
        T::status(on(&connection), &run)
    }

    fn statuses(connection: Connection, runs: Vec<Run>) -> Vec<Result<RunStatus, Error>> {
        log_panics();
        T::statuses(on(&connection), &runs)
    }

    fn cancel(connection: Connection, run: Run, guid: String) -> Result<Cancellation, Error> {
        log_panics();
        T::cancel(on(&connection), &run, &Guid::parse(&guid)?)
    }

    fn retry(
        connection: Connection,
        run: Run,
        attributes: Vec<Attribute>,
        guid: String,
    ) -> Result<StartedRun, Error> {
        log_panics();
        let guid = Guid::parse(&guid)?;
        T::retry(on(&connection), &run, &attributes, &guid)
    }

    fn steps(connection: Connection, run: Run, cursor: Option<String>) -> Result<StepPage, Error> {
        log_panics();
        T::steps(on(&connection), &run, cursor.as_deref())
    }

    fn logs(
        connection: Connection,
        run: Run,
        step: String,
        position: LogPosition,
    ) -> Result<LogPage, Error> {
        log_panics();
        T::logs(on(&connection), &run, &step, &position)
    }

    fn monitor_url(connection: Connection, run: Run) -> Result<String, Error> {
        log_panics();
        T::monitor_url(&connection, &run)
    }
}

/// Has each panic's message written to the host's log: the trap that follows carries no message.
fn log_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            Imports.log(Level::Error, &info.to_string());
        }));
    });
}
