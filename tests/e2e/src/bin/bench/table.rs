//! The table, as Markdown.

use crate::row::{OURS, Row};
use crate::workload::{IMAGES, Workload};

const HEAD: [&str; 10] = [
    "peer",
    "workload",
    "s an epoch, best",
    "median",
    "images/s",
    "evaluate 10,000, ms",
    "one image, ms",
    "accuracy after 1",
    "after 5",
    "times ours",
];

/// What every multiply-add of the dense network would take, at the rate of the probe and with no time for anything else.
pub fn dense_limit(workload: &Workload, gflops: f64, threads: usize) -> Row {
    Row {
        peer: format!("limit of dense wasm SIMD, {threads} threads, {gflops:.0} GFLOP/s"),
        workload: workload.name.clone(),
        epochs: vec![workload.epoch_flop() / (1e9 * gflops)],
        evaluate_ms: Some(workload.evaluation_flop() / (1e6 * gflops)),
        ..Row::default()
    }
}

/// One line a row. The last column says how many times as long as ours an epoch takes.
pub fn markdown(rows: &[Row]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut table = line(&HEAD.map(String::from)) + &format!("|{}\n", "---|".repeat(HEAD.len()));
    for row in rows {
        let ours = rows.iter().find(|r| r.peer == OURS && r.workload == row.workload).and_then(Row::best);
        let times = row.best().zip(ours).map(|(best, ours)| best / ours);
        let peer = match &row.error {
            None => row.peer.clone(),
            Some(error) => format!("{} (not measured: {})", row.peer, error.replace(['|', '\n'], " ")),
        };
        table += &line(&[
            peer,
            row.workload.clone(),
            number(row.best(), 3),
            number(row.median(), 3),
            number(row.best().map(|best| IMAGES.0 as f64 / best), 0),
            number(row.evaluate_ms, 1),
            number(row.one_image_ms, 4),
            number(row.accuracies[0], 4),
            number(row.accuracies[1], 4),
            number(times, 2),
        ]);
    }
    table
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_string(), |value| format!("{value:.digits$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_many_times_ours_it_takes() {
        let ours = Row {
            peer: OURS.into(),
            workload: "small".into(),
            epochs: vec![0.25, 0.2],
            evaluate_ms: Some(17.25),
            one_image_ms: Some(0.00512),
            accuracies: [Some(0.8801), Some(0.91674)],
            error: None,
        };
        let slow = Row { peer: "slow".into(), workload: "small".into(), epochs: vec![1.0], ..Row::default() };
        let missing = Row { peer: "missing".into(), workload: "small".into(), error: Some("no\n|such".into()), ..Row::default() };
        // Ours was not measured there.
        let elsewhere = Row { workload: "large".into(), ..slow.clone() };
        let table = markdown(&[ours, slow, missing, elsewhere]);
        let lines: Vec<&str> = table.lines().skip(2).collect();
        let expected = [
            "| inkling, Chromium, all workers | small | 0.200 | 0.250 | 300000 | 17.2 | 0.0051 | 0.8801 | 0.9167 | 1.00 |",
            "| slow | small | 1.000 | 1.000 | 60000 | - | - | - | - | 5.00 |",
            "| missing (not measured: no  such) | small | - | - | - | - | - | - | - | - |",
            "| slow | large | 1.000 | 1.000 | 60000 | - | - | - | - | - |",
        ];
        assert_eq!(lines, expected);
        assert!(table.lines().all(|line| line.matches('|').count() == HEAD.len() + 1), "{table}");
    }

    #[test]
    fn the_dense_limit_leaves_out_the_gradient_of_the_pixels() {
        let row = dense_limit(&Workload::parse("h128-sig-sgd").unwrap(), 118.0, 2);
        // 60,000 images x 4 x 784 x 128 and 6 x 128 x 10.
        assert!((row.epochs[0] - 0.208).abs() < 0.001, "{row:?}");
    }
}
