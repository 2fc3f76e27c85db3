//! Weights and biases changed by hand, each of which can be taken back.

use crate::Result;
use crate::model::Predictor;

/// What was changed by hand since the network learned, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edits {
    done: Vec<Edit>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Edit {
    place: usize,
    before: f32,
}

impl Edits {
    /// Sets the parameter at `place` of the flat vector; whether that could be done. Turning at the same one again is the same
    /// change: it is taken back as one.
    pub fn set(&mut self, predictor: &mut Predictor, place: usize, value: f32) -> bool {
        let Some(&before) = predictor.parameters().get(place) else { return false };
        if !predictor.set_parameter(place, value) {
            return false;
        }
        if self.done.last().is_none_or(|last| last.place != place) {
            self.done.push(Edit { place, before });
        }
        true
    }

    /// Takes back the last change.
    pub fn undo(&mut self, predictor: &mut Predictor) {
        if let Some(edit) = self.done.pop() {
            predictor.set_parameter(edit.place, edit.before);
        }
    }

    /// Back to what was learned.
    pub fn undo_all(&mut self, predictor: &mut Predictor) {
        while !self.is_empty() {
            self.undo(predictor);
        }
    }

    /// The network has other weights now: there is nothing left to take back.
    pub fn forget(&mut self) {
        self.done.clear();
    }

    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.done.is_empty()
    }

    /// How many parameters were changed.
    pub fn count(&self) -> usize {
        self.learned().len()
    }

    /// What the network answers without the changes.
    ///
    /// Errors as [`Predictor::predict`].
    pub fn predict_without(&self, predictor: &mut Predictor, input: &[f32]) -> Result<Vec<f32>> {
        let learned = self.learned();
        let changed: Vec<Edit> =
            learned.iter().map(|edit| Edit { before: predictor.parameters()[edit.place], ..*edit }).collect();
        set_all(predictor, &learned);
        let probabilities = predictor.predict(input);
        set_all(predictor, &changed);
        probabilities
    }

    /// Each changed place once, with what was learned for it.
    fn learned(&self) -> Vec<Edit> {
        let mut learned: Vec<Edit> = Vec::new();
        for edit in &self.done {
            if learned.iter().all(|other| other.place != edit.place) {
                learned.push(*edit);
            }
        }
        learned
    }
}

fn set_all(predictor: &mut Predictor, values: &[Edit]) {
    for edit in values {
        predictor.set_parameter(edit.place, edit.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, ModelSpec};

    #[test]
    fn every_change_is_taken_back_and_the_learned_answer_stays_known() {
        let spec = ModelSpec::mlp(&[3, 4, 2], Activation::Tanh).expect("valid");
        let learned = spec.initialize(1);
        let mut predictor = Predictor::new(spec, &learned).expect("fits");
        let input = [0.5, 0.0, 1.0];
        let before = predictor.predict(&input).expect("fits");
        let mut edits = Edits::default();
        for (place, value) in [(0, 3.0), (0, 4.0), (12, -2.0), (0, 5.0)] {
            assert!(edits.set(&mut predictor, place, value));
        }
        assert_eq!(edits.count(), 2);
        let changed = predictor.predict(&input).expect("fits");
        assert_ne!(changed, before);
        assert_eq!(edits.predict_without(&mut predictor, &input), Ok(before.clone()));
        assert_eq!(predictor.predict(&input), Ok(changed));
        edits.undo(&mut predictor);
        assert_eq!(predictor.parameters()[0], 4.0, "one undo a change");
        edits.undo(&mut predictor);
        edits.undo(&mut predictor);
        assert_eq!((predictor.parameters(), edits.is_empty()), (&learned[..], true));
        edits.undo(&mut predictor);
        assert!(edits.set(&mut predictor, 1, 9.0));
        edits.undo_all(&mut predictor);
        assert_eq!(predictor.predict(&input), Ok(before));
    }

    #[test]
    fn what_is_no_number_or_no_place_changes_nothing() {
        let spec = ModelSpec::mlp(&[3, 2], Activation::Tanh).expect("valid");
        let learned = spec.initialize(1);
        let mut predictor = Predictor::new(spec, &learned).expect("fits");
        let mut edits = Edits::default();
        for (place, value) in [(0, f32::NAN), (1, f32::INFINITY), (8, 1.0)] {
            assert!(!edits.set(&mut predictor, place, value), "{place} {value}");
        }
        assert_eq!((predictor.parameters(), edits.is_empty()), (&learned[..], true));
    }
}
