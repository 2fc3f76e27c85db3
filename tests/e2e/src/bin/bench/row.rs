//! What was seen of one peer with one workload, whoever measured it.

use serde_json::Value;

/// A line of the table. What was not measured is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub peer: String,
    pub workload: String,
    /// Seconds of each epoch.
    pub epochs: Vec<f64>,
    /// To evaluate the 10,000 test images.
    pub evaluate_ms: Option<f64>,
    pub one_image_ms: Option<f64>,
    /// Of the test images, after one epoch and after five.
    pub accuracies: [Option<f64>; 2],
    /// Why nothing was measured.
    pub error: Option<String>,
}

/// The peer that the others are compared with: what a visitor of the page has.
pub const OURS: &str = "inkling, Chromium, all workers";

impl Row {
    /// One line for each peer and workload, by workload, each with the epochs of all repeats and the best of the rest.
    pub fn merged(rows: Vec<Row>) -> Vec<Row> {
        let mut merged: Vec<Row> = Vec::new();
        for row in rows {
            let Some(same) = merged.iter_mut().find(|m| m.peer == row.peer && m.workload == row.workload) else {
                merged.push(row);
                continue;
            };
            same.epochs.extend(row.epochs);
            same.evaluate_ms = least(same.evaluate_ms, row.evaluate_ms);
            same.one_image_ms = least(same.one_image_ms, row.one_image_ms);
            for (same, row) in same.accuracies.iter_mut().zip(row.accuracies) {
                *same = same.or(row);
            }
            same.error = same.error.take().or(row.error);
        }
        let mut order: Vec<String> = Vec::new();
        for row in &merged {
            if !order.contains(&row.workload) {
                order.push(row.workload.clone());
            }
        }
        merged.sort_by_key(|row| order.iter().position(|workload| *workload == row.workload));
        merged
    }

    /// Seconds of the fastest epoch.
    pub fn best(&self) -> Option<f64> {
        self.epochs.iter().copied().min_by(f64::total_cmp)
    }

    /// Seconds of the epoch in the middle.
    pub fn median(&self) -> Option<f64> {
        let mut sorted = self.epochs.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied()
    }
}

fn least(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    a.into_iter().chain(b).min_by(f64::total_cmp)
}

/// The numbers in a JSON array.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(peer: &str, workload: &str, epochs: &[f64], evaluate_ms: Option<f64>) -> Row {
        Row { peer: peer.into(), workload: workload.into(), epochs: epochs.to_vec(), evaluate_ms, ..Row::default() }
    }

    #[test]
    fn repeats_become_one_line_by_workload() {
        let rows = vec![
            row("a", "small", &[3.0], Some(9.0)),
            row("a", "large", &[7.0], None),
            row("b", "small", &[], None),
            row("a", "small", &[1.0, 2.0], Some(8.0)),
        ];
        let merged = Row::merged(rows);
        let lines: Vec<_> =
            merged.iter().map(|row| (row.peer.as_str(), row.workload.as_str(), row.best(), row.median())).collect();
        let expected = [("a", "small", Some(1.0), Some(2.0)), ("b", "small", None, None), ("a", "large", Some(7.0), Some(7.0))];
        assert_eq!(lines, expected);
        assert_eq!(merged[0].evaluate_ms, Some(8.0));
    }
}
