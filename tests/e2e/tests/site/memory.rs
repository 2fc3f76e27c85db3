//! What the page's process takes while a network trains on a device with little memory; Chromium on Linux only.

use inkling_e2e::{Kind, Page, drive_mortal};
use std::time::Duration;

/// What an old phone can spare.
const MOST: u64 = 256 << 20;

#[test]
fn a_training_fits_into_the_memory_of_an_old_phone() {
    if Kind::asked() != Kind::Chromium || !cfg!(target_os = "linux") {
        return;
    }
    drive_mortal(async |mortal| {
        mortal.browser.run_first("Object.defineProperty(navigator, 'deviceMemory', { value: 1 })").await;
        let page = Page::open_folded(&mortal.browser, "?backend=cpu&layers=128&optimizer=adam&epochs=4&lang=en").await;
        let before = mortal.tab_memory();
        page.click("#train").await;
        let mut most = before;
        loop {
            let now = page.snapshot().await;
            most = most.max(mortal.tab_memory());
            assert_ne!(now.state(), "failed", "{now:#?}");
            if now.state() == "done" {
                assert_eq!(now.status("workersReason"), "little-memory");
                let said = mortal.browser.run("return document.getElementById('engine-text').textContent", vec![]).await;
                assert!(said.as_str().is_some_and(|said| said.contains("little memory")), "{said}");
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        println!("{} MiB before, {} MiB at most", before >> 20, most >> 20);
        assert!(before > 0 && most < MOST, "{} MiB", most >> 20);
    });
}
