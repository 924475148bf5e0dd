//! Where components are compiled: a bounded number at the same time, on threads of their own.
//!
//! The engine compiles functions on the pool of `rayon` that it is called in, or else on one for the
//! whole process with a thread for each processor. `rayon-core` is that pool without the iterators.
//! Tokio's pool for blocking work isn't used: a compilation that takes long would hold one of its
//! threads for as long, and reading files needs them.

use std::sync::Arc;

use rayon_core::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::{Semaphore, oneshot};

use crate::host_error::HostError;
use crate::limits::compile::CompileLimits;
use crate::loading::error::LoadFault;

/// Compiles components.
#[derive(Debug)]
pub(crate) struct Compiler {
    /// Holds [`CompileLimits::at_once`] permits.
    places: Arc<Semaphore>,
    threads: ThreadPool,
}

impl Compiler {
    pub(crate) fn new(limits: &CompileLimits) -> Result<Self, HostError> {
        let count = |limit| usize::try_from(limit).unwrap_or(usize::MAX);
        let threads = ThreadPoolBuilder::new()
            .num_threads(count(limits.threads))
            .thread_name(|number| format!("polysync-compile-{number}"))
            // A panic ends the compilation that it is in: its answer is dropped.
            .panic_handler(|_| {})
            .build()
            .map_err(|error| HostError::Compiler(error.to_string()))?;
        let places = count(limits.at_once).min(Semaphore::MAX_PERMITS);
        Ok(Self {
            places: Arc::new(Semaphore::new(places)),
            threads,
        })
    }

    /// Waits for a place, and does the work there.
    ///
    /// Work whose future is dropped before it begins is never done. Work that has begun can't be
    /// interrupted, and holds its place until it ends.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, LoadFault> + Send + 'static,
    ) -> Result<T, LoadFault> {
        let broken = |what: &str| LoadFault::Invalid(format!("it can't be compiled: {what}"));
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(|closed| broken(&closed.to_string()))?;
        let (answer, answered) = oneshot::channel();
        self.threads.spawn(move || {
            // Nobody may wait for it any more when a thread is free.
            if !answer.is_closed() {
                let done = work();
                // Whoever gets the answer finds the place free.
                drop(place);
                let _ = answer.send(done);
            }
        });
        answered
            .await
            .unwrap_or_else(|_| Err(broken("the compiler panicked")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::mpsc;

    use futures_util::FutureExt;

    use super::*;

    fn compiler(at_once: u32, threads: u32) -> Compiler {
        let limits = CompileLimits {
            at_once,
            threads,
            ..CompileLimits::recommended()
        };
        Compiler::new(&limits).expect("a compiler")
    }

    #[tokio::test]
    async fn work_runs_on_as_many_threads_as_the_operator_says() {
        let threads = compiler(8, 3)
            .run(|| Ok(rayon_core::current_num_threads()))
            .await;
        assert_eq!(threads.expect("a number"), 3);
    }

    #[tokio::test]
    async fn no_more_than_the_limit_runs_at_once() {
        let compiler = compiler(2, 8);
        let running = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let work = (0..20).map(|_| {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            compiler.run(move || {
                let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(now, Ordering::SeqCst);
                std::thread::yield_now();
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            })
        });
        for done in futures_util::future::join_all(work).await {
            done.expect("it is done");
        }
        assert!(most.load(Ordering::SeqCst) <= 2);
    }

    #[tokio::test]
    async fn work_that_waits_for_a_thread_is_not_begun_when_nobody_waits_for_it_any_more() {
        let compiler = compiler(2, 1);
        let (go_on, wait) = mpsc::channel::<()>();
        let mut first = Box::pin(compiler.run(move || {
            let _ = wait.recv();
            Ok(())
        }));
        assert!((&mut first).now_or_never().is_none(), "it runs");
        let begun = Arc::new(AtomicBool::new(false));
        let abandoned = {
            let begun = Arc::clone(&begun);
            compiler.run(move || {
                begun.store(true, Ordering::SeqCst);
                Ok(())
            })
        };
        assert!(abandoned.now_or_never().is_none(), "no thread is free");
        drop(go_on);
        first.await.expect("it is done");
        compiler.run(|| Ok(())).await.expect("it is done");
        assert!(!begun.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_is_not_begun() {
        let compiler = compiler(1, 1);
        let (go_on, wait) = mpsc::channel::<()>();
        let mut first = Box::pin(compiler.run(move || {
            let _ = wait.recv();
            Ok(())
        }));
        assert!((&mut first).now_or_never().is_none(), "it waits");
        let begun = Arc::new(AtomicBool::new(false));
        let abandoned = {
            let begun = Arc::clone(&begun);
            compiler.run(move || {
                begun.store(true, Ordering::SeqCst);
                Ok(())
            })
        };
        // Polled once, and dropped.
        assert!(abandoned.now_or_never().is_none(), "it waits for a place");
        drop(go_on);
        first.await.expect("the first is done");
        compiler.run(|| Ok(())).await.expect("the next is done");
        assert!(!begun.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn work_that_has_begun_keeps_its_place_although_nobody_waits_for_it() {
        let compiler = compiler(1, 2);
        let (go_on, wait) = mpsc::channel::<()>();
        let (began, begins) = oneshot::channel();
        let mut abandoned = Box::pin(compiler.run(move || {
            let _ = began.send(());
            let _ = wait.recv();
            Ok(())
        }));
        assert!((&mut abandoned).now_or_never().is_none());
        begins.await.expect("it has begun");
        drop(abandoned);
        let mut next = Box::pin(compiler.run(|| Ok(())));
        assert!((&mut next).now_or_never().is_none(), "all places are taken");
        drop(go_on);
        next.await.expect("it is done");
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_frees_the_place() {
        let compiler = compiler(1, 1);
        let broken = compiler.run::<()>(|| panic!("on purpose")).await;
        assert_eq!(
            broken.expect_err("it panicked").to_string(),
            "the engine refuses it: it can't be compiled: the compiler panicked"
        );
        compiler.run(|| Ok(())).await.expect("the next is done");
    }
}
