//! The service worker: after one visit no network is needed, and a host without the headers is no obstacle.

use std::time::{Duration, Instant};

use crate::hosting::assert_workers_are_bound;
use inkling_e2e::{Browser, Fault, Page, Pointer, Setup, drive, pkg};
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
/// Whole ones only.
const IMAGES_ARE_THERE: &str =
    "return (await (await caches.open('inkling-data-1')).keys()).filter(({ url }) => url.endsWith('.gz')).length";

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

#[test]
fn the_service_worker_binds_workers_where_the_host_does_not() {
    drive(Setup { offline: true, isolated: false, ..Setup::default() }, async |browser| {
        Page::open(browser, QUICK).await;
        until(browser, "return crossOriginIsolated", json!(true)).await;
        assert_workers_are_bound(browser).await;
    });
}

#[test]
fn a_new_version_waits_for_the_training_and_for_the_person() {
    drive(Setup { offline: true, ..Setup::default() }, async |browser| {
        let page = Page::open(browser, "?layers=128&epochs=1000&backend=cpu&batch=128&seed=1&lang=en").await;
        until(browser, CONTROLLED, json!(true)).await;
        page.click("#train").await;
        page.wait("training", |now| now.state() == "training" && now.step() > 20).await;

        let next = std::env::temp_dir().join(format!("inkling-next-{}", std::process::id()));
        std::fs::create_dir_all(next.join("locales")).expect("there is a folder for temporary files");
        let read = |name: &str| std::fs::read_to_string(pkg().join(name)).expect("the site has it");
        let worker = read("sw.js");
        let version = worker.split("VERSION = '").nth(1).and_then(|rest| rest.split('\'').next()).expect("a version");
        let words: String =
            read("locales/en.ftl")
                .lines()
                .map(|line| {
                    if line.starts_with("state-ready =") {
                        "state-ready = The next version.\n".into()
                    } else {
                        format!("{line}\n")
                    }
                })
                .collect();
        let (before, after) = (sum(browser, &read("locales/en.ftl")).await, sum(browser, &words).await);
        let worker = worker.replace(version, "the-next-one").replace(&before, &after);
        std::fs::write(next.join("sw.js"), worker).expect("it can be written");
        std::fs::write(next.join("locales/en.ftl"), words).expect("it can be written");
        browser.site.lay_over(next.clone());
        browser.run("navigator.serviceWorker.ready.then((registration) => registration.update())", vec![]).await;

        let shown = |css: &'static str| async move { page_shows(browser, css).await };
        page.wait_until("the announcement", async || shown("#update").await).await;
        page.click("#update-now").await;
        assert!(shown("#update-later").await, "the page does not say that the training comes first");
        let before = page.snapshot().await;
        page.wait("training to go on", |now| now.state() == "training" && now.step() > before.step() + 50).await;
        page.click("#stop").await;
        let done = page.wait_for_state("done").await;
        assert!(!done.text.contains("The next version."), "it was taken unasked");
        page.click("#update-now").await;
        until(browser, "return document.getElementById('state').textContent", json!("The next version.")).await;
        let _ = std::fs::remove_dir_all(next);
    });
}

/// By what the service worker knows a file.
async fn sum(browser: &Browser, text: &str) -> String {
    let script = "const [text, done] = arguments;
        crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)).then((sum) => done(new Uint8Array(sum).slice(0, 8).reduce((hex, byte) => hex + byte.toString(16).padStart(2, '0'), '')));";
    let sum = browser.client.execute_async(script, vec![json!(text)]).await.expect("browsers can hash");
    sum.as_str().expect("a text").to_string()
}

async fn page_shows(browser: &Browser, css: &str) -> bool {
    browser.run("return document.querySelector(arguments[0]).checkVisibility()", vec![json!(css)]).await == json!(true)
}

/// What the service worker keeps of the site.
const KEPT: &str = "const name = (await caches.keys()).find((name) => name.startsWith('inkling-site-'));
    const cache = await caches.open(name);";

#[test]
fn an_interrupted_installation_goes_on_with_what_is_missing() {
    drive(Setup { offline: true, faulty: true, ..Setup::default() }, async |browser| {
        // Nobody but the service worker asks for these.
        let once = "lessons/en/neuron.html";
        for (name, fault) in [
            ("lessons/en/matrices.html", Fault::Status(503)),
            ("lessons/en/example.html", Fault::Cut(100)),
            ("lessons/en/keras.html", Fault::SignIn),
            ("lessons/en/training.html", Fault::Damaged),
        ] {
            browser.site.fail(name, [fault; 2]);
        }
        Page::open(browser, QUICK).await;
        until(browser, CONTROLLED, json!(true)).await;
        let asked = |name: &str| browser.site.asked().iter().filter(|path| path.ends_with(name)).count();
        assert_eq!((asked(once), asked("lessons/en/matrices.html"), asked("lessons/en/keras.html")), (1, 3, 3));
        for name in ["matrices", "example", "keras", "training"] {
            let path = format!("lessons/en/{name}.html");
            let text = std::fs::read_to_string(pkg().join(&path)).expect("the site has it");
            let kept = format!("{KEPT} return await (await cache.match('./{path}')).text()");
            until(browser, &kept, json!(text)).await;
        }
    });
}
