//! Which alternatives to the plain products this device uses. One is used if the network that is to be trained has products for
//! it, if the device has what it needs, if it computes what the CPU computes, and if the network's products were measured to be
//! faster with it.

use super::division::Division;
use super::self_test::products_agree;
use super::{Buffer, Gpu, is_aligned, product_sizes};
use crate::Result;
use crate::backend::{Backend, Tuning};
use crate::nn::{Activation, DenseShape};

/// How long a measurement lasts at least, in seconds, so that what it costs to begin and to end one counts for little.
const MEASURED: f64 = 0.005;
/// But not more passes than this: a clock that stands still must not stop it.
const MOST_PASSES: usize = 256;
/// Measurements of each in turn, of which the shortest counts, and the seconds after which no more are begun.
const ROUNDS: usize = 4;
const ENOUGH: f64 = 0.2;
/// An alternative has to be so much faster: what differs by less differs by chance.
const GAIN: f64 = 1.05;

/// Rows and layers for proofs, whose matrices end within a block: with rows that begin anywhere, and at multiples of four
/// numbers.
const PROOFS: [(usize, DenseShape); 2] = [
    (33, DenseShape { inputs: 70, units: 65, weights: 0, bias: 70 * 65 }),
    (36, DenseShape { inputs: 68, units: 72, weights: 0, bias: 68 * 72 }),
];
/// A number may differ from the CPU's by this times (1 + its size): more, where f16 rounds what is multiplied.
fn tolerance(tuning: Tuning) -> f32 {
    if tuning.blocks { 1e-2 } else { 1e-3 }
}

/// A network's Dense layers, and its batch.
#[derive(PartialEq)]
pub(super) struct Products {
    layers: Vec<DenseShape>,
    rows: usize,
}

impl Gpu {
    /// Finds out how to compute the products of these layers with batches of `rows`, and computes so from now on. What is `known`
    /// from an earlier visit has to prove right again, but is not measured.
    ///
    /// Errors when the device fails; it is of no use then.
    pub async fn tune(&mut self, layers: &[DenseShape], rows: usize, known: Option<Tuning>) -> Result<Tuning> {
        let products = Products { layers: layers.to_vec(), rows };
        if self.tuned_for.as_ref() == Some(&products) {
            return Ok(self.tuning);
        }
        (self.tuning, self.tuned_for) = (Tuning::default(), None);
        let mut found = Tuning::default();
        for alternative in Tuning::EACH {
            let known = known.map(|known| known.contains(alternative));
            if known != Some(false)
                && self.proves(alternative, &products, tolerance(alternative)).await?
                && (known == Some(true) || self.pays(alternative, &products).await?)
            {
                found = found.with(alternative);
            }
        }
        (self.tuning, self.tuned_for) = (found, Some(products));
        Ok(found)
    }

    /// Whether the device can compute some of the products as this tuning says, and computes what the CPU computes.
    async fn proves(&mut self, tuning: Tuning, products: &Products, tolerance: f32) -> Result<bool> {
        let sizes = products.layers.iter().flat_map(|layer| product_sizes(*layer, products.rows));
        let divisions = sizes.map(|size| Division::choose(size, self.device.software));
        let changed = divisions.map(|plain| (plain, plain.tuned(tuning))).find(|(plain, tuned)| plain != tuned);
        let Some((_, division)) = changed.filter(|(_, tuned)| self.offers(*tuned)) else { return Ok(false) };
        self.division = Some(division);
        let mut proves = true;
        for (rows, layer) in PROOFS {
            if products.layers.iter().any(|other| is_aligned(*other) == is_aligned(layer)) {
                proves = proves && products_agree(self, layer, rows, tolerance).await?;
            }
        }
        self.division = None;
        Ok(proves)
    }

    /// Whether the products are computed faster with this tuning than without.
    async fn pays(&mut self, tuning: Tuning, products: &Products) -> Result<bool> {
        let began = (self.clock)();
        let mut trial = Trial::new(self, products);
        let ways = [Tuning::default(), tuning];
        // Whatever is used first is compiled first.
        for way in ways {
            trial.seconds(self, way, 1).await?;
        }
        let mut passes = 1;
        while passes < MOST_PASSES && trial.seconds(self, ways[0], passes).await? < MEASURED {
            passes *= 2;
        }
        let mut shortest = [f64::INFINITY; 2];
        for round in 0..ROUNDS {
            if round > 0 && (self.clock)() - began > ENOUGH {
                break;
            }
            for (way, shortest) in ways.into_iter().zip(&mut shortest) {
                *shortest = shortest.min(trial.seconds(self, way, passes).await?);
            }
        }
        Ok(is_faster(shortest[1], shortest[0]))
    }
}

/// Whether what took `seconds` is faster than what took `plain` seconds, and not by chance.
fn is_faster(seconds: f64, plain: f64) -> bool {
    GAIN * seconds < plain
}

/// What it takes to compute the products; the numbers are zeros.
struct Trial<'a> {
    products: &'a Products,
    parameters: Buffer,
    gradients: Buffer,
    /// As wide as the widest layer: what goes into one, what comes out, and what comes back.
    x: Buffer,
    y: Buffer,
    dx: Buffer,
}

