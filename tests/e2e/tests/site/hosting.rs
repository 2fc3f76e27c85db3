//! Any plain static server will do: under any path, and without the headers that let workers share memory.

use inkling_e2e::{Browser, Kind, Page, Pointer, Setup, drive};
use serde_json::json;
use std::net::TcpListener;

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

#[test]
fn nothing_but_the_sites_own_files_runs() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, QUICK).await;
        browser.run("window.refused = []; addEventListener('securitypolicyviolation', (event) => refused.push(event.violatedDirective));", vec![]).await;
        // A tour: what the page itself does is allowed.
        page.draw(2, Pointer::Mouse).await.assert_reads(2);
        page.click("#train").await;
        page.wait_for_state("done").await;
        page.click("#save").await;
        page.click("#card").await;
        browser.run("location.hash = '#lesson/background';", vec![]).await;
        page.wait_until("the lesson", async || {
            browser.run("return !!document.querySelector('[data-lesson=\"background\"]');", vec![]).await == json!(true)
        })
        .await;
        assert_eq!(browser.run("return refused;", vec![]).await, json!([]));
        // What somebody else slips in is not.
        let slipped_in = "const script = document.createElement('script');
            script.textContent = 'window.slippedIn = true';
            document.body.append(script);
            const image = document.createElement('img');
            image.setAttribute('onerror', 'window.slippedIn = true');
            image.src = 'data:,';
            document.body.append(image);
            const foreign = document.createElement('script');
            foreign.src = 'https://example.com/a.js';
            document.body.append(foreign);
            await new Promise((resolve) => setTimeout(resolve, 300));
            return [window.slippedIn ?? false, [...new Set(refused)].sort()];";
        let slipped_in = browser.run(&format!("return (async () => {{ {slipped_in} }})()"), vec![]).await;
        assert_eq!(slipped_in, json!([false, ["script-src-attr", "script-src-elem"]]));
        browser.forget_complaints().await;
        // It was asked for by the test, and never left.
        browser.run("performance.clearResourceTimings();", vec![]).await;
    });
}

#[test]
fn workers_run_nothing_else_either() {
    drive(Setup::default(), async |browser| {
        Page::open(browser, QUICK).await;
        assert_workers_are_bound(browser).await;
    });
}

/// A worker has no policy from its page, only what comes with its script.
pub async fn assert_workers_are_bound(browser: &Browser) {
    let other = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    other.set_nonblocking(true).expect("it need not wait");
    let foreign = format!("http://{}/", other.local_addr().expect("it has an address"));
    let script = "const [foreign, done] = arguments, worker = new Worker('/e2e/probe.js');
        worker.onerror = (error) => done(error.message);
        worker.onmessage = ({ data }) => done(data);
        worker.postMessage(foreign);";
    let seen = browser.client.execute_async(script, vec![json!(foreign)]).await.expect("the worker answers");
    assert!(other.accept().is_err(), "another host was asked");
    assert_eq!(seen, json!({ "evaluated": "EvalError", "asked": "TypeError", "compiled": "done" }));
    browser.forget_complaints().await;
}

#[test]
fn what_a_worker_asks_of_another_host_is_seen() {
    if Kind::asked() != Kind::Chromium {
        return;
    }
    drive(Setup { isolated: false, ..Setup::FAULTY }, async |browser| {
        // Without headers nothing binds a worker.
        let foreign = "http://stranger.example/";
        browser.client.goto(&format!("{}/e2e/library.html", browser.site.origin())).await.expect("the page opens");
        let script = "const [foreign, done] = arguments, worker = new Worker('/e2e/probe.js');
            worker.onmessage = ({ data }) => done(data);
            worker.postMessage(foreign);";
        browser.client.execute_async(script, vec![json!(foreign)]).await.expect("the worker answers");
        let seen = browser.strangers.forget();
        assert!(seen.iter().any(|request| request.contains("stranger.example")), "{seen:?}");
    });
}
