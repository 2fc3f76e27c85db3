//! The lessons that have the images: a rule against a network, the 70,000 images, and networks broken on purpose; and Keras's
//! blocks.

use super::lessons::{done, open, set, text_is, until};
use inkling_e2e::{Browser, Page, Pointer, Setup, drive};
use serde_json::{Value, json};
use std::time::Duration;

async fn press(browser: &Browser, id: &str) {
    browser.run("document.getElementById(arguments[0]).click()", vec![json!(id)]).await;
}

/// Texts of all elements that match.
async fn texts(browser: &Browser, css: &str) -> Vec<String> {
    let got =
        browser.run("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", vec![json!(css)]).await;
    serde_json::from_value(got).expect("texts")
}

/// Sets a control of a block, and lets it tell.
async fn set_block(browser: &Browser, block: usize, control: &str, value: &str) {
    let script =
        "const field = document.querySelector(`#keras-list [data-block='${arguments[0]}'] [data-control='${arguments[1]}']`);
        field.focus();
        field.value = arguments[2];
        field.dispatchEvent(new Event('change', { bubbles: true }));";
    browser.run(script, vec![json!(block), json!(control), json!(value)]).await;
}

#[test]
fn blocks_are_lines_of_keras() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            open(browser, language, "keras").await;
            text_is(browser, "keras-total", "101,770").await;
            text_is(browser, "keras-code", "layers.Dense(128, activation=\"sigmoid\"),").await;
            done(browser, &[]).await;
            // A block is lit together with its line, whichever is pointed at.
            let lit = || texts(browser, "#keras-code .lit");
            assert_eq!(lit().await, ["    layers.Dense(128, activation=\"sigmoid\"),"]);
            browser.run("document.querySelector('#keras-code [data-part=flatten]').click()", vec![]).await;
            until(browser, "return document.querySelector('#keras-list .lit b').textContent", json!("Flatten")).await;
            assert_eq!(lit().await, ["    layers.Flatten(),"]);

            // Ten neurons in between are enough for less than ten thousand numbers.
            set_block(browser, 0, "units", "12").await;
            text_is(browser, "keras-total", "9,550").await;
            done(browser, &["small"]).await;
            // What can't be is refused, and nothing changes.
            set_block(browser, 0, "units", "5000").await;
            until(browser, "return document.getElementById('keras-said').textContent !== ''", json!(true)).await;
            text_is(browser, "keras-total", "9,550").await;

            for id in ["keras-add-dropout", "keras-add-dense", "keras-add-dropout"] {
                press(browser, id).await;
            }
            until(browser, "return document.querySelectorAll('#keras-list li').length", json!(7)).await;
            for block in [0, 2] {
                set_block(browser, block, "units", "512").await;
                set_block(browser, block, "activation", "relu").await;
            }
            // The same as Keras's own example: 669,706 numbers.
            text_is(browser, "keras-total", "669,706").await;
            done(browser, &["classic", "small"]).await;
            set(browser, "keras-epochs", "3").await;
            text_is(browser, "keras-code", "epochs=3").await;
            browser.run("document.getElementById('keras-optimizer').focus()", vec![]).await;
            set(browser, "keras-optimizer", "adam").await;
            done(browser, &["classic", "small", "adam"]).await;

            // Moving a block moves its line, and the focus stays with it.
            browser.run("const up = document.querySelector(\"#keras-list [data-block='1'] [data-control='up']\"); up.focus(); up.click()", vec![]).await;
            text_is(browser, "keras-code", "Flatten(),    layers.Dropout(0.2),    layers.Dense(512").await;
            until(browser, "return document.activeElement.closest('[data-block]')?.dataset.block", json!("0")).await;

            // The link opens exactly this network.
            let href: Value = browser.run("return document.getElementById('keras-open').href", vec![]).await;
            browser.client.goto(href.as_str().expect("an address")).await.expect("the laboratory opens");
            until(
                browser,
                "return document.getElementById('layers')?.value",
                json!("dropout:0.2, 512:relu, 512:relu, dropout:0.2"),
            )
            .await;
            until(browser, "return document.getElementById('optimizer').value", json!("adam")).await;
            until(browser, "return document.getElementById('epochs').value", json!("3")).await;
            until(browser, "return document.documentElement.lang", json!(language)).await;
        });
    }
}

/// A drawing between a 4 and a 9: the upper end begins at `closed` of the width, from open (0.4) to closed (0.62).
fn between(closed: f64) -> [Vec<(f64, f64)>; 2] {
    let bow = vec![(closed, 0.2), (0.36, 0.28), (0.33, 0.45), (0.45, 0.53), (0.64, 0.47)];
    [bow, vec![(0.64, 0.18), (0.62, 0.5), (0.58, 0.85)]]
}

/// How often the site was asked for a data file.
fn data_files(browser: &Browser) -> usize {
    browser.site.asked().iter().filter(|path| path.contains("/data/")).count()
}

