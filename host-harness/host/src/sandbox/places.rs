//! Where calls wait for their turn: a pool of places, and the shares of it that one slot and one
//! connection may have.
//!
//! Tokio's semaphore is fair: those that wait longest are next. A call waits first for its
//! connection's share, then for its slot's, and only then in the queue of all, so that the calls of a
//! connection that hangs wait in a queue of their own and stand in nobody's way.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{AcquireError, Semaphore, SemaphorePermit, TryAcquireError};

/// The calls that may run at the same time.
#[derive(Debug)]
pub(crate) struct Places {
    size: usize,
    free: Semaphore,
    waiting: AtomicUsize,
}

/// The places that the calls of one slot or of one connection may take.
#[derive(Debug)]
pub(crate) struct Share {
    size: usize,
    free: Semaphore,
}

/// A place that is taken until this is dropped.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    _connection: SemaphorePermit<'a>,
    _slot: SemaphorePermit<'a>,
    _place: SemaphorePermit<'a>,
}

/// Counts a call as waiting until it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl Places {
    pub(crate) fn new(size: u32) -> Self {
        let size = within_semaphore(size.into());
        Self {
            size,
            free: Semaphore::new(size),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Calls that run.
    pub(crate) fn taken(&self) -> usize {
        self.size.saturating_sub(self.free.available_permits())
    }

    /// Calls that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// A place, if the call need not wait for it.
    pub(crate) fn try_take<'a>(
        &'a self,
        connection: &'a Share,
        slot: &'a Share,
    ) -> Result<Place<'a>, TryAcquireError> {
        Ok(Place {
            _connection: connection.free.try_acquire()?,
            _slot: slot.free.try_acquire()?,
            _place: self.free.try_acquire()?,
        })
    }

    /// Waits for a place.
    pub(crate) async fn take<'a>(
        &'a self,
        connection: &'a Share,
        slot: &'a Share,
    ) -> Result<Place<'a>, AcquireError> {
        let _waiting = Waiting::begin(&self.waiting);
        Ok(Place {
            _connection: connection.free.acquire().await?,
            _slot: slot.free.acquire().await?,
            _place: self.free.acquire().await?,
        })
    }
}

impl Share {
    /// `percent` of `size` places, rounded down, but at least one.
    pub(crate) fn new(size: u32, percent: u32) -> Self {
        let share = u64::from(size) * u64::from(percent.min(100)) / 100;
        let size = within_semaphore(share.max(1));
        Self {
            size,
            free: Semaphore::new(size),
        }
    }

    /// How many calls may have a place at the same time.
    pub(crate) fn size(&self) -> usize {
        self.size
    }
}

impl<'a> Waiting<'a> {
    fn begin(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A number of permits within what a semaphore can count.
fn within_semaphore(permits: u64) -> usize {
    usize::try_from(permits)
        .unwrap_or(Semaphore::MAX_PERMITS)
        .min(Semaphore::MAX_PERMITS)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_share_is_rounded_down_but_at_least_one_place_and_at_most_all() {
        for (size, percent, share) in [
            (64, 90, 57),
            (64, 80, 51),
            (2, 80, 1),
            (1, 1, 1),
            (64, 100, 64),
            (64, u32::MAX, 64),
        ] {
            let permits = Share::new(size, percent).free.available_permits();
            assert_eq!(permits, share, "{percent} % of {size}");
        }
    }

    #[test]
    fn no_connection_and_no_slot_takes_more_than_its_share() {
        let places = Places::new(10);
        let slot = Share::new(10, 80);
        let [first, second] = [(); 2].map(|()| Share::new(10, 50));
        let take = |connection, slot| places.take(connection, slot).now_or_never();
        let mut taken: Vec<_> = (0..5).map(|_| take(&first, &slot)).collect();
        assert!(taken.iter().all(Option::is_some));
        assert!(
            take(&first, &slot).is_none(),
            "more than a connection's share"
        );
        taken.extend((0..3).map(|_| take(&second, &slot)));
        assert!(taken.iter().all(Option::is_some));
        assert!(take(&second, &slot).is_none(), "more than the slot's share");
        let other = Share::new(10, 80);
        let free = Share::new(10, 50);
        taken.extend((0..2).map(|_| take(&free, &other)));
        assert!(taken.iter().all(Option::is_some));
        assert!(take(&free, &other).is_none(), "more than all places");
        assert_eq!(places.taken(), 10);
        drop(taken);
        assert_eq!(places.taken(), 0);
        assert_eq!(places.waiting(), 0);
    }

    #[test]
    fn a_call_that_waits_for_its_share_takes_no_place_from_others() {
        let places = Places::new(2);
        let slot = Share::new(2, 100);
        let [greedy, modest] = [(); 2].map(|()| Share::new(2, 50));
        let _place = places.try_take(&greedy, &slot).expect("a place");
        let mut waiting = Box::pin(places.take(&greedy, &slot));
        assert!(waiting.as_mut().now_or_never().is_none());
        assert_eq!(places.waiting(), 1);
        assert!(places.try_take(&modest, &slot).is_ok());
        drop(waiting);
        assert_eq!(places.waiting(), 0);
    }
}
