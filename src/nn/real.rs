//! The numbers that formulas are computed in, so that one formula serves both: f32, as networks compute, and f64, where a page
//! spells out a single step and checks it by central differences.

use std::ops::{Add, Mul, Neg, Sub};

/// f32 or f64.
pub trait Real:
    Copy + PartialOrd + From<f32> + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self>
{
    /// e^self.
    fn exp(self) -> Self;
    /// 1 / self.
    fn inverse(self) -> Self;
    /// The larger of the two.
    fn max(self, other: Self) -> Self;
}

impl Real for f32 {
    #[inline(always)]
    fn exp(self) -> f32 {
        super::exp(self)
    }

    #[inline(always)]
    fn inverse(self) -> f32 {
        1.0 / self
    }

    #[inline(always)]
    fn max(self, other: f32) -> f32 {
        f32::max(self, other)
    }
}

impl Real for f64 {
    #[inline(always)]
    fn exp(self) -> f64 {
        f64::exp(self)
    }

    #[inline(always)]
    fn inverse(self) -> f64 {
        1.0 / self
    }

    #[inline(always)]
    fn max(self, other: f64) -> f64 {
        f64::max(self, other)
    }
}
