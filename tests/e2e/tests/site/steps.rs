//! The steps from the drawing to 28x28: they play, they stand still for those who want no motion, and they end in what the
//! network sees. And the answer of a network that is not sure.

use inkling_e2e::{Page, Pointer, Setup, drive};
use serde_json::json;

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// For each picture, how many colors it has: an empty one has one.
const COLORS: &str = "return [...document.querySelectorAll('#steps canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size; });";

/// The middle of each of the last picture's cells beside the pixel of `#seen`: how many are compared, and how many differ. The
/// marks are colored and left out.
const COMPARED: &str = "const canvas = [...document.querySelectorAll('#steps canvas')].pop();
    const shown = canvas.getContext('2d'), seen = document.getElementById('seen').getContext('2d');
    let [compared, different] = [0, 0];
    for (let i = 0; i < 784; i += 1) {
        const [x, y] = [i % 28, Math.floor(i / 28)];
        const at = (cell) => Math.floor((cell + 0.5) * canvas.width / 28);
        const [red, green] = shown.getImageData(at(x), at(y), 1, 1).data;
        if (red !== green) continue;
        compared += 1;
        if (red !== seen.getImageData(x, y, 1, 1).data[0]) different += 1;
    }
    return [compared, different];";

async fn is_open(page: &Page<'_>) -> bool {
    page.browser.run("return document.getElementById('steps').open", vec![]).await == json!(true)
}

async fn colors(page: &Page<'_>) -> Vec<u32> {
    serde_json::from_value(page.browser.run(COLORS, vec![]).await).expect("numbers")
}

async fn press(page: &Page<'_>, css: &str, key: &str) {
    page.find(css).await.send_keys(key).await.expect("it takes keys");
}

#[test]
fn the_steps_play_one_by_one_and_close_by_themselves() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "").await;
        let is_shown = "return document.getElementById('show-steps').checkVisibility()";
        assert_eq!(browser.run(is_shown, vec![]).await, json!(false), "there is nothing to show yet");
        page.draw(4, Pointer::Mouse).await;

        let record = "const dialog = document.getElementById('steps');
            window.played = [];
            new MutationObserver(() => window.played.push(dialog.dataset.step)).observe(dialog, { attributeFilter: ['data-step'] });";
        browser.run(record, vec![]).await;
        press(&page, "#show-steps", ENTER).await;
        page.settle().await;
        assert!(is_open(&page).await);
        assert_eq!(colors(&page).await[1..], [1, 1, 1], "only the first picture has begun");

        // Read without a key or pointer, which would keep it open.
        let closed = "const done = arguments[0]; document.getElementById('steps').addEventListener('close', () => done())";
        browser.client.execute_async(closed, vec![]).await.expect("it closes by itself");
        assert_eq!(browser.run("return window.played", vec![]).await, json!(["1", "2", "3", "4", ""]));
        let colors = colors(&page).await;
        assert!(colors.iter().all(|&colors| colors > 1), "{colors:?}");
        let focus = browser.run("return document.activeElement.id", vec![]).await;
        assert_eq!(focus, json!("show-steps"), "who came by keyboard goes on from there");
    });
}

#[test]
fn without_motion_the_steps_stand_still_and_end_in_what_the_network_sees() {
    drive(Setup { still: true, ..Setup::default() }, async |browser| {
        let page = Page::open(browser, "").await;
        for digit in [7, 2] {
            page.draw(digit, Pointer::Mouse).await;
            page.click("#show-steps").await;
            page.settle().await;
            assert!(is_open(&page).await);
            let colors = colors(&page).await;
            assert!(colors.iter().all(|&colors| colors > 1), "all is there at once: {colors:?}");
            assert!(!page.find("#steps-again").await.is_displayed().await.expect("it is or not"), "nothing moves again");
            let [compared, different]: [u32; 2] =
                serde_json::from_value(browser.run(COMPARED, vec![]).await).expect("two numbers");
            println!("{digit}: {compared} pixels compared");
            assert!(compared > 700 && different == 0, "{different} of {compared} pixels differ from #seen");

            press(&page, "#steps-close", ESCAPE).await;
            assert!(!is_open(&page).await, "Escape closes it");
            page.click("#clear").await;
        }
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
