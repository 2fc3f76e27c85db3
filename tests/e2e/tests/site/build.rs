//! The network is stacked from blocks: with pointer and keyboard, within its limits, and what is stacked trains.

use super::lessons::set;
use inkling::settings::{NAMES, PRESETS, Settings};
use inkling_e2e::{Browser, Gpu, Page, Setup, drive};

/// Whatever is written to the clipboard is in `window.copied`.
pub const CLIPBOARD: &str = "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }";

/// Clipboard text so far.
pub async fn copied(browser: &Browser) -> String {
    browser.run("return window.copied ?? ''", vec![]).await.as_str().unwrap_or_default().to_string()
}

async fn texts(page: &Page<'_>, script: &str) -> Vec<String> {
    serde_json::from_value(page.browser.run(script, vec![]).await).expect("a list of texts")
}

/// The blocks, each with its number: `dense:64`.
async fn blocks(page: &Page<'_>) -> Vec<String> {
    let script = "return [...document.querySelectorAll('#blocks > li')].map((block) =>
        [block.dataset.kind, block.querySelector('[data-control=units], [data-control=rate]')?.value].filter(Boolean).join(':'))";
    texts(page, script).await
}

/// Where the focus is: the block's number and the control, or an id.
async fn focus(page: &Page<'_>) -> [String; 2] {
    let script = "const e = document.activeElement;
        return [e.closest('[data-block]')?.dataset.block ?? '', e.dataset.control ?? e.id]";
    texts(page, script).await.try_into().expect("two texts")
}

/// Types where the focus is.
async fn press(page: &Page<'_>, keys: &str) {
    let element = page.browser.client.active_element().await.expect("something has the focus");
    element.send_keys(keys).await.expect("it takes keys");
}

async fn unfold_all(page: &Page<'_>) {
    page.browser.run("document.querySelectorAll('details').forEach((details) => { details.open = true; })", vec![]).await;
}

async fn text(page: &Page<'_>, css: &str) -> String {
    page.find(css).await.prop("textContent").await.expect("an element has text").unwrap_or_default()
}

fn control(block: usize, control: &str) -> String {
    format!("[data-block='{block}'] [data-control='{control}']")
}

#[test]
fn blocks_are_added_moved_and_removed_with_pointer_and_keyboard() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=32&backend=cpu&lang=en").await;
        assert_eq!(blocks(&page).await, ["dense:32"]);
        page.click("#add-dropout").await;
        assert_eq!(blocks(&page).await, ["dense:32", "dropout:0.2"]);
        assert_eq!(focus(&page).await, ["1", "rate"]);
        page.click(&control(1, "up")).await;
        assert_eq!(blocks(&page).await, ["dropout:0.2", "dense:32"]);
        assert_eq!(focus(&page).await[0], "0", "the focus goes with the block");

        // From here on by keyboard: down, remove, remove, add.
        browser.run("document.querySelector(\"[data-block='0'] [data-control='down']\").focus()", vec![]).await;
        press(&page, "\u{e007}").await;
        assert_eq!(blocks(&page).await, ["dense:32", "dropout:0.2"]);
        assert_eq!(focus(&page).await[0], "1", "the focus goes with the block");
        browser.run("document.querySelector(\"[data-block='1'] [data-control='remove']\").focus()", vec![]).await;
        press(&page, " ").await;
        assert_eq!(blocks(&page).await, ["dense:32"]);
        assert_eq!(focus(&page).await, ["0", "remove"]);
        press(&page, "\u{e007}").await;
        assert_eq!(blocks(&page).await, [""; 0]);
        assert_eq!(page.value("#layers").await, "");
        assert_eq!(focus(&page).await, ["", "add-dense"]);
        press(&page, "\u{e007}").await;
        assert_eq!(blocks(&page).await, ["dense:64"]);
        assert_eq!(focus(&page).await, ["0", "units"]);
        // A number typed and left with the tabulator: the next field has the focus, not the first one again.
        page.type_into(&control(0, "units"), "48").await;
        assert_eq!(focus(&page).await, ["0", "activation"]);
        assert_eq!(page.value("#layers").await, "48");

        for _ in 0..7 {
            page.click("#add-dense").await;
        }
        assert_eq!(blocks(&page).await.len(), 8);
        page.click("#add-dense").await;
        assert_eq!(blocks(&page).await.len(), 8, "eight hidden layers are the most");
        let error = text(&page, "#layers-error").await;
        assert!(error.contains('9') && error.contains('8'), "{error}");
    });
}

