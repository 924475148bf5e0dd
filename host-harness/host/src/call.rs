//! One call of a plugin: its state, its deadline, and what its end means.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::Semaphore;
use tracing::debug;
use wasmtime::{PoolConcurrencyLimitError, ResourceLimiter, Store, Trap, UpdateDeadline};

use crate::access::Access;
use crate::clock::Clock;
use crate::contract::{Connection, Guest, InstancePre};
use crate::egress::LastPermit;
use crate::error::CallFault;
use crate::grants::Grants;
use crate::host::{Host, Shared};
use crate::identity::PluginIdentity;
use crate::limits::Limits;
use crate::log::CallLog;
use crate::signing::Signer;
use crate::transport::HttpClient;

/// How long before the deadline a request gives up at the latest, so that the plugin still gets to
/// say what it was waiting for; a tenth of the call where that is less.
const TIME_TO_ANSWER: Duration = Duration::from_secs(1);

/// What all calls of one connection share.
pub(crate) struct Session {
    pub(crate) limits: Arc<Limits>,
    pub(crate) grants: Grants,
    pub(crate) http: Arc<dyn HttpClient>,
    pub(crate) signer: Signer,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) last_permit: LastPermit,
}

impl Session {
    pub(crate) fn new(host: &Host, connection: &Connection, access: Access) -> Self {
        let shared = host.shared();
        Self {
            limits: Arc::clone(&shared.limits),
            grants: access.grants,
            http: access.http.unwrap_or_else(|| Arc::clone(&shared.http)),
            signer: Signer::new(
                access.credentials,
                connection.region.clone(),
                Arc::clone(&access.clock),
                shared.limits.credentials_timeout,
            ),
            clock: access.clock,
            last_permit: LastPermit::default(),
        }
    }
}

/// When a call ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    /// By the session's clock: what the plugin is told.
    pub(crate) time: SystemTime,
    /// By a clock that nobody sets: what is kept to.
    ends: Instant,
    /// By which a request gives up.
    requests_end: Instant,
}

impl Deadline {
    fn after(timeout: Duration, clock: &dyn Clock) -> Self {
        let now = Instant::now();
        let waiting = timeout.saturating_sub(TIME_TO_ANSWER.min(timeout / 10));
        Self {
            time: clock.now() + timeout,
            ends: now + timeout,
            requests_end: now + waiting,
        }
    }

    /// How long a request may still take.
    pub(crate) fn time_for_a_request(&self) -> Duration {
        self.requests_end.saturating_duration_since(Instant::now())
    }
}

/// The state of one call: what the capabilities work on.
pub(crate) struct CallState {
    pub(crate) session: Arc<Session>,
    pub(crate) plugin: Arc<PluginIdentity>,
    pub(crate) function: &'static str,
    pub(crate) deadline: Deadline,
    pub(crate) requests_left: u32,
    pub(crate) log: CallLog,
    /// Whether the plugin was refused memory.
    out_of_memory: bool,
}

/// Ends the call of a plugin that runs past its deadline.
#[derive(Debug, thiserror::Error)]
#[error("the call's time is up")]
struct TimeIsUp;

/// Ends the call of a plugin that sends more requests than it may.
#[derive(Debug, thiserror::Error)]
#[error("the call's requests are used up")]
pub(crate) struct TooManyRequests;

impl CallState {
    pub(crate) fn new(
        session: Arc<Session>,
        plugin: Arc<PluginIdentity>,
        function: &'static str,
    ) -> Self {
        let limits = &session.limits;
        Self {
            deadline: Deadline::after(limits.call_timeout, &*session.clock),
            requests_left: limits.requests_per_call,
            log: CallLog::new(limits.log_lines),
            out_of_memory: false,
            session,
            plugin,
            function,
        }
    }
}

impl ResourceLimiter for CallState {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let fits = desired <= self.session.limits.memory_bytes;
        self.out_of_memory |= !fits;
        Ok(fits)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= self.session.limits.table_elements)
    }
}

/// What to call, and for whom.
pub(crate) struct Call<'a> {
    pub(crate) host: &'a Shared,
    /// Where it waits for a place.
    pub(crate) places: &'a Semaphore,
    pub(crate) component: &'a InstancePre<CallState>,
    pub(crate) plugin: &'a Arc<PluginIdentity>,
    pub(crate) session: &'a Arc<Session>,
    pub(crate) function: &'static str,
}

impl Call<'_> {
    /// A store for one call, kept to its limits.
    pub(crate) fn store(&self) -> Store<CallState> {
        let state = CallState::new(
            Arc::clone(self.session),
            Arc::clone(self.plugin),
            self.function,
        );
        let mut store = Store::new(&self.host.engine, state);
        store.limiter(|state| state);
        store.set_hostcall_fuel(self.host.limits.transfer_bytes);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|store| {
            if Instant::now() < store.data().deadline.ends {
                Ok(UpdateDeadline::Yield(1))
            } else {
                Err(TimeIsUp.into())
            }
        });
        store
    }

    /// Waits for a place in the pool, then asks a fresh instance, in a store that is used for
    /// nothing else.
    pub(crate) async fn run<T>(
        self,
        ask: impl AsyncFnOnce(&Guest, &mut Store<CallState>) -> wasmtime::Result<T>,
    ) -> Result<T, CallFault> {
        let limits = &self.host.limits;
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|closed| CallFault::Host(closed.to_string()))?;

        let mut store = self.store();
        let deadline = store.data().deadline;

        // The epoch ends a plugin that computes, the timeout one that waits for the host.
        let answer = tokio::time::timeout_at(deadline.ends.into(), async {
            let instance = loop {
                match self.component.instantiate_async(&mut store).await {
                    // There is a place, but the engine looks through its pool part by part, and
                    // places that are taken and given back meanwhile can look like none.
                    Err(error) if error.is::<PoolConcurrencyLimitError>() => {
                        store = self.store();
                        store.data_mut().deadline = deadline;
                        tokio::task::yield_now().await;
                    }
                    instance => break instance?,
                }
            };
            ask(instance.polysync_job_type_job_type(), &mut store).await
        });
        match answer.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(fault(&error, store.into_data())),
            Err(_elapsed) => Err(CallFault::Timeout {
                limit: limits.call_timeout,
            }),
        }
    }
}

/// What an error of the engine means.
fn fault(error: &wasmtime::Error, state: CallState) -> CallFault {
    debug!(error = format!("{error:?}"), "the plugin broke");
    let limits = &state.session.limits;
    if error.is::<TimeIsUp>() {
        return CallFault::Timeout {
            limit: limits.call_timeout,
        };
    }
    if error.is::<TooManyRequests>() {
        return CallFault::TooManyRequests {
            limit: limits.requests_per_call,
        };
    }
    if error.downcast_ref() == Some(&Trap::StackOverflow) {
        return CallFault::StackOverflow {
            limit: limits.stack_bytes,
        };
    }
    let cause = error.root_cause().to_string();
    // The engine has no type for it that could be asked for.
    if cause.contains("fuel allocated for hostcalls has been exhausted") {
        return CallFault::TooMuchData {
            limit: limits.transfer_bytes,
        };
    }
    if state.out_of_memory {
        return CallFault::OutOfMemory {
            limit: limits.memory_bytes,
        };
    }
    CallFault::Trap {
        trap: cause.trim_start_matches("wasm trap: ").to_owned(),
        logged: state.log.into_last_error(),
    }
}
