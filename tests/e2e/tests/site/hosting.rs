//! Any plain static server will do: under any path, and without the headers that let workers share memory.

use inkling_e2e::{Kind, Page, Pointer, Setup, drive};
use serde_json::json;

const QUICK: &str = "?layers=16&epochs=1&backend=cpu&batch=128&seed=1&lang=en";

#[test]
fn it_works_below_a_path_of_its_own() {
    const BASE: &str = "/some/base";
    drive(Setup { base: BASE, ..Setup::default() }, async |browser| {
        let page = Page::open(browser, QUICK).await;
        page.draw(0, Pointer::Mouse).await.assert_reads(0);
        page.click("#train").await;
        page.wait_for_state("done").await;
        let asked = browser.site.asked();
        assert!(asked.iter().any(|path| path.contains("/data/")), "the training data is part of the site: {asked:?}");
        assert!(asked.iter().all(|path| path.starts_with(BASE)), "{asked:?}");
    });
}

#[test]
fn without_isolation_one_worker_trains() {
    drive(Setup { isolated: false, ..Setup::default() }, async |browser| {
        let page = Page::open(browser, &format!("{QUICK}&workers=2")).await;
        assert_eq!(browser.run("return crossOriginIsolated", vec![]).await, json!(false));
        page.draw(1, Pointer::Mouse).await.assert_reads(1);
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.8), "{done:#?}");
        let workers = browser.site.asked().iter().filter(|path| path.ends_with("/worker.js")).count();
        assert_eq!(workers, 1, "{:?}", browser.site.asked());
    });
}

#[test]
fn with_isolation_two_workers_train() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, &format!("{QUICK}&workers=2")).await;
        assert_eq!(browser.run("return crossOriginIsolated", vec![]).await, json!(true));
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.8), "{done:#?}");
        let workers = browser.site.asked().iter().filter(|path| path.ends_with("/worker.js")).count();
        // WebKitGTK isolates the page, but has no memory to share.
        let expected = if browser.kind == Kind::WebKit { 1 } else { 2 };
        assert_eq!(workers, expected, "{:?}", browser.site.asked());
    });
}

#[test]
fn the_data_is_loaded_when_it_is_needed_and_kept() {
    drive(Setup::default(), async |browser| {
        let loads = || browser.site.asked().iter().filter(|path| path.contains("train-images")).count();
        for visit in 0..2 {
            let page = Page::open(browser, QUICK).await;
            page.draw(1, Pointer::Mouse).await.assert_reads(1);
            assert_eq!(loads(), visit, "the training images were loaded though nobody trains, or again");
            page.click("#train").await;
            page.wait_for_state("done").await;
            // A window that WebKit's driver opens is a private one, which keeps nothing.
            let expected = if browser.kind == Kind::WebKit { visit + 1 } else { 1 };
            assert_eq!(loads(), expected, "visit {visit}");
        }
    });
}
