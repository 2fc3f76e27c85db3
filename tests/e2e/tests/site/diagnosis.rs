//! The panel diagnosis: numbers for every layer while the network learns, a warning for each bad setting with a way to the
//! lesson, none for a good one; and nothing at all while nobody looks.

use inkling_e2e::{Gpu, LIMIT, Page, Setup, drive};
use serde_json::json;
use std::time::{Duration, Instant};

async fn see(page: &Page<'_>) {
    page.browser.run("document.getElementById('diagnosis-title').scrollIntoView({ behavior: 'instant' })", vec![]).await;
    page.settle().await;
}

/// Waits until the page warns of it.
async fn warned(page: &Page<'_>, name: &str) {
    let start = Instant::now();
    while !page.attribute("#diagnosis-warnings", "data-warnings").await.split(' ').any(|warning| warning == name) {
        assert!(start.elapsed() < LIMIT, "no warning {name}: {:#?}", page.snapshot().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    page.find(&format!("#diagnosis-warnings [data-warning='{name}']")).await;
}

/// After how many steps the layers were looked at last; 0 before.
async fn step(page: &Page<'_>) -> u64 {
    page.attribute("#diagnosis-state", "data-step").await.parse().unwrap_or(0)
}

/// Waits for a later look.
async fn later(page: &Page<'_>) -> u64 {
    let (before, start) = (step(page).await, Instant::now());
    loop {
        let now = step(page).await;
        if now > before {
            return now;
        }
        assert!(start.elapsed() < LIMIT, "nobody looks again after step {before}: {:#?}", page.snapshot().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A number of every layer; NaN where it has none.
async fn numbers(page: &Page<'_>, name: &str) -> Vec<f64> {
    let script = "return [...document.querySelectorAll('#diagnosis-list > li')].map((layer) => layer.dataset[arguments[0]])";
    let texts: Vec<String> = serde_json::from_value(page.browser.run(script, vec![json!(name)]).await).expect("texts");
    texts.iter().map(|text| text.parse().unwrap_or(f64::NAN)).collect()
}

#[test]
fn a_deep_sigmoid_networks_gradients_vanish_and_a_closed_panel_costs_nothing() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?preset=deep-sigmoid&epochs=1000&backend=cpu&lang=en").await;
        see(&page).await;
        assert!(!page.find("#diagnosis-list").await.is_displayed().await.expect("it is or is not"));
        page.click("#train").await;
        page.wait_for_state("training").await;
        see(&page).await;
        warned(&page, "vanishing").await;
        later(&page).await;
        let gradients = numbers(&page, "gradients").await;
        assert_eq!(gradients.len(), 7, "{gradients:?}");
        assert!(gradients[0] > 0.0 && gradients[0] < 0.01 * gradients[6], "{gradients:?}");
        for name in ["weights", "updates"] {
            let sizes = numbers(&page, name).await;
            assert!(sizes.iter().all(|size| *size > 0.0 && *size < 1.0), "{name}: {sizes:?}");
        }
        let stuck = numbers(&page, "stuck").await;
        assert!(stuck[..6].iter().all(|share| (0.0..=1.0).contains(share)) && stuck[6].is_nan(), "{stuck:?}");
        let text = page.snapshot().await.text;
        assert!(text.contains("Vanishing gradients") && text.contains("Outputs, 0.00 to 1.00 across"), "{text}");

        page.browser.run("document.querySelector('.diagnosis > details').open = false", vec![]).await;
        // What was on its way comes.
        tokio::time::sleep(Duration::from_millis(800)).await;
        let (before, trained) = (step(&page).await, page.snapshot().await.step());
        page.wait("more training", |now| now.step() > trained + 200).await;
        assert_eq!(step(&page).await, before, "nobody sees it");
        page.browser.run("document.querySelector('.diagnosis > details').open = true", vec![]).await;
        see(&page).await;
        later(&page).await;

        // A run that waits is looked at where it stands, and after every step.
        page.click("#pause").await;
        let paused = page.wait_for_state("paused").await.step();
        see(&page).await;
        page.wait_for_attribute("#diagnosis-state", "data-step", &paused.to_string()).await;
        page.click("#step").await;
        see(&page).await;
        page.wait_for_attribute("#diagnosis-state", "data-step", &(paused + 1).to_string()).await;

        let link = "#diagnosis-warnings [data-warning='vanishing'] a";
        let lesson = page.attribute(link, "href").await;
        page.click(link).await;
        let name = lesson.strip_prefix("#lesson/").expect("it leads to a lesson");
        page.wait("the lesson", |now| !now.text.contains("How is each layer doing?")).await;
        page.find(&format!("[data-lesson='{name}']")).await;
    });
}

#[test]
fn a_rate_far_too_large_is_said_to_be_so() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=128&activation=relu&lr=100&epochs=1000&backend=cpu").await;
        see(&page).await;
        page.click("#train").await;
        see(&page).await;
        warned(&page, "exploding").await;
        warned(&page, "dead").await;
        let stuck = numbers(&page, "stuck").await;
        assert!(stuck[0] > 0.7, "{stuck:?}");
        assert!(page.attribute("#diagnosis-warnings [data-warning='exploding'] a", "href").await.ends_with("gradient-descent"));
        page.click("#stop").await;
        page.wait_for_state("done").await;
        assert_eq!(page.snapshot().await.notes, "");

        // A loss that is no number ends the run before anything is measured.
        page.type_into("#layers", "128,64,32").await;
        page.click("#train").await;
        page.wait("the end of the run", |now| now.state() == "failed").await;
        see(&page).await;
        warned(&page, "exploding").await;
        page.click("#reset").await;
        page.wait_for_state("ready").await;
        see(&page).await;
        page.wait_for_attribute("#diagnosis-warnings", "data-warnings", "").await;
    });
}

