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
    // A program that refuses its arguments is gone before it reads anything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
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
        assert_eq!(answer["sure"], true, "{answer}");
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
fn the_shipped_network_is_as_good_as_the_readme_says() {
    let output = inkling(&["evaluate", "www/models/shipped.inkling", "--robustness", "--calibration"], "");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let stdout = text(&output.stdout);
    // The numbers of the line that begins so, as they stand in it.
    let numbers = |begin: &str| -> Vec<f64> {
        let line = stdout.lines().find(|line| line.starts_with(begin)).unwrap_or_else(|| panic!("no line {begin}: {stdout}"));
        line[begin.len()..].split_whitespace().filter_map(|word| word.parse().ok()).collect()
    };
    assert!(numbers("test accuracy")[0] >= 99.2, "{stdout}");
    assert!(numbers("expected calibration error, 15 bins")[0] <= 0.01, "{stdout}");
    assert!(numbers("scribbles of which it is over 90 % sure")[0] <= 50.0, "{stdout}");
    for change in ["none", "shift-3", "scale-60", "scale-130", "rotation-15", "thick"] {
        assert!(numbers(change)[0] >= 97.0, "{change}: {stdout}");
    }
    assert!(numbers("thin")[0] >= 95.0, "{stdout}");
}

#[test]
fn bench_says_how_fast_and_how_right() {
    for backend in ["cpu", "gpu"] {
        let output = inkling(&["bench", "--backend", backend, "--images", "600", "--epochs", "1", "--json"], "");
        if !output.status.success() && backend == "gpu" {
            assert_ne!(std::env::var("INKLING_REQUIRE_GPU").as_deref(), Ok("1"), "{}", text(&output.stderr));
            assert!(text(&output.stderr).contains("WebGPU"), "{}", text(&output.stderr));
            continue;
        }
        assert!(output.status.success(), "{}", text(&output.stderr));
        let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(result["backend"], backend);
        assert_eq!(result["images"], 550, "a twelfth of the images is kept to validate on");
        assert!(result["device"].as_str().is_some_and(|name| !name.is_empty()), "{result}");
        for number in ["images_per_s", "gflops", "evaluate_ms", "one_image_us", "loss"] {
            assert!(result[number].as_f64().is_some_and(|n| n.is_finite() && n > 0.0), "{number}: {result}");
        }
        assert!(result["epoch_s"]["best"].as_f64() <= result["epoch_s"]["median"].as_f64(), "{result}");
        assert!(result["accuracy_after_1_epoch"].as_f64().is_some_and(|a| (0.0..=1.0).contains(&a)), "{result}");
    }
}

/// However products are divided, a network learns as much: 30 of 10,000 test images more or less, which f16 rounds to the other
/// side.
#[test]
fn a_network_learns_as_much_with_subgroups_and_with_f16() {
    let learned = |division: &str| {
        let network = ["--backend", "gpu", "--layers", "784,64,10", "--activation", "relu", "--optimizer", "adam"];
        let how = ["--division", division, "--images", "6000", "--epochs", "2", "--json"];
        let output = inkling(&[&["bench"], &network[..], &how[..]].concat(), "");
        if !output.status.success() {
            // Not eprintln!, which is captured when a test passes.
            let _ = writeln!(std::io::stderr(), "SKIPPED {division}: {}", text(&output.stderr));
            return None;
        }
        let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        println!("{division}: {}, loss {}", result["accuracy_after_1_epoch"], result["loss"]);
        Some((result["accuracy_after_1_epoch"].as_f64()?, result["loss"].as_f64()?))
    };
    let Some((accuracy, loss)) = learned("blocks") else {
        return assert_ne!(std::env::var("INKLING_REQUIRE_GPU").as_deref(), Ok("1"), "there is no device");
    };
    assert!(accuracy > 0.8, "{accuracy}");
    for division in ["half-blocks", "subgroup-quarters", "subgroup-sixteenths"] {
        let Some((other_accuracy, other_loss)) = learned(division) else { continue };
        assert!((other_accuracy - accuracy).abs() <= 0.003, "{division}: {other_accuracy}, not {accuracy}");
        assert!((other_loss - loss).abs() <= 0.01 * loss, "{division}: a loss of {other_loss}, not {loss}");
    }
}

#[test]
fn bench_names_what_it_can_not_do() {
    for (arguments, reason) in [
        (["--backend", "tpu"], "[possible values: cpu, gpu]"),
        (["--layers", "784"], "blocks"),
        (["--layers", "100,10"], "expected 100, got 784"),
        (["--layers", "784,x,10"], "invalid digit"),
        (["--activation", "step"], "sigmoid, tanh, relu, leaky-relu, gelu, linear"),
        (["--optimizer", "newton"], "sgd, momentum, nesterov, rmsprop, adam, adamw"),
        (["--batch", "0"], "1 to 4096"),
        (["--epochs", "0"], "0 is not in 1.."),
        (["--tuning", "best"], "[possible values: measured, plain, full]"),
        (["--threads", "0"], "0 is not in 1..=64"),
        (["--images", "0"], "0 is not in 1.."),
        (["--data", "no-such-folder"], "no-such-folder"),
    ] {
        let output = inkling(&[&["bench"], &arguments[..]].concat(), "");
        assert!(!output.status.success(), "{arguments:?}");
        let stderr = text(&output.stderr);
        assert!(stderr.contains(reason), "{arguments:?}: {stderr}");
    }
}

#[test]
fn pretrain_makes_the_same_model_file_again() {
    let train = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let file = path.to_str().unwrap();
        let mixture = ["--images", "1200", "--pens", "200", "--others", "50", "--epochs", "4", "--layers", "32", "--batch", "32"];
        let output = inkling(&[&["pretrain", "--out", file], &mixture[..]].concat(), "");
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("epoch 4: loss"), "{}", text(&output.stdout));
        let evaluated = text(&inkling(&["evaluate", file], "").stdout);
        assert!(evaluated.contains("[784, 32, 10]"), "{evaluated}");
        let accuracy: f64 = evaluated.split("accuracy").nth(1).unwrap().split('%').next().unwrap().trim().parse().unwrap();
        // A tenth by chance; augmented images are hard for so small a network.
        assert!(accuracy > 50.0, "{evaluated}");
        std::fs::read(path).unwrap()
    };
    assert!(train("one.inkling") == train("two.inkling"));
}

#[test]
fn pretrain_validates_on_mnist_alone() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("validated.inkling");
    let mixture = ["--images", "1200", "--pens", "200", "--others", "900", "--epochs", "3", "--layers", "32", "--bits", "32"];
    let output = inkling(&[&["pretrain", "--out", path.to_str().unwrap()], &mixture[..]].concat(), "");
    let stdout = text(&output.stdout);
    let after =
        |mark: &str| stdout.split(mark).nth(1).and_then(|rest| rest.split("validation accuracy ").nth(1)?.split(' ').next());
    // With all bits the weights are those of the last epoch, but for a factor of the logits.
    assert!(after("epoch 3:").is_some() && after("epoch 3:") == after("weights of 32 bits"), "{stdout}");
}
