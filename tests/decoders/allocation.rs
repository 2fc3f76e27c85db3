//! How much memory a piece of code takes: an allocator that counts, for each thread by itself.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use super::CONSTANT;

/// The program's allocator.
pub struct Counting;

thread_local! {
    /// Bytes that are taken now, and the most that were, since the count began. Negative where something from before was given
    /// back.
    static NOW: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn add(bytes: isize) {
    // A thread that ends has no counters any more.
    let _ = NOW.try_with(|now| {
        now.set(now.get() + bytes);
        let _ = MOST.try_with(|most| most.set(most.get().max(now.get())));
    });
}

// Every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        add(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new may both be there while bytes are moved.
        add(size as isize);
        add(-(layout.size() as isize));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// The most bytes that are taken at once while `work` runs, beyond those taken before, and what it returns.
pub fn most<T>(work: impl FnOnce() -> T) -> (usize, T) {
    NOW.set(0);
    MOST.set(0);
    let result = work();
    (MOST.get().max(0) as usize, result)
}

/// Does the work, and panics when it took more than `multiple` times `input` bytes, and [`CONSTANT`].
pub fn bounded<T>(input: usize, multiple: usize, work: impl FnOnce() -> T) -> T {
    let (bytes, result) = most(work);
    let allowed = multiple * input + CONSTANT;
    assert!(bytes <= allowed, "{bytes} bytes for an input of {input}: {multiple} times that and {CONSTANT} are {allowed}");
    result
}
