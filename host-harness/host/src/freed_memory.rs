//! An allocator for tests that looks for secrets in the memory that a thread frees.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Bytes that must not be in freed memory.
type Secret = [u8; 16];

thread_local! {
    static SOUGHT: Cell<Option<Secret>> = const { Cell::new(None) };
    static FOUND: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread frees memory with these bytes in it while `work` runs.
pub(crate) fn holds_after(sought: Secret, work: impl FnOnce()) -> bool {
    FOUND.set(false);
    SOUGHT.set(Some(sought));
    work();
    SOUGHT.set(None);
    FOUND.get()
}

struct Searching;

#[global_allocator]
static ALLOCATOR: Searching = Searching;

#[allow(unsafe_code, reason = "only an allocator sees memory that is freed")]
// SAFETY: all calls go to the system's allocator with the arguments that came in.
unsafe impl GlobalAlloc for Searching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller guarantees.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(sought) = SOUGHT.get() {
            // SAFETY: the block has this size until it is freed below. Bytes that were never written
            // are read too; that is as good as any value here.
            let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
            if bytes.windows(sought.len()).any(|bytes| bytes == sought) {
                FOUND.set(true);
            }
        }
        // SAFETY: as the caller guarantees.
        unsafe { System.dealloc(block, layout) }
    }
}

#[test]
fn a_secret_that_is_freed_as_it_is_is_found() {
    let secret = *b"0123456789abcdef";
    assert!(holds_after(secret, || drop(secret.to_vec())));
    assert!(!holds_after(secret, || drop(vec![0; 16])));
}
