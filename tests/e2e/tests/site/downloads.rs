//! A bad network: what breaks off, stalls, is refused, changed, damaged or not the server's own ends with a trained network, or
//! with a sentence.

use std::fs;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use inkling_e2e::{Browser, Fault, Page, Pointer, Setup, Snapshot, drive, pkg};
use serde_json::json;

const QUICK: &str = "?layers=16&epochs=1&backend=cpu&batch=128&seed=1&lang=en";
/// The largest file, 9.5 MB.
const IMAGES: &str = "data/train-images-idx3-ubyte.gz";
const MODEL: &str = "models/shipped.inkling";
const SITE: Setup = Setup::FAULTY;
const FOREVER: usize = 1000;

/// Pauses of a second or more never end by themselves: what goes on was told to.
const PATIENCE: &str = "const { setTimeout } = window;
    window.setTimeout = (then, milliseconds, ...rest) => milliseconds < 500 ? setTimeout(then, milliseconds, ...rest) : 0;";
/// Notes how far the bar was.
const BAR: &str = "window.bar = [];
    new MutationObserver(() => {
        if (document.getElementById('status').dataset.state === 'loading') window.bar.push(document.getElementById('progress').value);
    }).observe(document.getElementById('state'), { childList: true, characterData: true, subtree: true });";

/// The reason and the words of `#waiting`, empty while it can't be seen.
async fn waiting(browser: &Browser) -> (String, String) {
    let look = "const box = document.getElementById('waiting');
        return box.checkVisibility() ? [box.dataset.reason, box.innerText] : ['', '']";
    serde_json::from_value(browser.run(look, vec![]).await).expect("two texts")
}

/// Waits until the page says that it waits, for this reason and in these words.
async fn wait_for(page: &Page<'_>, reason: &str, words: &str) {
    page.wait_until(reason, async || waiting(page.browser).await.0 == reason).await;
    let (_, text) = waiting(page.browser).await;
    assert!(text.contains(words), "{text}");
}

/// How often a file was asked for.
fn asked(browser: &Browser, name: &str) -> usize {
    browser.site.asked().iter().filter(|path| path.split('?').next().is_some_and(|path| path.ends_with(name))).count()
}

async fn trains(page: &Page<'_>) -> Snapshot {
    page.click("#train").await;
    is_trained(page).await
}

async fn is_trained(page: &Page<'_>) -> Snapshot {
    let done = page.wait_for_state("done").await;
    assert!(done.number("testAccuracy").is_some_and(|share| share > 0.8), "{done:#?}");
    assert_eq!(waiting(page.browser).await.0, "");
    done
}

#[test]
fn what_broke_off_is_gone_on_with_where_it_broke() {
    drive(SITE, async |browser| {
        browser.site.fail(IMAGES, [Fault::Cut(3_000_000), Fault::Cut(2_000_000), Fault::Stall(1_000_000), Fault::Status(503)]);
        let page = Page::open(browser, QUICK).await;
        browser.run(BAR, vec![]).await;
        page.click("#train").await;
        wait_for(&page, "stalled", "Nothing has come for a while").await;
        // One can draw meanwhile; the network that answers has not learned yet.
        assert!(page.draw(3, Pointer::Mouse).await.probabilities().is_some());
        is_trained(&page).await;
        assert_eq!(asked(browser, IMAGES), 5);
        let starts: Vec<u64> =
            browser.site.parts().iter().filter_map(|(_, range)| range[6..range.len() - 1].parse().ok()).collect();
        // What was under way when a connection broke may be lost, too; what came before it stalled is not.
        assert!(starts.len() == 4 && starts[0] > 0 && starts.is_sorted() && starts[2] > starts[1], "{starts:?}");
        assert_eq!(starts[2], starts[3], "nothing came with the refusal");
        let bar: Vec<f64> = serde_json::from_value(browser.run("return bar", vec![]).await).expect("numbers");
        assert!(bar.len() > 5 && bar.is_sorted(), "the bar went back: {bar:?}");
    });
}

