//! The limits on memories and tables, as the engine asks for them: those of a call, and that of all
//! calls together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use wasmtime::ResourceLimiter;

use crate::limits::Limits;

/// What an element of a table takes in the engine, in bytes.
const ELEMENT_BYTES: usize = size_of::<usize>();

/// The memory that all calls of a host share: [`Limits::total_memory_bytes`].
///
/// Half of it is divided among the calls that may run, so that each has a share that no other can
/// take. What a call needs beyond its share comes from the other half.
#[derive(Debug)]
pub(crate) struct SharedMemory {
    /// What each call may take without asking.
    share: usize,
    /// What is left of the other half.
    left: AtomicUsize,
}

impl SharedMemory {
    pub(crate) fn new(limits: &Limits) -> Arc<Self> {
        let half = limits.total_memory_bytes / 2;
        let calls = usize::try_from(limits.instances()).unwrap_or(usize::MAX);
        // None of the limits is zero, but that is checked elsewhere.
        let share = half / calls.max(1);
        Arc::new(Self {
            share,
            left: AtomicUsize::new(limits.total_memory_bytes - share * calls),
        })
    }

    /// Takes what a call that grows needs beyond its share. Returns false if less is left.
    fn grow(&self, from: usize, to: usize) -> bool {
        let more = self.beyond_share(to) - self.beyond_share(from);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(more)
            })
            .is_ok()
    }

    fn give_back(&self, taken: usize) {
        let beyond = self.beyond_share(taken);
        self.left.fetch_add(beyond, Ordering::Relaxed);
    }

    fn beyond_share(&self, taken: usize) -> usize {
        taken.saturating_sub(self.share)
    }
}

/// Whose limit a call ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A memory's own, [`Limits::memory_bytes`].
    Own,
    /// That of all calls together, [`Limits::total_memory_bytes`].
    Shared,
}

/// Refuses memory past the limits, and remembers that it did. Gives back what the call took when it
/// is dropped, which is when the call's memories are gone or go.
#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    memory_bytes: usize,
    table_elements: usize,
    shared: Arc<SharedMemory>,
    /// Bytes of all memories and tables of the call.
    taken: usize,
    /// What the latest growth took of it.
    latest: usize,
    refusal: Option<Refusal>,
}

impl MemoryLimiter {
    pub(crate) fn new(limits: &Limits, shared: &Arc<SharedMemory>) -> Self {
        Self {
            memory_bytes: limits.memory_bytes,
            table_elements: limits.table_elements,
            shared: Arc::clone(shared),
            taken: 0,
            latest: 0,
            refusal: None,
        }
    }

    /// The limit that the plugin asked for more memory than, if it did.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    fn take(&mut self, bytes: usize) -> bool {
        let to = self.taken.saturating_add(bytes);
        let fits = self.shared.grow(self.taken, to);
        if fits {
            self.taken = to;
            self.latest = bytes;
        } else {
            self.refuse(Refusal::Shared);
        }
        fits
    }

    /// Nothing was taken, so that there is nothing to undo, whatever the engine says afterwards.
    fn refuse(&mut self, refusal: Refusal) {
        self.latest = 0;
        self.refusal = Some(refusal);
    }

    /// Gives back what the latest growth took, because the engine could not do it.
    fn undo(&mut self) {
        let before = self.taken - self.latest;
        self.latest = 0;
        let beyond = self.shared.beyond_share(self.taken) - self.shared.beyond_share(before);
        self.shared.left.fetch_add(beyond, Ordering::Relaxed);
        self.taken = before;
    }
}

impl Drop for MemoryLimiter {
    fn drop(&mut self) {
        self.shared.give_back(self.taken);
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > self.memory_bytes {
            self.refuse(Refusal::Own);
            return Ok(false);
        }
        Ok(self.take(desired.saturating_sub(current)))
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.undo();
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let elements = desired.saturating_sub(current);
        Ok(desired <= self.table_elements && self.take(elements.saturating_mul(ELEMENT_BYTES)))
    }

