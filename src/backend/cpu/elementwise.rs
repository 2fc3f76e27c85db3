//! What is computed number by number: activations and updates. The formulas stand in `crate::nn`; here they are compiled for every
//! kind of registers, and the compiler makes SIMD of them. Whichever are used, the same bits come out.

use super::lanes::{Kernel, Lanes, run};
use crate::nn::{Activation, Optimizer, StepSize};

/// Replaces every z by f(z).
#[inline(never)]
pub fn activate(activation: Activation, values: &mut [f32]) {
    run(Activate { activation, values });
}

/// Multiplies every gradient by f'(z), given what is kept of the forward pass.
#[inline(never)]
pub fn chain(activation: Activation, gradients: &mut [f32], kept: &[f32]) {
    run(Chain { activation, gradients, kept });
}

/// The optimizer's numbers and their parameters.
pub struct Update<'a> {
    pub optimizer: Optimizer,
    pub step: StepSize,
    pub x: &'a mut [f32],
    pub g: &'a [f32],
    pub m: &'a mut [f32],
    pub v: &'a mut [f32],
}

/// [`Optimizer::update`].
#[inline(never)]
pub fn update(update: Update) {
    run(update);
}

struct Activate<'a> {
    activation: Activation,
    values: &'a mut [f32],
}

impl Kernel for Activate<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        self.activation.apply_all(self.values);
    }
}

struct Chain<'a> {
    activation: Activation,
    gradients: &'a mut [f32],
    kept: &'a [f32],
}

impl Kernel for Chain<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        self.activation.chain_all(self.gradients, self.kept);
    }
}

impl Kernel for Update<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        let Update { optimizer, step, x, g, m, v } = self;
        optimizer.update(step, x, g, m, v);
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::super::lanes::Width;
    use super::*;

    fn random(seed: u64) -> Vec<f32> {
        let mut rng = fastrand::Rng::with_seed(seed);
        (0..1003).map(|_| 8.0 * rng.f32() - 4.0).collect()
    }

    fn bits(numbers: &[f32]) -> Vec<u32> {
        numbers.iter().map(|number| number.to_bits()).collect()
    }

    #[test]
    fn activations_have_the_same_bits_with_all_registers() {
        for activation in Activation::ALL {
            let z = random(1);
            let mut a = z.clone();
            a.iter_mut().for_each(|z| *z = activation.apply(*z));
            let slopes: Vec<f32> = random(2).iter().zip(&a).map(|(g, a)| g * activation.derivative(*a)).collect();
            for width in Width::all() {
                let (mut values, mut gradients) = (z.clone(), random(2));
                width.run(Activate { activation, values: &mut values });
                width.run(Chain { activation, gradients: &mut gradients, kept: &a });
                assert_eq!(bits(&values), bits(&a), "{activation:?}, {width:?}");
                assert_eq!(bits(&gradients), bits(&slopes), "slopes of {activation:?}, {width:?}");
            }
        }
    }

    #[test]
    fn updates_have_the_same_bits_with_all_registers() {
        for optimizer in Optimizer::ALL {
            let step = optimizer.at_step(0.01, 3);
            let v: Vec<f32> = random(4).iter().map(|v| v * v).collect();
            let (mut x, mut m_after, mut v_after) = (random(1), v.clone(), v.clone());
            for i in 0..x.len() {
                let place = i..i + 1;
                let (m, v) = (&mut m_after[place.clone()], &mut v_after[place.clone()]);
                optimizer.update(step, &mut x[place.clone()], &random(3)[place], m, v);
            }
            for width in Width::all() {
                let (mut own, mut own_m, mut own_v) = (random(1), v.clone(), v.clone());
                let (x_now, m, v) = (&mut own, &mut own_m, &mut own_v);
                width.run(Update { optimizer, step, x: x_now, g: &random(3), m, v });
                for (now, wanted) in [(&own, &x), (&own_m, &m_after), (&own_v, &v_after)] {
                    assert_eq!(bits(now), bits(wanted), "{optimizer:?}, {width:?}");
                }
            }
        }
    }
}
