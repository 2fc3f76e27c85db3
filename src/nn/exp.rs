//! e^x in a form that compilers turn into SIMD; the standard library's is one function call a number.

use std::f32::consts::LOG2_E;

/// 1.5 * 2^23: adding it to a small number rounds that to a whole number, which then stands in the sum's lowest bits.
const ROUND: f32 = 12_582_912.0;
/// ln 2 in two parts: the first has so few bits that n * LN_2_HIGH is exact.
const LN_2_HIGH: f32 = 355.0 / 512.0;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// e^x with a relative error below 2e-7; x beyond +-87 counts as +-87, so that the result is neither zero nor infinite. NaN
/// stays NaN.
///
/// x = n ln 2 + r with |r| <= ln 2 / 2; e^r by the polynomial of Cephes (Moshier), 2^n by its bits.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 87.0);
    let rounded = x * LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    let p = ((((1.987_569_2e-4 * r + 1.398_199_9e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2) * r + 0.166_666_65) * r + 0.5;
    let power_of_two = f32::from_bits((rounded.to_bits() << 23).wrapping_add(0x3f80_0000));
    (p * r * r + r + 1.0) * power_of_two
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn close_to_the_exact_value_everywhere() {
        for i in -870_000..=870_000 {
            let x = i as f32 * 1e-4;
            let want = f64::from(x).exp();
            let error = (f64::from(exp(x)) - want).abs() / want;
            assert!(error < 2e-7, "e^{x}: relative error {error}");
        }
    }

    #[test]
    fn defined_at_the_ends() {
        assert!(exp(-1e30) > 0.0 && exp(f32::NEG_INFINITY) < 1e-37);
        assert!(exp(1e30).is_finite() && exp(f32::INFINITY) > 1e37);
        assert!(exp(f32::NAN).is_nan());
        assert_eq!(exp(0.0), 1.0);
    }
}
