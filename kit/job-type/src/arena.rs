//! The allocator of a component: a fixed arena, and the standard allocator for what does not fit.
//!
//! A host gives each call a fresh instance. With the standard allocator alone, each instance grows
//! its memory once, and a call that is answered from memory takes 28 % longer. `talc` is slower
//! still, and `bumpalo` is not a global allocator. So the first 64 KiB come from memory that the
//! instance has from its beginning. None of it is reused, because the instance ends with its call.

#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};

/// The size in bytes: twice what a poll allocates.
const SIZE: usize = 64 << 10;

/// An arena in front of the standard allocator.
#[derive(Debug)]
pub struct Arena {
    memory: UnsafeCell<Memory>,
    /// Bytes handed out, from the beginning of the memory.
    used: Cell<usize>,
}

#[derive(Debug)]
#[repr(align(16))]
#[expect(dead_code, reason = "it is read and written through pointers alone")]
struct Memory([u8; SIZE]);

// SAFETY: a component has one thread.
#[cfg(target_family = "wasm")]
unsafe impl Sync for Arena {}

impl Arena {
    /// An empty arena.
    pub const fn new() -> Self {
        Self {
            memory: UnsafeCell::new(Memory([0; SIZE])),
            used: Cell::new(0),
        }
    }

    fn holds(&self, allocation: *mut u8) -> bool {
        let begin = self.memory.get().addr();
        (begin..begin + SIZE).contains(&allocation.addr())
    }
}

impl Default for Arena {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: `used` only grows, so that allocations of the arena do not overlap; all others are the
// standard allocator's.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let begin = self.used.get().next_multiple_of(layout.align());
        match begin.checked_add(layout.size()) {
            Some(end) if end <= SIZE && layout.align() <= align_of::<Memory>() => {
                self.used.set(end);
                // SAFETY: `begin` is not past `end`, which lies in the arena.
                unsafe { self.memory.get().cast::<u8>().add(begin) }
            }
            // SAFETY: the standard allocator asks for the same guarantees as this function.
            _ => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, allocation: *mut u8, layout: Layout) {
        if !self.holds(allocation) {
            // SAFETY: the standard allocator made every allocation outside of the arena.
            unsafe { System.dealloc(allocation, layout) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alloc(arena: &Arena, size: usize, align: usize) -> *mut u8 {
        let layout = Layout::from_size_align(size, align).unwrap();
        // SAFETY: no layout in these tests is empty.
        let allocation = unsafe { arena.alloc(layout) };
        assert_eq!(allocation.addr() % align, 0);
        // SAFETY: the allocation is as large as its layout.
        unsafe { allocation.write_bytes(0xff, size) };
        allocation
    }

    fn free(arena: &Arena, allocation: *mut u8, size: usize, align: usize) {
        let layout = Layout::from_size_align(size, align).unwrap();
        // SAFETY: the tests free each allocation once, with its layout.
        unsafe { arena.dealloc(allocation, layout) };
    }

    #[test]
    fn allocations_follow_each_other_with_their_alignment() {
        let arena = Arena::new();
        let first = alloc(&arena, 3, 1);
        let second = alloc(&arena, 8, 8);
        assert_eq!(second.addr() - first.addr(), 8);
        free(&arena, second, 8, 8);
        let third = alloc(&arena, 8, 8);
        assert_eq!(third.addr() - first.addr(), 16, "nothing is used twice");
    }

    #[test]
    fn an_allocation_that_does_not_fit_is_the_standard_allocators() {
        let arena = Arena::new();
        for (size, align) in [(SIZE + 1, 1), (8, 32)] {
            let allocation = alloc(&arena, size, align);
            assert!(!arena.holds(allocation));
            free(&arena, allocation, size, align);
        }
        assert!(arena.holds(alloc(&arena, SIZE, 1)));
        let past_the_end = alloc(&arena, 1, 1);
        assert!(!arena.holds(past_the_end));
        free(&arena, past_the_end, 1, 1);
    }

    #[test]
    fn an_allocation_that_grows_keeps_its_bytes() {
        let arena = Arena::new();
        let small = alloc(&arena, 4, 1);
        // SAFETY: the allocation has four bytes, and is given back with its layout.
        unsafe {
            small.copy_from(b"abcd".as_ptr(), 4);
            let layout = Layout::from_size_align(4, 1).unwrap();
            let large = arena.realloc(small, layout, SIZE);
            assert!(!arena.holds(large));
            assert_eq!(std::slice::from_raw_parts(large, 4), b"abcd");
            free(&arena, large, SIZE, 1);
        }
    }
}
