//! Learning-rate schedules: the rate of each step as a share of the one that was chosen. A pure function of where the run is,
//! so that pausing, slicing and other workers can't change it.

use crate::wire::{Decode, Encode};
use crate::{Error, Result};
use std::f64::consts::PI;

/// How the learning rate changes over a run. The rate that a person chooses is the highest one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub enum Schedule {
    /// Always the chosen rate.
    #[default]
    Constant,
    /// The run in `parts` equal parts; after each the rate is multiplied by `factor`. `torch.optim.lr_scheduler.StepLR` with
    /// that part as `step_size` and the factor as `gamma`; Keras's `ExponentialDecay` with `staircase=True`.
    StepDecay { parts: u32, factor: f32 },
    /// (1 + cos(pi t)) / 2 with t from 0 to 1 over the run (Loshchilov and Hutter 2017, without restarts; PyTorch's
    /// `CosineAnnealingLR` with `eta_min=0`, Keras's `CosineDecay`). During the first `warm_up` epochs it is also multiplied by
    /// a factor that rises from 0 to 1 in a straight line.
    Cosine { warm_up: f32 },
    /// Up from 1 / `start` to 1 along a cosine in the first `rise` of the steps, then down to 1 / (`start` * `end`) along
    /// another (Smith and Topin 2018). `torch.optim.lr_scheduler.OneCycleLR` with `pct_start`, `div_factor` and
    /// `final_div_factor`, two phases, `cycle_momentum=False`.
    OneCycle { rise: f32, start: f32, end: f32 },
}

/// How far a run is and how long it is going to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Steps taken.
    pub step: u64,
    pub steps_per_epoch: u64,
    pub epochs: u32,
}

impl Schedule {
    /// Every schedule with its usual hyperparameters, those of PyTorch where it has them; the constant rate first.
    pub const ALL: [Schedule; 4] = [
        Schedule::Constant,
        Schedule::StepDecay { parts: 3, factor: 0.1 },
        Schedule::Cosine { warm_up: 0.0 },
        Schedule::OneCycle { rise: 0.3, start: 25.0, end: 1e4 },
    ];

    /// Short name, as settings use it.
    pub fn name(self) -> &'static str {
        match self {
            Schedule::Constant => "constant",
            Schedule::StepDecay { .. } => "step-decay",
            Schedule::Cosine { .. } => "cosine",
            Schedule::OneCycle { .. } => "one-cycle",
        }
    }

    /// The schedule of that name with its usual hyperparameters.
    ///
    /// Errors when there is none.
    pub fn parse(name: &str) -> Result<Schedule> {
        Schedule::ALL.into_iter().find(|s| s.name() == name).ok_or_else(|| Error::Setting {
            name: "schedule".into(),
            value: name.into(),
            allowed: Schedule::ALL.map(Schedule::name).join(", "),
        })
    }

    /// The learning rate of the step after the `place.step` that were taken. From the run's end on, that of its last step.
    pub fn rate(self, chosen: f32, place: Place) -> f32 {
        let total = (place.steps_per_epoch * u64::from(place.epochs)).max(1);
        let place = Place { step: place.step.min(total - 1), ..place };
        match self {
            Schedule::Constant => chosen,
            Schedule::StepDecay { parts, factor } => chosen * factor.powi((u64::from(parts) * place.step / total) as i32),
            Schedule::Cosine { warm_up } => chosen * cosine(warm_up, place),
            Schedule::OneCycle { rise, start, end } => {
                (f64::from(chosen) * one_cycle(rise.into(), start.into(), end.into(), place.step as f64, total as f64)) as f32
            }
        }
    }
}

/// In f32: the shipped network was trained with exactly these numbers.
fn cosine(warm_up: f32, place: Place) -> f32 {
    let Place { step, steps_per_epoch, epochs } = place;
    let at = (step / steps_per_epoch) as f32 + (step % steps_per_epoch) as f32 / steps_per_epoch as f32;
    let risen = if warm_up > 0.0 { (at / warm_up).min(1.0) } else { 1.0 };
    risen * 0.5 * (1.0 + (std::f32::consts::PI * at / epochs as f32).cos())
}

