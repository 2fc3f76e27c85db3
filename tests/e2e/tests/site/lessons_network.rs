//! The lessons about whole networks: the layers of the one in use, the slides' example worked out, a neuron trained by hand.

use super::lessons::{done, open, set, text_is, until};
use inkling_e2e::{Browser, Pointer, Setup, drive};
use serde_json::{Value, json};

async fn press(browser: &Browser, id: &str) {
    browser.run("document.getElementById(arguments[0]).click()", vec![json!(id)]).await;
}

/// Waits for one task, whichever others are done: a half-drawn digit may tear the network, too.
async fn is_done(browser: &Browser, task: &str) {
    let script = format!("return document.querySelector('[data-task={task}]').dataset.done === 'yes'");
    until(browser, &script, json!(true)).await;
}

/// How many pixels of each grid of lights are brighter than black.
async fn lights(browser: &Browser) -> Vec<usize> {
    let script = "return [...document.querySelectorAll('.lights')].map((canvas) => {
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return pixels.filter((byte, i) => i % 4 === 0 && byte > 0).length;
    })";
    serde_json::from_value(browser.run(script, vec![]).await).expect("numbers")
}

#[test]
fn a_drawing_lights_every_layer_and_the_network_can_be_torn() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            let page = open(browser, language, "network").await;
            until(browser, "return document.querySelectorAll('.lights').length", json!(3)).await;
            assert_eq!(lights(browser).await, [0, 0, 0], "without ink all is dark");
            text_is(browser, "network-layers", "784").await;
            text_is(browser, "network-layers", "704").await;
            text_is(browser, "network-layers", "320").await;
            done(browser, &[]).await;

            let drawn = page.draw(3, Pointer::Mouse).await.probabilities().expect("an answer");
            let read_as = if language == "en" { "Read as" } else { "讀成" };
            text_is(browser, "network-said", &format!("{read_as} 3")).await;
            let lit = lights(browser).await;
            assert!(lit[0] > 60 && lit[0] < 392 && lit[1] > 20 && lit[2] > 3, "{lit:?}");
            // The lesson computes what the page does.
            let script =
                "return [...document.querySelectorAll('.layer .bars i')].map((bar) => Number(bar.style.getPropertyValue('--p')))";
            let shown: Vec<f64> = serde_json::from_value(browser.run(script, vec![]).await).expect("numbers");
            assert!(shown.len() == 10 && shown.iter().zip(drawn).all(|(a, b)| (a - b).abs() < 1e-4), "{shown:?} {drawn:?}");
            is_done(browser, "sure").await;

            set(browser, "network-weights", "784").await;
            text_is(browser, "network-checked", if language == "en" { "Not yet" } else { "還不對" }).await;
            set(browser, "network-weights", "551936").await;
            text_is(browser, "network-checked", "784 × 704 = 551,936").await;
            is_done(browser, "weights").await;

            // From 1 to 7, somewhere on the way.
            set(browser, "network-shown", "between").await;
            text_is(browser, "network-said", &format!("{read_as} 1")).await;
            for share in 0..=100 {
                set(browser, "network-share", &share.to_string()).await;
                page.settle().await;
                if browser.run("return document.querySelector('[data-task=torn]').dataset.done", vec![]).await == json!("yes") {
                    break;
                }
            }
            done(browser, &["sure", "torn", "weights"]).await;
            set(browser, "network-share", "100").await;
            text_is(browser, "network-said", &format!("{read_as} 7")).await;

            // The square goes home, whatever is still to be drawn.
            set(browser, "network-share", "50").await;
            browser.run("location.hash = ''", vec![]).await;
            until(browser, "return document.querySelector('main #draw') !== null", json!(true)).await;
        });
    }
}

