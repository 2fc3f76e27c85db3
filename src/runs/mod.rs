//! The runs that are over: kept in a bounded number, as text that outlives the page, compared, named, deleted, and written as a
//! table for a spreadsheet. The text is a line of JSON a run, so that a line that can't be read costs one run and no more.

mod line;
mod spreadsheet;

use crate::history::{Curve, TARGETS};
use crate::judge::wilson;
use crate::protocol::Evaluation;
use crate::repeat::Spread;
use crate::settings::{NAMES, Settings};
use line::Line;

/// Runs kept at most: the oldest makes room. Each is at most about 12,000 characters (see [`Curve`]), so that all of them
/// are well within the five million that a browser keeps.
pub const MOST: usize = 50;
/// Characters of a run's name.
pub const LONGEST_NAME: usize = 40;

/// A run that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Counts up; the run's number on the page.
    pub id: u32,
    /// What a person calls it; empty for its number.
    pub name: String,
    /// The repetition that it belongs to.
    pub group: Option<u32>,
    /// Whether its curve is drawn beside the present run's.
    pub is_shown: bool,
    pub settings: Settings,
    /// The learning rate was changed by hand while it ran.
    pub rate_changed: bool,
    /// What computed it.
    pub device: String,
    /// When it was over, in seconds since 1970.
    pub ended: f64,
    pub steps: u64,
    /// Epochs done, with fraction.
    pub epochs: f64,
    /// From the click to the end, pauses left out.
    pub seconds: f64,
    /// On average, while it trained.
    pub samples_per_second: f64,
    pub validation: Option<Evaluation>,
    pub test: Evaluation,
    /// Test images, of which `test.accuracy` were read right.
    pub test_images: u32,
    /// Seconds to each of [`TARGETS`].
    pub reached: [Option<f64>; TARGETS.len()],
    pub curve: Curve,
}

impl Record {
    /// Where the test accuracy lies with 95 % ([`wilson`]); `None` where nobody knows of how many images it is.
    pub fn interval(&self) -> Option<[f64; 2]> {
        let right = (f64::from(self.test.accuracy) * f64::from(self.test_images)).round() as u32;
        (self.test_images > 0).then(|| wilson(right, self.test_images))
    }
}

/// See the module's documentation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs {
    /// Oldest first.
    records: Vec<Record>,
    /// What there was before the last deletion.
    before: Option<Vec<Record>>,
}

impl Runs {
    /// All, oldest first.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The run of that number.
    pub fn get(&self, id: u32) -> Option<&Record> {
        self.records.iter().find(|record| record.id == id)
    }

    /// Adds a run and gives it its number, which it returns. The oldest makes room.
    pub fn add(&mut self, record: Record) -> u32 {
        let used = self.records.iter().chain(self.before.iter().flatten()).map(|record| record.id);
        let id = used.max().unwrap_or(0).saturating_add(1);
        self.before = None;
        self.records.push(Record { id, ..record });
        self.records.drain(..self.records.len().saturating_sub(MOST));
        id
    }

    /// A number for a repetition that none has.
    pub fn new_group(&self) -> u32 {
        let used = self.records.iter().chain(self.before.iter().flatten()).filter_map(|record| record.group);
        used.max().unwrap_or(0).saturating_add(1)
    }

    /// Calls the run `name`, cut to [`LONGEST_NAME`]; empty for its number.
    pub fn rename(&mut self, id: u32, name: &str) {
        self.change(id, |record| record.name = tidy(name));
    }

    /// Draws its curve, or not.
    pub fn show(&mut self, id: u32, is_shown: bool) {
        self.change(id, |record| record.is_shown = is_shown);
    }

    /// Draws all curves, or none.
    pub fn show_all(&mut self, is_shown: bool) {
        self.records.iter_mut().for_each(|record| record.is_shown = is_shown);
    }

    /// Deletes one.
    pub fn delete(&mut self, id: u32) {
        if self.get(id).is_some() {
            self.before = Some(self.records.clone());
            self.records.retain(|record| record.id != id);
        }
    }

    /// Deletes all.
    pub fn clear(&mut self) {
        self.before = Some(std::mem::take(&mut self.records));
    }

