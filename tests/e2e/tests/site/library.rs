//! `inkling.js` in a page of somebody else's.

use inkling_e2e::{Browser, Gpu, LIMIT, Setup, drive};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Instant;

/// What a function of `pages/library.js` returns.
async fn call(browser: &Browser, function: &str, argument: Value) -> Value {
    let script = "const done = arguments[2];
        window.library[arguments[0]](arguments[1]).then((value) => done({ value }), (error) => done({ error: String(error) }));";
    let answer = browser.client.execute_async(script, vec![json!(function), argument]).await.expect("the page answers in time");
    assert_eq!(answer["error"], Value::Null, "{function}");
    answer["value"].clone()
}

async fn open(browser: &Browser) {
    browser.client.goto(&format!("{}/e2e/library.html", browser.site.origin())).await.expect("the page opens");
    let start = Instant::now();
    while browser.run("return window.libraryIsReady === true", vec![]).await != json!(true) {
        assert!(start.elapsed() < LIMIT, "the library is not ready");
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// Every independent implementation that was measured with these weights, this order and these settings came to these numbers.
#[test]
fn it_learns_exactly_as_other_libraries_do() {
    drive(Setup::default(), async |browser| {
        open(browser).await;
        for (workers, epochs, expected) in [(1, 5, &[0.8801, 0.9167]), (2, 5, &[0.8801, 0.9167])] {
            let start = Instant::now();
            let learned = call(browser, "accuracies", json!({ "workers": workers, "epochs": epochs })).await;
            println!("{workers} workers: {learned}, {:.1} s", start.elapsed().as_secs_f64());
            let accuracies = numbers(&learned["accuracies"]);
            assert_eq!(accuracies.len(), expected.len());
            for (got, want) in accuracies.iter().zip(expected) {
                assert!((got - want).abs() <= 0.0005, "{workers} workers: {got}, expected {want}");
            }
            assert_eq!(learned["backend"], "cpu");
            let probabilities = numbers(&learned["probabilities"]);
            assert_eq!(probabilities.len(), 10);
            assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{probabilities:?}");
            // The first test image is a 7.
            assert!(probabilities.iter().all(|&p| p <= probabilities[7]), "{probabilities:?}");
        }
    });
}

#[test]
fn it_works_with_its_defaults_and_says_what_computes() {
    for gpu in [Gpu::None, Gpu::Any] {
        drive(Setup { gpu, ..Setup::default() }, async |browser| {
            open(browser).await;
            for backend in ["auto", "cpu"] {
                let net = call(browser, "defaults", json!(backend)).await;
                println!("{gpu:?}, {backend}: {net}");
                assert_eq!(net["count"], 784 * 16 + 16 + 16 * 10 + 10);
                assert_eq!(numbers(&net["before"]).len(), 10);
                assert_eq!(net["moved"], true);
                assert!(net["trained"].as_f64() > net["untrained"].as_f64(), "{net}");
                match (backend, gpu) {
                    ("auto", Gpu::Any) => assert!(net["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{net}"),
                    ("auto", Gpu::None) => {
                        assert_eq!(net["backend"], "cpu");
                        assert!(net["reason"].as_str().is_some_and(|reason| reason.contains("adapter")), "{net}");
                    }
                    _ => assert_eq!((&net["backend"], &net["reason"]), (&json!("cpu"), &json!(""))),
                }
            }
        });
    }
}

#[test]
fn mistakes_are_errors_that_say_what_is_wrong() {
    drive(Setup::default(), async |browser| {
        open(browser).await;
        let mistakes = call(browser, "mistakes", Value::Null).await;
        let mistakes: BTreeMap<String, Value> = serde_json::from_value(mistakes).expect("a mistake each");
        // What the message must name.
        let expected = [
            ("no options", "options"),
            ("layers: a number", "layers"),
            ("layers: one", "layers"),
            ("layers: zero", "0"),
            ("layers: endless", "4294967296"),
            ("layers: NaN", "NaN"),
            ("layers: wide", "5000"),
            ("layers: deep", "blocks"),
            ("layers: many", "blocks"),
            ("layers: text", "many"),
            ("activation", "softplus"),
            ("optimizer", "magic"),
            ("learningRate", "-1"),
            ("learningRate: NaN", "learning rate can't be \"NaN\""),
            ("learningRate: infinite", "learning rate can't be \"infinity\""),
            ("learningRate: text", "learningRate"),
            ("batchSize: half", "batchSize can't be \"1.5\""),
            ("batchSize: huge", "batch size"),
            ("seed", "seed can't be \"-3\""),
            ("seed: huge", "seed"),
            ("workers", "workers"),
            ("workers: huge", "workers"),
            ("augment", "augment"),
            ("activation: number", "activation can't be \"7\""),
            ("initialWeights: NaN", "weights"),
            ("batchSize", "0"),
            ("backend", "tpu"),
            ("initialWeights: length", "43"),
            ("initialWeights: type", "Float32Array"),
            ("train before setData", "setData"),
            ("evaluate before setData", "setData"),
            ("setData: lengths", "expected 24, got 23"),
            ("setData: moved", "expected 24, got 28"),
            ("setData: label", "3"),
            ("setData: array", "trainImages"),
            ("setData: nothing", "trainImages"),
            ("train: array", "order"),
            ("train: nothing", "order"),
            ("predict: array", "pixels"),
            ("predict: nothing", "pixels"),
            ("train: order", "6"),
            ("predict: length", "4"),
            ("train twice at once", "busy"),
        ];
        for (mistake, word) in expected {
            let thrown = &mistakes[mistake];
            println!("{mistake}: {}", thrown["message"]);
            assert_eq!(thrown["isError"], true, "{mistake}: {thrown}");
            assert!(thrown["message"].as_str().is_some_and(|message| message.contains(word)), "{mistake}: {thrown} lacks {word}");
        }
        assert_eq!(mistakes.len(), expected.len());

        let alive = call(browser, "lives", Value::Null).await;
        assert_eq!(alive["moved"], true, "{alive}");
        assert!(alive["accuracy"].as_f64().is_some_and(|accuracy| (0.0..=1.0).contains(&accuracy)), "{alive}");

        let thrown = call(browser, "webgpu", Value::Null).await;
        assert_eq!(thrown["isError"], true, "{thrown}");
        assert!(thrown["message"].as_str().is_some_and(|message| message.contains("adapter")), "{thrown}");
    });
}

#[test]
fn it_has_types() {
    let types = std::fs::read_to_string(inkling_e2e::pkg().join("inkling.d.ts")).expect("pkg/ has inkling.d.ts");
    for name in
        ["export class Network", "create(options: NetworkOptions)", "setData(", "train(", "predict(", "evaluate()", "free()"]
    {
        assert!(types.contains(name), "{name} is missing in inkling.d.ts");
    }
    assert!(types.contains("export default function"), "inkling.d.ts has no default export");
}
