//! What the page's process takes while a network trains; Chromium on Linux only.

use inkling_e2e::{Kind, Page, drive_mortal};
use std::time::Duration;

/// What an old phone can spare.
const MOST: u64 = 256 << 20;

#[test]
fn a_training_fits_into_the_memory_of_an_old_phone() {
    if Kind::asked() != Kind::Chromium || !cfg!(target_os = "linux") {
        return;
    }
    for workers in [1, 2] {
        drive_mortal(async |mortal| {
            let address = format!("?backend=cpu&workers={workers}&layers=128&optimizer=adam&epochs=4&lang=en");
            let page = Page::open_folded(&mortal.browser, &address).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            let (before, mut most) = (mortal.tab_memory(), 0);
            page.click("#train").await;
            loop {
                let now = page.snapshot().await;
                most = most.max(mortal.tab_memory());
                if std::env::var_os("MEM_LOG").is_some() {
                    println!("{} {} {}", now.state(), now.step(), mortal.tab_memory() >> 20);
                }
                assert_ne!(now.state(), "failed", "{now:#?}");
                if now.state() == "done" {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            println!("{workers} workers: {} MiB before, {} MiB at most", before >> 20, most >> 20);
            if std::env::var_os("MEM_LOG").is_none() {
                assert!(most < MOST, "{} MiB", most >> 20);
            }
        });
    }
}
