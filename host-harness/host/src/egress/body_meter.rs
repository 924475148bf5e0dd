//! How large responses may be: one alone, those of one `send-all` together, and those of one call
//! together.
//!
//! `http_body_util::Limited` bounds one body, but no headers, and not several bodies together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A response that is larger than the limits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyTooLarge {
    /// The response alone.
    #[error("the response is larger than {limit} bytes (`Limits::response_bytes`)")]
    Alone {
        /// [`Limits::response_bytes`](crate::Limits::response_bytes).
        limit: usize,
    },
    /// The response together with the others of the same `send-all`.
    #[error(
        "the responses together are larger than {limit} bytes (`Limits::send_all_bytes`); \
         this one can be asked for by itself"
    )]
    Together {
        /// [`Limits::send_all_bytes`](crate::Limits::send_all_bytes).
        limit: usize,
    },
    /// The response together with all others of the same call.
    #[error(
        "the responses of this call together are larger than {limit} bytes \
         (`Limits::received_bytes_per_call`)"
    )]
    Call {
        /// [`Limits::received_bytes_per_call`](crate::Limits::received_bytes_per_call).
        limit: usize,
    },
}

/// How much one response may still grow. A client asks it before it keeps a part of the body; the host
/// counts the headers.
#[derive(Debug)]
pub struct BodyMeter {
    alone: usize,
    taken: usize,
    together: Arc<SharedMeter>,
}

/// What is left for the responses of one `send-all` together.
#[derive(Debug)]
pub(crate) struct SharedMeter {
    limit: usize,
    left: AtomicUsize,
    call: Arc<CallMeter>,
}

/// What is left for all responses of one call. What was received stays taken, even if the response was
/// given up.
#[derive(Debug)]
pub(crate) struct CallMeter {
    limit: usize,
    left: AtomicUsize,
}

impl CallMeter {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            left: AtomicUsize::new(limit),
        })
    }

    /// Whether nothing more may be received.
    pub(crate) fn is_used_up(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// Counts bytes that were received. Those that don't fit use the rest up.
    fn take(&self, bytes: usize) -> Result<(), BodyTooLarge> {
        match take(&self.left, bytes) {
            true => Ok(()),
            false => {
                self.left.store(0, Ordering::Relaxed);
                Err(BodyTooLarge::Call { limit: self.limit })
            }
        }
    }
}

impl SharedMeter {
    /// What one `send-all` may receive of what is left for its call.
    pub(crate) fn within(call: &Arc<CallMeter>, limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            left: AtomicUsize::new(limit),
            call: Arc::clone(call),
        })
    }

    /// What a `send-all` may receive that is all of its call.
    #[cfg(test)]
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Self::within(&CallMeter::new(usize::MAX), limit)
    }

    pub(crate) fn call(&self) -> &CallMeter {
        &self.call
    }
}

/// Takes from what is left, if it suffices.
fn take(left: &AtomicUsize, bytes: usize) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
        left.checked_sub(bytes)
    })
    .is_ok()
}

impl BodyMeter {
    pub(crate) fn new(alone: usize, together: Arc<SharedMeter>) -> Self {
        Self {
            alone,
            taken: 0,
            together,
        }
    }

    /// Counts bytes that the client is about to keep.
    ///
    /// # Errors
    ///
    /// They don't fit. The client gives the response up; when the meter is dropped, what the response
    /// took is free for the others of its `send-all`.
    pub fn take(&mut self, bytes: usize) -> Result<(), BodyTooLarge> {
        self.together.call.take(bytes)?;
        let taken = self.taken.saturating_add(bytes);
        if taken > self.alone {
            return Err(BodyTooLarge::Alone { limit: self.alone });
        }
        if !take(&self.together.left, bytes) {
            return Err(BodyTooLarge::Together {
                limit: self.together.limit,
            });
        }
        self.taken = taken;
        Ok(())
    }

    /// Ends the count of a response that is complete: what it took stays taken.
    pub(crate) fn commit(mut self) {
        self.taken = 0;
    }
}

impl Drop for BodyMeter {
    fn drop(&mut self) {
        self.together.left.fetch_add(self.taken, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_share_what_one_send_all_may_hold() {
        let together = SharedMeter::new(10);
        let mut first = BodyMeter::new(8, Arc::clone(&together));
        let mut second = BodyMeter::new(8, Arc::clone(&together));
        assert_eq!(first.take(8), Ok(()));
        assert_eq!(first.take(1), Err(BodyTooLarge::Alone { limit: 8 }));
        assert_eq!(second.take(2), Ok(()));
        assert_eq!(second.take(1), Err(BodyTooLarge::Together { limit: 10 }));
        // What a failed response took is free again; what a complete one took is not.
        drop(first);
        second.commit();
        let mut third = BodyMeter::new(100, Arc::clone(&together));
        assert_eq!(third.take(8), Ok(()));
        assert_eq!(third.take(1), Err(BodyTooLarge::Together { limit: 10 }));
    }

    #[test]
    fn what_a_call_has_received_stays_counted_even_if_it_was_given_up() {
        let call = CallMeter::new(10);
        let together = SharedMeter::within(&call, 100);
        let mut given_up = BodyMeter::new(4, Arc::clone(&together));
        assert_eq!(given_up.take(5), Err(BodyTooLarge::Alone { limit: 4 }));
        drop(given_up);
        assert!(!call.is_used_up());
        let mut second = BodyMeter::new(100, Arc::clone(&together));
        assert_eq!(second.take(6), Err(BodyTooLarge::Call { limit: 10 }));
        assert!(call.is_used_up());
        // Another `send-all` of the same call.
        let mut third = BodyMeter::new(100, SharedMeter::within(&call, 100));
        assert_eq!(third.take(1), Err(BodyTooLarge::Call { limit: 10 }));
    }
}