#[test]
fn a_reload_keeps_what_has_come() {
    drive(SITE, async |browser| {
        browser.site.fail(IMAGES, [Fault::Cut(5_000_000)].into_iter().chain([Fault::Status(503); FOREVER]));
        let page = Page::open(browser, QUICK).await;
        page.click("#train").await;
        wait_for(&page, "busy", "The server has too much to do (HTTP 503)").await;
        browser.site.fail(IMAGES, []);
        page.reload().await;
        let before = browser.site.parts().len();
        trains(&page).await;
        let parts = browser.site.parts().split_off(before);
        assert!(parts.len() == 1 && parts[0].1.starts_with("bytes="), "{parts:?}");
    });
}

#[test]
fn a_file_that_comes_otherwise_begins_anew() {
    let plain = |name: &str| {
        let mut bytes = Vec::new();
        GzDecoder::new(&fs::read(pkg().join(name)).expect("the site has it")[..]).read_to_end(&mut bytes).expect("it is gzip");
        bytes
    };
    let over = std::env::temp_dir().join(format!("inkling-changed-{}", std::process::id()));
    fs::create_dir_all(over.join("data")).expect("there is a folder for temporary files");
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&plain(IMAGES)).expect("it is packed");
    let packed = packed.finish().expect("it is packed");
    for case in ["no parts", "changed", "longer", "damaged"] {
        drive(SITE, async |browser| {
            browser.site.fail(
                IMAGES,
                match case {
                    "no parts" => vec![Fault::Cut(3_000_000), Fault::Whole],
                    "changed" => vec![Fault::Cut(3_000_000), Fault::Status(503)],
                    "longer" => vec![Fault::Longer(1000)],
                    _ => vec![Fault::Damaged],
                },
            );
            let page = Page::open(browser, QUICK).await;
            page.click("#train").await;
            if case == "changed" {
                wait_for(&page, "busy", "tries again by itself").await;
                fs::write(over.join(IMAGES), &packed).expect("it can be written");
                browser.site.lay_over(over.clone());
            }
            is_trained(&page).await;
        });
    }
    let _ = fs::remove_dir_all(over);
}

#[test]
fn a_file_that_stays_bad_is_an_error() {
    let cases = [
        (Fault::Longer(1000), "train-images-idx3-ubyte.gz is cut short: it should have"),
        (Fault::Damaged, "train-images-idx3-ubyte can’t be read"),
        (Fault::Status(404), "train-images-idx3-ubyte.gz could not be loaded: HTTP 404"),
    ];
    for (fault, sentence) in cases {
        drive(SITE, async |browser| {
            // What is asked for as a part is as it is.
            browser.site.fail(
                IMAGES,
                match fault {
                    Fault::Longer(_) => vec![fault, Fault::None, fault, Fault::None],
                    Fault::Damaged => vec![fault; 2],
                    _ => vec![fault],
                },
            );
            let page = Page::open(browser, QUICK).await;
            page.click("#train").await;
            let now = page.wait("an error", |now| now.state() == "failed").await;
            assert!(now.notes.contains(sentence), "{fault:?}: {}", now.notes);
            assert_eq!(waiting(browser).await.0, "");
            assert!(page.draw(1, Pointer::Mouse).await.probabilities().is_some());
            // Nothing of it stays.
            trains(&page).await;
        });
    }
}

#[test]
fn a_network_that_wants_people_to_sign_in_is_known() {
    for fault in [Fault::SignIn, Fault::Status(511), Fault::LedAway] {
        drive(SITE, async |browser| {
            browser.run_first(PATIENCE).await;
            browser.site.fail(IMAGES, [fault; FOREVER]);
            let page = Page::open(browser, QUICK).await;
            page.click("#train").await;
            wait_for(&page, "sign-in", "perhaps this Wi-Fi wants you to sign in").await;
            browser.site.fail(IMAGES, []);
            page.click("#waiting-now").await;
            is_trained(&page).await;
            assert_eq!(asked(browser, IMAGES), 2);
        });
    }
}

