//! Others, and ours beside them, by a benchmark of its own that is no part of this repository: a folder with `run.mjs`, which
//! writes a JSON object a line and prints a table.

use crate::row::{OURS, Row, numbers};
use crate::{Arguments, EPOCHS, Result};
use inkling_e2e::pkg;
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::{env, fs, process};

/// Ours, in the words of that benchmark, and what the table calls them.
const NAMES: [(&str, &str); 3] =
    [("inkling:cpu", OURS), ("inkling:cpu@1", crate::chromium::ONE_WORKER), ("inkling:webgpu", crate::chromium::WEBGPU)];

pub fn measure(folder: &Path, arguments: &Arguments) -> Result<Vec<Row>> {
    let lines = env::temp_dir().join(format!("inkling-bench-{}.jsonl", process::id()));
    let workloads: Vec<&str> = arguments.workloads.iter().map(|workload| &*workload.name).collect();
    let ours = NAMES.iter().map(|(name, _)| *name).filter(|name| arguments.webgpu || !name.ends_with("webgpu"));
    let mut node = Command::new("node");
    node.current_dir(folder).env("BENCH_INKLING", pkg()).arg("run.mjs").args(ours).args(&arguments.peer);
    node.args(["--workloads", &workloads.join(","), "--repeats", &arguments.repeats.to_string()]);
    node.args(["--epochs", &EPOCHS.to_string(), "--max-seconds", &arguments.max_seconds.to_string()]).arg("--out").arg(&lines);
    let status = node.status().map_err(|error| format!("cannot start node in {}: {error}", folder.display()))?;
    if !status.success() {
        return Err(format!("run.mjs in {} failed: {status}", folder.display()));
    }
    let text = fs::read_to_string(&lines).map_err(|error| format!("run.mjs wrote no {}: {error}", lines.display()))?;
    let _ = fs::remove_file(&lines);
    text.lines().map(|line| serde_json::from_str(line).map(|seen| row(&seen)).map_err(|error| error.to_string())).collect()
}

/// What one line says.
fn row(seen: &Value) -> Row {
    let text = |name: &str| seen[name].as_str().map(String::from);
    let peer = text("peer").unwrap_or_default();
    let ours = NAMES.iter().find(|(name, _)| *name == peer).map(|(_, called)| called.to_string());
    Row {
        peer: ours.unwrap_or(peer),
        workload: text("workload").unwrap_or_default(),
        epochs: numbers(&seen["epochs_s"]),
        evaluate_ms: seen["eval10k_ms"].as_f64(),
        one_image_ms: seen["single_ms"].as_f64(),
        accuracies: ["acc1", "acc5"].map(|name| seen[name].as_f64()),
        error: text("error"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_becomes_a_row() {
        let seen = json!({
            "peer": "inkling:cpu", "workload": "small", "epochs_s": [0.5, 0.25], "eval10k_ms": 20, "single_ms": 0.01, "acc1": 0.88,
        });
        let expected = Row {
            peer: OURS.into(),
            workload: "small".into(),
            epochs: vec![0.5, 0.25],
            evaluate_ms: Some(20.0),
            one_image_ms: Some(0.01),
            accuracies: [Some(0.88), None],
            error: None,
        };
        assert_eq!(row(&seen), expected);
        let failed = row(&json!({ "peer": "other", "workload": "small", "error": "not installed" }));
        assert_eq!((failed.peer.as_str(), failed.error.as_deref()), ("other", Some("not installed")));
    }
}
