//! Weights in fewer bits: each unit has a step, and each of its weights is so many steps. With 8 bits a network is a quarter as
//! large, with 4 an eighth, and answers almost the same.

use super::numbers::floats;
use crate::nn::{DenseShape, Layout};

/// Bits that a weight may take.
pub const BITS: std::ops::RangeInclusive<u32> = 2..=8;

/// The bytes of a layer's weights and biases: one step (f32) a unit, one bias (f32) a unit, then every weight, row by row, as
/// that many bits, the lowest bit first; the last byte is filled up with zeros.
fn layer_len(layer: DenseShape, bits: u32) -> usize {
    8 * layer.units + (layer.inputs * layer.units * bits as usize).div_ceil(8)
}

/// Bytes of all layers.
pub fn len(layout: &Layout, bits: u32) -> usize {
    layout.layers.iter().map(|layer| layer_len(*layer, bits)).sum()
}

/// Packs the flat parameters: each weight as the nearest whole number of its unit's steps, biases as they are.
pub fn pack(layout: &Layout, parameters: &[f32], bits: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(len(layout, bits));
    for layer in &layout.layers {
        let weights = &parameters[layer.weights..layer.bias];
        let bias = &parameters[layer.bias..layer.bias + layer.units];
        let steps = steps(*layer, parameters, bits);
        bytes.extend(steps.iter().chain(bias).flat_map(|number| number.to_le_bytes()));
        let (mut waiting, mut count) = (0u32, 0);
        for (i, weight) in weights.iter().enumerate() {
            // Shifted so that it is never negative.
            waiting |= ((nearest(*weight, steps[i % layer.units], bits) + most(bits)) as u32) << count;
            count += bits;
            while count >= 8 {
                bytes.push(waiting as u8);
                waiting >>= 8;
                count -= 8;
            }
        }
        if count > 0 {
            bytes.push(waiting as u8);
        }
    }
    bytes
}

/// For each unit the step with which its weights come back with the smallest squared error. With few bits it is worth to cut off
/// the few largest weights for a finer step.
pub fn steps(layer: DenseShape, parameters: &[f32], bits: u32) -> Vec<f32> {
    let weights = &parameters[layer.weights..layer.bias];
    let of_unit = |unit: usize| {
        let own = || weights[unit..].iter().step_by(layer.units).copied();
        let full = own().fold(0.0, |most: f32, weight| most.max(weight.abs())) / most(bits) as f32;
        let error = |step: f32| own().map(|w| f64::from(w - nearest(w, step, bits) as f32 * step).powi(2)).sum::<f64>();
        let tried = (0..CUTS).map(|cut| full * (1.0 - cut as f32 / CUTS as f32)).map(|step| (error(step), step));
        tried.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(full, |(_, step)| step)
    };
    (0..layer.units).map(of_unit).collect()
}

/// How many steps are tried, from the one that reaches the largest weight down.
const CUTS: u32 = 40;

/// The whole number of steps nearest to a weight, of those that so many bits can say.
pub fn nearest(weight: f32, step: f32, bits: u32) -> i32 {
    if step > 0.0 { ((weight / step).round() as i32).clamp(-most(bits), most(bits)) } else { 0 }
}

/// The flat parameters back, from as many bytes as [`len`] says.
pub fn unpack(layout: &Layout, bytes: &[u8], bits: u32) -> Vec<f32> {
    let mut parameters = vec![0.0; layout.parameters];
    let mut rest = bytes;
    for layer in &layout.layers {
        let (own, after) = rest.split_at(layer_len(*layer, bits));
        rest = after;
        let (numbers, packed) = own.split_at(8 * layer.units);
        let numbers = floats(numbers);
        let (steps, bias) = numbers.split_at(layer.units);
        parameters[layer.bias..layer.bias + layer.units].copy_from_slice(bias);
        let (mut waiting, mut count, mut packed) = (0u32, 0, packed.iter());
        for row in parameters[layer.weights..layer.bias].chunks_exact_mut(layer.units) {
            for (weight, step) in row.iter_mut().zip(steps) {
                while count < bits {
                    waiting |= u32::from(packed.next().copied().unwrap_or(0)) << count;
                    count += 8;
                }
                *weight = ((waiting & ((1 << bits) - 1)) as i32 - most(bits)) as f32 * step;
                waiting >>= bits;
                count -= bits;
            }
        }
    }
    parameters
}

/// The largest number of steps: 127 in 8 bits.
fn most(bits: u32) -> i32 {
    (1 << (bits - 1)) - 1
}
