//! How much memory a piece of code takes, counted by an allocator for each thread by itself.

use super::CONSTANT;
use allocation_counter::measure;

/// The most bytes that are taken at once while `work` runs, beyond those taken before, and what it returns.
pub fn most<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let mut result = None;
    let counted = measure(|| result = Some(work()));
    (counted.bytes_max as usize, result.expect("the work was done"))
}

/// Does the work, and panics when it took more than `multiple` times `input` bytes, and [`CONSTANT`].
pub fn bounded<T>(input: usize, multiple: usize, work: impl FnOnce() -> T) -> T {
    let (bytes, result) = most(work);
    let allowed = multiple * input + CONSTANT;
    assert!(bytes <= allowed, "{bytes} bytes for an input of {input}: {multiple} times that and {CONSTANT} are {allowed}");
    result
}