#[test]
fn the_images_are_browsed_and_compared_with_a_drawing() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            let page = Page::open(browser, &format!("?lang={language}&layers=8&epochs=1&backend=cpu&batch=256")).await;
            assert_eq!(data_files(browser), 0, "nobody has asked for the images");
            browser.run("location.hash = '#lesson/mnist'", vec![]).await;
            until(browser, "return document.querySelectorAll('#lessons [data-task]').length", json!(3)).await;
            text_is(browser, "mnist-range", "60,000").await;
            until(browser, "return document.querySelectorAll('#mnist-images button').length", json!(24)).await;
            done(browser, &[]).await;
            // Zeros alone, as many as MNIST has.
            set(browser, "mnist-digit", "0").await;
            text_is(browser, "mnist-range", "5,923").await;
            until(
                browser,
                "return [...document.querySelectorAll('#mnist-images span')].map((e) => e.textContent).join('')",
                json!("0".repeat(24)),
            )
            .await;
            press(browser, "mnist-next").await;
            text_is(browser, "mnist-range", "25").await;

            page.draw(1, Pointer::Mouse).await;
            until(browser, "return document.querySelectorAll('#mnist-neighbours button').length", json!(8)).await;
            done(browser, &["alike"]).await;
            // Where exactly the neighbours are of both kinds depends on a pixel: one closes the bow until it is so.
            let script = "return document.querySelector('[data-task=between]').dataset.done";
            for twentieth in 8..=13 {
                page.click("#clear").await;
                until(browser, "return document.querySelectorAll('#mnist-neighbours button').length", json!(0)).await;
                for stroke in between(f64::from(twentieth) / 20.0) {
                    page.draw_stroke(&stroke, Pointer::Mouse, Duration::ZERO).await;
                }
                tokio::time::sleep(Duration::from_millis(1000)).await;
                if browser.run(script, vec![]).await == json!("yes") {
                    break;
                }
            }
            done(browser, &["alike", "between"]).await;

            // An image of the training set is not its own neighbour.
            browser.run("document.querySelector('#mnist-images button').click()", vec![]).await;
            text_is(browser, "mnist-subject", "0").await;
            until(browser, "return document.querySelectorAll('#mnist-neighbours button').length", json!(8)).await;
            assert!(!texts(browser, "#mnist-neighbours span").await.iter().any(|text| text.ends_with("· 0")));
            press(browser, "mnist-own").await;

            set(browser, "mnist-set", "test").await;
            set(browser, "mnist-digit", "9").await;
            text_is(browser, "mnist-range", "1,009").await;
            let script = "return document.querySelector('[data-task=odd]').dataset.done";
            for i in 0..24 {
                let click = "document.querySelectorAll('#mnist-images button')[arguments[0]]?.click()";
                browser.run(click, vec![json!(i)]).await;
                tokio::time::sleep(Duration::from_millis(400)).await;
                if browser.run(script, vec![]).await == json!("yes") {
                    break;
                }
            }
            done(browser, &["alike", "between", "odd"]).await;

            // Loaded once: the page trains on what the lesson has fetched.
            assert_eq!(data_files(browser), 4);
            browser.run("location.hash = '#'", vec![]).await;
            page.click("#train").await;
            page.wait_for_state("done").await;
            assert_eq!(data_files(browser), 4);
        });
    }
}

/// From now on `asked` is the worker that was sent something last: a lesson's, while it alone asks.
async fn hear_what_is_asked(browser: &Browser) {
    let listen = "const post = Worker.prototype.postMessage;
        Worker.prototype.postMessage = function (...all) { window.asked = this; return post.apply(this, all); }";
    browser.run(listen, vec![]).await;
}

/// Ends that worker as a phone does that is short of memory.
async fn end_worker(browser: &Browser) {
    let end = "asked.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' })); asked.terminate()";
    browser.run(end, vec![]).await;
}

#[test]
fn a_lessons_worker_that_ends_is_said_and_followed_by_another() {
    for (language, said) in [("zh-TW", "計算裝置停止運作了"), ("en", "The computing device stopped working")] {
        drive(Setup::default(), async |browser| {
            let page = open(browser, language, "mnist").await;
            text_is(browser, "mnist-range", "60,000").await;
            hear_what_is_asked(browser).await;
            page.draw(1, Pointer::Mouse).await;
            until(browser, "return document.querySelectorAll('#mnist-neighbours button').length", json!(8)).await;
            end_worker(browser).await;
            text_is(browser, "mnist-status", said).await;
            text_is(browser, "mnist-status", "out of memory").await;
            page.click("#clear").await;
            until(browser, "return document.querySelectorAll('#mnist-neighbours button').length", json!(0)).await;
            page.draw(7, Pointer::Mouse).await;
            until(browser, "return document.querySelectorAll('#mnist-neighbours button').length", json!(8)).await;
            text_is(browser, "mnist-votes", "7").await;
            press(browser, "mnist-next").await;
            text_is(browser, "mnist-range", "25").await;
            assert_eq!(data_files(browser), 4, "the page still has the images");
        });
    }
}

