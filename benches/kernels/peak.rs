//! How many multiply-adds a second one thread can do, by the width of its vectors: the limit of dense arithmetic.

use criterion::{Criterion, Throughput};
use std::arch::x86_64::{
    _mm_add_ps, _mm_cvtss_f32, _mm_mul_ps, _mm_set1_ps, _mm256_castps256_ps128, _mm256_fmadd_ps, _mm256_set1_ps,
    _mm512_castps512_ps128, _mm512_fmadd_ps, _mm512_set1_ps,
};
use std::hint::black_box;

/// Sums that do not wait for each other: more than the multiply-adds that are under way at a time.
const CHAINS: usize = 12;
/// Multiply-adds of each chain. A sum of so many ones is exact.
const TIMES: usize = 10_000;

/// A function that adds one to every lane of each chain, `TIMES` times over, and returns the sum of their first lanes.
macro_rules! chains {
    ($name:ident, $features:literal, $set:ident, $multiply_add:expr, $first:expr) => {
        #[target_feature(enable = $features)]
        fn $name(one: f32) -> f32 {
            let one = $set(one);
            let mut sums = [$set(0.0); CHAINS];
            for _ in 0..TIMES {
                for sum in &mut sums {
                    *sum = $multiply_add(one, *sum);
                }
            }
            sums.map(|sum| _mm_cvtss_f32($first(sum))).iter().sum()
        }
    };
}

chains!(sse, "sse2", _mm_set1_ps, |one, sum| _mm_add_ps(_mm_mul_ps(one, sum), one), |sum| sum);
chains!(avx2, "avx2,fma", _mm256_set1_ps, |one, sum| _mm256_fmadd_ps(one, sum, one), |sum| _mm256_castps256_ps128(sum));
chains!(avx512, "avx512f", _mm512_set1_ps, |one, sum| _mm512_fmadd_ps(one, sum, one), |sum| _mm512_castps512_ps128(sum));

/// Vectors of one width.
struct Width {
    name: &'static str,
    lanes: usize,
    is_there: bool,
    /// To be called only where it is there.
    run: unsafe fn(f32) -> f32,
}

pub fn bench(criterion: &mut Criterion) {
    let fused = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let widths = [
        Width { name: "4 lanes, multiply and add", lanes: 4, is_there: true, run: sse },
        Width { name: "8 lanes, fused", lanes: 8, is_there: fused, run: avx2 },
        Width { name: "16 lanes, fused", lanes: 16, is_there: is_x86_feature_detected!("avx512f"), run: avx512 },
    ];
    let mut group = criterion.benchmark_group("peak");
    for width in widths.iter().filter(|width| width.is_there) {
        group.throughput(Throughput::Elements(2 * (CHAINS * TIMES * width.lanes) as u64));
        group.bench_function(width.name, |bencher| {
            // SAFETY: the processor has the features, or the width would have been left out.
            let run = || unsafe { (width.run)(black_box(1.0)) };
            assert_eq!(run(), (CHAINS * TIMES) as f32);
            bencher.iter(run);
        });
    }
    group.finish();
}