/// As PyTorch counts: the highest rate is that of step `rise * total - 1` (from 0), the lowest that of step `total - 1`.
fn one_cycle(rise: f64, start: f64, end: f64, step: f64, total: f64) -> f64 {
    let (top, last) = (rise * total - 1.0, total - 1.0);
    let anneal = |from: f64, to: f64, share: f64| to + (from - to) * 0.5 * (1.0 + (PI * share).cos());
    if step < top { anneal(1.0 / start, 1.0, step / top) } else { anneal(1.0, 1.0 / (start * end), (step - top) / (last - top)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rates of all steps.
    fn rates(schedule: Schedule, chosen: f32, steps_per_epoch: u64, epochs: u32) -> Vec<f32> {
        let place = |step| Place { step, steps_per_epoch, epochs };
        (0..steps_per_epoch * u64::from(epochs)).map(|step| schedule.rate(chosen, place(step))).collect()
    }

    fn assert_close(got: &[f32], want: &[f64]) {
        assert_eq!(got.len(), want.len());
        for (got, want) in got.iter().zip(want) {
            assert!((f64::from(*got) - want).abs() <= 1e-6 * want, "got {got}, want {want}");
        }
    }

    #[test]
    fn a_constant_rate_is_the_chosen_one_to_the_bit() {
        assert!(rates(Schedule::Constant, 0.1, 7, 3).iter().all(|rate| rate.to_bits() == 0.1_f32.to_bits()));
    }

    /// The example in PyTorch's documentation of `StepLR(optimizer, step_size=30, gamma=0.1)` with lr=0.05.
    #[test]
    fn step_decay_is_pytorchs_step_lr() {
        let want: Vec<f64> = (0..90).map(|epoch| [0.05, 0.005, 0.0005][epoch / 30]).collect();
        assert_close(&rates(Schedule::parse("step-decay").unwrap(), 0.05, 1, 90), &want);
    }

    /// `CosineAnnealingLR(optimizer, T_max=10)` with lr=0.1.
    #[test]
    fn cosine_is_pytorchs_cosine_annealing() {
        let want = [
            0.1,
            0.09755282581,
            0.09045084972,
            0.07938926261,
            0.06545084972,
            0.05,
            0.03454915028,
            0.02061073739,
            0.009549150281,
            0.002447174185,
        ];
        let cosine = Schedule::parse("cosine").unwrap();
        assert_close(&rates(cosine, 0.1, 10, 1), &want);
        assert_close(&rates(cosine, 0.1, 2, 5), &want);
        // Half an epoch of warm-up: from nothing, then as without one.
        let warm = rates(Schedule::Cosine { warm_up: 0.5 }, 0.1, 10, 1);
        assert_eq!(warm[0], 0.0);
        assert_close(&warm[1..2], &[want[1] / 5.0]);
        assert_close(&warm[5..], &want[5..]);
    }

    /// `OneCycleLR(optimizer, max_lr=0.1, total_steps=20)`, by the formula in its documentation.
    #[test]
    fn one_cycle_is_pytorchs() {
        let want = [
            0.004,
            0.01316718427,
            0.03716718427,
            0.06683281573,
            0.09083281573,
            0.1,
            0.09874640062,
            0.09504846320,
            0.08909161776,
            0.08117456540,
            0.07169430018,
            0.06112620219,
            0.05000020000,
            0.03887419781,
            0.02830609982,
            0.01882583460,
            0.01090878224,
            0.004951936799,
            0.001253999377,
            4e-7,
        ];
        let one_cycle = Schedule::parse("one-cycle").unwrap();
        assert_close(&rates(one_cycle, 0.1, 20, 1), &want);
        assert_close(&rates(one_cycle, 0.1, 4, 5), &want);
    }

    #[test]
    fn beyond_its_end_a_run_goes_on_as_it_ended() {
        for schedule in Schedule::ALL {
            let rate = |step| schedule.rate(0.1, Place { step, steps_per_epoch: 5, epochs: 2 });
            assert_eq!(rate(9), rate(10));
            assert_eq!(rate(9), rate(1000));
            assert!(rate(9).is_finite() && rate(9) > 0.0);
        }
    }
}
