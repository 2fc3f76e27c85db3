//! A run as a line of JSON, and the checks of what is read.

use super::{Record, tidy};
use crate::history::{CURVE_TRAINING, CURVE_VALIDATION, Curve, Point, TARGETS};
use crate::protocol::Evaluation;
use crate::settings::Settings;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// A [`Record`] as text. Short names, and a point as `[step, seconds, loss, accuracy]`: most of the text are points.
#[derive(Serialize, Deserialize)]
pub struct Line {
    id: u32,
    #[serde(default)]
    name: String,
    group: Option<u32>,
    shown: bool,
    /// As in an address.
    settings: String,
    #[serde(default)]
    rate_changed: bool,
    #[serde(default)]
    device: String,
    ended: f64,
    steps: u64,
    epochs: f64,
    seconds: f64,
    speed: f64,
    /// Loss and accuracy.
    validation: Option<[f32; 2]>,
    test: [f32; 2],
    test_images: u32,
    reached: [Option<f64>; TARGETS.len()],
    training: Vec<[f64; 4]>,
    evaluations: Vec<[f64; 4]>,
}

/// What a number may be. Within these bounds, and with so few digits as are written, reading gives exactly what was written.
const NUMBERS: [f64; 2] = [1e-9, 1e12];
/// Digits of a time and of a date: microseconds of a quarter of an hour, and milliseconds.
const TIME_DIGITS: i32 = 9;
const DATE_DIGITS: i32 = 13;

/// `n` significant digits: a curve needs no more.
fn rounded(value: f64, n: i32) -> f64 {
    let value = value.clamp(0.0, NUMBERS[1]);
    if value < NUMBERS[0] {
        return 0.0;
    }
    let digits = n - 1 - value.log10().floor() as i32;
    // Divided rather than multiplied by 0.001, so that what is written is short.
    if digits > 0 {
        let by = 10_f64.powi(digits);
        (value * by).round() / by
    } else {
        let by = 10_f64.powi(-digits);
        (value / by).round() * by
    }
}

fn is_number(value: f64) -> bool {
    (0.0..=NUMBERS[1]).contains(&value)
}

impl From<&Record> for Line {
    fn from(record: &Record) -> Line {
        let points = |points: &[Point]| -> Vec<[f64; 4]> {
            let four =
                |p: &Point| [rounded(p.step, 7), rounded(p.seconds, 5), rounded(p.loss.into(), 4), rounded(p.accuracy.into(), 4)];
            points.iter().map(four).collect()
        };
        let time = |seconds: f64| rounded(seconds, TIME_DIGITS);
        Line {
            id: record.id,
            name: record.name.clone(),
            group: record.group,
            shown: record.is_shown,
            settings: record.settings.to_query(),
            rate_changed: record.rate_changed,
            device: record.device.clone(),
            ended: rounded(record.ended, DATE_DIGITS),
            steps: record.steps,
            epochs: time(record.epochs),
            seconds: time(record.seconds),
            speed: time(record.samples_per_second),
            validation: record.validation.map(|v| [v.loss, v.accuracy]),
            test: [record.test.loss, record.test.accuracy],
            test_images: record.test_images,
            reached: record.reached.map(|seconds| seconds.map(time)),
            training: points(&record.curve.training),
            evaluations: points(&record.curve.validation),
        }
    }
}

impl TryFrom<Line> for Record {
    type Error = Error;

    fn try_from(line: Line) -> Result<Record> {
        let bad = |reason: &str| Error::Malformed { what: "a run".into(), reason: reason.into() };
        let parameters: Vec<(String, String)> = line
            .settings
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let (settings, mut errors) = Settings::from_address(&parameters);
        if let Some(error) = errors.pop() {
            return Err(error);
        }
        let evaluation = |[loss, accuracy]: [f32; 2]| {
            let is_one = !loss.is_nan() && (0.0..=1.0).contains(&accuracy);
            is_one.then_some(Evaluation { loss, accuracy }).ok_or_else(|| bad("accuracies are from 0 to 1"))
        };
        let times = [line.epochs, line.seconds, line.speed, line.ended].into_iter().chain(line.reached.into_iter().flatten());
        if !times.into_iter().all(is_number) {
            return Err(bad("times are positive numbers"));
        }
        let per_step = if line.steps > 0 { line.epochs / line.steps as f64 } else { 0.0 };
        let points = |points: Vec<[f64; 4]>, most: usize| -> Result<Vec<Point>> {
            let fine = |p: &[f64; 4]| p.iter().copied().all(is_number) && p[3] <= 1.0;
            if points.len() > most || !points.iter().all(fine) || !points.is_sorted_by(|a, b| a[0] <= b[0]) {
                return Err(bad("its curve is none"));
            }
            let point = |[step, seconds, loss, accuracy]: [f64; 4]| Point {
                step,
                epoch: step * per_step,
                seconds,
                loss: loss as f32,
                accuracy: accuracy as f32,
            };
            Ok(points.into_iter().map(point).collect())
        };
        Ok(Record {
            id: line.id,
            name: tidy(&line.name),
            group: line.group,
            is_shown: line.shown,
            settings,
            rate_changed: line.rate_changed,
            device: line.device.chars().take(200).collect(),
            ended: line.ended,
            steps: line.steps,
            epochs: line.epochs,
            seconds: line.seconds,
            samples_per_second: line.speed,
            validation: line.validation.map(evaluation).transpose()?,
            test: evaluation(line.test)?,
            test_images: line.test_images,
            reached: line.reached,
            curve: Curve {
                training: points(line.training, CURVE_TRAINING)?,
                validation: points(line.evaluations, CURVE_VALIDATION)?,
            },
        })
    }
}
