//! The command line: `inkling bench`, on every core and on one.

use crate::row::{Row, numbers};
use crate::workload::Workload;
use crate::{EPOCHS, Result, machine};
use serde_json::Value;
use std::env;
use std::process::Command;

pub fn measure(workload: &Workload) -> Result<Vec<Row>> {
    let mut threads = vec![machine::cores(), 1];
    threads.dedup();
    threads.into_iter().map(|threads| run(workload, threads)).collect()
}

fn run(workload: &Workload, threads: usize) -> Result<Row> {
    let layers: Vec<String> = workload.layers.iter().map(usize::to_string).collect();
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    cargo.args(["run", "--quiet", "--release", "--bin", "inkling", "--", "bench", "--json"]);
    cargo.args(["--layers", &layers.join(","), "--activation", &workload.activation, "--optimizer", &workload.optimizer]);
    cargo.args(["--batch", &workload.batch_size.to_string(), "--epochs", &EPOCHS.to_string()]);
    cargo.args(["--threads", &threads.to_string()]);
    let output = cargo.output().map_err(|error| format!("cannot start cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("inkling bench failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let seen: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("inkling bench says no JSON: {error}"))?;
    Ok(Row {
        peer: format!("inkling, native, {threads} {}", if threads == 1 { "thread" } else { "threads" }),
        workload: workload.name.clone(),
        epochs: numbers(&seen["epoch_s"]["all"]),
        evaluate_ms: seen["evaluate_ms"].as_f64(),
        one_image_ms: seen["one_image_us"].as_f64().map(|us| us / 1e3),
        accuracies: [seen["accuracy_after_1_epoch"].as_f64(), None],
        error: None,
    })
}
