//! Where the images come from, as a setting says it: `mnist`, `fashion`, `mine`, `own:16:3`.

use super::{Classes, Subject, own};
use crate::{Error, Result};
use std::fmt;

/// The files of a data set of the site, each with `.gz` at its end: images before labels, training before test.
pub const FILES: [&str; 4] =
    ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

/// A data set. Where a person's own images can be others another time, a mark (CRC-32 of all of them) tells them apart; it is
/// there once the images are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Handwritten digits.
    #[default]
    Mnist,
    /// Fashion-MNIST: clothing.
    Fashion,
    /// The digits that the person wrote here.
    Mine { mark: Option<u32> },
    /// The person's files, with images of so many rows and columns and so many classes.
    Own { side: u16, classes: u16, mark: Option<u32> },
}

impl Origin {
    /// All names.
    pub const NAMES: [&str; 4] = ["mnist", "fashion", "mine", "own"];
    /// Files of which nothing is known yet, `own`: taken to be like MNIST's.
    pub const UNKNOWN: Origin = Origin::Own { side: Subject::DIGITS.side, classes: 10, mark: None };

    /// The first word of the setting.
    pub fn name(self) -> &'static str {
        let place = match self {
            Origin::Mnist => 0,
            Origin::Fashion => 1,
            Origin::Mine { .. } => 2,
            Origin::Own { .. } => 3,
        };
        Origin::NAMES[place]
    }

    /// Reads `mnist`, `fashion`, `mine`, `mine:<mark>`, `own`, `own:<side>:<classes>` or `own:<side>:<classes>:<mark>`.
    ///
    /// Errors when it is none of these, or a number is out of range.
    pub fn parse(text: &str) -> Result<Origin> {
        let allowed = || format!("{}, own:16:3 (1 – {}, 2 – {})", Origin::NAMES.join(", "), own::MAX_SIDE, own::MAX_CLASSES);
        let wrong = || Error::Setting { name: "data".into(), value: text.into(), allowed: allowed() };
        let words: Vec<&str> = text.split(':').collect();
        let number = |word: &str, least: usize, most: usize| {
            word.parse::<u16>().ok().filter(|&n| (least..=most).contains(&n.into())).ok_or_else(wrong)
        };
        let mark = |word: &&str| {
            let is_mark = word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
            u32::from_str_radix(word, 16).ok().filter(|_| is_mark).ok_or_else(wrong)
        };
        match words[..] {
            ["mnist"] => Ok(Origin::Mnist),
            ["fashion"] => Ok(Origin::Fashion),
            ["mine", ref rest @ ..] if rest.len() < 2 => Ok(Origin::Mine { mark: rest.first().map(mark).transpose()? }),
            ["own"] => Ok(Origin::UNKNOWN),
            ["own", side, classes, ref rest @ ..] if rest.len() < 2 => Ok(Origin::Own {
                side: number(side, 1, own::MAX_SIDE)?,
                classes: number(classes, 2, own::MAX_CLASSES)?,
                mark: rest.first().map(mark).transpose()?,
            }),
            _ => Err(wrong()),
        }
    }

    /// What the images are.
    pub fn subject(self) -> Subject {
        match self {
            Origin::Mnist | Origin::Mine { .. } => Subject::DIGITS,
            Origin::Fashion => Subject::FASHION,
            Origin::Own { side, classes, .. } => Subject { side, classes: Classes::Numbered(classes) },
        }
    }

    /// The folder of the site with its four files; `None` for a person's own.
    pub fn folder(self) -> Option<&'static str> {
        match self {
            Origin::Mnist => Some("data/"),
            Origin::Fashion => Some("data/fashion/"),
            Origin::Mine { .. } | Origin::Own { .. } => None,
        }
    }

    /// The images that a network of `subject` is tested on: `chosen` if it can read them, else those of its own kind, which may
    /// be the files that the person has given (`own`).
    pub fn to_test(subject: Subject, chosen: Origin, own: Option<Origin>) -> Option<Origin> {
        if chosen.subject().fits(subject) {
            return Some(chosen);
        }
        [Some(Origin::Mnist), Some(Origin::Fashion), own].into_iter().flatten().find(|origin| origin.subject() == subject)
    }
}

/// As [`Origin::parse`] reads it.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())?;
        let mark = match *self {
            Origin::Mnist | Origin::Fashion => None,
            Origin::Mine { mark } => mark,
            Origin::Own { side, classes, mark } => {
                write!(f, ":{side}:{classes}")?;
                mark
            }
        };
        mark.map_or(Ok(()), |mark| write!(f, ":{mark:08x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["mnist", "fashion", "mine", "mine:0000beef", "own:16:3", "own:64:100:12345678"] {
            assert_eq!(Origin::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Origin::parse("own").unwrap().to_string(), "own:28:10");
        for text in
            ["", "MNIST", "mnist:1", "mine:1", "mine:0000beef:1", "own:16", "own:0:3", "own:65:3", "own:16:1", "own:16:101"]
        {
            assert!(matches!(Origin::parse(text), Err(Error::Setting { .. })), "{text}");
        }
        for text in ["own:16:3:+2345678", "own:16:3:", "own:16:3:12345678:1", "mine:x"] {
            assert!(matches!(Origin::parse(text), Err(Error::Setting { .. })), "{text}");
        }
    }

    #[test]
    fn a_network_is_tested_on_images_that_it_can_read() {
        let own = |side, classes| Origin::Own { side, classes, mark: Some(1) };
        let mine = Origin::Mine { mark: None };
        let of_own = own(16, 3).subject();
        let to_test = Origin::to_test;
        // Chosen, and readable.
        assert_eq!(to_test(Subject::DIGITS, mine, None), Some(mine));
        assert_eq!(to_test(Subject::DIGITS, own(28, 10), None), Some(own(28, 10)), "digits perhaps: nobody has named them");
        assert_eq!(to_test(of_own, own(16, 3), None), Some(own(16, 3)));
        // Chosen for the next network: the one in use reads others.
        assert_eq!(to_test(Subject::DIGITS, Origin::Fashion, None), Some(Origin::Mnist));
        assert_eq!(to_test(Subject::FASHION, Origin::Mnist, None), Some(Origin::Fashion));
        assert_eq!(to_test(of_own, Origin::Mnist, Some(own(16, 3))), Some(own(16, 3)));
        assert_eq!(to_test(of_own, Origin::Mnist, Some(own(16, 4))), None);
        assert_eq!(to_test(of_own, own(28, 10), None), None);
    }
}
