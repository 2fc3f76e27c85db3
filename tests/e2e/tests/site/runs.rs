//! The panel of runs and the charts: what is over is compared, kept, named, deleted, exported, and repeated over seeds.

use super::files::download;
use inkling_e2e::{Page, Setup, drive};
use serde_json::{Value, json};
use std::fs;

const QUERY: &str = "?layers=8&epochs=1&backend=cpu&batch=128&seed=1&lang=en";

/// The panel is filled in once it is in view.
async fn look(page: &Page<'_>) {
    page.browser.run("document.getElementById('runs-title').scrollIntoView({ behavior: 'instant' })", vec![]).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    page.settle().await;
}

pub async fn rows(page: &Page<'_>) -> Vec<Value> {
    look(page).await;
    let script = "return [...document.querySelectorAll('#runs-rows tr[data-run]')].map((row) => ({ ...row.dataset,
        called: row.querySelector('[data-control=name]').value,
        marked: Object.fromEntries([...row.querySelectorAll('td[data-differs]')].map((c) => [c.dataset.differs, c.querySelector('mark').textContent])) }))";
    page.browser.run(script, vec![]).await.as_array().cloned().unwrap_or_default()
}

fn number(row: &Value, name: &str) -> f64 {
    row[name].as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{name} of {row}"))
}

/// The pixels of a chart.
async fn pixels(page: &Page<'_>) -> String {
    page.settle().await;
    let script = "const c = document.getElementById('loss-chart');
        return c.toDataURL()";
    page.browser.run(script, vec![]).await.as_str().unwrap_or_default().to_string()
}

async fn set(page: &Page<'_>, id: &str, change: &str) {
    let script = format!(
        "const e = document.getElementById('{id}'); {change}; e.dispatchEvent(new Event('change')); e.dispatchEvent(new Event('input'));"
    );
    page.browser.run(&script, vec![]).await;
}

#[test]
fn runs_are_compared_kept_named_deleted_and_exported() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, QUERY).await;
        page.click("#train").await;
        let first = page.wait_for_state("done").await;
        set(&page, "learning-rate", "e.value = '0.5'").await;
        page.click("#train").await;
        page.wait("the second run", |now| now.state() == "training").await;
        let second = page.wait_for_state("done").await;

        let two = rows(&page).await;
        assert_eq!(two.len(), 2, "{two:#?}");
        for (row, done) in [(&two[1], &first), (&two[0], &second)] {
            assert!((number(row, "test") - done.number("testAccuracy").expect("tested")).abs() < 1e-6);
            assert!((number(row, "validation") - done.number("validationAccuracy").expect("validated")).abs() < 1e-6);
            assert!(number(row, "testFrom") < number(row, "test") && number(row, "test") < number(row, "testTo"));
            assert!(number(row, "samplesPerSecond") > 100.0 && number(row, "seconds") > 0.0);
        }
        assert_eq!(two[0]["marked"], json!({ "lr": "0.5" }), "only what differs is marked");
        assert_eq!(two[1]["marked"], json!({ "lr": "0.1" }));

        // Kept and named.
        page.type_into("#runs-rows tr[data-run='1'] [data-control='name']", "slow, \"sure\"").await;
        let csv = fs::read_to_string(download(&page, "#runs-csv", "csv").await).expect("a text");
        let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 3, "{csv}");
        assert!(lines[0].starts_with("run,name,") && lines[1].starts_with("1,\"slow, \"\"sure\"\"\",,20"), "{csv}");
        assert!(lines[2].contains(&format!(",{},", two[0]["test"].as_str().expect("a number"))), "{csv}");
        let png = fs::read(download(&page, "#runs-png", "png").await).expect("a file");
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.len() > 5_000, "{} bytes", png.len());

        let page = Page::open(browser, QUERY).await;
        let kept = rows(&page).await;
        assert_eq!(kept.iter().map(|row| row["called"].clone()).collect::<Vec<_>>(), [json!("Run 2"), json!("slow, \"sure\"")]);
        assert_eq!((&kept[0]["test"], &kept[1]["settings"]), (&two[0]["test"], &two[1]["settings"]));

        // Used again, hidden, deleted, brought back.
        page.click("#runs-rows tr[data-run='2'] [data-control='use']").await;
        assert_eq!(page.value("#learning-rate").await, "0.5");
        let names = "return document.getElementById('chart-runs').children.length";
        page.browser.run("document.getElementById('charts').scrollIntoView({ behavior: 'instant' })", vec![]).await;
        page.wait("both curves", |now| now.text.contains("Horizontal: epochs")).await;
        assert_eq!(page.browser.run(names, vec![]).await, json!(2));
        page.click("#runs-rows tr[data-run='2'] [data-control='show']").await;
        page.browser.run("document.getElementById('charts').scrollIntoView({ behavior: 'instant' })", vec![]).await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        page.settle().await;
        assert_eq!(page.browser.run(names, vec![]).await, json!(1));
        page.click("#runs-rows tr[data-run='2'] [data-control='delete']").await;
        assert_eq!(rows(&page).await.len(), 1);
        page.click("#runs-undo").await;
        assert_eq!(rows(&page).await.len(), 2);
        page.click("#runs-rows tr[data-run='2'] [data-control='delete']").await;
        let page = Page::open(browser, QUERY).await;
        assert_eq!(rows(&page).await.len(), 1);
    });
}

