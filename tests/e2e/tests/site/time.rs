//! The panel time: the slider leads from what a network was before it learned to what it is, drawing, weights and confusion
//! matrix; its last place is the network in use.

use inkling_e2e::{LIMIT, Page, Pointer, Setup, drive};
use std::time::{Duration, Instant};

/// The slider's keys.
const HOME: &str = "\u{e011}";
const END: &str = "\u{e010}";
const LEFT: &str = "\u{e012}";
const RIGHT: &str = "\u{e014}";

async fn see(page: &Page<'_>) {
    page.browser.run("document.getElementById('time-title').scrollIntoView({ behavior: 'instant' })", vec![]).await;
    page.settle().await;
}

async fn press(page: &Page<'_>, key: &str) {
    page.find("#time-step").await.send_keys(key).await.expect("a slider takes keys");
    page.settle().await;
}

async fn number(page: &Page<'_>, css: &str, attribute: &str) -> f64 {
    let text = page.attribute(css, attribute).await;
    text.parse().unwrap_or_else(|_| panic!("{css} has {attribute}={text:?}"))
}

/// The accuracy on the test images of the network that the slider is at, once it is known; it agrees with the matrix.
async fn tested(page: &Page<'_>) -> f64 {
    let start = Instant::now();
    while page.attribute("#time-accuracy", "data-state").await != "done" {
        assert!(start.elapsed() < LIMIT, "it is not tested: {:#?}", page.snapshot().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let script =
        "return [...document.querySelectorAll('#time-confusion [data-count]')].map((cell) => Number(cell.dataset.count))";
    let matrix: Vec<u64> = serde_json::from_value(page.browser.run(script, vec![]).await).expect("counts");
    assert_eq!((matrix.len(), matrix.iter().sum()), (100, 10_000));
    let accuracy = number(page, "#time-accuracy", "data-accuracy").await;
    let right: u64 = (0..10).map(|digit| matrix[11 * digit]).sum();
    assert!((accuracy - right as f64 / 10_000.0).abs() < 1e-9, "{accuracy} and {matrix:?}");
    accuracy
}

async fn bars(page: &Page<'_>) -> Vec<f64> {
    let script = "return [...document.querySelectorAll('[data-time-digit]')].map((bar) => Number(bar.dataset.probability))";
    serde_json::from_value(page.browser.run(script, vec![]).await).expect("probabilities")
}

/// The first neuron's picture.
async fn weights(page: &Page<'_>) -> String {
    let script = "return document.querySelector('#time-neurons canvas').toDataURL()";
    page.browser.run(script, vec![]).await.as_str().expect("a picture").into()
}

#[test]
fn the_slider_leads_through_a_run() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=16&epochs=12&batch=32&backend=cpu&seed=1&lang=en").await;
        page.draw(3, Pointer::Mouse).await;
        see(&page).await;
        assert!(!page.find("#time-body").await.is_displayed().await.expect("it is or is not"));
        page.click("#train").await;
        see(&page).await;
        let done = page.wait_for_state("done").await;
        see(&page).await;

        // The last place is the network in use.
        assert_eq!(number(&page, "#time-where", "data-step").await as u64, done.step());
        let last = tested(&page).await;
        assert!((last - done.number("testAccuracy").expect("it was tested")).abs() < 1e-6, "{last}");
        assert_eq!(bars(&page).await, page.snapshot().await.probabilities().expect("an answer"));
        assert_eq!(page.browser.run("return document.querySelectorAll('#time-neurons canvas').length", vec![]).await, 8);
        let (places, learned) = (number(&page, "#time-step", "max").await, weights(&page).await);
        assert!(places > 10.0, "{places}");

        // The first is a network that has learned nothing.
        press(&page, HOME).await;
        assert_eq!(number(&page, "#time-where", "data-step").await, 0.0);
        assert_eq!(page.attribute("#time-step", "aria-valuetext").await, "Step 0: nothing learned yet");
        let first = tested(&page).await;
        assert!(first < 0.3 && last > 0.8, "{first} and {last}");
        let sum: f64 = bars(&page).await.iter().sum();
        assert!((sum - 1.0).abs() < 1e-3 && bars(&page).await.iter().all(|p| *p < 0.7), "{:?}", bars(&page).await);
        assert_ne!(weights(&page).await, learned);

        // In between it is in between: there are steps early and late.
        press(&page, END).await;
        let mut steps = vec![number(&page, "#time-where", "data-step").await];
        for _ in 0..places as usize {
            press(&page, LEFT).await;
            steps.push(number(&page, "#time-where", "data-step").await);
        }
        assert!(steps.is_sorted_by(|later, earlier| later > earlier) && steps.last() == Some(&0.0), "{steps:?}");
        assert!(steps.iter().any(|step| *step > 0.0 && *step < 500.0), "{steps:?}");
        let middle = steps.iter().position(|step| *step < 400.0).expect("an early step");
        for _ in middle..steps.len() - 1 {
            press(&page, RIGHT).await;
        }
        let between = tested(&page).await;
        assert!(first < between && between < last, "{first} {between} {last}");
        let said = page.attribute("#time-step", "aria-valuetext").await;
        assert!(said.contains("training accuracy") && said.contains("test accuracy") && said.contains('%'), "{said}");
        assert_eq!(page.snapshot().await.notes, "");

        // Another run has another past.
        page.click("#reset").await;
        page.wait_for_state("ready").await;
        see(&page).await;
        assert!(!page.find("#time-body").await.is_displayed().await.expect("it is or is not"));
    });
}

#[test]
fn while_it_trains_the_slider_goes_along_or_stays_where_it_was_put() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=16&epochs=1000&batch=32&backend=cpu&seed=1").await;
        page.click("#train").await;
        page.wait("some steps", |now| now.step() > 200).await;
        see(&page).await;
        let now = number(&page, "#time-where", "data-step").await;
        page.wait("more steps", |then| then.step() as f64 > now + 200.0).await;
        page.settle().await;
        assert!(number(&page, "#time-where", "data-step").await > now, "it goes along");
        assert_eq!(page.attribute("#time-accuracy", "data-state").await, "idle", "what changes all the time is not tested");

        press(&page, HOME).await;
        assert!(tested(&page).await < 0.3, "also while it trains");
        let trained = page.snapshot().await.step();
        page.wait("more steps", |now| now.step() > trained + 200).await;
        page.settle().await;
        assert_eq!(number(&page, "#time-where", "data-step").await, 0.0, "it stays");
        press(&page, END).await;
        page.click("#pause").await;
        let paused = page.wait_for_state("paused").await.step();
        see(&page).await;
        page.wait_for_attribute("#time-where", "data-step", &paused.to_string()).await;
        assert!(tested(&page).await > 0.5, "what rests is tested");

        // Workers that are started anew have neither the images nor what the others were asked.
        page.click("#stop").await;
        page.wait_for_state("done").await;
        page.browser.run("document.querySelectorAll('details').forEach((details) => { details.open = true; })", vec![]).await;
        page.type_into("#workers", "1").await;
        press(&page, HOME).await;
        for _ in 0..5 {
            press(&page, RIGHT).await;
        }
        tested(&page).await;
        assert_eq!(page.snapshot().await.notes, "");
    });
}
