//! Nothing is lost: a training that is interrupted is offered again, and ends as one that never was; the network that was trained
//! stays.

use inkling_e2e::{Browser, Page, Pointer, Setup, drive};
use serde_json::json;

/// Long enough to be interrupted several times, with an optimizer that remembers and noise that is drawn.
const RUN: &str = "?layers=32,16&optimizer=adam&epochs=24&backend=cpu&batch=32&seed=3&lang=en";

/// Waits until the script says yes.
async fn until(page: &Page<'_>, what: &str, script: &str) {
    page.wait_until(what, async || page.browser.run(script, vec![]).await == json!(true)).await;
}

/// Waits for the offer, and takes it. After how many steps that is.
async fn take_the_offer(page: &Page<'_>) -> u64 {
    let shown = "return document.getElementById('kept').checkVisibility();";
    until(page, "the offer", shown).await;
    let text = page.find("#kept-text").await.text().await.expect("the offer is text");
    let steps = text.split("after ").nth(1).and_then(|rest| rest.split(" steps").next()).map(|steps| steps.replace(',', ""));
    page.click("#kept-continue").await;
    steps.and_then(|steps| steps.parse().ok()).unwrap_or_else(|| panic!("{text}"))
}

/// What the ended run shows, with the ten probabilities of a drawn 3 to the last digit.
async fn outcome(page: &Page<'_>) -> String {
    let done = page.wait_for_state("done").await;
    page.click("#clear").await;
    page.draw(3, Pointer::Mouse).await;
    let now = page.settle().await;
    let numbers = ["step", "loss", "validationAccuracy", "testAccuracy"].map(|name| done.number(name));
    format!("{numbers:?} {:?}", now.probabilities())
}

/// How many runs, and how many networks, the browser keeps.
async fn kept(browser: &Browser) -> (u64, u64) {
    let script = "return new Promise((resolve) => {
        const open = indexedDB.open('inkling', 1);
        open.onerror = () => resolve([0, 0]);
        open.onsuccess = () => {
            const keys = open.result.transaction('kept').objectStore('kept').getAllKeys();
            keys.onsuccess = () => {
                open.result.close();
                resolve([keys.result.filter((key) => key.startsWith('run/')).length, keys.result.filter((key) => key === 'network').length]);
            };
        };
    });";
    serde_json::from_value(browser.run(script, vec![]).await).expect("two numbers")
}

#[test]
fn an_interrupted_training_goes_on_and_ends_as_if_it_never_was() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, RUN).await;
        page.click("#train").await;
        let whole = outcome(&page).await;
        assert_eq!(kept(browser).await, (0, 1), "the run is over, its network stays");

        let page = Page::open(browser, RUN).await;
        page.click("#train").await;
        let mut before = 0;
        for milliseconds in [1300, 900, 1700] {
            let long_enough = std::time::Duration::from_millis(milliseconds);
            page.wait("some steps", |now| now.step() > before).await;
            tokio::time::sleep(long_enough).await;
            let now = page.snapshot().await;
            if now.state() == "done" {
                break;
            }
            before = now.step();
            let page = Page::open(browser, RUN).await;
            let offered = take_the_offer(&page).await;
            let lost = before.saturating_sub(offered) as f64 / (now.number("samplesPerSecond").expect("a speed") / 32.0);
            assert!(lost <= 5.0, "from {before} back to {offered}: {lost} s");
            let next = page.wait("to go on", |now| now.state() == "training" && now.step() > 0 || now.state() == "done").await;
            assert!(next.step() >= offered, "offered {offered}, goes on at {}", next.step());
            assert_eq!(page.browser.run("return document.getElementById('kept').checkVisibility();", vec![]).await, json!(false));
        }
        assert_eq!(outcome(&page).await, whole);
        assert_eq!(kept(browser).await, (0, 1));
    });
}

#[test]
fn an_offer_can_be_refused_and_is_in_both_languages() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=32&epochs=1000&backend=cpu&lang=en").await;
        page.click("#train").await;
        page.wait("some steps", |now| now.step() > 3000).await;
        page.click("#pause").await;
        page.wait_for_state("paused").await;
        until(&page, "the run to be kept", "return indexedDB.databases().then((all) => all.length > 0);").await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        for (language, words) in [("en", "was interrupted in epoch"), ("zh-TW", "中斷了")] {
            let page = Page::open(browser, &format!("?lang={language}")).await;
            until(&page, "the offer", "return document.getElementById('kept').checkVisibility();").await;
            assert!(page.snapshot().await.text.contains(words), "{language}");
        }
        page.click("#kept-discard").await;
        until(&page, "no offer", "return !document.getElementById('kept').checkVisibility();").await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(kept(browser).await.0, 0);
    });
}

#[test]
fn a_trained_network_is_there_on_the_next_visit() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=32&epochs=1&backend=cpu&batch=128&seed=1").await;
        page.click("#train").await;
        let trained = outcome(&page).await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let page = Page::open(browser, "").await;
        until(&page, "the button", "return document.getElementById('own').checkVisibility();").await;
        page.click("#own").await;
        page.draw(3, Pointer::Mouse).await;
        let now = page.settle().await;
        assert!(trained.ends_with(&format!(" {:?}", now.probabilities())), "{trained} {:?}", now.probabilities());
    });
}

#[test]
fn a_browser_that_keeps_nothing_says_so_once_and_trains() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=32&epochs=4&backend=cpu&batch=128&lang=en").await;
        browser
            .run("IDBFactory.prototype.open = () => { throw new DOMException('denied for the test', 'SecurityError'); };", vec![])
            .await;
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        assert_eq!(done.notes.matches("can't keep your progress").count(), 1, "{}", done.notes);
        assert!(done.notes.contains("denied for the test"), "{}", done.notes);
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.8));
    });
}

#[test]
fn two_pages_keep_two_runs_and_offer_none_of_them_to_a_third() {
    drive(Setup::default(), async |browser| {
        let run = "?layers=32&epochs=1000&backend=cpu&workers=1";
        let page = Page::open(browser, run).await;
        page.click("#train").await;
        page.wait("some steps", |now| now.step() > 1000).await;
        let first = browser.client.window().await.unwrap();
        let second = browser.client.new_window(true).await.unwrap();
        browser.client.switch_to_window(second.handle.clone()).await.unwrap();
        let page = Page::open(browser, run).await;
        assert_eq!(browser.run("return document.getElementById('kept').checkVisibility();", vec![]).await, json!(false));
        page.click("#train").await;
        page.wait("some steps", |now| now.step() > 1000).await;
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        assert_eq!(kept(browser).await.0, 2);
        // The second one is closed: its run is offered on a later visit, the first one's is not.
        browser.client.close_window().await.unwrap();
        browser.client.switch_to_window(first).await.unwrap();
        let third = browser.client.new_window(true).await.unwrap();
        browser.client.switch_to_window(third.handle).await.unwrap();
        let page = Page::open(browser, "").await;
        until(&page, "the offer", "return document.getElementById('kept').checkVisibility();").await;
        page.click("#kept-discard").await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(kept(browser).await.0, 1);
    });
}
