//! A person's own data set: IDX files, two (images and labels, from which a test set is split) or four.

use super::{Classes, Dataset, Origin, Subject, epoch_order, idx};
use crate::{Error, Result};

/// Largest height and width of an image.
pub const MAX_SIDE: usize = 64;
/// Most classes.
pub const MAX_CLASSES: usize = 100;
/// So many times as long as the shorter side the longer one may be: an image is set into a square.
pub const MAX_RATIO: usize = 8;
/// Where there are two files only, of so many images one is kept for the test.
const TEST_ONE_IN: usize = 6;

/// See the module's documentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    pub subject: Subject,
    pub training: Dataset,
    pub test: Dataset,
}

/// A file: its name and its bytes, unpacked.
pub type File = (String, Vec<u8>);

/// What is wrong with which file.
pub type Problem = (String, Error);

impl Own {
    /// The data set in these files. Which are images and which are labels their beginnings say; of four, those are the test
    /// whose names hold `t10k` or `test`, else the smaller ones. An image that is no square is set into the middle of one, with
    /// paper (0) around.
    ///
    /// Errors when a file is bad, when they do not belong together, and when an image or a label is too large.
    pub fn from_files(files: Vec<File>) -> std::result::Result<Own, Problem> {
        let (mut images, mut labels) = (Vec::new(), Vec::new());
        for (name, bytes) in files {
            match bytes.get(..4) {
                Some([0, 0, 8, 3]) => images.push((name, bytes)),
                Some([0, 0, 8, 1]) => labels.push((name, bytes)),
                _ => return Err((name, Error::NotA { what: "an IDX file of images or labels".into() })),
            }
        }
        let names = |files: &[File]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(", ");
        let all = [names(&images), names(&labels)].join(", ");
        if !matches!((images.len(), labels.len()), (1, 1) | (2, 2)) {
            let (what, got) =
                if (1..=2).contains(&images.len()) { ("label files", labels.len()) } else { ("image files", images.len()) };
            let expected = images.len().clamp(1, 2) as u64;
            return Err((
                all.trim_matches([',', ' ']).to_string(),
                Error::Shape { what: what.into(), expected, got: got as u64 },
            ));
        }
        for files in [&mut images, &mut labels] {
            let is_test = |name: &str| ["t10k", "test"].iter().any(|word| name.to_ascii_lowercase().contains(word));
            files.sort_by_key(|(name, bytes)| (is_test(name), std::cmp::Reverse(bytes.len())));
        }
        let mut sets = Vec::new();
        for (images, labels) in images.into_iter().zip(labels) {
            sets.push(set(images, labels)?);
        }
        let side = sets[0].inputs().isqrt();
        let (training, test) = match (sets.pop(), sets.pop()) {
            (Some(test), Some(training)) if test.inputs() == training.inputs() => (training, test),
            (Some(test), Some(training)) => {
                let [expected, got] = [training.inputs(), test.inputs()].map(|n| n as u64);
                return Err((all, Error::Shape { what: "pixels of an image".into(), expected, got }));
            }
            (Some(only), _) => split(&only).map_err(|error| (all.clone(), error))?,
            _ => return Err((all, Error::NotA { what: "an IDX file of images or labels".into() })),
        };
        let largest = training.labels().iter().chain(test.labels()).copied().max().unwrap_or(0);
        let classes = (usize::from(largest) + 1).max(2);
        if classes > MAX_CLASSES {
            let limit = MAX_CLASSES as u64;
            return Err((all, Error::TooLarge { what: "the number of classes".into(), limit, got: classes as u64 }));
        }
        let subject = Subject { side: side as u16, classes: Classes::Numbered(classes as u16) };
        Ok(Own { subject, training, test })
    }

    /// All these images, of which some are set aside for the test: always the same.
    ///
    /// Errors when there are fewer than two.
    pub fn split(subject: Subject, all: &Dataset) -> Result<Own> {
        let (training, test) = split(all)?;
        Ok(Own { subject, training, test })
    }

    /// The images that an earlier visit kept: [`Own::to_bytes`], the setting of their origin, and how many there are to learn
    /// from and to be tested with, a space between the two. `None` where they are not these any more.
    pub fn from_kept(setting: &str, sizes: &str, bytes: &[u8]) -> Option<Own> {
        let subject = Origin::parse(setting).ok()?.subject();
        let (training, test) = sizes.split_once(' ')?;
        let (training, test) = (training.parse::<usize>().ok()?, test.parse::<usize>().ok()?);
        let (first, second) = bytes.split_at_checked(training.checked_mul(subject.inputs() + 1)?)?;
        let set = |bytes: &[u8], images: usize| {
            let (pixels, labels) = bytes.split_at_checked(images.checked_mul(subject.inputs())?)?;
            Dataset::new(pixels, labels.to_vec(), subject.inputs(), subject.count()).ok()
        };
        let own = Own { subject, training: set(first, training)?, test: set(second, test)? };
        (own.origin().to_string() == setting).then_some(own)
    }