    /// Brings back what was deleted last.
    pub fn undo(&mut self) {
        if let Some(before) = self.before.take() {
            self.records = before;
        }
    }

    /// Whether something can be brought back.
    pub fn can_undo(&self) -> bool {
        self.before.is_some()
    }

    /// The settings in which the runs differ, in the order of [`NAMES`].
    pub fn differing(&self) -> Vec<&'static str> {
        let Some((first, others)) = self.records.split_first() else { return Vec::new() };
        let differs = |name: &&str| others.iter().any(|other| other.settings.get(name) != first.settings.get(name));
        // A preset only sums up others.
        NAMES.into_iter().filter(|name| *name != "preset").filter(differs).collect()
    }

    /// The runs of a repetition.
    pub fn of_group(&self, group: u32) -> impl Iterator<Item = &Record> + Clone {
        self.records.iter().filter(move |record| record.group == Some(group))
    }

    /// Takes over what another tab has made of them, as [`Runs::encode`] gives it; whether that is something else. What was
    /// deleted before it can't be brought back any more.
    pub fn follow(&mut self, text: &str) -> bool {
        let is_other = text != self.encode();
        if is_other {
            *self = Runs::decode(text);
        }
        is_other
    }

    /// All as text.
    pub fn encode(&self) -> String {
        let line = |record: &Record| serde_json::to_string(&Line::from(record)).ok();
        self.records.iter().filter_map(line).map(|line| line + "\n").collect()
    }

    /// What [`Runs::encode`] has written. Lines that are no run, or one with values that can't be, are left out.
    pub fn decode(text: &str) -> Runs {
        let record = |line: &str| serde_json::from_str::<Line>(line).ok().and_then(|line| Record::try_from(line).ok());
        let mut records: Vec<Record> = Vec::new();
        for record in text.lines().filter_map(record) {
            if records.iter().all(|other| other.id != record.id) {
                records.push(record);
            }
        }
        records.drain(..records.len().saturating_sub(MOST));
        Runs { records, before: None }
    }

    fn change(&mut self, id: u32, change: impl FnOnce(&mut Record)) {
        if let Some(record) = self.records.iter_mut().find(|record| record.id == id) {
            change(record);
        }
    }
}

/// What the runs of a repetition have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    pub runs: usize,
    pub validation: Option<Spread>,
    pub test: Option<Spread>,
    /// Over the runs that reached it.
    pub reached: [Option<Spread>; TARGETS.len()],
}

impl Summary {
    /// Of these runs.
    pub fn of<'a>(records: impl Iterator<Item = &'a Record> + Clone) -> Summary {
        let spread = |value: &dyn Fn(&Record) -> Option<f64>| Spread::of(records.clone().map(value));
        Summary {
            runs: records.clone().count(),
            validation: spread(&|record| record.validation.map(|v| v.accuracy.into())),
            test: spread(&|record| Some(record.test.accuracy.into())),
            reached: std::array::from_fn(|i| spread(&|record| record.reached[i])),
        }
    }
}