#[test]
fn a_network_that_learns_gives_no_cause_for_warnings() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?preset=modern&epochs=2&backend=cpu&lang=en").await;
        see(&page).await;
        let watch = "window.warned = [];
            new MutationObserver(() => window.warned.push(document.getElementById('diagnosis-warnings').dataset.warnings))
                .observe(document.getElementById('diagnosis-warnings'), { attributes: true });";
        page.browser.run(watch, vec![]).await;
        page.click("#train").await;
        see(&page).await;
        page.wait_for_state("done").await;
        see(&page).await;
        let done = page.snapshot().await.step();
        page.wait_for_attribute("#diagnosis-state", "data-step", &done.to_string()).await;
        assert_eq!(page.browser.run("return window.warned.filter((names) => names)", vec![]).await, json!([]));
        assert!(page.snapshot().await.text.contains("Nothing seems to be wrong."));
        assert_eq!(page.attribute("#diagnosis-state", "data-images").await, "200");
        let weights = numbers(&page, "weights").await;
        assert_eq!(weights.len(), 3, "a Dropout has nothing to measure: {weights:?}");
    });
}

#[test]
fn what_webgpu_trains_is_looked_at_as_well() {
    drive(Setup { gpu: Gpu::Any, ..Setup::default() }, async |browser| {
        let page = Page::open(browser, "?layers=32&epochs=1000&backend=webgpu&batch=128&seed=1").await;
        see(&page).await;
        page.click("#train").await;
        page.wait("training", |now| now.state() == "training").await;
        see(&page).await;
        later(&page).await;
        later(&page).await;
        assert_eq!(page.snapshot().await.backend(), "webgpu");
        let updates = numbers(&page, "updates").await;
        assert!(updates.len() == 2 && updates.iter().all(|size| *size > 0.0 && *size < 0.1), "{updates:?}");
        page.click("#stop").await;
        page.wait_for_state("done").await;
    });
}
