//! The images of a set that are most like another one: nearest neighbours by the distance between pixels.

use crate::data::Dataset;
use crate::wire::{Decode, Encode};

/// An image of the set.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Neighbour {
    pub number: u32,
    pub label: u8,
    /// The square root of the sum of the squared differences of all inputs (0 to 1 each): 0 for the same image, 28 at most for
    /// 784.
    pub distance: f32,
}

/// The `count` images of `set` that are nearest to `image` (0 to 255 a pixel), the nearest first; of two that are equally near,
/// the one with the smaller number. An image of another size has none.
pub fn nearest(set: &Dataset, image: &[u8], count: usize) -> Vec<Neighbour> {
    if image.len() != set.inputs() || count == 0 {
        return Vec::new();
    }
    // Nobody has more neighbours than there are images, whatever a message asks for.
    let count = count.min(set.len());
    // Squared distances in units of 1/255: 784 pixels give 51 million at most.
    let mut found: Vec<(u32, u32)> = Vec::with_capacity(count + 1);
    for (number, pixels) in (0..set.len()).map(|number| (number as u32, set.image(number))) {
        let square = squared_distance(&pixels, image);
        if found.len() == count && found.last().is_some_and(|(worst, _)| square >= *worst) {
            continue;
        }
        let place = found.partition_point(|(other, _)| *other <= square);
        found.insert(place, (square, number));
        found.truncate(count);
    }
    let neighbour = |(square, number): (u32, u32)| Neighbour {
        number,
        label: set.labels()[number as usize],
        distance: (f64::from(square).sqrt() / 255.0) as f32,
    };
    found.into_iter().map(neighbour).collect()
}

fn squared_distance(a: &[u8], b: &[u8]) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
}

/// The labels of the neighbours, the most frequent first, each with how often it is there; of two equally frequent ones, the one
/// that is nearer.
pub fn votes(neighbours: &[Neighbour]) -> Vec<(u8, usize)> {
    let mut votes: Vec<(u8, usize)> = Vec::new();
    for neighbour in neighbours {
        match votes.iter_mut().find(|(label, _)| *label == neighbour.label) {
            Some((_, count)) => *count += 1,
            None => votes.push((neighbour.label, 1)),
        }
    }
    // Stable: what was met first, which is nearer, stays before what is as frequent.
    votes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    votes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(images: usize) -> Dataset {
        let mut rng = fastrand::Rng::with_seed(3);
        let pixels: Vec<u8> = (0..images * 49).map(|_| if rng.bool() { rng.u8(..) } else { 0 }).collect();
        Dataset::new(pixels, (0..images).map(|_| rng.u8(0..10)).collect(), 49, 10).unwrap()
    }

    /// The same by sorting all distances, in f64.
    #[test]
    fn they_are_the_first_of_all_sorted_by_distance() {
        let set = set(200);
        let mut image = set.image(17).to_vec();
        image[5] ^= 90;
        let distance = |number: usize| {
            let inputs = |pixels: &[u8]| pixels.iter().map(|&p| f64::from(p) / 255.0).collect::<Vec<_>>();
            let (a, b) = (inputs(&set.image(number)), inputs(&image));
            a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
        };
        let mut all: Vec<usize> = (0..200).collect();
        all.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
        let found = nearest(&set, &image, 8);
        assert_eq!(found.iter().map(|n| n.number as usize).collect::<Vec<_>>(), all[..8]);
        assert_eq!(found[0].number, 17);
        for neighbour in &found {
            assert!((f64::from(neighbour.distance) - distance(neighbour.number as usize)).abs() < 1e-5, "{neighbour:?}");
            assert_eq!(neighbour.label, set.labels()[neighbour.number as usize]);
        }
        assert_eq!(nearest(&set, &image, 500).len(), 200);
        assert!(nearest(&set, &[0; 48], 3).is_empty() && nearest(&set, &image, 0).is_empty());
    }

    #[test]
    fn of_equally_near_ones_the_first_comes_first() {
        let twins = Dataset::new(vec![9; 4 * 49], vec![1, 2, 3, 4], 49, 10).unwrap();
        let found = nearest(&twins, &[10; 49], 2);
        assert_eq!(found.iter().map(|n| n.number).collect::<Vec<_>>(), [0, 1]);
        assert!((found[0].distance - 7.0 / 255.0).abs() < 1e-6);
    }

    #[test]
    fn votes_are_counted_and_the_nearer_wins_a_tie() {
        let of = |labels: &[u8]| {
            let neighbour = |&label: &u8| Neighbour { number: 0, label, distance: 1.0 };
            votes(&labels.iter().map(neighbour).collect::<Vec<_>>())
        };
        assert_eq!(of(&[4, 9, 9, 4, 9]), [(9, 3), (4, 2)]);
        assert_eq!(of(&[4, 9, 9, 4]), [(4, 2), (9, 2)]);
        assert_eq!(of(&[]), []);
    }
}