#[test]
fn a_layer_has_at_most_4096_units_and_a_network_must_fit() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=32&backend=cpu&lang=en").await;
        page.type_into(&control(0, "units"), "4096").await;
        assert_eq!(page.value("#layers").await, "4096");
        assert_eq!(text(&page, "#layers-error").await, "");
        let cost = text(&page, "#cost").await;
        assert!(cost.contains("MB") && cost.contains("s an epoch") && cost.contains("3,256,330"), "{cost}");
        page.type_into(&control(0, "units"), "5000").await;
        let error = text(&page, "#layers-error").await;
        assert!(error.contains("5000") && error.contains("4096"), "{error}");
        assert!(page.find("#layers-error").await.is_displayed().await.expect("it is there"));

        let large = "?layers=4096,4096,4096,4096&optimizer=adam&batch=4096&backend=cpu&lang=en";
        let page = Page::open(browser, large).await;
        assert_eq!(page.attribute("#cost", "data-fits").await, "no");
        page.click("#train").await;
        let now = page.wait("a reason", |now| !now.notes.is_empty()).await;
        assert!(now.notes.contains("memory") && now.notes.contains("1073741824"), "{}", now.notes);
        assert_eq!((now.state(), now.step()), ("ready", 0), "no run begins");
    });
}

#[test]
fn blocks_of_every_kind_train_on_the_processor() {
    drive(Setup::default(), async |browser| {
        let query = "?layers=24:tanh:he:l2=0.0001,batchnorm,dropout:0.1,16:gelu:normal&epochs=1&batch=128&backend=cpu";
        let page = Page::open(browser, query).await;
        assert_eq!(blocks(&page).await, ["dense:24", "norm", "dropout:0.1", "dense:16"]);
        let own = [page.value(&control(0, "activation")).await, page.value(&control(0, "initializer")).await];
        assert_eq!(own, ["tanh", "he"]);
        assert_eq!(page.value(&control(0, "l2")).await, "0.0001");
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.7), "{done:#?}");
    });
}

#[test]
fn blocks_of_every_kind_train_on_webgpu() {
    drive(Setup { gpu: Gpu::Any, ..Setup::default() }, async |browser| {
        let page = Page::open(browser, "?layers=8:relu:he:l2=0.01,batchnorm,dropout:0.1&batch=32&backend=webgpu").await;
        page.click("#step").await;
        let paused = page.wait_for_state("paused").await;
        assert_eq!((paused.backend(), paused.step()), ("webgpu", 1));
        assert!(paused.number("loss").is_some_and(|loss| loss > 0.5 && loss < 10.0), "{paused:#?}");
    });
}

#[test]
fn the_network_is_there_as_summary_and_as_code() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=32,batchnorm&lang=en").await;
        browser.run(CLIPBOARD, vec![]).await;
        page.click("#code > summary").await;
        page.settle().await;
        let rows = texts(&page, "return [...document.querySelectorAll('#summary-rows tr')].map((row) => row.innerText)").await;
        assert_eq!(rows.len(), 5, "{rows:?}");
        assert!(rows[2].contains("dense (Dense)") && rows[2].contains("25,120"), "{rows:?}");
        assert!(text(&page, "#summary-totals").await.contains("25,578"));
        for (button, source, word, backend) in [
            ("#copy-keras", "#code-keras", "layers.Dense(32", "cpu"),
            ("#copy-pytorch", "#code-pytorch", "nn.Linear(784, 32)", "auto"),
        ] {
            let code = text(&page, source).await;
            assert!(code.contains(word), "{code}");
            page.click(button).await;
            page.wait_until("the code to be copied", async || copied(browser).await == code).await;
            page.wait_until("the page to say so", async || text(&page, "#code-copied").await == "Copied.").await;
            set(browser, "backend", backend).await;
            page.settle().await;
            assert_eq!(text(&page, "#code-copied").await, "Copied.", "{backend}: the code is the same");
        }
    });
}

/// The fields that a preset fills.
fn field(name: &str) -> String {
    if name == "lr" { "#learning-rate".into() } else { format!("#{name}") }
}

#[test]
fn a_preset_fills_everything() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?lang=en").await;
        unfold_all(&page).await;
        for preset in PRESETS.iter().rev() {
            page.choose("#preset", preset.name).await;
            let mut settings = Settings::default();
            settings.set("preset", preset.name).expect("it is a preset");
            for name in NAMES.into_iter().filter(|name| !["backend", "workers", "seed", "data", "augment"].contains(name)) {
                let shown = page.value(&field(name)).await.replace(", ", ",");
                assert_eq!(shown, settings.get(name), "{}: {name}", preset.name);
            }
            assert_eq!(page.is_checked("#augment").await, settings.augment, "{}", preset.name);
            assert_eq!(blocks(&page).await.len(), settings.layers.len());
        }
    });
}

#[test]
fn every_choice_trains() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=8&batch=32&backend=cpu").await;
        unfold_all(&page).await;
        for select in ["activation", "loss", "optimizer", "schedule", "initializer"] {
            let script = format!("return [...document.querySelectorAll('#{select} option')].map((option) => option.value)");
            let values = texts(&page, &script).await;
            assert!(values.len() >= 2, "{select}");
            for value in values {
                page.choose(&format!("#{select}"), &value).await;
                page.click("#step").await;
                let now = page.wait_for_state("paused").await;
                assert_eq!(now.step(), 1);
                assert!(now.number("loss").is_some_and(|loss| loss > 0.05 && loss < 20.0), "{select} {value}: {now:#?}");
                page.click("#reset").await;
                page.wait_for_state("ready").await;
            }
        }
    });
}