#[test]
fn back_in_the_network_it_goes_on_at_once() {
    drive(SITE, async |browser| {
        browser.run_first(PATIENCE).await;
        let page = Page::open(browser, QUICK).await;
        browser.network(false).await;
        page.click("#train").await;
        wait_for(&page, "offline", "as soon as there is one").await;
        browser.network(true).await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.8), "{done:#?}");
    });
}

#[test]
fn nobody_is_told_what_nobody_waits_for() {
    drive(SITE, async |browser| {
        browser.site.fail(IMAGES, [Fault::Status(503); FOREVER]);
        let page = Page::open(browser, QUICK).await;
        page.click("#train").await;
        wait_for(&page, "busy", "HTTP 503").await;
        page.click("#reset").await;
        page.wait_until("silence", async || waiting(browser).await.0.is_empty()).await;
        page.click("#judge-test").await;
        wait_for(&page, "busy", "HTTP 503").await;
        browser.site.fail(IMAGES, []);
        page.wait_for_attribute("#judge-state", "data-state", "done").await;
        assert_eq!(waiting(browser).await.0, "");
    });
}

#[test]
fn the_network_that_ships_is_waited_for() {
    for faults in [vec![Fault::Status(503), Fault::Cut(100_000)], vec![Fault::Damaged], vec![Fault::SignIn]] {
        drive(SITE, async |browser| {
            browser.site.fail(MODEL, faults.clone());
            let page = Page::open(browser, QUICK).await;
            page.draw(1, Pointer::Mouse).await.assert_reads(1);
            assert_eq!(asked(browser, MODEL), faults.len() + 1, "{faults:?}");
        });
    }
    drive(SITE, async |browser| {
        browser.site.fail(MODEL, [Fault::Damaged; 2]);
        let address = format!("{}/{QUICK}", browser.site.origin());
        browser.client.goto(&address).await.expect("the page opens");
        let page = Page { browser };
        let now = page.wait("an error", |now| now.state() == "failed").await;
        assert!(now.notes.contains("The model file"), "{}", now.notes);
        // One can train without it.
        trains(&page).await;
    });
}

#[test]
fn a_program_that_does_not_come_is_tried_again() {
    let begins = |begin: &str, end: &str| {
        let names = fs::read_dir(pkg()).expect("the site is a folder").flatten();
        let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.find(|name| name.starts_with(begin) && name.ends_with(end)).expect("the site has it")
    };
    let files = [
        begins("page-", ".js"),
        begins("page-", ".wasm"),
        "locales/en.ftl".into(),
        "engine.js".into(),
        "inkling_cpu.js".into(),
        "inkling_relaxed.wasm".into(),
    ];
    for name in files {
        drive(SITE, async |browser| {
            browser.site.fail(&name, [Fault::Status(503), Fault::Cut(10)]);
            let page = Page { browser };
            browser.client.goto(&format!("{}/{QUICK}&workers=1", browser.site.origin())).await.expect("the page opens");
            page.wait_until(&name, async || {
                let state = browser.run("return document.getElementById('status')?.dataset.state", vec![]).await;
                state == json!("ready")
            })
            .await;
            trains(&page).await;
            assert_eq!(asked(browser, &name), 3, "{name}");
        });
    }
    for name in ["inkling_lessons.js", "inkling_lessons_bg.wasm", "lessons/en/neuron.html"] {
        drive(SITE, async |browser| {
            browser.site.fail(name, [Fault::Status(503), Fault::Cut(10)]);
            let page = Page::open(browser, QUICK).await;
            browser.run("location.hash = '#lesson/neuron';", vec![]).await;
            let shown = "return !!document.querySelector('[data-lesson=\"neuron\"]');";
            page.wait_until(name, async || browser.run(shown, vec![]).await == json!(true)).await;
            assert_eq!(asked(browser, name), 3, "{name}");
        });
    }
}
