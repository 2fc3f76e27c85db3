//! The inner steps of every product, as each processor does them best. In WebAssembly they are written out: the compiler's own
//! vectors depend on what stands around the loop, and were lost at times. Elsewhere `pulp` has them for the widest registers that
//! the processor turns out to have.

#[cfg(target_arch = "wasm32")]
use std::arch::wasm32::v128;

/// Registers of several numbers.
pub trait Lanes: Copy {
    /// Numbers in a register.
    const LANES: usize;

    /// `sums[i] += a * b[i]`, for a multiple of four numbers.
    fn multiply_add<const N: usize>(self, sums: &mut [f32; N], a: f32, b: &[f32; N]);
}

/// A loop that is compiled for every kind of registers. What it calls has to be inlined into it.
pub trait Kernel {
    fn run<L: Lanes>(self, lanes: L);
}

/// Four numbers.
#[cfg(target_arch = "wasm32")]
#[derive(Clone, Copy)]
struct Four;

#[cfg(target_arch = "wasm32")]
impl Lanes for Four {
    const LANES: usize = 4;

    #[inline(always)]
    fn multiply_add<const N: usize>(self, sums: &mut [f32; N], a: f32, b: &[f32; N]) {
        const { assert!(N.is_multiple_of(4)) };
        let many = std::arch::wasm32::f32x4_splat(a);
        for (sums, b) in sums.as_chunks_mut::<4>().0.iter_mut().zip(b.as_chunks::<4>().0) {
            *sums = numbers(four_lanes(many, lanes(*b), lanes(*sums)));
        }
    }
}

/// Runs a kernel.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub fn run(kernel: impl Kernel) {
    kernel.run(Four);
}

/// As many numbers as `S` has.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy)]
struct Native<S>(S);

#[cfg(not(target_arch = "wasm32"))]
impl<S: pulp::Simd> Lanes for Native<S> {
    const LANES: usize = S::F32_LANES;

    #[inline(always)]
    fn multiply_add<const N: usize>(self, sums: &mut [f32; N], a: f32, b: &[f32; N]) {
        let (sums, rest) = S::as_mut_simd_f32s(sums);
        let (b, b_rest) = S::as_simd_f32s(b);
        let many = self.0.splat_f32s(a);
        for (sums, b) in sums.iter_mut().zip(b) {
            *sums = self.0.mul_add_e_f32s(many, *b, *sums);
        }
        // Four numbers fill no register of eight or sixteen.
        for (sum, b) in rest.iter_mut().zip(b_rest) {
            *sum = a.mul_add(*b, *sum);
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
struct Run<K>(K);

#[cfg(not(target_arch = "wasm32"))]
impl<K: Kernel> pulp::WithSimd for Run<K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        self.0.run(Native(simd));
    }
}

/// Runs a kernel with the widest registers that the processor has.
#[cfg(not(target_arch = "wasm32"))]
pub fn run(kernel: impl Kernel) {
    pulp::Arch::new().dispatch(Run(kernel));
}

/// What this processor has, for tests.
#[cfg(all(test, target_arch = "x86_64"))]
#[derive(Clone, Copy, Debug)]
pub enum Width {
    Scalar,
    Avx2(pulp::x86::V3),
    Avx512(pulp::x86::V4),
}

#[cfg(all(test, target_arch = "x86_64"))]
impl Width {
    pub fn all() -> impl Iterator<Item = Width> {
        let wide = [pulp::x86::V3::try_new().map(Width::Avx2), pulp::x86::V4::try_new().map(Width::Avx512)];
        std::iter::once(Width::Scalar).chain(wide.into_iter().flatten())
    }

    pub fn run(self, kernel: impl Kernel) {
        use pulp::Simd;
        match self {
            Width::Scalar => kernel.run(Native(pulp::Scalar::new())),
            Width::Avx2(simd) => Simd::vectorize(simd, Run(kernel)),
            Width::Avx512(simd) => Simd::vectorize(simd, Run(kernel)),
        }
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
