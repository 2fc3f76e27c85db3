//! The command line as a person uses it: the shipped network's accuracy, drawings in, digits out, mistakes named.
#![cfg(not(target_arch = "wasm32"))]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn inkling(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_inkling"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A one, a seven and a zero, as polylines.
const DRAWINGS: &str = r#"{"strokes": [[[50, 10], [50, 90]]], "writer": 3}
{"strokes": [[[20, 15], [75, 15], [40, 95]]]}

{"strokes": [[[5.0,1.0],[3.0,2.0],[2.0,5.0],[3.0,8.0],[5.0,9.0],[7.0,8.0],[8.0,5.0],[7.0,2.0],[5.0,1.0]]]}
"#;

#[test]
fn classify_answers_line_by_line() {
    let output = inkling(&["classify", "-"], DRAWINGS);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let answers: Vec<serde_json::Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.iter().map(|a| a["digit"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 7, 0]);
    for answer in &answers {
        let probabilities: Vec<f64> = answer["probabilities"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect();
        assert_eq!(probabilities.len(), 10);
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-5);
        let best = answer["digit"].as_u64().unwrap() as usize;
        assert!(probabilities.iter().all(|&p| p <= probabilities[best]));
    }
}

#[test]
fn a_bad_line_is_named_by_its_number() {
    for bad in ["not json", r#"{"digit": 3}"#, r#"{"strokes": [[[1]]]}"#, r#"{"strokes": []}"#] {
        let output = inkling(&["classify", "-"], &format!("{DRAWINGS}{bad}\n"));
        assert!(!output.status.success());
        assert!(text(&output.stderr).contains("line 5"), "{bad}: {}", text(&output.stderr));
        assert_eq!(text(&output.stdout).lines().count(), 3, "the lines before it are answered");
    }
}

#[test]
fn files_that_are_not_there_are_named() {
    let output = inkling(&["classify", "no-such-file.jsonl"], "");
    assert!(!output.status.success() && text(&output.stderr).contains("no-such-file.jsonl"));
    let output = inkling(&["classify", "-", "--model", "README.md"], DRAWINGS);
    assert!(!output.status.success() && text(&output.stderr).contains("not an Inkling model file"), "{}", text(&output.stderr));
}

#[test]
fn the_shipped_network_reads_the_test_set() {
    let output = inkling(&["evaluate", "www/models/shipped.inkling"], "");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let stdout = text(&output.stdout);
    let accuracy: f64 =
        stdout.split("test accuracy").nth(1).and_then(|rest| rest.split('%').next()).unwrap().trim().parse().unwrap();
    assert!(accuracy >= 98.4, "{stdout}");
}
