//! Which of its alternatives a graphics device's matrix products use. Not every device has what they need, and where it has, what
//! is fast on one may be slow on another: each has to prove right and faster on the device itself.

use crate::wire::{Decode, Encode};

/// For each plain way to divide a product whether its alternative takes its place; the default is the plain ones alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Tuning {
    /// Four invocations to a tile exchange their sums within subgroups.
    pub quarters: bool,
    /// So do sixteen.
    pub sixteenths: bool,
    /// Blocks are kept as f16, and multiplied and added up as f32.
    pub blocks: bool,
}

impl Tuning {
    /// Each alternative alone.
    pub const EACH: [Tuning; 3] = [
        Tuning { quarters: true, sixteenths: false, blocks: false },
        Tuning { quarters: false, sixteenths: true, blocks: false },
        Tuning { quarters: false, sixteenths: false, blocks: true },
    ];

    /// This and what `other` has.
    pub fn with(self, other: Tuning) -> Tuning {
        Tuning {
            quarters: self.quarters || other.quarters,
            sixteenths: self.sixteenths || other.sixteenths,
            blocks: self.blocks || other.blocks,
        }
    }

    /// Whether it has all that `other` has.
    pub fn contains(self, other: Tuning) -> bool {
        self.with(other) == self
    }

    /// What it uses, as the page's words and `inkling bench` call it: `subgroups`, `f16`, `subgroups-f16`, or nothing.
    pub fn name(self) -> &'static str {
        match (self.quarters || self.sixteenths, self.blocks) {
            (false, false) => "",
            (true, false) => "subgroups",
            (false, true) => "f16",
            (true, true) => "subgroups-f16",
        }
    }

    /// As it is kept for the next visit.
    pub fn to_text(self) -> String {
        [self.quarters, self.sixteenths, self.blocks].map(|on| if on { '1' } else { '0' }).iter().collect()
    }

    /// The tuning that was kept as `text`; `None` if that is none.
    pub fn parse(text: &str) -> Option<Tuning> {
        let digits: [u8; 3] = text.as_bytes().try_into().ok()?;
        let is_known = digits.iter().all(|digit| matches!(digit, b'0' | b'1'));
        let [quarters, sixteenths, blocks] = digits.map(|digit| digit == b'1');
        is_known.then_some(Tuning { quarters, sixteenths, blocks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tuning_is_remembered_as_it_was() {
        for text in ["000", "100", "010", "001", "111"] {
            assert_eq!(Tuning::parse(text).map(Tuning::to_text).as_deref(), Some(text));
        }
        for nonsense in ["", "1", "0000", "012", "yes"] {
            assert_eq!(Tuning::parse(nonsense), None, "{nonsense}");
        }
        assert_eq!(Tuning::default().name(), "");
    }
}