    fn table_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.undo();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    /// Limits under which each of nine calls, and the loading of a plugin, has a share of 1 MiB, and
    /// 10 MiB are left for all.
    fn limits() -> Limits {
        Limits {
            concurrent_calls: 9,
            concurrent_describes: 1,
            total_memory_bytes: 20 * MIB,
            memory_bytes: 16 * MIB,
            ..Limits::recommended()
        }
    }

    fn grows(call: &mut MemoryLimiter, from: usize, to: usize) -> bool {
        call.memory_growing(from * MIB, to * MIB, None)
            .expect("an answer")
    }

    #[test]
    fn two_calls_together_run_out_of_what_each_alone_has() {
        let shared = SharedMemory::new(&limits());
        let mut one = MemoryLimiter::new(&limits(), &shared);
        let mut two = MemoryLimiter::new(&limits(), &shared);
        assert!(grows(&mut one, 0, 8));
        assert!(!grows(&mut two, 0, 8));
        assert_eq!(
            (one.refusal(), two.refusal()),
            (None, Some(Refusal::Shared))
        );
        drop(one);
        let mut three = MemoryLimiter::new(&limits(), &shared);
        assert!(grows(&mut three, 0, 8), "the first gave its memory back");
    }

    #[test]
    fn a_call_always_gets_its_share() {
        let shared = SharedMemory::new(&limits());
        let mut greedy = MemoryLimiter::new(&limits(), &shared);
        assert!(grows(&mut greedy, 0, 11), "its share and the other half");
        assert!(!grows(&mut greedy, 11, 12));
        let mut modest = [(); 9].map(|()| MemoryLimiter::new(&limits(), &shared));
        for call in &mut modest {
            assert!(grows(call, 0, 1));
            assert!(!grows(call, 1, 2));
        }
    }

    #[test]
    fn a_memory_past_its_own_limit_takes_nothing() {
        let shared = SharedMemory::new(&limits());
        let mut call = MemoryLimiter::new(&limits(), &shared);
        assert!(!grows(&mut call, 0, 17));
        assert_eq!(call.refusal(), Some(Refusal::Own));
        assert!(grows(&mut call, 0, 11));
    }

    #[test]
    fn tables_count_too() {
        let limits = Limits {
            table_elements: usize::MAX,
            ..limits()
        };
        let shared = SharedMemory::new(&limits);
        let mut call = MemoryLimiter::new(&limits, &shared);
        assert!(
            call.table_growing(0, 11 * MIB / 8, None)
                .expect("an answer")
        );
        assert!(!call.table_growing(0, 1, None).expect("an answer"));
    }

    #[test]
    fn what_the_engine_could_not_grow_is_given_back() {
        let shared = SharedMemory::new(&limits());
        let mut call = MemoryLimiter::new(&limits(), &shared);
        assert!(grows(&mut call, 0, 2));
        assert!(grows(&mut call, 2, 11));
        call.memory_grow_failed(wasmtime::format_err!("on purpose"))
            .expect("it is noted");
        assert!(grows(&mut call, 2, 11));
        drop(call);
        assert_eq!(shared.left.load(Ordering::Relaxed), 10 * MIB);
    }

    #[test]
    fn a_growth_that_was_refused_gives_nothing_back() {
        let shared = SharedMemory::new(&limits());
        let mut call = MemoryLimiter::new(&limits(), &shared);
        assert!(grows(&mut call, 0, 8));
        for _ in 0..3 {
            assert!(!grows(&mut call, 8, 15));
            let failed = call.memory_grow_failed(wasmtime::Error::msg("refused"));
            failed.expect("an answer");
        }
        let mut other = MemoryLimiter::new(&limits(), &shared);
        assert!(!grows(&mut other, 0, 8));
    }
}
