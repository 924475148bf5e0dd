//! What a function of the library returns.

/// What a function of the library returns.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PsStatus {
    /// It is done, or under way.
    Ok = 0,
    /// `ps_next`: no event came in time. Nothing is wrong.
    Timeout = 1,
    /// The host is closed, and its last event was taken.
    Closed = 2,
    /// An argument can't be used; the error says which and why.
    Invalid = 3,
    /// The handle, the call or the question isn't there (any more).
    NotFound = 4,
    /// Too many calls are under way, or their answers aren't taken.
    Busy = 5,
    /// The library has a bug: it panicked. The host goes on.
    Panicked = 6,
}