/// A name without line breaks and what else is no letter, not too long.
fn tidy(name: &str) -> String {
    let tidy: String = name.chars().filter(|c| !c.is_control()).collect();
    tidy.trim().chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{CURVE_TRAINING, CURVE_VALIDATION, Point};

    fn point(i: usize) -> Point {
        let step = 10.0 * (i + 1) as f64;
        let (loss, accuracy) = (2.5 / (i + 1) as f32, i as f32 / 256.0);
        Point { step, epoch: step / 430.0, seconds: 0.25 * (i + 1) as f64, loss, accuracy }
    }

    pub fn record(seed: u64) -> Record {
        Record {
            id: 0,
            name: String::new(),
            group: None,
            is_shown: true,
            settings: Settings { seed, ..Settings::default() },
            rate_changed: false,
            device: "CPU, 2".into(),
            ended: 1_795_561_589.0,
            steps: 430,
            epochs: 1.0,
            seconds: 3.25,
            samples_per_second: 17_000.0,
            validation: Some(Evaluation { loss: 0.25, accuracy: 0.9375 }),
            test: Evaluation { loss: 0.3, accuracy: 0.9312 },
            test_images: 10_000,
            reached: [Some(2.5), None],
            curve: Curve { training: (0..3).map(point).collect(), validation: vec![point(1)] },
        }
    }

    fn three() -> Runs {
        let mut runs = Runs::default();
        (1..=3).for_each(|seed| _ = runs.add(record(seed)));
        runs
    }

    #[test]
    fn what_is_kept_comes_back() {
        let mut runs = three();
        runs.rename(2, "  我的, \"最好\" 的\n網路 ");
        runs.show(3, false);
        let back = Runs::decode(&runs.encode());
        assert_eq!(back.records().len(), 3);
        for (got, want) in back.records().iter().zip(runs.records()) {
            let flat = |record: &Record| Record { curve: Curve::default(), ..record.clone() };
            assert_eq!(flat(got), flat(want));
            let points = |r: &Record| r.curve.training.iter().chain(&r.curve.validation).copied().collect::<Vec<_>>();
            for (got, want) in points(got).iter().zip(points(want)) {
                let close = |a: f64, b: f64| (a - b).abs() <= 1e-3 * b.abs();
                assert!(close(got.step, want.step) && close(got.epoch, want.epoch) && close(got.seconds, want.seconds));
                assert!(close(got.loss.into(), want.loss.into()) && close(got.accuracy.into(), want.accuracy.into()));
            }
        }
        assert_eq!(back.get(2).map(|r| r.name.as_str()), Some("我的, \"最好\" 的網路"));
    }

    #[test]
    fn what_comes_back_is_written_the_same() {
        let mut rng = fastrand::Rng::with_seed(5);
        let mut number = || 10_f64.powf(rng.f64() * 40.0 - 20.0);
        for _ in 0..1000 {
            let mut run = Record { ended: number(), epochs: number(), seconds: number(), ..record(1) };
            (run.samples_per_second, run.reached) = (number(), [Some(number()), None]);
            let mut at = [number(), number()];
            at.sort_by(f64::total_cmp);
            run.curve.training = at.map(|step| Point { step, seconds: number(), loss: number() as f32, ..point(0) }).to_vec();
            let mut runs = Runs::default();
            runs.add(run);
            let written = runs.encode();
            let again = Runs::decode(&written);
            assert_eq!((again.records().len(), again.encode()), (1, written));
        }
    }

    #[test]
    fn another_tabs_runs_are_taken_over() {
        let (mut here, mut there) = (three(), Runs::default());
        assert!(there.follow(&here.encode()) && !there.follow(&here.encode()));
        let added = there.add(record(9));
        there.delete(1);
        assert!(here.follow(&there.encode()));
        assert_eq!(here.encode(), there.encode());
        assert!(here.get(added).is_some() && here.get(1).is_none());
        assert_ne!(here.add(record(10)), added);
    }

    #[test]
    fn bad_or_foreign_text_costs_only_what_it_is() {
        let text = three().encode();
        let lines: Vec<&str> = text.lines().collect();
        for junk in ["", "{}", "null", "[1,2]", "{\"id\":1}", "\u{0}\u{fffd}", "<html>", &lines[1][..lines[1].len() / 2]] {
            assert_eq!(Runs::decode(junk), Runs::default(), "{junk}");
            let ids: Vec<_> = Runs::decode(&[lines[0], junk, lines[2]].join("\n")).records().iter().map(|r| r.id).collect();
            assert_eq!(ids, [1, 3], "{junk}");
        }
        let spoilt = [
            ("seed=1", "seed=-1"),
            ("\"test\":[0.3,0.9312]", "\"test\":[0.3,1.5]"),
            ("\"test\":[0.3,0.9312]", "\"test\":[null,0.9]"),
            ("\"seconds\":3.25", "\"seconds\":-3"),
            ("\"reached\":[2.5,null]", "\"reached\":[2.5]"),
            ("[[10.0,", "[[1e300,"),
            ("[[10.0,", "[[-10.0,"),
        ];
        for (from, to) in spoilt {
            assert!(lines[0].contains(from), "{from} in {}", lines[0]);
            assert_eq!(Runs::decode(&lines[0].replace(from, to)), Runs::default(), "{to}");
        }
        assert_eq!(Runs::decode(&text.repeat(2)).records().len(), 3, "the same run twice is one");
    }

    #[test]
    fn runs_and_their_text_are_bounded() {
        let mut runs = Runs::default();
        for seed in 0..MOST as u64 + 5 {
            let points = |n: usize| {
                (0..n).map(|i| Point { loss: 1.234_567, accuracy: 0.987_654, seconds: 123.456_78, ..point(i) }).collect()
            };
            let curve = Curve { training: points(CURVE_TRAINING), validation: points(CURVE_VALIDATION) };
            let id = runs.add(Record { curve, ..record(seed) });
            assert_eq!(u64::from(id), seed + 1);
        }
        assert_eq!(runs.records().len(), MOST);
        assert_eq!(runs.records()[0].id, 6, "the oldest are gone");
        let text = runs.encode();
        assert!(text.chars().count() < 12_000 * MOST, "{} characters", text.chars().count());
        assert_eq!(Runs::decode(&text).records().len(), MOST);
        assert_eq!(Runs::decode(&(text + &three().encode().replace("\"id\":1,", "\"id\":999,"))).records().len(), MOST);
    }

    #[test]
    fn what_differs_is_named() {
        let mut runs = Runs::default();
        assert!(runs.differing().is_empty());
        runs.add(record(1));
        assert!(runs.differing().is_empty());
        runs.add(record(2));
        assert_eq!(runs.differing(), ["seed"]);
        let mut other = record(1);
        other.settings.set("optimizer", "adam").unwrap();
        runs.add(other);
        assert_eq!(runs.differing(), ["optimizer", "lr", "seed"], "Adam brings its learning rate");
        // The same sizes, but other images.
        let mut runs = Runs::default();
        for mark in ["0000beef", "0000beee"] {
            let mut settings = record(1).settings;
            settings.set("data", &format!("own:16:3:{mark}")).unwrap();
            runs.add(Record { settings, ..record(1) });
        }
        assert_eq!(runs.differing(), ["data"]);
        assert_eq!(Runs::decode(&runs.encode()).differing(), ["data"], "also on a later visit");
    }

    #[test]
    fn deleting_can_be_taken_back_and_numbers_are_not_used_twice() {
        let mut runs = three();
        let all = runs.records().to_vec();
        runs.delete(3);
        runs.delete(77);
        assert_eq!(runs.records(), &all[..2]);
        runs.undo();
        assert_eq!((runs.records(), runs.can_undo()), (&all[..], false));
        runs.clear();
        assert!(runs.records().is_empty() && runs.can_undo());
        assert_eq!(runs.add(record(9)), 4);
        assert!(!runs.can_undo(), "a new run ends the chance");
    }

    #[test]
    fn a_repetition_is_summed_up() {
        let mut runs = three();
        let group = runs.new_group();
        for (accuracy, to_97) in [(0.96, Some(2.0)), (0.97, None), (0.98, Some(4.0))] {
            let test = Evaluation { loss: 0.1, accuracy };
            runs.add(Record { group: Some(group), test, reached: [to_97, None], ..record(1) });
        }
        assert_eq!(runs.new_group(), group + 1);
        let summary = Summary::of(runs.of_group(group));
        let test = summary.test.unwrap();
        assert_eq!((summary.runs, test.known), (3, 3));
        assert!((test.mean - 0.97).abs() < 1e-6 && (test.sd.unwrap() - 0.01).abs() < 1e-6, "{test:?}");
        assert_eq!(summary.reached[0], Some(Spread { known: 2, mean: 3.0, sd: Some(2.0_f64.sqrt()) }));
        assert_eq!(summary.reached[1], None);
        assert_eq!(summary.validation.and_then(|v| v.sd), Some(0.0));
    }

    #[test]
    fn an_accuracy_has_its_interval() {
        let run = record(1);
        assert_eq!(run.interval(), Some(wilson(9_312, 10_000)));
        assert_eq!(Record { test_images: 0, ..run }.interval(), None);
    }
}
