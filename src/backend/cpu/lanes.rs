//! The inner step of every product, as each processor does it best. In WebAssembly it is written out: the compiler's own
//! vectors depend on what stands around the loop, and were lost at times.

/// `sums[i] += a * b[i]`.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub fn multiply_add<const N: usize>(sums: &mut [f32; N], a: f32, b: &[f32; N]) {
    for (sum, b) in sums.iter_mut().zip(b) {
        *sum += a * b;
    }
}

/// `sums[i] += a * b[i]`.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub fn multiply_add<const N: usize>(sums: &mut [f32; N], a: f32, b: &[f32; N]) {
    use std::arch::wasm32::{f32x4, f32x4_extract_lane, f32x4_splat};
    let (fours, rest) = sums.as_chunks_mut::<4>();
    let (b_fours, b_rest) = b.as_chunks::<4>();
    let many = f32x4_splat(a);
    for (sums, b) in fours.iter_mut().zip(b_fours) {
        let sum = four_lanes(many, f32x4(b[0], b[1], b[2], b[3]), f32x4(sums[0], sums[1], sums[2], sums[3]));
        *sums = [
            f32x4_extract_lane::<0>(sum),
            f32x4_extract_lane::<1>(sum),
            f32x4_extract_lane::<2>(sum),
            f32x4_extract_lane::<3>(sum),
        ];
    }
    for (sum, b) in rest.iter_mut().zip(b_rest) {
        *sum += a * b;
    }
}

#[cfg(target_arch = "wasm32")]
use std::arch::wasm32::v128;

/// a * b + c in one instruction, which rounds once where the processor can.
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
#[inline(always)]
fn four_lanes(a: v128, b: v128, c: v128) -> v128 {
    std::arch::wasm32::f32x4_relaxed_madd(a, b, c)
}

/// a * b + c.
#[cfg(all(target_arch = "wasm32", not(target_feature = "relaxed-simd")))]
#[inline(always)]
fn four_lanes(a: v128, b: v128, c: v128) -> v128 {
    use std::arch::wasm32::{f32x4_add, f32x4_mul};
    f32x4_add(f32x4_mul(a, b), c)
}
