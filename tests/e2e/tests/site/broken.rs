//! Never blank: what the browser lacks, what does not load and what stops is said in both languages, with a report and a way on.

use std::fs;
use std::path::PathBuf;

use inkling_e2e::{Browser, Page, Pointer, Setup, drive, pkg};
use serde_json::{Value, json};

/// Opens the page and waits until it says what is wrong: which of its texts, and everything that `#broken` shows.
async fn broken(browser: &Browser) -> (String, String) {
    let address = format!("{}/?lang=en", browser.site.origin());
    browser.client.goto(&address).await.expect("the page opens");
    shown(browser).await
}

async fn shown(browser: &Browser) -> (String, String) {
    let page = Page { browser };
    let look = "const box = document.getElementById('broken');
        return box.checkVisibility() ? [box.dataset.what ?? '', box.innerText] : null";
    let start = std::time::Instant::now();
    loop {
        let now = browser.run(look, vec![]).await;
        if now != Value::Null {
            return serde_json::from_value(now).expect("two texts");
        }
        assert!(start.elapsed() < inkling_e2e::LIMIT, "the page says nothing: {:?}", page.snapshot().await);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[test]
fn what_the_browser_lacks_is_named() {
    for (without, word) in [
        ("delete globalThis.WebAssembly", "WebAssembly"),
        ("WebAssembly.validate = () => false", "WebAssembly SIMD"),
        ("window.Worker = function () { throw new SyntaxError('no address') }", "module workers"),
        ("delete window.Worker", "workers"),
        ("delete HTMLScriptElement.prototype.noModule", "JavaScript modules"),
        ("delete window.DecompressionStream", "DecompressionStream"),
    ] {
        drive(Setup::FAULTY, async |browser| {
            browser.run_first(without).await;
            let (what, text) = broken(browser).await;
            assert_eq!(what, "needs", "{without}: {text}");
            for part in [word, "這個瀏覽器少了", "This browser lacks"] {
                assert!(text.contains(part), "{without}: {text}");
            }
        });
    }
}

/// A folder in which one file of the site is replaced.
pub(super) fn replaced(name: &str, content: &[u8]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("inkling-broken-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("there is a folder for temporary files");
    fs::write(folder.join(name), content).expect("it can be written");
    folder
}

/// The site's file whose name begins and ends so.
pub(super) fn file(begin: &str, end: &str) -> String {
    let names = fs::read_dir(pkg()).expect("the site is a folder").flatten();
    let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.find(|name| name.starts_with(begin) && name.ends_with(end)).unwrap_or_else(|| panic!("no {begin}...{end}"))
}

#[test]
fn a_file_that_does_not_load_is_no_blank_page() {
    for name in ["start.js".to_string(), "main.js".to_string(), file("page-", ".js"), file("page-", "_bg.wasm")] {
        drive(Setup::FAULTY, async |browser| {
            let folder = replaced(&name, b"(((");
            browser.site.lay_over(folder.clone());
            let (what, text) = broken(browser).await;
            let expected = if name == "start.js" { "" } else { "stopped" };
            assert_eq!(what, expected, "{name}: {text}");
            for part in ["網頁的程式沒有順利啟動", "The page's program did not start"] {
                assert!(text.contains(part), "{name}: {text}");
            }
            let _ = fs::remove_dir_all(folder);
        });
    }
}

/// A module whose start traps.
const TRAP: &str = "setTimeout(() => new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11))))";

#[test]
fn a_trap_is_shown_with_a_report_and_a_restart() {
    drive(Setup::FAULTY, async |browser| {
        // Without the clipboard the report can be copied by hand.
        browser.run_first("Object.defineProperty(navigator, 'clipboard', { value: undefined })").await;
        let page = Page::open(browser, "?layers=16&backend=cpu&lang=en").await;
        browser.run(TRAP, vec![]).await;
        let (what, text) = shown(browser).await;
        assert_eq!(what, "stopped");
        assert!(text.contains("unreachable"), "{text}");
        assert_eq!(page.snapshot().await.state(), "failed");
        page.click("#broken-copy").await;
        let report = page.value("#broken-report").await;
        for part in ["unreachable", "version: ./page-", "layers=16", "Chrome", "data-backend=", "isolated: true"] {
            assert!(report.contains(part), "{part} is not in the report: {report}");
        }
        page.click("#broken-restart").await;
        page.wait("the page again", |now| now.state() == "ready").await;
        page.unfold().await;
        page.draw(1, Pointer::Mouse).await.assert_reads(1);
    });
}

#[test]
fn a_panic_s_own_words_are_shown_and_the_page_lives_on_without_its_lessons() {
    drive(Setup::FAULTY, async |browser| {
        let page = Page::open(browser, "?layers=16&backend=cpu&lang=en").await;
        let panic = "dispatchEvent(new CustomEvent('inkling-broken', { detail: ['lessons', 'index out of bounds'] }))";
        browser.run(panic, vec![]).await;
        browser.run(TRAP, vec![]).await;
        let (what, text) = shown(browser).await;
        assert_eq!(what, "lessons");
        assert!(text.contains("index out of bounds") && text.contains("課程的程式"), "{text}");
        let now = page.snapshot().await;
        assert_ne!(now.state(), "failed");
        page.draw(1, Pointer::Mouse).await.assert_reads(1);
        assert_eq!(browser.run("return document.getElementById('broken-report').hidden", vec![]).await, json!(true));
    });
}

#[test]
fn lessons_whose_messages_do_not_come_are_said_and_the_page_lives_on() {
    drive(Setup::FAULTY, async |browser| {
        let page = Page::open(browser, "?layers=16&backend=cpu&lang=zh-TW").await;
        let folder = std::env::temp_dir().join(format!("inkling-broken-{}-messages", std::process::id()));
        fs::create_dir_all(folder.join("lessons/zh-TW")).expect("there is a folder for temporary files");
        fs::write(folder.join("lessons/zh-TW/common.ftl"), "(((").expect("it can be written");
        browser.site.lay_over(folder.clone());
        browser.run("location.hash = '#lesson/neuron'", vec![]).await;
        let (what, text) = shown(browser).await;
        assert_eq!(what, "lessons");
        assert!(text.contains("common.ftl") && text.contains("課程的程式"), "{text}");
        page.draw(1, Pointer::Mouse).await.assert_reads(1);
        let _ = fs::remove_dir_all(folder);
    });
}
