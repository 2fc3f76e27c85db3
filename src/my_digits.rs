//! A person's own digits: drawings with the digit that was meant, to teach a network with. Text goes in and out ([`jsonl`]); the
//! last change can be taken back.

use crate::data::own::Own;
use crate::data::{Dataset, Subject};
use crate::ink::jsonl::{self, Drawing};
use crate::ink::{self, PIXELS, Stroke};
use crate::{Error, Result};

/// Drawings that are kept at most: about a megabyte as text, which every browser stores.
pub const MOST: usize = 500;

/// Drawings that are a data set at least: of these, three are kept aside for the test.
pub const FEWEST: usize = 20;

/// See the module's documentation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MyDigits {
    drawings: Vec<Drawing>,
    /// What there was before the last change.
    before: Option<Vec<Drawing>>,
}

impl MyDigits {
    /// The drawings, oldest first.
    pub fn drawings(&self) -> &[Drawing] {
        &self.drawings
    }

    /// Adds a drawing that was meant as `digit`. Points keep four decimals.
    ///
    /// Errors when it has no ink, or there are too many.
    pub fn add(&mut self, digit: u8, strokes: &[Stroke]) -> Result<()> {
        let round = |value: f32| (value * 1e4).round() / 1e4;
        let finite = |stroke: &Stroke| {
            let points = stroke.points.iter().filter(|point| point.iter().all(|v| v.is_finite()));
            Stroke { points: points.map(|point| point.map(round)).collect() }
        };
        let drawing = Drawing { label: Some(digit), strokes: strokes.iter().map(finite).collect() };
        if ink::image(&drawing.strokes).is_none() {
            return Err(Error::Malformed { what: "the drawing".into(), reason: "it has no ink".into() });
        }
        self.extend(vec![drawing])
    }

    /// Adds the drawings of a text: all, or none.
    ///
    /// Errors as [`jsonl::parse_labelled`], when there is none in it, and when there would be too many.
    pub fn import(&mut self, text: &str) -> Result<()> {
        let more = jsonl::parse_labelled(text)?;
        if more.is_empty() {
            return Err(Error::Malformed { what: "the file".into(), reason: "there is no drawing in it".into() });
        }
        self.extend(more)
    }

    /// All drawings as text, one a line.
    pub fn export(&self) -> String {
        self.drawings.iter().map(|drawing| jsonl::to_line(drawing) + "\n").collect()
    }

    /// The drawings as a data set, to learn from and to be tested with.
    ///
    /// Errors when there are fewer than [`FEWEST`], or all of one digit.
    pub fn to_data(&self) -> Result<Own> {
        let labelled = |drawing: &Drawing| Some((ink::image(&drawing.strokes)?, drawing.label?));
        let (images, labels): (Vec<_>, Vec<u8>) = self.drawings.iter().filter_map(labelled).unzip();
        let few = |what: &str, expected: usize, got: usize| {
            Err(Error::Shape { what: what.into(), expected: expected as u64, got: got as u64 })
        };
        if labels.len() < FEWEST {
            return few("my digits", FEWEST, labels.len());
        }
        if labels.iter().all(|label| *label == labels[0]) {
            return few("different digits", 2, 1);
        }
        Own::split(Subject::DIGITS, &Dataset::new(images.concat(), labels, PIXELS, Subject::DIGITS.count())?)
    }

    /// Takes over what another tab has made of them, as [`MyDigits::export`] gives it; whether that is something else. A change
    /// before it can't be taken back any more. Text that can't be read changes nothing.
    pub fn follow(&mut self, text: &str) -> bool {
        if text == self.export() {
            return false;
        }
        let Ok(drawings) = jsonl::parse_labelled(text) else { return false };
        *self = MyDigits { drawings, before: None };
        true
    }

    /// Deletes one.
    pub fn delete(&mut self, index: usize) {
        if index < self.drawings.len() {
            self.before = Some(self.drawings.clone());
            self.drawings.remove(index);
        }
    }

    /// Deletes all.
    pub fn clear(&mut self) {
        self.before = Some(std::mem::take(&mut self.drawings));
    }

    /// Takes the last change back; taking back is a change, too.
    pub fn undo(&mut self) {
        if let Some(before) = self.before.take() {
            self.before = Some(std::mem::replace(&mut self.drawings, before));
        }
    }

