//! What every layer of a network in use gives out for one image.

use crate::Result;
use crate::backend::Backend;
use crate::backend::cpu::Cpu;
use crate::format::model_file::ModelFile;
use crate::model::{Model, Workspace};
use crate::nn::LayerSpec;

/// A network that shows its layers.
pub struct Lit {
    cpu: Cpu,
    model: Model<Cpu>,
    workspace: Workspace<Cpu>,
}

impl Lit {
    /// The network in a model file.
    ///
    /// Errors as [`Model::new`].
    pub fn new(file: ModelFile) -> Result<Lit> {
        let mut cpu = Cpu::new();
        let workspace = Workspace::new(&cpu, &file.spec, 1);
        let model = Model::new(&mut cpu, file.spec, &file.parameters)?;
        Ok(Lit { cpu, model, workspace })
    }

    /// How many numbers each of [`Lit::layers`] has.
    pub fn sizes(&self) -> Vec<usize> {
        let spec = self.model.spec();
        std::iter::once(spec.inputs()).chain(spec.dense().map(|layer| layer.units)).collect()
    }

    /// The outputs of the input layer (that is the image), of every Dense layer, and at the end the probabilities. An image
    /// of another size gives nothing.
    pub fn layers(&mut self, image: &[f32]) -> Vec<Vec<f32>> {
        let spec = self.model.spec();
        if image.len() != spec.inputs() {
            return Vec::new();
        }
        let (widths, classes) = (spec.widths(), spec.classes());
        let is_dense: Vec<bool> = spec.layers().iter().map(|layer| matches!(layer, LayerSpec::Dense(_))).collect();
        self.workspace.outputs[0].set_rows(image.len(), |batch| batch.push_row(image));
        self.model.forward(&mut self.cpu, 1, &mut self.workspace);
        let mut layers = vec![image.to_vec()];
        for (i, width) in widths.iter().enumerate().skip(1).filter(|(i, _)| is_dense[i - 1]) {
            layers.push(self.workspace.outputs[i].to_vec(*width));
        }
        let mut probabilities = self.cpu.zeros(classes);
        self.cpu.softmax(1, classes, &self.workspace.outputs[widths.len() - 1], &mut probabilities);
        layers.pop();
        layers.push(probabilities.to_vec(classes));
        layers
    }
}

/// How brightly each neuron of a layer is lit: its output as a share of the largest one's size, -1 to 1. All are dark where all
/// outputs are 0.
pub fn brightness(layer: &[f32]) -> Vec<f32> {
    let most = layer.iter().fold(f32::MIN_POSITIVE, |most, a| most.max(a.abs()));
    layer.iter().map(|a| a / most).collect()
}

/// The two most probable classes with their probabilities, the first one first; none of fewer than two.
pub fn first_two(probabilities: &[f32]) -> Option<[(usize, f32); 2]> {
    let mut places: Vec<(usize, f32)> = probabilities.iter().copied().enumerate().collect();
    places.sort_by(|a, b| b.1.total_cmp(&a.1));
    places.first_chunk::<2>().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::model_file::About;
    use crate::model::Predictor;
    use crate::nn::{Activation, ModelSpec};

    #[test]
    fn the_last_layer_is_what_the_network_answers() {
        let spec = ModelSpec::mlp(&[6, 5, 4, 3], Activation::Sigmoid).unwrap();
        let parameters = spec.initialize(2);
        let image = [0.0, 0.2, 0.9, 1.0, 0.1, 0.5];
        let answer = Predictor::new(spec.clone(), &parameters).unwrap().predict(&image).unwrap();
        let about = About { made_by: String::new(), test_accuracy: None };
        let mut lit = Lit::new(ModelFile { spec, parameters, about, subject: crate::data::Subject::DIGITS }).unwrap();
        let layers = lit.layers(&image);
        assert_eq!(layers.iter().map(Vec::len).collect::<Vec<_>>(), [6, 5, 4, 3]);
        assert_eq!(lit.sizes(), [6, 5, 4, 3]);
        assert_eq!(layers[3], answer);
        assert!(layers[1].iter().all(|a| *a > 0.0 && *a < 1.0));
        assert!(lit.layers(&[0.0]).is_empty());
    }
    #[test]
    fn the_brightest_neuron_has_1() {
        assert_eq!(brightness(&[0.5, -4.0, 2.0, 0.0]), [0.125, -1.0, 0.5, 0.0]);
        assert_eq!(brightness(&[0.0, 0.0]), [0.0, 0.0]);
        assert!(brightness(&[]).is_empty());
    }

    #[test]
    fn the_two_most_probable() {
        assert_eq!(first_two(&[0.1, 0.2, 0.4, 0.3]), Some([(2, 0.4), (3, 0.3)]));
        assert_eq!(first_two(&[1.0]), None);
    }
}
