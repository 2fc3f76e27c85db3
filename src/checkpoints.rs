//! A run's weights as they were after so many steps, kept in bounded memory: many from the beginning, when everything changes,
//! and ever fewer later. What stays is evenly spread in ln(1 + step / 10); the first and the last always stay.

/// Bytes that the weights may take.
const LIMIT: usize = 64 << 20;
/// Most checkpoints: a slider has hardly more places.
const MOST: usize = 200;
/// Up to about this step they are spread by steps, after it by their logarithm.
const SCALE: f64 = 10.0;

/// The weights after so many steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    pub step: u64,
    pub parameters: Vec<f32>,
}

/// See the module's documentation.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    kept: Vec<Checkpoint>,
    limit: usize,
}

impl Default for Checkpoints {
    fn default() -> Checkpoints {
        Checkpoints::within(LIMIT)
    }
}

/// Where a step stands among them.
fn place(step: u64) -> f64 {
    (1.0 + step as f64 / SCALE).ln()
}

impl Checkpoints {
    /// None yet; their weights will take at most `limit` bytes.
    pub fn within(limit: usize) -> Checkpoints {
        Checkpoints { kept: Vec::new(), limit }
    }

    /// How many networks of so many parameters can be kept; less than 2 is none at all, since the first and the last belong
    /// together.
    pub fn room(&self, parameters: usize) -> usize {
        match MOST.min(self.limit / (parameters * size_of::<f32>()).max(1)) {
            0 | 1 => 0,
            room => room,
        }
    }

    /// Takes weights, of the same network and later than those before; of the same step, they take their place.
    pub fn push(&mut self, step: u64, parameters: Vec<f32>) {
        let room = self.room(parameters.len());
        if room == 0 {
            return;
        }
        if self.kept.last().is_some_and(|last| last.step == step) {
            self.kept.pop();
        }
        if self.kept.len() >= room {
            // The one whose neighbours stand closest together. The new one is the last one's neighbour.
            let at = |i: usize| place(self.kept.get(i).map_or(step, |checkpoint| checkpoint.step));
            let gap = |i: &usize| at(i + 1) - at(i - 1);
            if let Some(least) = (1..self.kept.len()).min_by(|i, j| gap(i).total_cmp(&gap(j))) {
                self.kept.remove(least);
            }
        }
        self.kept.push(Checkpoint { step, parameters });
    }

    /// All of them, the first step first.
    pub fn kept(&self) -> &[Checkpoint] {
        &self.kept
    }

    /// The place of the one whose step is next to `step`; `None` where there is none at all.
    pub fn nearest(&self, step: u64) -> Option<usize> {
        let distance = |i: &usize| (place(self.kept[*i].step) - place(step)).abs();
        (0..self.kept.len()).min_by(|i, j| distance(i).total_cmp(&distance(j)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In what they are spread.
    fn spread(step: u64) -> f64 {
        (1.0 + step as f64 / 10.0).ln()
    }

    /// After `steps` steps with a checkpoint offered after every `every`; each has one parameter, its step.
    fn offered(limit: usize, steps: u64, every: usize) -> Checkpoints {
        let mut checkpoints = Checkpoints::within(limit);
        for step in (0..=steps).step_by(every) {
            checkpoints.push(step, vec![step as f32]);
            assert!(4 * checkpoints.kept().len() <= limit, "at no time");
        }
        checkpoints
    }

    #[test]
    fn what_stays_is_the_first_the_last_and_evenly_spread_between() {
        for (room, steps, every) in
            [(40, 5_000, 1), (40, 200_000, 7), (157, 100_000, 1), (7, 3_000, 1), (2, 500, 1), (3, 500, 50)]
        {
            let checkpoints = offered(4 * room, steps, every);
            let kept = checkpoints.kept();
            let what = format!("{room} of {steps} by {every}: {:?}", kept.iter().map(|kept| kept.step).collect::<Vec<_>>());
            assert_eq!((kept.len(), kept[0].step, kept[kept.len() - 1].step), (room, 0, steps - steps % every as u64), "{what}");
            assert!(kept.iter().all(|kept| kept.parameters == [kept.step as f32]), "{what}");
            assert!(kept.is_sorted_by(|a, b| a.step < b.step), "{what}");
            // The last gap can be small, and none can be smaller than the steps between two offers.
            let gaps: Vec<f64> = kept.windows(2).map(|pair| spread(pair[1].step) - spread(pair[0].step)).collect();
            let even = spread(steps) / (room - 1) as f64;
            let coarse = |i: usize| spread(kept[i].step + every as u64) - spread(kept[i].step);
            for (i, gap) in gaps.iter().enumerate() {
                assert!(*gap <= 2.0 * even + coarse(i), "gap {i} is {gap}, even ones {even}, {what}");
                assert!(i + 2 >= gaps.len() || *gap >= 0.4 * even, "gap {i} is {gap}, even ones {even}, {what}");
            }
        }
    }

    #[test]
    fn few_stay_as_they_are_and_large_networks_are_not_kept() {
        let checkpoints = offered(4 * 100, 30, 3);
        assert_eq!(
            checkpoints.kept().iter().map(|kept| kept.step).collect::<Vec<_>>(),
            (0..=10).map(|i| 3 * i).collect::<Vec<_>>()
        );
        assert_eq!([0, 1, 2, 16, 1000].map(|step| checkpoints.nearest(step)), [0, 0, 1, 5, 10].map(Some));
        assert_eq!(Checkpoints::default().nearest(3), None);

        let mut large = Checkpoints::within(400);
        assert_eq!([50, 51, 100, 1].map(|parameters| large.room(parameters)), [2, 0, 0, 100]);
        large.push(0, vec![0.0; 51]);
        assert!(large.kept().is_empty());
        assert_eq!(Checkpoints::default().room(1), MOST);
        // The slides' network: 784-128-10.
        assert_eq!(Checkpoints::default().room(101_770), 164);
    }

    #[test]
    fn weights_of_the_same_step_take_each_others_place() {
        let mut checkpoints = Checkpoints::within(8);
        for (step, parameter) in [(0, 1.0), (0, 2.0), (5, 3.0), (5, 4.0), (5, 5.0)] {
            checkpoints.push(step, vec![parameter]);
        }
        let kept: Vec<_> = checkpoints.kept().iter().map(|kept| (kept.step, kept.parameters[0])).collect();
        assert_eq!(kept, [(0, 2.0), (5, 5.0)]);
    }
}
