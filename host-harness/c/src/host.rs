//! A host that an embedder made: the library's host, a runtime of its own, and what the embedder has to take.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use polysync_host::Host;
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Handle, Runtime};
use tracing::dispatcher::{self, Dispatch};

use crate::calls::{Calls, MOST_BYTES, MOST_CALLS, Outcome};
use crate::errors::Failure;
use crate::event::Event;
use crate::log_events;
use crate::options::OptionsView;
use crate::parse;
use crate::questions::Questions;
use crate::queue::{Next, Queue};

/// Threads that run plugins. More than there are processors don't make a call faster.
const MOST_THREADS: usize = 1_024;

/// A host and all that belongs to it.
#[derive(Debug)]
pub(crate) struct EmbeddedHost {
    /// Its handle.
    pub(crate) number: u64,
    pub(crate) host: Host,
    pub(crate) queue: Arc<Queue>,
    pub(crate) questions: Arc<Questions>,
    calls: Arc<Calls>,
    handle: Handle,
    is_closing: AtomicBool,
    /// Taken when the host is gone.
    runtime: Mutex<Option<Runtime>>,
}

/// What can be asked of a host.
#[derive(Debug, Deserialize)]
#[serde(tag = "call", rename_all = "kebab-case", deny_unknown_fields)]
enum HostRequest {
    /// What the calls of all plugins use at this moment.
    Usage {},
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UsageView {
    calls: usize,
    waiting: usize,
    instances: u64,
    memories: usize,
    stacks: usize,
}

impl EmbeddedHost {
    /// A host by these options, which are JSON.
    ///
    /// # Errors
    /// The options can't be read, or the machine can't provide what they need.
    pub(crate) fn new(number: u64, options: &str) -> Result<Arc<Self>, Failure> {
        let options: OptionsView = match options.trim() {
            "" => OptionsView::default(),
            text => parse::json(text, "the options of the host")?,
        };
        let queue = Arc::new(Queue::default());
        let lines = log_events::subscriber(Arc::clone(&queue), options.log);
        let runtime = runtime(&options, &lines)?;
        let entered = runtime.enter();
        let host = dispatcher::with_default(&lines, || {
            Host::with_options(options.limits(), &options.host_options())
        });
        drop(entered);
        let host = host
            .map_err(|error| Failure::invalid(error.to_string(), "Correct the host's options."))?;
        Ok(Arc::new(Self {
            number,
            host,
            questions: Arc::new(Questions::new(Arc::clone(&queue))),
            calls: Arc::new(Calls::new(Arc::clone(&queue), MOST_CALLS, MOST_BYTES)),
            queue,
            handle: runtime.handle().clone(),
            is_closing: AtomicBool::new(false),
            runtime: Mutex::new(Some(runtime)),
        }))
    }

    /// Begins a call, and returns its number.
    ///
    /// # Errors
    /// As for [`Calls::begin`].
    pub(crate) fn begin(
        &self,
        call: impl Future<Output = Outcome> + Send + 'static,
    ) -> Result<u64, Failure> {
        self.calls.begin(&self.handle, call)
    }

    /// Begins the call that a request describes.
    ///
    /// # Errors
    /// The request can't be read, and as for [`Calls::begin`].
    pub(crate) fn call(&self, request: &str) -> Result<u64, Failure> {
        let HostRequest::Usage {} = parse::json(request, "the request to the host")?;
        let usage = self.host.usage();
        self.begin(async move {
            Outcome::own(Ok(UsageView {
                calls: usage.calls,
                waiting: usage.waiting,
                instances: usage.instances,
                memories: usage.memories,
                stacks: usage.stacks,
            }))
        })
    }

    /// Ends a call early. False where it has ended already.
    pub(crate) fn cancel(&self, call: u64) -> bool {
        self.calls.cancel(call)
    }

    /// Does something beside the calls until the host is gone.
    pub(crate) fn spawn(
        &self,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> tokio::task::AbortHandle {
        self.handle.spawn(task).abort_handle()
    }

    /// The next event.
    pub(crate) fn next(&self, timeout: Duration) -> Next {
        self.queue.next(timeout)
    }

    /// Ends all calls. The event `closed` comes after theirs. False where that was asked before.
    pub(crate) fn close(&self) -> bool {
        if self.is_closing.swap(true, Ordering::Relaxed) {
            return false;
        }
        let (calls, questions) = (Arc::clone(&self.calls), Arc::clone(&self.questions));
        let queue = Arc::clone(&self.queue);
        self.handle.spawn(async move {
            // First the calls: a plugin whose question ended would go on, and could answer.
            calls.close().await;
            questions.close();
            queue.close();
        });
        true
    }

    /// Ends the runtime without waiting for it.
    pub(crate) fn shut_down(&self) {
        let runtime = self
            .runtime
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(runtime) = runtime {
            runtime.shutdown_background();
        }
        self.queue.close();
    }

    /// Tells the embedder something.
    pub(crate) fn tell(&self, event: &Event<'_>) {
        self.queue.push(event);
    }
}

fn runtime(options: &OptionsView, lines: &Dispatch) -> Result<Runtime, Failure> {
    let lines = lines.clone();
    let mut builder = Builder::new_multi_thread();
    if let Some(threads) = options.threads {
        if !(1..=MOST_THREADS).contains(&threads) {
            let message = format!("`threads` is {threads}, and not 1 to {MOST_THREADS}");
            let hint = "Leave it out: there are as many as the machine has processors.";
            return Err(Failure::invalid(message, hint));
        }
        builder.worker_threads(threads);
    }
    builder
        .thread_name("polysync-host")
        .enable_all()
        .on_thread_start(move || log_events::enter(&lines))
        .on_thread_stop(log_events::leave)
        .build()
        .map_err(|error| {
            let message = format!("the host's threads can't be started: {error}");
            Failure::invalid(message, "Give the process more threads, or set `threads`.")
        })
}