#[test]
fn the_images_are_there_without_a_network() {
    drive(Setup { offline: true, base: "/below/a/path", ..Setup::default() }, async |browser| {
        open(browser, "en", "mnist").await;
        text_is(browser, "mnist-range", "60,000").await;
        let script =
            "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(!!navigator.serviceWorker.controller))";
        for _ in 0..100 {
            if browser.client.execute_async(script, vec![]).await.expect("a service worker") == json!(true) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        browser.site.go_down();
        open(browser, "en", "mnist").await;
        text_is(browser, "mnist-range", "60,000").await;
        until(browser, "return document.querySelectorAll('#mnist-images button').length", json!(24)).await;
        browser.run("document.querySelector('#mnist-images button').click()", vec![]).await;
        text_is(browser, "mnist-answer", "5").await;
        until(browser, "return document.querySelectorAll('#mnist-neighbours button').length", json!(8)).await;
    });
}

#[test]
fn a_rule_is_beaten_by_what_is_learned() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            open(browser, language, "background").await;
            assert_eq!(data_files(browser), 0, "the images come when they are asked for");
            press(browser, "background-load").await;
            text_is(browser, "background-score", "5,923").await;
            done(browser, &[]).await;
            // By keyboard to the middle, from above.
            let to = "document.getElementById('background-cell-17').focus();
                document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
                return document.activeElement.id";
            assert_eq!(browser.run(to, vec![]).await, json!("background-cell-24"));
            browser.run("document.activeElement.click()", vec![]).await;
            // 90.9 % with half of the ink, and 95.9 % with less.
            text_is(browser, "background-score", "90.9%").await;
            set(browser, "background-threshold", "0.4").await;
            text_is(browser, "background-score", "95.9%").await;
            done(browser, &["rule"]).await;
            text_is(browser, "background-rule", "97.30%").await;
            press(browser, "background-learn").await;
            text_is(browser, "background-network", "1,570").await;
            done(browser, &["rule", "learned"]).await;
            let share = "return parseFloat(document.querySelector('#background-network td:last-child').textContent) > 99";
            until(browser, share, json!(true)).await;
            // A worker that follows another one learns as well.
            hear_what_is_asked(browser).await;
            for ends in [false, true] {
                if ends {
                    end_worker(browser).await;
                    text_is(browser, "background-status", "out of memory").await;
                }
                // It can be over before anybody looks: what stands there now is taken away first.
                let learn = "document.querySelector('#background-network td:last-child').textContent = '';
                    document.getElementById('background-learn').click()";
                browser.run(learn, vec![]).await;
                until(browser, share, json!(true)).await;
            }

            text_is(browser, "background-sum", "28").await;
            set(browser, "background-view", "rnn").await;
            until(browser, "return document.querySelector('.exhibit .pixels.memory').checkVisibility()", json!(true)).await;
            set(browser, "background-step", "28").await;
            text_is(browser, "background-sum", "28").await;
            set(browser, "background-view", "cnn").await;
            press(browser, "background-play").await;
            done(browser, &["rule", "learned", "edge"]).await;
        });
    }
}

#[test]
fn networks_are_broken_and_repaired() {
    for (language, failures) in
        [("zh-TW", ["zeros", "high-rate", "dead-relu"]), ("en", ["zeros", "deep-sigmoid", "shuffled-labels"])]
    {
        drive(Setup::default(), async |browser| {
            open(browser, language, "break-it").await;
            assert_eq!(data_files(browser), 0, "the images come when they are asked for");
            let seen = |failure: &str| {
                format!("return document.getElementById('break-it-{failure}').nextElementSibling.textContent !== ''")
            };
            for failure in failures.iter().rev() {
                press(browser, &format!("break-it-{failure}")).await;
                until(browser, &seen(failure), json!(true)).await;
                let looks = texts(browser, ".symptoms .lit").await;
                assert!(
                    !looks.is_empty() && looks.iter().all(|look| look.chars().any(|c| c.is_ascii_digit())),
                    "{failure}: {looks:?}"
                );
            }
            done(browser, &["three"]).await;
            // All neurons are the same one.
            assert_eq!(texts(browser, "[data-row=different] td").await[0], "1 / 32");
            for (remedy, tasks) in [("relu", &["three", "useless"][..]), ("random-weights", &["three", "repair", "useless"])] {
                set(browser, "break-it-remedy", remedy).await;
                until(browser, "return document.getElementById('break-it-repair').disabled", json!(false)).await;
                press(browser, "break-it-repair").await;
                done(browser, tasks).await;
            }
            assert_eq!(texts(browser, "[data-row=different] td").await[1], "32 / 32");
            // What is so already is no remedy.
            set(browser, "break-it-remedy", "lower-rate").await;
            press(browser, "break-it-repair").await;
            let verdict = if language == "en" { "already" } else { "本來" };
            text_is(browser, "break-it-verdict", verdict).await;
        });
    }
}
