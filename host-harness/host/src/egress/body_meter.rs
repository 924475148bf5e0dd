//! How large the bodies of responses may be, one alone and those of one `send-all` together.
//!
//! `http_body_util::Limited` bounds one body, but not several together.

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
}

/// How much the body of one response may still grow. A client asks it before it keeps a part of the
/// body.
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
}

impl SharedMeter {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            left: AtomicUsize::new(limit),
        })
    }
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
        let taken = self.taken.saturating_add(bytes);
        if taken > self.alone {
            return Err(BodyTooLarge::Alone { limit: self.alone });
        }
        self.together
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            })
            .map_err(|_| BodyTooLarge::Together {
                limit: self.together.limit,
            })?;
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
}
