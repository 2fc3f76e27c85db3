//! A network as a person stacks it: blocks between the image and the ten digits, and how they are written in the address and in a
//! field: `128, batchnorm, dropout:0.2, 64:tanh:he:l2=0.001`. What a Dense block does not say is said once for all of them.

use crate::nn::{Activation, DenseSpec, Initializer, LayerSpec, MAX_DROPOUT, MAX_L2, MAX_UNITS};
use crate::{Error, Result};
use std::fmt;

/// One block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Block {
    /// Neurons; where activation, initializer or L2 is none, it is the one of [`Common`].
    Dense {
        units: usize,
        activation: Option<Activation>,
        initializer: Option<Initializer>,
        l2: Option<f32>,
    },
    BatchNormalization,
    Dropout {
        rate: f32,
    },
}

/// What Dense blocks have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Common {
    pub activation: Activation,
    /// None for the one that goes with each block's activation.
    pub initializer: Option<Initializer>,
    /// Of the last layer, too.
    pub l2: f32,
}

/// What a batch normalization and a Dropout are called.
const NORM: &str = "batchnorm";
const DROPOUT: &str = "dropout";
/// A Dropout's rate, if none is said.
const USUAL_DROPOUT: f32 = 0.2;

impl Block {
    /// Neurons that are like all others.
    pub fn dense(units: usize) -> Block {
        Block::Dense { units, activation: None, initializer: None, l2: None }
    }

    /// A Dropout with the usual rate.
    pub fn dropout() -> Block {
        Block::Dropout { rate: USUAL_DROPOUT }
    }

    /// Reads one block.
    ///
    /// Errors when it is none, or a number is out of range.
    pub fn parse(text: &str) -> Result<Block> {
        let mut words = text.split(':').map(str::trim);
        let first = words.next().unwrap_or_default();
        let wrong = || Error::Setting {
            name: "layers".into(),
            value: text.into(),
            allowed: format!("1 – {MAX_UNITS}, {NORM}, {DROPOUT}:{USUAL_DROPOUT}, 64:tanh, 64:tanh:he:l2=0.001"),
        };
        let number = |text: &str, most: f32| text.parse().ok().filter(|value: &f32| (0.0..=most).contains(value));
        match first {
            NORM => words.next().map_or(Ok(Block::BatchNormalization), |_| Err(wrong())),
            DROPOUT => {
                let rate = words.next().map_or(Some(USUAL_DROPOUT), |rate| number(rate, MAX_DROPOUT));
                rate.filter(|_| words.next().is_none()).map(|rate| Block::Dropout { rate }).ok_or_else(wrong)
            }
            units => {
                let units = units.parse().ok().filter(|units| (1..=MAX_UNITS).contains(units)).ok_or_else(wrong)?;
                let (mut activation, mut initializer, mut l2) = (None, None, None);
                for word in words {
                    if let Some(factor) = word.strip_prefix("l2=") {
                        l2 = Some(number(factor, MAX_L2).ok_or_else(wrong)?);
                    } else if let Ok(found) = Initializer::parse(word) {
                        initializer = Some(found);
                    } else {
                        activation = Some(Activation::parse(word).map_err(|_| wrong())?);
                    }
                }
                Ok(Block::Dense { units, activation, initializer, l2 })
            }
        }
    }

    /// The layer that it stands for.
    pub fn layer(self, common: Common) -> LayerSpec {
        match self {
            Block::Dense { units, activation, initializer, l2 } => dense(
                units,
                activation.unwrap_or(common.activation),
                Common { initializer: initializer.or(common.initializer), l2: l2.unwrap_or(common.l2), ..common },
            ),
            Block::BatchNormalization => LayerSpec::BatchNormalization,
            Block::Dropout { rate } => LayerSpec::Dropout { rate },
        }
    }
}

/// A Dense layer with that activation.
fn dense(units: usize, activation: Activation, common: Common) -> LayerSpec {
    let initializer = common.initializer.unwrap_or(Initializer::usual(activation));
    LayerSpec::Dense(DenseSpec { units, activation, initializer, l2: common.l2 })
}

/// As [`Block::parse`] reads it.
impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Block::BatchNormalization => write!(f, "{NORM}"),
            Block::Dropout { rate } => write!(f, "{DROPOUT}:{rate}"),
            Block::Dense { units, activation, initializer, l2 } => {
                write!(f, "{units}")?;
                activation.map_or(Ok(()), |activation| write!(f, ":{}", activation.name()))?;
                initializer.map_or(Ok(()), |initializer| write!(f, ":{}", initializer.name()))?;
                l2.map_or(Ok(()), |l2| write!(f, ":l2={l2}"))
            }
        }
    }
}

/// Blocks between commas (also the full-width ones of Chinese keyboards) or spaces.
///
/// Errors as [`Block::parse`].
pub fn parse(text: &str) -> Result<Vec<Block>> {
    let parts = text.split([',', '\u{ff0c}', '\u{3001}', ' ']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(Block::parse).collect()
}

/// The blocks between commas.
pub fn to_text(blocks: &[Block]) -> String {
    blocks.iter().map(Block::to_string).collect::<Vec<_>>().join(",")
}

/// All layers: the blocks', and the Dense layer that gives the classes.
pub fn layers(blocks: &[Block], common: Common, classes: usize) -> Vec<LayerSpec> {
    let last = dense(classes, Activation::Linear, common);
    blocks.iter().map(|block| block.layer(common)).chain([last]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_read_as_it_is_written() {
        let text = "128,64:tanh,dropout:0.25,batchnorm,8:relu:zeros:l2=0.01,7:he,6:l2=0";
        let blocks = parse(text).unwrap();
        assert_eq!(to_text(&blocks), text);
        assert_eq!(blocks.len(), 7);
        assert_eq!(parse(" 128\u{ff0c}64 : tanh\u{3001}dropout").unwrap_err(), parse("64 : tanh").unwrap_err());
        assert_eq!(parse("12, dropout").unwrap(), [Block::dense(12), Block::dropout()]);
    }

    #[test]
    fn what_is_no_block_is_named() {
        for text in [
            "0",
            "5000",
            "x",
            "12:step",
            "12:l2=2",
            "12:l2=-1",
            "12:l2=x",
            "dropout:1",
            "dropout:NaN",
            "dropout:0.1:2",
            "batchnorm:1",
        ] {
            assert!(matches!(parse(&format!("8,{text}")), Err(Error::Setting { value, .. }) if value == text), "{text}");
        }
    }

    #[test]
    fn a_block_says_more_than_what_all_have_in_common() {
        let common = Common { activation: Activation::Relu, initializer: None, l2: 0.1 };
        let he = DenseSpec { l2: 0.1, ..DenseSpec::new(5, Activation::Relu) };
        assert_eq!(Block::parse("5").unwrap().layer(common), LayerSpec::Dense(he));
        let own = DenseSpec { units: 5, activation: Activation::Tanh, initializer: Initializer::Normal, l2: 0.0 };
        assert_eq!(Block::parse("5:tanh:normal:l2=0").unwrap().layer(common), LayerSpec::Dense(own));
        let zeros = Common { initializer: Some(Initializer::Zeros), ..common };
        let last = DenseSpec { units: 10, activation: Activation::Linear, initializer: Initializer::Zeros, l2: 0.1 };
        assert_eq!(layers(&[], zeros, 10), [LayerSpec::Dense(last)]);
    }
}
