//! Killed at any moment - the tab, its process, the worker, the browser - a training goes on where it was, loses at most five
//! seconds, and ends with the bits of one that was never interrupted. `INKLING_KILLS` says how many times (8 if unset); Chromium
//! on Linux only.

use inkling_e2e::{Kind, Mortal, Page, drive_mortal};
use serde_json::json;
use std::time::{Duration, Instant};

/// Much to remember: two vectors of Adam's, and an order of images in every epoch.
const RUN: &str = "?layers=32,16&optimizer=adam&epochs=6&backend=cpu&workers=2&batch=64&seed=3&lang=en";
/// Seconds that may be lost.
const MOST_LOST: f64 = 5.0;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Victim {
    /// Closed by a person.
    Tab,
    /// SIGKILL.
    TabProcess,
    /// Ended without a word to the page, which is then loaded again.
    Worker,
    /// SIGKILL.
    Browser,
}

const VICTIMS: [Victim; 4] = [Victim::Browser, Victim::Worker, Victim::Tab, Victim::TabProcess];

/// So that the test can end the workers.
const LIST_WORKERS: &str = "window.started = [];
    window.Worker = class extends Worker { constructor(...all) { super(...all); started.push(this); } };";

/// The SHA-256 of the network that the browser keeps, all weights exactly; empty before there is one. Then it is forgotten.
const TAKE_NETWORK: &str = "const done = arguments[0];
    const open = indexedDB.open('inkling');
    open.onsuccess = () => {
        const store = open.result.transaction('kept', 'readwrite').objectStore('kept');
        const got = store.get('network');
        got.onsuccess = async () => {
            if (!got.result) { open.result.close(); return done(''); }
            const gone = store.delete('network');
            gone.onsuccess = async () => {
                open.result.close();
                const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', got.result));
                done([...hash].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
            };
        };
    };";

async fn visit(mortal: &Mortal<'_>) {
    mortal.browser.run_first(LIST_WORKERS).await;
    Page::open_folded(&mortal.browser, RUN).await;
}

async fn take_network(page: &Page<'_>) -> String {
    let hash = page.browser.client.execute_async(TAKE_NETWORK, vec![]).await.expect("the store is there");
    hash.as_str().unwrap_or_default().to_string()
}

/// Waits for the end; the network that the run has made.
async fn outcome(page: &Page<'_>) -> String {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(180) {
        let now = page.snapshot().await;
        assert_ne!(now.state(), "failed", "{now:#?}");
        if now.state() == "done" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for _ in 0..100 {
        let hash = take_network(page).await;
        if !hash.is_empty() {
            return hash;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no network is kept: {:#?}", page.snapshot().await);
}

/// After which step the page offers to go on; `None` if it does not.
async fn offer(page: &Page<'_>) -> Option<u64> {
    let began = Instant::now();
    let script =
        "const at = (id) => document.getElementById(id); return at('kept').checkVisibility() ? at('kept-text').textContent : ''";
    while began.elapsed() < Duration::from_secs(4) {
        let text = page.browser.run(script, vec![]).await;
        if let Some((_, step)) = text.as_str().and_then(|text| text.split_once("after ")) {
            let digits: String = step.chars().take_while(|c| *c != '.').filter(char::is_ascii_digit).collect();
            return Some(digits.parse().expect("the offer says how many steps"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    None
}

async fn kill(mortal: &mut Mortal<'_>, victim: Victim) {
    let client = mortal.browser.client.clone();
    match victim {
        Victim::Browser => mortal.kill(false).await,
        Victim::TabProcess => mortal.kill(true).await,
        Victim::Worker => _ = mortal.browser.run("started.forEach((worker) => worker.terminate())", vec![]).await,
        Victim::Tab => {
            let (old, new) = (client.window().await.expect("a window"), client.new_window(true).await.expect("another one"));
            client.switch_to_window(old).await.expect("it is there");
            client.close_window().await.expect("it closes");
            client.switch_to_window(new.handle).await.expect("it is there");
        }
    }
}

#[test]
fn killed_at_any_moment_a_training_goes_on_and_ends_the_same() {
    if Kind::asked() != Kind::Chromium || !cfg!(target_os = "linux") {
        return;
    }
    let kills: usize = std::env::var("INKLING_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(8);
    let mut rng = fastrand::Rng::new();
    drive_mortal(async |mortal| {
        visit(mortal).await;
        let page = Page { browser: &mortal.browser };
        page.click("#train").await;
        let began = Instant::now();
        let whole = outcome(&page).await;
        println!("never interrupted: {:.1} s, {whole}", began.elapsed().as_secs_f64());

        let (mut done, mut ended, mut worst) = (0, 0, 0.0_f64);
        while done < kills {
            visit(mortal).await;
            Page { browser: &mortal.browser }.click("#train").await;
            let mut began = Instant::now();
            let mut from = 0;
            loop {
                let page = Page { browser: &mortal.browser };
                let until = Duration::from_millis(rng.u64(100..4500));
                while began.elapsed() < until && page.snapshot().await.state() != "done" {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                let now = page.snapshot().await;
                if now.state() == "done" || done == kills {
                    break;
                }
                let (step, trained) = (now.step(), began.elapsed().as_secs_f64());
                let victim = VICTIMS[done % VICTIMS.len()];
                kill(mortal, victim).await;
                done += 1;
                visit(mortal).await;
                let page = Page { browser: &mortal.browser };
                let kept = offer(&page).await;
                // What a second of training is in steps, in this stretch.
                let lost = step.saturating_sub(kept.unwrap_or(0)) as f64 * trained / step.saturating_sub(from).max(1) as f64;
                worst = worst.max(lost);
                println!("{done}: {victim:?} killed after {trained:.2} s at step {step}, goes on at {kept:?}: {lost:.2} s lost");
                assert!(lost <= MOST_LOST, "{lost:.2} s are lost");
                page.click(if kept.is_some() { "#kept-continue" } else { "#train" }).await;
                (began, from) = (Instant::now(), kept.unwrap_or(0));
                let next =
                    page.wait("it to go on", |now| now.state() == "training" && now.step() > from || now.state() == "done").await;
                assert!(next.step() >= from);
            }
            assert_eq!(outcome(&Page { browser: &mortal.browser }).await, whole, "after {done} kills");
            ended += 1;
            assert_eq!(
                mortal.browser.run("return document.getElementById('kept').checkVisibility()", vec![]).await,
                json!(false)
            );
        }
        println!("{done} kills, at most {worst:.2} s lost, {ended} runs ended with the same bits");
    });
}
