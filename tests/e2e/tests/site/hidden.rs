//! A tab that nobody looks at, for an hour or frozen by the browser, loses nothing; Chromium only.

use inkling_e2e::{Browser, Page, Pointer, Setup, drive};
use serde_json::json;
use std::time::Duration;

const LONG: &str = "?layers=32&epochs=1000&batch=128&seed=1&lang=en&backend=cpu&workers=2";
/// All clocks of the page jump by an hour as soon as it is hidden.
const HOUR: &str = "window.seen = [];
    const HOUR = 3600e3, clocks = [[performance, performance.now.bind(performance)], [Date, Date.now]];
    for (const [clock, now] of clocks) clock.now = () => now() + (window.seen.includes('hidden') ? HOUR : 0);
    document.addEventListener('visibilitychange', () => window.seen.push(document.visibilityState));";

/// Has another tab in front for so long.
async fn hide(browser: &Browser, time: Duration) {
    let client = &browser.client;
    let first = client.window().await.expect("a window");
    let other = client.new_window(true).await.expect("another one");
    client.switch_to_window(other.handle).await.expect("it is there");
    tokio::time::sleep(time).await;
    client.close_window().await.expect("it closes");
    client.switch_to_window(first).await.expect("it is still there");
}

#[test]
fn a_hidden_tab_trains_on_and_an_hour_is_no_mishap() {
    drive(Setup::FAULTY, async |browser| {
        browser.run_first(HOUR).await;
        let page = Page::open(browser, LONG).await;
        page.click("#train").await;
        let before = page.wait("training", |now| now.state() == "training" && now.step() > 100).await;
        hide(browser, Duration::from_secs(5)).await;
        assert!(browser.run("return window.seen", vec![]).await.as_array().is_some_and(|seen| seen.contains(&json!("hidden"))));
        let now = page.snapshot().await;
        assert!(now.step() > before.step() + 500 && now.state() == "training", "it trained meanwhile: {before:#?} {now:#?}");
        page.wait("more", |later| later.step() > now.step() + 100).await;
        page.click("#stop").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("seconds").is_some_and(|seconds| (3600.0..3800.0).contains(&seconds)), "{done:#?}");
        assert_eq!(done.notes, "");
        page.draw(1, Pointer::Mouse).await.assert_reads(1);
    });
}

#[test]
fn a_frozen_tab_goes_on_where_it_was() {
    drive(Setup::FAULTY, async |browser| {
        let page = Page::open(browser, LONG).await;
        page.click("#train").await;
        page.wait("training", |now| now.state() == "training" && now.step() > 100).await;
        browser.freeze(true).await;
        // Longer than workers wait for each other.
        tokio::time::sleep(Duration::from_secs(25)).await;
        browser.freeze(false).await;
        let before = page.snapshot().await;
        page.wait("more", |now| now.state() == "training" && now.step() > before.step() + 500).await;
        page.click("#stop").await;
        let done = page.wait_for_state("done").await;
        assert_eq!(done.notes, "");
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.5), "{done:#?}");
    });
}
