//! The panel inside: a neuron's sum is the saved network's; a weight changed by hand changes the answer and comes back; ink is
//! spoken of.

use super::files::download;
use inkling::format::model_file;
use inkling_e2e::{Page, Pointer, Setup, drive};
use serde_json::json;
use std::fs;

/// The ink that the network sees, 0 to 1 each pixel.
async fn ink(page: &Page<'_>) -> Vec<f64> {
    let script = "const pixels = document.getElementById('seen').getContext('2d').getImageData(0, 0, 28, 28).data;
        return [...Array(784).keys()].map((i) => pixels[4 * i] / 255);";
    serde_json::from_value(page.browser.run(script, vec![]).await).expect("numbers")
}

async fn number(page: &Page<'_>, name: &str) -> f64 {
    page.attribute("#inside-sum", name).await.parse().expect("a number")
}

#[test]
fn a_neurons_sum_is_the_saved_networks_and_a_changed_weight_comes_back() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?lang=en").await;
        let before = page.draw(3, Pointer::Mouse).await.probabilities().expect("an answer");
        page.find("#inside-title").await;
        let show = "document.getElementById('inside-title').scrollIntoView()";
        page.browser.run(show, vec![]).await;
        page.settle().await;
        page.type_into("#inside-unit", "5").await;
        page.settle().await;

        let file = download(&page, "#save", "inkling").await;
        let saved = model_file::decode(&fs::read(&file).expect("it can be read")).expect("a model file");
        let shape = saved.spec.layout().layers[0];
        let ink = ink(&page).await;
        let products = ink.iter().enumerate().map(|(i, x)| x * f64::from(saved.parameters[shape.weights + i * shape.units + 5]));
        let z = products.sum::<f64>() + f64::from(saved.parameters[shape.bias + 5]);
        page.browser.run(show, vec![]).await;
        page.settle().await;
        assert!((number(&page, "data-z").await - z).abs() < 1e-3 * (1.0 + z.abs()), "{} and {z}", number(&page, "data-z").await);
        let activation = saved.spec.dense().next().expect("a layer").activation;
        assert!((number(&page, "data-a").await - f64::from(activation.apply(z as f32))).abs() < 1e-3);

        // A bias of the last layer: the digit 8 is preferred.
        let last = "const stage = document.getElementById('inside-stage');
            stage.value = stage.lastElementChild.value; stage.dispatchEvent(new Event('change', { bubbles: true }));";
        page.browser.run(last, vec![]).await;
        page.type_into("#inside-unit", "8").await;
        let edit = "const field = document.querySelector('#inside-terms [data-row=\"8\"]');
            field.value = arguments[0]; field.dispatchEvent(new Event('input', { bubbles: true }));";
        page.browser.run(edit, vec![json!("60")]).await;
        let changed = page.settle().await;
        assert!(changed.probabilities().expect("an answer")[8] > 0.99, "{changed:?}");
        assert_eq!(page.attribute("#inside-change", "data-edits").await, "1");
        assert!(changed.text.contains("1 number changed: read as 3 before"), "{}", changed.text);
        page.click("#inside-undo").await;
        assert_eq!(page.settle().await.probabilities(), Some(before));

        page.browser.run(edit, vec![json!("60")]).await;
        page.settle().await;
        page.click("#inside-learned").await;
        assert_eq!(page.settle().await.probabilities(), Some(before));
        assert_eq!(page.attribute("#inside-change", "data-edits").await, "0");

        let said = page.settle().await.text;
        assert!(said.contains("Red ink speaks for 3"), "{said}");
        page.choose("#saliency-digit", "8").await;
        page.wait("the other digit", |now| now.text.contains("Red ink speaks for 8")).await;
        assert_eq!(page.snapshot().await.notes, "");
    });
}
