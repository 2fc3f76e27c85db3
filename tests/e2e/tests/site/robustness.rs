//! The robustness panel: a report on the network in use, beside the one before.

use super::files::model;
use inkling::robustness::Kind;
use inkling_e2e::{Page, Setup, drive};
use std::fs;

#[derive(serde::Deserialize)]
struct Row {
    change: String,
    mean: String,
    worst: String,
    before: String,
}

async fn report(page: &Page<'_>) -> Vec<Row> {
    page.click("#robustness-test").await;
    page.wait_for_attribute("#robustness-state", "data-state", "done").await;
    let script = "return [...document.querySelectorAll('#robustness-rows tr')].map((row) => ({
        change: row.dataset.change, mean: row.dataset.mean, worst: row.dataset.worst, before: row.lastElementChild.textContent }))";
    serde_json::from_value(page.browser.run(script, vec![]).await).expect("a list of rows")
}

#[test]
fn two_networks_are_compared_on_changed_images() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?backend=cpu").await;
        let file = browser.downloads.join("untrained.inkling");
        fs::write(&file, model(&[784, 12, 10])).expect("it can be written");
        page.load_file(&file).await;
        page.wait("the loaded network", |now| now.text.contains("untrained.inkling")).await;
        let untrained = report(&page).await;
        let shipped = {
            page.click("#shipped").await;
            report(&page).await
        };
        for (rows, least, most) in [(&untrained, 0.0, 0.4), (&shipped, 0.97, 1.0)] {
            assert_eq!(rows.iter().map(|row| row.change.clone()).collect::<Vec<_>>(), Kind::ALL.map(Kind::name));
            let number = |text: &str| text.parse::<f64>().expect("a number");
            assert!((least..=most).contains(&number(&rows[0].mean)), "unchanged: {}", rows[0].mean);
            assert!(rows.iter().all(|row| number(&row.worst) <= number(&row.mean) + 1e-6));
        }
        assert!(untrained.iter().all(|row| row.before.is_empty()));
        assert!(shipped.iter().all(|row| row.before.contains('%')), "{}", shipped[0].before);
        assert_eq!(page.snapshot().await.notes, "");
    });
}
