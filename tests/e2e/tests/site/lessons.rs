//! The lessons: each opens in both languages, shows the deck's numbers, and its tasks tick themselves and stay ticked.

use std::time::{Duration, Instant};

use inkling_e2e::{Browser, Page, Setup, drive};
use serde_json::{Value, json};

/// Opens a lesson, none of whose names is one of the page's.
pub async fn open<'a>(browser: &'a Browser, language: &str, lesson: &str) -> Page<'a> {
    let page = Page::open(browser, &format!("?lang={language}#lesson/{lesson}")).await;
    until(browser, "return document.querySelectorAll('#lessons [data-task]').length > 0", json!(true)).await;
    let twice = "return [...document.querySelectorAll('#lessons [id]')].map((element) => element.id)
        .filter((id) => document.querySelectorAll(`[id='${id}']`).length > 1)";
    assert_eq!(browser.run(twice, vec![]).await, json!([]), "ids that are there twice");
    page
}

pub async fn until(browser: &Browser, script: &str, wanted: Value) {
    let start = Instant::now();
    loop {
        let got = browser.run(script, vec![]).await;
        if got == wanted {
            return;
        }
        if start.elapsed() >= Duration::from_secs(30) {
            let seen = browser.run("return document.getElementById('lessons')?.innerText", vec![]).await;
            panic!("{script} says {got}, not {wanted}; the lesson shows: {seen}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Sets a field as a person does, and lets it tell.
pub async fn set(browser: &Browser, id: &str, value: &str) {
    let script = "const field = document.getElementById(arguments[0]);
        field.value = arguments[1];
        for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));";
    browser.run(script, vec![json!(id), json!(value)]).await;
}

pub async fn text_is(browser: &Browser, id: &str, part: &str) {
    until(browser, &format!("return document.getElementById('{id}').textContent.includes('{part}')"), json!(true)).await;
}

pub async fn done(browser: &Browser, tasks: &[&str]) {
    let script = "return [...document.querySelectorAll('#lessons [data-done=\"yes\"]')].map((task) => task.dataset.task)";
    until(browser, script, json!(tasks)).await;
}

#[test]
fn a_lesson_that_is_none_is_said_in_the_pages_language() {
    for (language, words) in [("zh-TW", "none.html載入失敗"), ("en", "none.html could not be loaded")] {
        drive(Setup { faulty: true, ..Setup::default() }, async |browser| {
            let page = Page::open(browser, &format!("?lang={language}#lesson/none")).await;
            let said = "return document.querySelector('#lessons [role=alert]')?.textContent";
            until(browser, &format!("{said}.includes('{words}')"), json!(true)).await;
            page.click("#lessons a").await;
            until(browser, "return document.getElementById('lessons').hidden", json!(true)).await;
        });
    }
}

#[test]
fn a_neuron_computes_as_on_the_slides_and_ticks_its_tasks() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            open(browser, language, "neuron").await;
            text_is(browser, "neuron-z", "= 4").await;
            text_is(browser, "neuron-a", "0.98").await;
            done(browser, &[]).await;
            set(browser, "neuron-b", "-3").await;
            text_is(browser, "neuron-a", "0.5").await;
            done(browser, &["zero"]).await;
            set(browser, "neuron-w2", "0").await;
            set(browser, "neuron-b", "5").await;
            done(browser, &["zero", "upright", "flat"]).await;
            // What was done stays done.
            open(browser, language, "neuron").await;
            done(browser, &["zero", "upright", "flat"]).await;
        });
    }
}

#[test]
fn matrices_are_calculated_as_on_the_slides_but_for_the_misprint() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            open(browser, language, "matrices").await;
            text_is(browser, "matrices-result", "6").await;
            set(browser, "matrices-operation", "dot").await;
            text_is(browser, "matrices-sum", "1 · 5 + 1 · 1 + 4 · 4 = 22").await;
            set(browser, "matrices-operation", "product").await;
            for value in ["= 15", "= 19", "= 33", "= 49"] {
                text_is(browser, "matrices-sum", value).await;
                browser.run("document.getElementById('matrices-next').click()", vec![]).await;
            }
            done(browser, &["product"]).await;
            set(browser, "matrices-b", "1 2").await;
            done(browser, &["product", "misfit"]).await;
            set(browser, "matrices-b", "1 0 0\n0 1 0\n0 0 1").await;
            done(browser, &["product", "misfit", "identity"]).await;
            set(browser, "matrices-operation", "network").await;
            text_is(browser, "matrices-result", "0.98").await;
        });
    }
}

#[test]
fn a_ball_descends_diverges_and_escapes() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            let press = async |id: &str| {
                browser.run("document.getElementById(arguments[0]).click()", vec![json!(format!("gradient-descent-{id}"))]).await;
            };
            open(browser, language, "gradient-descent").await;
            text_is(browser, "gradient-descent-next", "w = −2.5 − (−7) × 0.1 = −1.8").await;
            press("step").await;
            text_is(browser, "gradient-descent-here", "w = −1.8").await;
            done(browser, &[]).await;
            press("run").await;
            done(browser, &["minimum"]).await;
            set(browser, "gradient-descent-rate", "1.2").await;
            press("reset").await;
            text_is(browser, "gradient-descent-here", "w = −2.5").await;
            press("run").await;
            done(browser, &["minimum", "diverge"]).await;
            // Without momentum it stays in the valley that it starts in.
            set(browser, "gradient-descent-curve", "two-valleys").await;
            set(browser, "gradient-descent-rate", "0.05").await;
            text_is(browser, "gradient-descent-here", "w = 2.8").await;
            press("run").await;
            text_is(browser, "gradient-descent-here", "w = 1.86").await;
            set(browser, "gradient-descent-momentum", "0.9").await;
            press("reset").await;
            text_is(browser, "gradient-descent-here", "w = 2.8").await;
            press("run").await;
            done(browser, &["minimum", "diverge", "escape"]).await;
        });
    }
}
