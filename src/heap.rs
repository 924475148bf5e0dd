//! Where the guest's memory comes from. A call mostly allocates little, and lives a few
//! microseconds: so the first allocations come from a fixed arena, one after the other, which takes
//! no search, and no growth of the linear memory, which is a system call of the host's. What doesn't
//! fit goes to the standard library's allocator.
//!
//! The arena begins anew whenever nothing in it is in use: at the end of each call, where a host
//! keeps the instance.

#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::{Cell, UnsafeCell};
use std::ptr;

/// Twice what a status takes, in bytes.
const ARENA: usize = 64 << 10;

/// An arena before another allocator.
pub(crate) struct Heap<A, const SIZE: usize = ARENA> {
    arena: UnsafeCell<Arena<SIZE>>,
    /// Bytes handed out, from the arena's beginning.
    used: Cell<usize>,
    /// Allocations in the arena.
    live: Cell<usize>,
    beyond: A,
}

#[repr(align(16))]
struct Arena<const SIZE: usize>([u8; SIZE]);

// SAFETY: a component has one thread.
#[cfg(target_family = "wasm")]
unsafe impl<A: Sync, const SIZE: usize> Sync for Heap<A, SIZE> {}

impl<A, const SIZE: usize> Heap<A, SIZE> {
    pub(crate) const fn before(beyond: A) -> Self {
        Self {
            arena: UnsafeCell::new(Arena([0; SIZE])),
            used: Cell::new(0),
            live: Cell::new(0),
            beyond,
        }
    }

    fn base(&self) -> *mut u8 {
        self.arena.get().cast()
    }

    /// Where in the arena an allocation begins; none for one from beyond.
    fn offset(&self, allocation: *mut u8) -> Option<usize> {
        let offset = allocation.addr().checked_sub(self.base().addr())?;
        (offset < SIZE).then_some(offset)
    }

    /// The next free bytes of the arena, if there are enough.
    fn take(&self, layout: Layout) -> Option<*mut u8> {
        if layout.align() > align_of::<Arena<SIZE>>() {
            return None;
        }
        let offset = self.used.get().checked_next_multiple_of(layout.align())?;
        let end = offset.checked_add(layout.size())?;
        if end > SIZE || layout.size() == 0 {
            return None;
        }
        self.used.set(end);
        self.live.set(self.live.get() + 1);
        // SAFETY: `offset` is less than `end`, which lies in the arena.
        Some(unsafe { self.base().add(offset) })
    }
}

// SAFETY: allocations of the arena don't overlap, because `used` only falls to where the last one
// began that is no longer in use, or to zero when none is; all others are the other allocator's.
unsafe impl<A: GlobalAlloc, const SIZE: usize> GlobalAlloc for Heap<A, SIZE> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match self.take(layout) {
            Some(allocation) => allocation,
            // SAFETY: the caller's promise is passed on.
            None => unsafe { self.beyond.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, allocation: *mut u8, layout: Layout) {
        let Some(offset) = self.offset(allocation) else {
            // SAFETY: it isn't the arena's, so it is the other allocator's.
            return unsafe { self.beyond.dealloc(allocation, layout) };
        };
        let live = self.live.get() - 1;
        self.live.set(live);
        if live == 0 {
            self.used.set(0);
        } else if offset + layout.size() == self.used.get() {
            self.used.set(offset);
        }
    }

    unsafe fn realloc(&self, allocation: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let offset = match self.offset(allocation) {
            Some(offset) => offset,
            // SAFETY: it isn't the arena's, so it is the other allocator's.
            None => return unsafe { self.beyond.realloc(allocation, layout, size) },
        };
        let is_last = offset + layout.size() == self.used.get();
        if is_last && offset.checked_add(size).is_some_and(|end| end <= SIZE) {
            self.used.set(offset + size);
            return allocation;
        }
        // SAFETY: the caller promises that the size is valid for the alignment; the two don't
        // overlap, because the old one is still in use.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                ptr::copy_nonoverlapping(allocation, new, layout.size().min(size));
                self.dealloc(allocation, layout);
            }
            new
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::alloc::System;

    type Small = Heap<System, 64>;

    fn bytes(size: usize) -> Layout {
        Layout::from_size_align(size, 1).unwrap()
    }

    fn alloc(heap: &Small, layout: Layout) -> *mut u8 {
        // SAFETY: no layout in these tests is empty.
        let allocation = unsafe { heap.alloc(layout) };
        assert_eq!(allocation.addr() % layout.align(), 0);
        // SAFETY: it is as large as its layout.
        unsafe { allocation.write_bytes(0xff, layout.size()) };
        allocation
    }

    fn free(heap: &Small, allocation: *mut u8, layout: Layout) {
        // SAFETY: the tests free each allocation once, with its layout.
        unsafe { heap.dealloc(allocation, layout) };
    }

    #[test]
    fn allocations_follow_each_other_and_keep_their_alignment() {
        let heap = Small::before(System);
        let first = alloc(&heap, bytes(3));
        let second = alloc(&heap, Layout::from_size_align(8, 8).unwrap());
        assert_eq!(heap.offset(first), Some(0));
        assert_eq!(heap.offset(second), Some(8));
    }

    #[test]
    fn what_does_not_fit_comes_from_beyond() {
        let heap = Small::before(System);
        for layout in [bytes(65), Layout::from_size_align(8, 32).unwrap()] {
            let allocation = alloc(&heap, layout);
            assert_eq!(heap.offset(allocation), None);
            free(&heap, allocation, layout);
        }
        let all = alloc(&heap, bytes(64));
        assert_eq!(heap.offset(all), Some(0));
        let one = alloc(&heap, bytes(1));
        assert_eq!(heap.offset(one), None);
        free(&heap, one, bytes(1));
    }

    #[test]
    fn the_last_is_free_at_once_and_all_when_none_is_in_use() {
        let heap = Small::before(System);
        let first = alloc(&heap, bytes(16));
        let second = alloc(&heap, bytes(16));
        free(&heap, second, bytes(16));
        let second = alloc(&heap, bytes(16));
        assert_eq!(heap.offset(second), Some(16));
        free(&heap, first, bytes(16));
        let third = alloc(&heap, bytes(16));
        assert_eq!(
            heap.offset(third),
            Some(32),
            "the first one's place isn't known any more"
        );
        free(&heap, second, bytes(16));
        free(&heap, third, bytes(16));
        assert_eq!(heap.offset(alloc(&heap, bytes(64))), Some(0));
    }

    #[test]
    fn the_last_grows_in_its_place_and_others_move_with_what_they_hold() {
        let heap = Small::before(System);
        let first = alloc(&heap, bytes(4));
        // SAFETY: each allocation is given back with its layout.
        unsafe {
            first.copy_from(b"abcd".as_ptr(), 4);
            let grown = heap.realloc(first, bytes(4), 8);
            assert_eq!(grown, first);
            let _second = alloc(&heap, bytes(4));
            let moved = heap.realloc(grown, bytes(8), 16);
            assert_eq!(heap.offset(moved), Some(12));
            let beyond = heap.realloc(moved, bytes(16), 100);
            assert_eq!(heap.offset(beyond), None);
            assert_eq!(std::slice::from_raw_parts(beyond, 4), b"abcd");
            free(&heap, beyond, bytes(100));
        }
    }
}
