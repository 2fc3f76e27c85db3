//! What the images of a data set are: how large, and what their classes mean. A network carries it, so that what is drawn is
//! brought to its images' size and its answers are called by their names.

use super::own;
use crate::nn::ModelSpec;
use crate::wire::{Decode, Encode};
use crate::{Error, Result};

/// What the classes mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Classes {
    /// The ten digits.
    #[default]
    Digits,
    /// Fashion-MNIST's ten kinds of clothing; the locale files hold their names.
    Fashion,
    /// So many, which nobody has named.
    Numbered(u16),
}

/// See the module's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Subject {
    /// Rows, and columns, of an image.
    pub side: u16,
    pub classes: Classes,
}

impl Default for Subject {
    /// MNIST's.
    fn default() -> Subject {
        Subject::DIGITS
    }
}

impl Subject {
    /// MNIST's digits: what the canvas gives.
    pub const DIGITS: Subject = Subject { side: 28, classes: Classes::Digits };
    /// Fashion-MNIST's clothing.
    pub const FASHION: Subject = Subject { side: 28, classes: Classes::Fashion };

    /// Pixels of an image.
    pub fn inputs(self) -> usize {
        usize::from(self.side) * usize::from(self.side)
    }

    /// How many classes there are.
    pub fn count(self) -> usize {
        match self.classes {
            Classes::Digits | Classes::Fashion => 10,
            Classes::Numbered(count) => count.into(),
        }
    }

    /// Whether a drawn digit means something to such a network.
    pub fn is_digits(self) -> bool {
        self == Subject::DIGITS
    }

    /// Whether a network for one can read images of the other: they are as large, of as many classes, and not known to show
    /// different things.
    pub fn fits(self, other: Subject) -> bool {
        let is_named = |subject: Subject| !matches!(subject.classes, Classes::Numbered(_));
        let same = (self.side, self.count()) == (other.side, other.count());
        same && (self.classes == other.classes || !is_named(self) || !is_named(other))
    }

    /// The subject itself, if a network of this specification reads it.
    ///
    /// Errors when its images or its classes are others.
    pub fn check(self, spec: &ModelSpec) -> Result<Subject> {
        let check = |what: &str, expected: usize, got: usize| {
            let differs = || Error::Shape { what: what.into(), expected: expected as u64, got: got as u64 };
            if got == expected { Ok(()) } else { Err(differs()) }
        };
        let sides = 1..=own::MAX_SIDE;
        if !sides.contains(&self.side.into()) {
            let limit = own::MAX_SIDE as u64;
            return Err(Error::TooLarge { what: "an image's side".into(), limit, got: self.side.into() });
        }
        check("pixels of an image", self.inputs(), spec.inputs())?;
        check("number of classes", self.count(), spec.classes())?;
        Ok(self)
    }
}
