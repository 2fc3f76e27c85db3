//! The same settings with several seeds, one after the other, and what they have in common: mean and standard deviation. One
//! run says how well it went, several say how well such a network does.

use crate::settings::{SEED, Settings};
use std::ops::RangeInclusive;

/// With how many seeds a person can repeat.
pub const SEEDS: RangeInclusive<u32> = 2..=20;

/// A repetition that is going on.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    /// What its runs have in common in [`crate::runs`].
    pub group: u32,
    /// Seeds in all.
    pub seeds: u32,
    /// Seeds begun.
    begun: u32,
    settings: Settings,
}

impl Repeat {
    /// `seeds` of them, from the settings' own seed on.
    pub fn new(settings: &Settings, seeds: u32, group: u32) -> Repeat {
        Repeat { group, seeds: seeds.clamp(*SEEDS.start(), *SEEDS.end()), begun: 0, settings: settings.clone() }
    }

    /// The number of the run that is going on, from 1.
    pub fn number(&self) -> u32 {
        self.begun
    }

    /// The settings of the next run; `None` after the last one.
    pub fn next_settings(&mut self) -> Option<Settings> {
        if self.begun == self.seeds {
            return None;
        }
        let all = SEED.end() + 1;
        let seed = (self.settings.seed + u64::from(self.begun)) % all;
        self.begun += 1;
        Some(Settings { seed, ..self.settings.clone() })
    }
}

/// Mean and standard deviation of what is known of some runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Runs of which it is known.
    pub known: usize,
    pub mean: f64,
    /// With n - 1; `None` for a single run.
    pub sd: Option<f64>,
}

impl Spread {
    /// Of the values that are known; `None` when none is.
    pub fn of(values: impl IntoIterator<Item = Option<f64>>) -> Option<Spread> {
        let values: Vec<f64> = values.into_iter().flatten().filter(|v| v.is_finite()).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
        let sd = (values.len() > 1).then(|| (squares / (n - 1.0)).sqrt());
        (!values.is_empty()).then_some(Spread { known: values.len(), mean, sd })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_follow_one_another_and_nothing_else_changes() {
        let settings = Settings { seed: 7, epochs: 2, ..Settings::default() };
        let mut repeat = Repeat::new(&settings, 3, 1);
        let mut all = Vec::new();
        while let Some(next) = repeat.next_settings() {
            all.push(next);
            assert_eq!(repeat.number() as usize, all.len());
        }
        assert_eq!(all.iter().map(|s| s.seed).collect::<Vec<_>>(), [7, 8, 9]);
        assert!(all.iter().all(|s| Settings { seed: 7, ..s.clone() } == settings));
        assert_eq!(repeat.next_settings(), None);
    }

    #[test]
    fn after_the_last_seed_comes_the_first() {
        let last = Settings { seed: u32::MAX.into(), ..Settings::default() };
        let mut repeat = Repeat::new(&last, 2, 1);
        let seeds: Vec<_> = std::iter::from_fn(|| repeat.next_settings()).map(|s| s.seed).collect();
        assert_eq!(seeds, [u64::from(u32::MAX), 0]);
        assert_eq!(Repeat::new(&last, 1_000_000, 1).seeds, *SEEDS.end());
    }

    #[test]
    fn mean_and_deviation_are_the_textbook_ones() {
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 32 in all.
        let all = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].map(Some);
        let spread = Spread::of(all).unwrap();
        assert_eq!((spread.known, spread.mean), (8, 5.0));
        assert!((spread.sd.unwrap() - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
        assert_eq!(Spread::of([Some(3.0), None, Some(f64::NAN)]), Some(Spread { known: 1, mean: 3.0, sd: None }));
        assert_eq!(Spread::of([None, None]), None);
    }
}