    /// Whether there is a change to take back.
    pub fn can_undo(&self) -> bool {
        self.before.is_some()
    }

    fn extend(&mut self, more: Vec<Drawing>) -> Result<()> {
        let got = self.drawings.len() + more.len();
        if got > MOST {
            return Err(Error::TooLarge { what: "my digits".into(), limit: MOST as u64, got: got as u64 });
        }
        self.before = Some(self.drawings.clone());
        self.drawings.extend(more);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(x: f32) -> Vec<Stroke> {
        vec![Stroke { points: vec![[0.0, 0.0], [x, 0.123_456], [f32::NAN, 1.0]] }]
    }

    #[test]
    fn what_is_exported_is_imported_again() {
        let mut mine = MyDigits::default();
        mine.add(1, &line(0.1)).unwrap();
        mine.add(7, &line(0.25)).unwrap();
        let text = mine.export();
        assert_eq!(text.lines().next(), Some(r#"{"label":1,"strokes":[[[0.0,0.0],[0.1,0.1235]]]}"#));
        let mut other = MyDigits::default();
        other.import(&text).unwrap();
        assert_eq!(other.drawings(), mine.drawings());
    }

    #[test]
    fn every_change_can_be_taken_back() {
        let mut mine = MyDigits::default();
        assert!(!mine.can_undo());
        mine.add(1, &line(0.1)).unwrap();
        mine.add(7, &line(0.2)).unwrap();
        let both = mine.drawings().to_vec();
        mine.delete(0);
        assert_eq!(mine.drawings(), &both[1..]);
        mine.undo();
        assert_eq!(mine.drawings(), both);
        mine.undo();
        assert_eq!(mine.drawings(), &both[1..]);
        mine.clear();
        assert!(mine.drawings().is_empty());
        mine.undo();
        assert_eq!(mine.drawings(), &both[1..]);
        mine.delete(5);
        assert_eq!(mine.drawings(), &both[1..]);
    }

    #[test]
    fn another_tabs_changes_are_taken_over() {
        let (mut here, mut there) = (MyDigits::default(), MyDigits::default());
        here.add(1, &line(0.1)).unwrap();
        assert!(there.follow(&here.export()) && !there.can_undo());
        there.add(7, &line(0.123_45)).unwrap();
        assert!(!there.follow(&there.export()) && there.can_undo(), "its own change");
        assert!(here.follow(&there.export()));
        assert_eq!(here.drawings(), there.drawings());
        assert!(!here.follow("{") && here.drawings().len() == 2);
        assert!(here.follow("") && here.drawings().is_empty());
    }

    #[test]
    fn enough_drawings_are_a_data_set() {
        let mut mine = MyDigits::default();
        for i in 0..FEWEST {
            assert!(matches!(mine.to_data(), Err(Error::Shape { expected: 20, got, .. }) if got == i as u64));
            mine.add(7, &line(0.01 * i as f32)).unwrap();
        }
        assert!(matches!(mine.to_data(), Err(Error::Shape { expected: 2, got: 1, .. })), "all are sevens");
        mine.add(1, &line(0.5)).unwrap();
        let data = mine.to_data().unwrap();
        assert_eq!((data.training.len(), data.test.len(), data.subject), (18, 3, Subject::DIGITS));
        let drawn = ink::image(&mine.drawings()[FEWEST].strokes).unwrap();
        let sets = [&data.training, &data.test];
        let ones: Vec<Vec<u8>> =
            sets.iter().flat_map(|s| (0..s.len()).filter(|&i| s.labels()[i] == 1).map(|i| s.image(i).to_vec())).collect();
        assert_eq!(ones, [&drawn[..]], "each drawing with its digit");
    }

    #[test]
    fn what_can_not_be_taken_changes_nothing() {
        let mut mine = MyDigits::default();
        mine.add(1, &line(0.1)).unwrap();
        let kept = mine.clone();
        assert!(mine.add(2, &[]).is_err());
        let many = mine.export().repeat(MOST);
        for text in ["", "\n", "7", &many] {
            assert!(mine.import(text).is_err(), "{}", &text[..text.len().min(20)]);
        }
        assert_eq!(mine, kept);
    }
}