#[test]
fn the_example_is_the_slides_and_its_misprint_is_found() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            open(browser, language, "example").await;
            text_is(browser, "example-1-1-z", "= 4").await;
            text_is(browser, "example-1-2-z", "= −2").await;
            let printed = [("1-1", "0.98"), ("1-2", "0.12"), ("2-1", "0.86"), ("2-2", "0.11"), ("3-1", "0.62"), ("3-2", "0.83")];
            for (neuron, output) in printed {
                text_is(browser, &format!("example-{neuron}-slide"), output).await;
            }
            let agreeing = "return [...document.querySelectorAll('.slide')].map((slide) => slide.dataset.agrees === 'yes')";
            let agree = async |wanted: [bool; 6]| until(browser, agreeing, json!(wanted)).await;
            agree([true, true, true, false, false, false]).await;
            text_is(browser, "example-2-2-a", "0.14").await;
            done(browser, &[]).await;

            // Another sign does not help.
            set(browser, "example-2-2-w1", "2").await;
            agree([true, true, true, false, false, false]).await;
            done(browser, &[]).await;
            press(browser, "example-reset").await;
            set(browser, "example-2-2-w2", "-1").await;
            agree([true; 6]).await;
            for (neuron, output) in printed {
                text_is(browser, &format!("example-{neuron}-a"), &format!("= {output}")).await;
            }
            text_is(browser, "example-said", "−1").await;
            done(browser, &["detective"]).await;

            set(browser, "example-x1", "0").await;
            set(browser, "example-x2", "0").await;
            text_is(browser, "example-1-1-a", "a = σ(1) = 0.73").await;
            text_is(browser, "example-3-1-a", "0.51").await;
            text_is(browser, "example-3-2-a", "0.85").await;
            done(browser, &["detective", "nothing"]).await;

            press(browser, "example-reset").await;
            text_is(browser, "example-1-1-z", "= 4").await;
            // What is no number changes nothing, and is marked.
            set(browser, "example-3-2-b", "").await;
            let marked = "return document.getElementById('example-3-2-b').getAttribute('aria-invalid')";
            until(browser, marked, json!("true")).await;
            text_is(browser, "example-3-2-z", "= 1.68").await;
            set(browser, "example-3-2-b", "-3").await;
            until(browser, marked, json!("false")).await;
            done(browser, &["detective", "nothing", "bias"]).await;
        });
    }
}

#[test]
fn a_neuron_is_trained_by_hand_and_by_gradient_descent() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            open(browser, language, "training").await;
            text_is(browser, "training-loss", "/ 7 = 21.125").await;
            text_is(browser, "training-next", "w = −1.5 − (−12.96) × 0.1 = −0.2").await;
            done(browser, &[]).await;
            press(browser, "training-step").await;
            until(browser, "return document.getElementById('training-w').nextSibling.textContent", json!("−0.2")).await;
            // What was learned is not by hand.
            set(browser, "training-w", "0.8").await;
            set(browser, "training-b", "-0.4").await;
            text_is(browser, "training-loss", "= 0.064").await;
            done(browser, &[]).await;

            press(browser, "training-random").await;
            let loss = "return Number(document.getElementById('training-loss').textContent.split(' = ').pop()) > 2";
            until(browser, loss, Value::Bool(true)).await;
            set(browser, "training-w", "0.8").await;
            set(browser, "training-b", "-0.4").await;
            done(browser, &["by-hand"]).await;

            press(browser, "training-random").await;
            until(browser, loss, Value::Bool(true)).await;
            press(browser, "training-learn").await;
            done(browser, &["by-hand", "learn"]).await;
            text_is(browser, "training-loss", "= 0.064").await;

            set(browser, "training-rate", "0.45").await;
            press(browser, "training-random").await;
            until(browser, loss, Value::Bool(true)).await;
            press(browser, "training-learn").await;
            done(browser, &["by-hand", "learn", "diverge"]).await;
            text_is(browser, "training-said", if language == "en" { "diverges" } else { "發散" }).await;
        });
    }
}
