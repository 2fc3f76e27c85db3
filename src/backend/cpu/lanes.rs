//! The inner steps of every product, as each processor does it best. In WebAssembly it is written out: the compiler's own
//! vectors depend on what stands around the loop, and were lost at times.

#[cfg(target_arch = "wasm32")]
use std::arch::wasm32::v128;

/// `sums[i] += a * b[i]`.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub fn multiply_add<const N: usize>(sums: &mut [f32; N], a: f32, b: &[f32; N]) {
    for (sum, b) in sums.iter_mut().zip(b) {
        // Where the processor has no such instruction `mul_add` is a slow function.
        *sum = if cfg!(target_feature = "fma") { a.mul_add(*b, *sum) } else { *sum + a * b };
    }
}

/// `sums[i] += a * b[i]`, four at a time.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub fn multiply_add<const N: usize>(sums: &mut [f32; N], a: f32, b: &[f32; N]) {
    const { assert!(N.is_multiple_of(4)) };
    let many = std::arch::wasm32::f32x4_splat(a);
    for (sums, b) in sums.as_chunks_mut::<4>().0.iter_mut().zip(b.as_chunks::<4>().0) {
        *sums = numbers(four_lanes(many, lanes(*b), lanes(*sums)));
    }
}

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

/// The transpose of four by four numbers.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub fn transpose(rows: [[f32; 4]; 4]) -> [[f32; 4]; 4] {
    std::array::from_fn(|column| rows.map(|row| row[column]))
}

/// The transpose of four by four numbers.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub fn transpose(rows: [[f32; 4]; 4]) -> [[f32; 4]; 4] {
    use std::arch::wasm32::{i32x4_shuffle, i64x2_shuffle};
    let [a, b, c, d] = rows.map(lanes);
    let (ab, cd) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<0, 4, 1, 5>(c, d));
    let (ab_high, cd_high) = (i32x4_shuffle::<2, 6, 3, 7>(a, b), i32x4_shuffle::<2, 6, 3, 7>(c, d));
    let low = [i64x2_shuffle::<0, 2>(ab, cd), i64x2_shuffle::<1, 3>(ab, cd)];
    let high = [i64x2_shuffle::<0, 2>(ab_high, cd_high), i64x2_shuffle::<1, 3>(ab_high, cd_high)];
    [numbers(low[0]), numbers(low[1]), numbers(high[0]), numbers(high[1])]
}

#[cfg(target_arch = "wasm32")]
#[inline(always)]
fn lanes(four: [f32; 4]) -> v128 {
    std::arch::wasm32::f32x4(four[0], four[1], four[2], four[3])
}

#[cfg(target_arch = "wasm32")]
#[inline(always)]
fn numbers(lanes: v128) -> [f32; 4] {
    use std::arch::wasm32::f32x4_extract_lane as lane;
    [lane::<0>(lanes), lane::<1>(lanes), lane::<2>(lanes), lane::<3>(lanes)]
}