#[test]
fn charts_have_axes_to_choose_and_values_to_read() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, QUERY).await;
        page.click("#train").await;
        page.wait_for_state("done").await;
        page.browser.run("document.getElementById('charts').scrollIntoView({ behavior: 'instant' })", vec![]).await;
        let mut seen = vec![pixels(&page).await];
        for (id, change) in [
            ("chart-log", "e.checked = true"),
            ("chart-smoothing", "e.value = '80'"),
            ("chart-along", "e.value = 'seconds'"),
            ("chart-which", "e.value = 'validation'"),
        ] {
            set(&page, id, change).await;
            seen.push(pixels(&page).await);
        }
        for (i, picture) in seen.iter().enumerate() {
            assert!(picture.len() > 1_000 && !seen[..i].contains(picture), "picture {i} is empty or as before");
        }
        // By keyboard: the last value, in seconds.
        let chart = page.find("#accuracy-chart").await;
        chart.send_keys("\u{e010}").await.expect("a chart takes keys");
        let now = page.settle().await;
        let read = page.attribute("#accuracy-chart", "aria-valuetext").await;
        let accuracy = format!("{:.2}%", 100.0 * now.number("validationAccuracy").expect("validated"));
        assert!(read.contains(" s · validation") && read.contains(&accuracy), "{read} and {accuracy}");
        chart.send_keys("\u{e011}").await.expect("a chart takes keys");
        page.settle().await;
        assert!(page.attribute("#accuracy-chart", "aria-valuetext").await.starts_with("0.00 s"));
        // As a table: an evaluation a row.
        page.click("#chart-numbers summary").await;
        page.settle().await;
        let table = "return [...document.querySelectorAll('#chart-rows tr')].map((row) => row.lastElementChild.textContent)";
        let table: Vec<String> = serde_json::from_value(page.browser.run(table, vec![]).await).expect("texts");
        assert_eq!((table.len(), table.last()), (3, Some(&accuracy)), "{table:?}");
    });
}

#[test]
fn a_repetition_gives_mean_and_deviation_of_its_rows() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, QUERY).await;
        look(&page).await;
        page.type_into("#repeat-seeds", "3").await;
        page.click("#repeat").await;
        page.wait_for_attribute("#repeat-state", "data-state", "done").await;
        let all = rows(&page).await;
        assert_eq!(all.len(), 3);
        for name in ["test", "validation"] {
            let values: Vec<f64> = all.iter().map(|row| number(row, name)).collect();
            let mean = values.iter().sum::<f64>() / 3.0;
            let sd = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 2.0).sqrt();
            assert!(sd > 0.0, "three seeds, three results: {values:?}");
            for (kind, want) in [("mean", mean), ("sd", sd)] {
                let shown = page.attribute("#runs-rows tr.summed", &format!("data-{kind}-{name}")).await;
                assert!((shown.parse::<f64>().expect("a number") - want).abs() < 1e-6, "{kind} of {name}: {shown}, {want}");
            }
        }
        let seeds: Vec<Value> = all.iter().map(|row| row["marked"]["seed"].clone()).collect();
        assert_eq!(seeds, [json!("3"), json!("2"), json!("1")]);
        // Stopped: the run that was going on is one of its own, and no other begins.
        set(&page, "epochs", "e.value = '1000'").await;
        page.click("#repeat").await;
        page.wait("training", |now| now.state() == "training" && now.step() > 0).await;
        page.click("#repeat-stop").await;
        page.wait_for_state("done").await;
        let all = rows(&page).await;
        assert_eq!((all.len(), &all[0]["group"]), (4, &json!("")));
        assert_eq!(page.value("#seed").await, "1", "the settings are as they were");
    });
}

#[test]
fn foreign_text_in_the_storage_breaks_nothing() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, QUERY).await;
        page.browser.run("localStorage.setItem('inkling-runs-1', '{\"id\":1}\\n<html>\\n' + 'x'.repeat(1000))", vec![]).await;
        let page = Page::open(browser, QUERY).await;
        assert!(rows(&page).await.is_empty());
        page.browser
            .run("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }", vec![])
            .await;
        page.click("#train").await;
        page.wait_for_state("done").await;
        assert_eq!(rows(&page).await.len(), 1, "the page has it, if not the browser");
        assert!(page.snapshot().await.text.contains("can’t keep these results"));
    });
}