    /// Tells these images from others (CRC-32).
    pub fn mark(&self) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        for set in [&self.training, &self.test] {
            set.pieces().for_each(|pixels| hasher.update(&pixels));
            hasher.update(set.labels());
        }
        hasher.finalize()
    }

    /// As a setting says it.
    pub fn origin(&self) -> Origin {
        Origin::Own { side: self.subject.side, classes: self.subject.count() as u16, mark: Some(self.mark()) }
    }

    /// As the worker takes it: training images, training labels, test images, test labels.
    pub fn to_bytes(&self) -> Vec<u8> {
        let sets = [&self.training, &self.test];
        sets.iter().flat_map(|set| set.pieces().chain([set.labels().to_vec()])).flatten().collect()
    }
}

/// Images with their labels, made square.
fn set((name, images): File, (label_name, labels): File) -> std::result::Result<Dataset, Problem> {
    let named = |error| (name.clone(), error);
    let sizes = idx::parse(&images, 3, "the image file").map_err(named)?.sizes;
    idx::parse(&labels, 1, "the label file").map_err(|error| (label_name.clone(), error))?;
    let (rows, columns) = (sizes[1], sizes[2]);
    for side in [rows, columns] {
        if side == 0 || side > MAX_SIDE {
            return Err(named(Error::TooLarge { what: "an image's side".into(), limit: MAX_SIDE as u64, got: side as u64 }));
        }
    }
    let (shorter, longer) = (rows.min(columns), rows.max(columns));
    if longer > MAX_RATIO * shorter {
        let limit = (MAX_RATIO * shorter) as u64;
        return Err(named(Error::TooLarge { what: "an image's longer side".into(), limit, got: longer as u64 }));
    }
    let squares = (longer * longer) as u64 * sizes[0] as u64;
    if squares > idx::MAX_BYTES as u64 {
        return Err(named(Error::TooLarge { what: "the images as squares".into(), limit: idx::MAX_BYTES as u64, got: squares }));
    }
    if sizes[0] == 0 {
        return Err(named(Error::Shape { what: "images".into(), expected: 1, got: 0 }));
    }
    let set = idx::dataset(images, labels, 256).map_err(|error| (label_name.clone(), error))?;
    if rows == columns {
        return Ok(set);
    }
    let side = longer;
    let (down, across) = ((side - rows) / 2, (side - columns) / 2);
    let mut pixels = vec![0; side * side * set.len()];
    for (number, square) in pixels.chunks_exact_mut(side * side).enumerate() {
        for (row, values) in set.image(number).chunks_exact(columns).enumerate() {
            square[(row + down) * side + across..][..columns].copy_from_slice(values);
        }
    }
    Dataset::new(pixels, set.labels().to_vec(), side * side, 256).map_err(named)
}

