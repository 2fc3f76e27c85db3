//! The judge panel: its numbers agree with each other and with the status, a cell shows its images, an image goes onto the sheet,
//! and two networks are compared.

use super::files::model;
use inkling_e2e::{Page, Setup, drive};
use serde_json::json;
use std::fs;

/// How many test images show each digit: MNIST's labels.
const CLASSES: [u64; 10] = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];

async fn judge(page: &Page<'_>) {
    // It may be done before anybody looks.
    page.browser.run("document.getElementById('judge-state').dataset.state = ''", vec![]).await;
    page.click("#judge-test").await;
    page.wait_for_attribute("#judge-state", "data-state", "done").await;
    page.wait_until("the matrix", async || !matrix(page).await.is_empty()).await;
}

async fn matrix(page: &Page<'_>) -> Vec<u64> {
    let script = "return [...document.querySelectorAll('#confusion [data-cell]')].map((cell) => Number(cell.dataset.count))";
    serde_json::from_value(page.browser.run(script, vec![]).await).expect("a list of numbers")
}

async fn number(page: &Page<'_>, css: &str, attribute: &str) -> f64 {
    let text = page.attribute(css, attribute).await;
    text.parse().unwrap_or_else(|_| panic!("{css} has {attribute}={text:?}"))
}

/// Images that the gallery shows, once all pages are there and painted.
async fn all_images(page: &Page<'_>) -> Vec<u64> {
    let script = "const more = document.getElementById('gallery-more');
        let pages = 0;
        while (!more.hidden && pages++ < 100) { more.click(); }
        const painted = () => [...document.querySelectorAll('#gallery-images canvas')].every((c) => c.hasAttribute('data-painted'));
        while (!painted()) { await new Promise((done) => setTimeout(done, 20)); }
        return [...document.querySelectorAll('#gallery-images [data-number]')].map((image) => Number(image.dataset.number));";
    let script = format!("const done = arguments[0]; (async () => {{ {script} }})().then(done)");
    serde_json::from_value(page.browser.client.execute_async(&script, vec![]).await.expect("it shows all")).expect("numbers")
}

const SEEN: &str = "const { width, height } = document.getElementById('seen');
    const data = document.getElementById('seen').getContext('2d').getImageData(0, 0, width, height).data;
    return [...data].filter((_, i) => i % 4 === 0).join();";

#[test]
fn the_matrix_agrees_with_the_status_and_a_cell_shows_its_images() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=16&epochs=1&backend=cpu&batch=128&seed=1").await;
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        judge(&page).await;
        let matrix = matrix(&page).await;
        assert_eq!(matrix.len(), 100);
        for (digit, row) in matrix.chunks(10).enumerate() {
            assert_eq!(row.iter().sum::<u64>(), CLASSES[digit], "row {digit}");
        }
        let right: u64 = (0..10).map(|digit| matrix[11 * digit]).sum();
        let accuracy = done.number("testAccuracy").expect("it was tested");
        assert!((right as f64 / 10_000.0 - accuracy).abs() < 1e-6, "{right} and {accuracy}");
        assert!((number(&page, "#judge-state", "data-accuracy").await - accuracy).abs() < 1e-6);
        let (low, high) = (number(&page, "#judge-state", "data-low").await, number(&page, "#judge-state", "data-high").await);
        assert!(low < accuracy && accuracy < high && high - low < 0.02, "{low} {accuracy} {high}");
        let recall = number(&page, "#judge-classes [data-class='3']", "data-recall").await;
        assert!((recall - matrix[33] as f64 / 1010.0).abs() < 1e-9, "{recall}");

        // The cell off the diagonal with the most images; fewer than a page would show too little.
        let cell = (0..100).filter(|i| i % 11 != 0).max_by_key(|&i| matrix[i]).expect("a hundred cells");
        assert!(matrix[cell] > 24, "{matrix:?}");
        let (label, read) = (cell / 10, cell % 10);
        page.click(&format!("#confusion [data-cell='{label}-{read}']")).await;
        let first = page.browser.run("return document.querySelectorAll('#gallery-images li').length", vec![]).await;
        assert_eq!(first, json!(24), "a page at a time");
        let images = all_images(&page).await;
        assert_eq!(images.len() as u64, matrix[cell]);
        assert_eq!(images.iter().collect::<std::collections::BTreeSet<_>>().len(), images.len(), "each once");

        // The worst one goes onto the sheet, pixel by pixel, and is read as the cell says.
        page.click(&format!("[data-number='{}']", images[0])).await;
        page.settle().await.assert_reads(read);
        let pixels = format!(
            "const canvas = document.querySelector('[data-number=\"{}\"] canvas');
            const data = canvas.getContext('2d').getImageData(0, 0, 28, 28).data;
            return [...data].filter((_, i) => i % 4 === 0).join();",
            images[0]
        );
        let loaded = page.browser.run(SEEN, vec![]).await;
        assert_eq!(loaded, page.browser.run(&pixels, vec![]).await);
        // It can be drawn on, and each change taken back.
        let line = vec![(0.2, 0.1), (0.8, 0.1)];
        page.draw_stroke(&line, inkling_e2e::Pointer::Mouse, std::time::Duration::ZERO).await;
        page.settle().await;
        assert_ne!(page.browser.run(SEEN, vec![]).await, loaded);
        page.click("#undo").await;
        page.settle().await.assert_reads(read);
        assert_eq!(page.browser.run(SEEN, vec![]).await, loaded);
        page.click("#undo").await;
        assert!(page.settle().await.predicts_nothing());
        assert_eq!(page.snapshot().await.notes, "");
    });
}