impl Trial<'_> {
    fn new<'a>(gpu: &Gpu, products: &'a Products) -> Trial<'a> {
        let layers = &products.layers;
        let parameters = layers.iter().map(|layer| layer.bias + layer.units).max().unwrap_or(0);
        let widest = products.rows * layers.iter().map(|layer| layer.inputs.max(layer.units)).max().unwrap_or(0);
        let [parameters, gradients] = [parameters; 2].map(|len| gpu.zeros(len));
        let [x, y, dx] = [widest; 3].map(|len| gpu.zeros(len));
        Trial { products, parameters, gradients, x, y, dx }
    }

    /// How long so many passes take, there and back.
    async fn seconds(&mut self, gpu: &mut Gpu, tuning: Tuning, passes: usize) -> Result<f64> {
        let Trial { products, parameters, gradients, x, y, dx } = self;
        let rows = products.rows;
        let began = (gpu.clock)();
        gpu.tuning = tuning;
        for _ in 0..passes {
            for (i, &layer) in products.layers.iter().enumerate() {
                gpu.dense(layer, Activation::Linear, rows, x, parameters, y);
                gpu.dense_weight_gradient(layer, rows, x, y, gradients);
                if i > 0 {
                    gpu.dense_input_gradient(layer, Activation::Linear, rows, x, y, parameters, dx);
                }
            }
        }
        gpu.tuning = Tuning::default();
        gpu.read(y, 1).await?;
        Ok((gpu.clock)() - began)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::tests::device;
    use super::*;
    use crate::Error;
    use crate::nn::Layout;
    use pollster::block_on;

    fn full() -> Tuning {
        Tuning::EACH.into_iter().fold(Tuning::default(), Tuning::with)
    }

    #[test]
    fn only_what_is_clearly_faster_is_used() {
        for (seconds, plain, faster) in
            [(1.0, 2.0, true), (1.0, 1.1, true), (1.0, 1.04, false), (1.0, 1.0, false), (2.0, 1.0, false)]
        {
            assert_eq!(is_faster(seconds, plain), faster, "{seconds} s for {plain} s");
        }
    }

    #[test]
    fn alternatives_are_used_where_the_network_has_products_for_them_and_the_device_can() {
        let Some(mut gpu) = device() else { return };
        let (narrow, wide) = (Layout::new(&[784, 128, 10]).layers, Layout::new(&[784, 2048, 10]).layers);
        let tune = |gpu: &mut Gpu, layers: &[DenseShape], rows, known| block_on(gpu.tune(layers, rows, known)).unwrap();
        gpu.device.software = true;
        assert_eq!(tune(&mut gpu, &narrow, 128, Some(full())), Tuning::default(), "tiles have no alternative");
        gpu.device.software = false;
        let subgroups = gpu.offers(Division::SubgroupQuarters);
        let f16 = gpu.offers(Division::HalfBlocks);
        let narrow_tuning = tune(&mut gpu, &narrow, 100, Some(full()));
        assert_eq!(narrow_tuning, Tuning { quarters: subgroups, sixteenths: subgroups, blocks: false });
        assert_eq!(tune(&mut gpu, &narrow, 99, Some(Tuning::EACH[1])), Tuning { sixteenths: subgroups, ..Tuning::default() });
        assert!(tune(&mut gpu, &wide, 1024, Some(full())).blocks == f16);
        let dispatches = gpu.counts().dispatches;
        assert_eq!(tune(&mut gpu, &wide, 1023, Some(Tuning::default())), Tuning::default(), "it is known that nothing pays");
        assert_eq!(gpu.counts().dispatches, dispatches, "what is known is not tried");
    }

    #[test]
    fn a_network_is_measured_once() {
        let Some(mut gpu) = device() else { return };
        gpu.device.software = false;
        let layers = Layout::new(&[20, 70, 10]).layers;
        let measured = block_on(gpu.tune(&layers, 128, None)).unwrap();
        assert_eq!(gpu.tuning, measured);
        let dispatches = gpu.counts().dispatches;
        assert_eq!(block_on(gpu.tune(&layers, 128, None)), Ok(measured));
        assert_eq!(gpu.counts().dispatches, dispatches);
    }

    #[test]
    fn a_device_that_fails_is_not_tuned() {
        let Some(mut gpu) = device() else { return };
        gpu.device.software = false;
        gpu.device.device.destroy();
        let tuned = block_on(gpu.tune(&Layout::new(&[784, 128, 10]).layers, 128, None));
        if gpu.offers(Division::SubgroupQuarters) {
            assert!(matches!(tuned, Err(Error::Device { .. })), "{tuned:?}");
            assert!(gpu.tuned_for.is_none());
        }
    }

    #[test]
    fn what_computes_other_numbers_proves_wrong() {
        let Some(mut gpu) = device() else { return };
        gpu.device.software = false;
        let products = Products { layers: Layout::new(&[784, 2048, 10]).layers, rows: 1024 };
        if gpu.offers(Division::HalfBlocks) {
            let half = Tuning::EACH[2];
            // f16 rounds, so that to be as near as f32 is too much.
            for (tolerance, proves) in [(tolerance(half), true), (1e-5, false)] {
                assert_eq!(block_on(gpu.proves(half, &products, tolerance)), Ok(proves), "{tolerance}");
            }
        }
        assert!(gpu.division.is_none(), "products are divided by their size again");
    }
}
