//! How a drawing becomes 28x28, and the answer of a network that is not sure.

use inkling_e2e::{Page, Pointer, Setup, drive};
use serde_json::json;

#[test]
fn four_pictures_show_the_steps_and_escape_closes_them() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "").await;
        assert!(!page.is_enabled("#show-steps").await, "there is no drawing");
        page.draw(3, Pointer::Mouse).await;
        page.click("#show-steps").await;
        let inked = "return [...document.querySelectorAll('#steps canvas')].map((canvas) => {
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            return new Set(new Uint32Array(pixels.buffer)).size > 1; })";
        assert_eq!(browser.run(inked, vec![]).await, json!(vec![true; 4]));
        let state = "return [document.getElementById('steps').open, document.activeElement.id]";
        assert_eq!(browser.run(state, vec![]).await[0], json!(true));
        page.find("#steps-close").await.send_keys("\u{e00c}").await.expect("it takes keys");
        assert_eq!(browser.run(state, vec![]).await, json!([false, "show-steps"]));
    });
}

#[test]
fn a_network_that_has_learned_nothing_is_not_sure() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "").await;
        page.draw(0, Pointer::Mouse).await.assert_reads(0);
        assert_eq!(page.attribute("#verdict", "data-sure").await, "yes");
        page.click("#reset").await;
        let now = page.settle().await;
        assert_eq!(page.attribute("#verdict", "data-sure").await, "no");
        let probabilities = now.probabilities().expect("ten probabilities");
        let second = page.find("#second").await.text().await.expect("it has text");
        let second = probabilities[second.parse::<usize>().expect("a digit")];
        let above = probabilities.iter().filter(|&&p| p > second).count();
        assert_eq!(above, 1, "the second guess is the second most probable: {probabilities:?}");
    });
}