/// To learn from, and to be tested with: always the same images.
fn split(all: &Dataset) -> Result<(Dataset, Dataset)> {
    if all.len() < 2 {
        return Err(Error::Shape { what: "images".into(), expected: 2, got: all.len() as u64 });
    }
    let order = epoch_order(all.len(), 0, 0);
    let (test, training) = order.split_at((all.len() / TEST_ONE_IN).max(1));
    let pick = |images: &[u32]| {
        let mut pixels = Vec::with_capacity(images.len() * all.inputs());
        images.iter().for_each(|&i| pixels.extend_from_slice(&all.image(i as usize)));
        Dataset::new(pixels, images.iter().map(|&i| all.labels()[i as usize]).collect(), all.inputs(), 256)
    };
    Ok((pick(training)?, pick(test)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(name: &str, sizes: [u32; 3]) -> File {
        let header = sizes.iter().flat_map(|n| n.to_be_bytes());
        let content = (0..sizes.iter().product::<u32>()).map(|i| (i % 251) as u8);
        (name.into(), [0, 0, 8, 3].into_iter().chain(header).chain(content).collect())
    }

    fn labels(name: &str, labels: &[u8]) -> File {
        let header = (labels.len() as u32).to_be_bytes();
        (name.into(), [0, 0, 8, 1].into_iter().chain(header).chain(labels.iter().copied()).collect())
    }

    fn problem(files: Vec<File>) -> Problem {
        Own::from_files(files).unwrap_err()
    }

    #[test]
    fn two_files_are_split() {
        let own = Own::from_files(vec![labels("l", &[0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]), images("i", [12, 8, 8])]).unwrap();
        assert_eq!(own.subject, Subject { side: 8, classes: Classes::Numbered(3) });
        assert_eq!((own.training.len(), own.test.len()), (10, 2));
        let all = images("i", [12, 8, 8]).1;
        let mut seen: Vec<Vec<u8>> =
            (0..10).map(|i| own.training.image(i).to_vec()).chain((0..2).map(|i| own.test.image(i).to_vec())).collect();
        let mut expected: Vec<&[u8]> = all[16..].chunks(64).collect();
        seen.sort();
        expected.sort();
        assert_eq!(seen, expected, "every image is in one of them");
        assert_eq!(own.to_bytes().len(), 12 * 65);
        assert_eq!(own.origin(), Origin::Own { side: 8, classes: 3, mark: Some(crc32fast::hash(&own.to_bytes())) });
    }

    #[test]
    fn what_was_kept_comes_back_and_nothing_else_does() {
        let own = Own::from_files(vec![images("i", [12, 8, 8]), labels("l", &[0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])]).unwrap();
        let (setting, bytes) = (own.origin().to_string(), own.to_bytes());
        assert_eq!(Own::from_kept(&setting, "10 2", &bytes), Some(own));
        for sizes in ["", "10", "10 3", "11 1", "2 10", "-1 2", "18446744073709551615 2", "10 18446744073709551615"] {
            assert_eq!(Own::from_kept(&setting, sizes, &bytes), None, "{sizes}");
        }
        assert_eq!(Own::from_kept("mnist", "10 2", &bytes), None);
        assert_eq!(Own::from_kept(&setting, "10 2", &bytes[1..]), None);
    }

    #[test]
    fn four_files_are_told_apart() {
        let files = vec![
            images("t10k-images", [5, 3, 3]),
            labels("t10k-labels", &[1; 5]),
            labels("train-labels", &[0, 1, 0]),
            images("train-images", [3, 3, 3]),
        ];
        let own = Own::from_files(files).unwrap();
        assert_eq!((own.training.len(), own.test.len()), (3, 5), "by their names");
        let files = vec![images("a", [2, 3, 3]), images("b", [4, 3, 3]), labels("c", &[1, 0, 1, 0]), labels("d", &[1, 1])];
        let own = Own::from_files(files).unwrap();
        assert_eq!((own.training.len(), own.test.len()), (4, 2), "by their sizes");
    }

    #[test]
    fn an_image_that_is_no_square_is_set_into_one() {
        let own = Own::from_files(vec![images("i", [2, 1, 3]), labels("l", &[0, 1])]).unwrap();
        let image = |set: &Dataset| set.image(0).to_vec();
        let mut both = [image(&own.training), image(&own.test)];
        both.sort();
        assert_eq!(both, [vec![0, 0, 0, 0, 1, 2, 0, 0, 0], vec![0, 0, 0, 3, 4, 5, 0, 0, 0]]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let good = || (images("i", [2, 8, 8]), labels("l", &[0, 1]));
        let (mut short, l) = good();
        short.1.pop();
        assert!(matches!(problem(vec![short, l]), (name, Error::Truncated { expected: 128, got: 127, .. }) if name == "i"));
        let text = ("x".to_string(), b"hello".to_vec());
        assert!(matches!(problem(vec![text, good().1]), (name, Error::NotA { .. }) if name == "x"));
        assert!(matches!(problem(vec![good().0]), (_, Error::Shape { what, expected: 1, got: 0 }) if what == "label files"));
        assert!(matches!(problem(vec![good().1]), (_, Error::Shape { what, got: 0, .. }) if what == "image files"));
        let three = labels("l", &[0, 1, 2]);
        assert!(matches!(problem(vec![good().0, three]), (name, Error::Shape { expected: 2, got: 3, .. }) if name == "l"));
        let strip = images("i", [2, 1, 9]);
        assert!(matches!(problem(vec![strip, good().1]), (name, Error::TooLarge { limit: 8, got: 9, .. }) if name == "i"));
        let large = images("i", [2, 65, 8]);
        assert!(matches!(problem(vec![large, good().1]), (_, Error::TooLarge { limit: 64, got: 65, .. })));
        let many = labels("l", &[0, 100]);
        assert!(matches!(problem(vec![good().0, many]), (_, Error::TooLarge { limit: 100, got: 101, .. })));
        let other = vec![images("test-i", [2, 7, 7]), labels("test-l", &[0, 1]), good().0, good().1];
        assert!(matches!(problem(other), (_, Error::Shape { expected: 64, got: 49, .. })));
        assert!(Own::from_files(vec![images("i", [2, 64, 64]), labels("l", &[0, 99])]).is_ok());
    }
}
