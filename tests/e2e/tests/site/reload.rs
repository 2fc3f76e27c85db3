//! What a person has survives a reload; two tabs do not overwrite each other; and a browser that keeps nothing costs nothing
//! else.

use super::my_digits::{labels, tell};
use super::runs::rows;
use inkling_e2e::{Page, Pointer, Setup, drive};

const QUICK: &str = "?layers=16&epochs=1&backend=cpu&workers=1&batch=256&seed=1";

async fn count(page: &Page<'_>, css: &str) -> u64 {
    let script = "return document.querySelectorAll(arguments[0]).length";
    page.browser.run(script, vec![css.into()]).await.as_u64().expect("a number")
}

/// Runs in the table.
async fn runs(page: &Page<'_>) -> usize {
    rows(page).await.len()
}

#[test]
fn drawing_digits_runs_and_settings_survive_a_reload() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, QUICK).await;
        page.type_into("#epochs", "2").await;
        page.draw(7, Pointer::Mouse).await.assert_reads(7);
        tell(&page, 7).await;
        page.click("#train").await;
        page.wait_for_state("done").await;
        page.draw(1, Pointer::Mouse).await;
        let before = page.browser.run("return sessionStorage.getItem('inkling-sheet')", vec![]).await;

        let now = page.reload().await;
        assert!(now.seen_ink || page.settle().await.seen_ink, "{now:#?}");
        let kept = page.browser.run("return sessionStorage.getItem('inkling-sheet')", vec![]).await;
        assert_eq!(kept, before);
        assert_eq!((page.value("#epochs").await.as_str(), page.value("#layers").await.as_str()), ("2", "16"));
        assert_eq!(labels(&page).await, ["7"]);
        assert_eq!(runs(&page).await, 1);

        // It is the same drawing: a stroke can be taken back, and what is cleared stays so.
        page.click("#undo").await;
        page.settle().await;
        let now = page.reload().await;
        assert!(now.seen_ink || page.settle().await.seen_ink);
        page.click("#clear").await;
        page.settle().await;
        page.reload().await;
        assert!(!page.settle().await.seen_ink);
    });
}

#[test]
fn a_test_image_under_the_strokes_survives_a_reload() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, QUICK).await;
        page.click("#judge-test").await;
        page.wait_for_attribute("#judge-state", "data-state", "done").await;
        page.click("#judge-mistakes").await;
        page.wait_until("an image", async || count(&page, "#gallery [data-number]").await > 0).await;
        page.click("#gallery [data-number]").await;
        let before = page.settle().await;
        assert!(before.seen_ink);
        page.reload().await;
        assert_eq!(page.settle().await.probabilities(), before.probabilities());
    });
}

#[test]
fn two_tabs_do_not_overwrite_each_others_digits_and_runs() {
    drive(Setup::default(), async |browser| {
        let client = &browser.client;
        let here = Page::open(browser, QUICK).await;
        let first = client.window().await.expect("a window");
        let second = client.new_window(false).await.expect("another window").handle;
        client.switch_to_window(second.clone()).await.expect("it is there");
        let there = Page::open(browser, QUICK).await;
        let train = async |page: &Page<'_>| {
            page.click("#train").await;
            page.wait_for_state("done").await;
        };
        there.draw(2, Pointer::Mouse).await;
        tell(&there, 2).await;
        train(&there).await;

        client.switch_to_window(first.clone()).await.expect("it is there");
        // Heard at once, and what is told here joins it. The sheet is this tab's own.
        here.wait_until("the other tab's digit", async || labels(&here).await == ["2"]).await;
        assert!(!here.settle().await.seen_ink);
        here.draw(3, Pointer::Mouse).await;
        tell(&here, 3).await;
        train(&here).await;
        assert_eq!(labels(&here).await, ["2", "3"]);
        assert_eq!(runs(&here).await, 2);

        client.switch_to_window(second).await.expect("it is there");
        there.wait_until("the first tab's digit", async || labels(&there).await == ["2", "3"]).await;
        assert_eq!(runs(&there).await, 2);
        // Even if a tab has not heard: a change is made to what is kept, not to what was.
        there.browser.run("window.addEventListener('storage', (event) => event.stopImmediatePropagation(), true)", vec![]).await;
        client.switch_to_window(first).await.expect("it is there");
        here.click("#my-digits-clear").await;
        assert!(labels(&here).await.is_empty());
        let windows = client.windows().await.expect("windows");
        client.switch_to_window(windows[1].clone()).await.expect("it is there");
        there.click("#clear").await;
        there.draw(7, Pointer::Mouse).await;
        tell(&there, 7).await;
        assert_eq!(labels(&there).await, ["7"], "what was cleared does not come back");
        client.close_window().await.expect("it closes");
        client.switch_to_window(windows[0].clone()).await.expect("it is there");
    });
}

/// How a browser keeps nothing, as scripts that run before the page's own.
const REFUSALS: [(&str, &str); 3] = [
    (
        "denied",
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
            Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
        }",
    ),
    (
        "none",
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
            Object.defineProperty(window, name, { get() { return null; } });
        }",
    ),
    (
        "full",
        "const full = () => { throw new DOMException('full', 'QuotaExceededError'); };
        Storage.prototype.setItem = full;
        IDBObjectStore.prototype.put = full;
        Cache.prototype.put = async () => full();",
    ),
];

#[test]
fn where_nothing_is_kept_everything_else_works() {
    for (name, script) in REFUSALS {
        drive(Setup::default(), async |browser| {
            browser.run_first(script).await;
            let page = Page::open(browser, QUICK).await;
            page.draw(3, Pointer::Mouse).await.assert_reads(3);
            tell(&page, 3).await;
            assert_eq!(labels(&page).await, ["3"], "{name}");
            page.click("#train").await;
            page.wait_for_state("done").await;
            assert_eq!(runs(&page).await, 1, "{name}");
            page.click("#train").await;
            page.wait_for_state("done").await;
            assert_eq!(runs(&page).await, 2, "{name}");
            page.settle().await.probabilities().unwrap_or_else(|| panic!("{name}: the trained network answers"));
            // Said where it matters, and once.
            assert!(page.find("#runs-not-kept").await.is_displayed().await.expect("it is there"), "{name}");
            assert!(page.find("#my-digits-not-kept").await.is_displayed().await.expect("it is there"), "{name}");
            assert!(count(&page, "#notes-list li").await <= 1, "{name}: {}", page.snapshot().await.notes);
            page.choose("#lang", "zh-TW").await;
            page.wait("the other language", |now| now.language == "zh-TW").await;
        });
    }
}