#[test]
fn the_keys_move_between_cells_and_show_one() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?backend=cpu").await;
        judge(&page).await;
        let press = async |key: &str| {
            let script =
                "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true }));
                return document.activeElement.dataset.cell ?? ''";
            page.browser.run(script, vec![json!(key)]).await
        };
        page.browser.run("document.querySelector('#confusion [data-cell][tabindex=\"0\"]').focus()", vec![]).await;
        for (key, cell) in [
            ("ArrowRight", "0-1"),
            ("ArrowDown", "1-1"),
            ("End", "1-9"),
            ("ArrowRight", "1-9"),
            ("ArrowUp", "0-9"),
            ("Home", "0-0"),
        ] {
            assert_eq!(press(key).await, json!(cell), "{key}");
        }
        let stops = "return document.querySelectorAll('#confusion [tabindex=\"0\"]').length";
        assert_eq!(page.browser.run(stops, vec![]).await, json!(1), "Tab comes to one cell");
        page.browser.run("document.activeElement.click()", vec![]).await;
        assert_eq!(number(&page, "#gallery", "data-total").await, number(&page, "[data-cell='0-0']", "data-count").await);
    });
}

#[test]
fn two_networks_are_compared_image_by_image() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?backend=cpu").await;
        judge(&page).await;
        let shipped = number(&page, "#judge-state", "data-right").await as u64;
        assert!(shipped > 9_900, "{shipped}");
        let error = number(&page, "#calibration", "data-error").await;
        assert!(error < 0.01, "the shipped network is calibrated: {error}");
        assert!(!page.find("#versus").await.is_displayed().await.expect("it is or is not"));
        let file = browser.downloads.join("untrained.inkling");
        fs::write(&file, model(&[784, 12, 10])).expect("it can be written");
        page.load_file(&file).await;
        page.wait("the loaded network", |now| now.text.contains("untrained.inkling")).await;
        judge(&page).await;
        let untrained = number(&page, "#judge-state", "data-right").await as u64;
        let mut counts = Vec::new();
        for outcome in ["both", "only-a", "only-b", "neither"] {
            counts.push(number(&page, &format!("[data-outcome='{outcome}']"), "data-count").await as u64);
        }
        assert_eq!(counts.iter().sum::<u64>(), 10_000, "{counts:?}");
        assert_eq!((counts[0] + counts[1], counts[0] + counts[2]), (shipped, untrained), "{counts:?}");
        assert!(number(&page, "#versus", "data-p").await < 1e-6);
        page.click("[data-outcome='only-b']").await;
        assert_eq!(all_images(&page).await.len() as u64, counts[2]);
        assert_eq!(page.snapshot().await.notes, "");
    });
}

#[test]
fn the_card_is_a_png_of_the_size_that_links_are_shown_with() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=16&epochs=1&backend=cpu&batch=256&seed=1&lang=en").await;
        page.draw(3, inkling_e2e::Pointer::Mouse).await;
        page.click("#train").await;
        page.wait_for_state("done").await;
        let file = super::files::download(&page, "#card", "png").await;
        let bytes = fs::read(&file).expect("the file can be read");
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
        let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        assert_eq!((side(16), side(20)), (1200, 630));
        assert_eq!(page.snapshot().await.notes, "");
    });
}
