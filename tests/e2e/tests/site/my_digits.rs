//! "Wrong? Tell it": what is told is kept, can be taken back, goes out and in as a file, and teaches the network.

use super::files::download;
use inkling_e2e::{Page, Pointer, Setup, drive};
use serde_json::{Value, json};
use std::fs;

/// The labels of my digits, in order.
pub async fn labels(page: &Page<'_>) -> Vec<String> {
    let script = "return [...document.querySelectorAll('#my-digits-list li')].map((item) => item.dataset.label)";
    serde_json::from_value(page.browser.run(script, vec![]).await).expect("a list of texts")
}

pub async fn tell(page: &Page<'_>, digit: usize) {
    page.click("#tell").await;
    page.click(&format!("[data-tell=\"{digit}\"]")).await;
}

#[test]
fn a_drawing_is_told_kept_and_learned() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?backend=cpu").await;
        assert!(!page.is_enabled("#teach").await, "there is nothing to teach");
        // A 7 that the person calls a 1: surely read otherwise before.
        let before = page.draw(7, Pointer::Mouse).await;
        before.assert_reads(7);
        tell(&page, 1).await;
        assert_eq!(labels(&page).await, ["1"]);

        // A visit later it is still there.
        let page = Page::open(browser, "?backend=cpu").await;
        assert_eq!(labels(&page).await, ["1"]);
        page.draw(7, Pointer::Mouse).await.assert_reads(7);
        page.click("#teach").await;
        page.wait_for_attribute("#taught", "data-state", "done").await;
        let after = page.settle().await;
        after.assert_reads(1);
        assert_eq!(after.notes, "");

        page.click("#unteach").await;
        let back = page.settle().await;
        assert_eq!(back.probabilities(), before.probabilities());
    });
}

#[test]
fn my_digits_are_deleted_taken_back_exported_and_imported() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "").await;
        for digit in [2, 3] {
            page.click("#clear").await;
            page.draw(digit, Pointer::Mouse).await;
            tell(&page, digit).await;
        }
        let file = download(&page, "#my-digits-export", "jsonl").await;
        let lines = fs::read_to_string(&file).expect("it can be read");
        let drawings: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
        assert_eq!(drawings.iter().map(|drawing| drawing["label"].clone()).collect::<Vec<_>>(), [json!(2), json!(3)]);
        assert!(drawings.iter().all(|drawing| drawing["strokes"][0][0][0].is_number()));

        page.click("#my-digits-list li:first-child button").await;
        assert_eq!(labels(&page).await, ["3"]);
        page.click("#my-digits-undo").await;
        assert_eq!(labels(&page).await, ["2", "3"]);
        page.click("#my-digits-clear").await;
        assert_eq!(labels(&page).await, [""; 0]);

        page.choose_file("#my-digits-import", &file).await;
        page.wait_for_attribute("#my-digits-list li:nth-child(2)", "data-label", "3").await;
        assert_eq!(labels(&page).await, ["2", "3"]);

        // A file with a bad line changes nothing, and the line is named.
        let bad = browser.downloads.join("bad.jsonl");
        fs::write(&bad, format!("{lines}{{\"label\": 4}}\n")).expect("it can be written");
        page.choose_file("#my-digits-import", &bad).await;
        let now = page.wait("a note", |now| !now.notes.is_empty()).await;
        assert!(now.notes.contains("bad.jsonl") && now.notes.contains('3'), "{}", now.notes);
        assert_eq!(labels(&page).await, ["2", "3"]);
    });
}
