//! The service worker: after one visit no network is needed, and a host without the headers is no obstacle.

use std::time::{Duration, Instant};

use inkling_e2e::{Browser, Page, Pointer, Setup, drive};
use serde_json::{Value, json};

const QUICK: &str = "?layers=16&epochs=1&backend=cpu&batch=128&seed=1&lang=en";

/// Runs an asynchronous script until it returns `wanted`.
async fn until(browser: &Browser, script: &str, wanted: Value) {
    let start = Instant::now();
    let script = format!("const done = arguments[0]; (async () => {{ {script} }})().then(done, (error) => done(String(error)))");
    loop {
        // While the page is loaded again, no script runs.
        let got = browser.client.execute_async(&script, vec![]).await;
        if got.as_ref().is_ok_and(|got| *got == wanted) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{script} says {got:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

const CONTROLLED: &str =
    "return (await navigator.serviceWorker.ready).active.state === 'activated' && !!navigator.serviceWorker.controller";
const IMAGES_ARE_THERE: &str = "return (await (await caches.open('inkling-data-1')).keys()).length";

#[test]
fn after_one_visit_no_network_is_needed() {
    drive(Setup { offline: true, base: "/below/a/path", ..Setup::default() }, async |browser| {
        Page::open(browser, QUICK).await;
        until(browser, CONTROLLED, json!(true)).await;
        until(browser, IMAGES_ARE_THERE, json!(4)).await;
        browser.site.go_down();
        let asked = browser.site.asked().len();
        let page = Page::open(browser, &format!("{QUICK}&workers=2")).await;
        page.draw(3, Pointer::Mouse).await.assert_reads(3);
        page.choose("#lang", "zh-TW").await;
        page.wait("Chinese", |now| now.language == "zh-TW").await;
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.8), "{done:#?}");
        let asked = browser.site.asked().split_off(asked);
        assert!(asked.iter().all(|path| path.ends_with("/sw.js")), "only whether there is a new version is asked for: {asked:?}");
    });
}

#[test]
fn the_service_worker_isolates_where_the_host_does_not() {
    drive(Setup { offline: true, isolated: false, ..Setup::default() }, async |browser| {
        Page::open(browser, QUICK).await;
        until(browser, "return crossOriginIsolated", json!(true)).await;
        let page = Page::open(browser, &format!("{QUICK}&workers=2")).await;
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        assert!(done.text.contains("by 2 threads"), "{}", done.text);
    });
}
