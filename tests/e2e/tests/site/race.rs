//! Time to accuracy: a preset, its run, its times, and its result as text.

use inkling_e2e::{Page, Setup, Snapshot, drive};

/// Writing to the clipboard is noted in `window.copied`, and refused if `window.refuses`.
const LISTEN: &str = "
    const write = navigator.clipboard.writeText.bind(navigator.clipboard);
    navigator.clipboard.writeText = (text) => {
        window.copied = text;
        return window.refuses ? Promise.reject(new DOMException('no', 'NotAllowedError')) : write(text);
    };";

async fn text_of(page: &Page<'_>, css: &str) -> String {
    page.find(css).await.text().await.expect("it has a text")
}

/// The times that a run shows, in order.
fn times(done: &Snapshot) -> Vec<f64> {
    ["timeTo-97", "timeTo-98", "seconds"].iter().filter_map(|name| done.number(name)).collect()
}

#[test]
fn a_race_is_timed_and_its_result_can_be_copied() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?backend=cpu&lang=en&seed=3").await;
        assert_eq!(page.value("#preset").await, "slides");
        page.choose("#preset", "race").await;
        for (field, value) in [("#activation", "relu"), ("#optimizer", "adam"), ("#schedule", "one-cycle"), ("#seed", "3")] {
            assert_eq!(page.value(field).await, value, "{field}");
        }
        assert!(!page.is_enabled("#copy").await, "there is no result yet");

        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        // The preset is made to reach both.
        let times = times(&done);
        assert!(times.len() == 3 && times[0] > 0.0 && times.is_sorted(), "{times:?}");
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.975), "{done:#?}");
        for (css, seconds) in [("#measure-to-97", times[0]), ("#measure-to-98", times[1]), ("#measure-total", times[2])] {
            assert_eq!(text_of(&page, css).await, format!("{seconds:.2} s"), "{css}");
        }

        browser.run(LISTEN, vec![]).await;
        // A result is about the run, not about what was chosen after it.
        page.choose("#activation", "tanh").await;
        assert_eq!(page.value("#preset").await, "", "settings that are no preset");
        page.click("#copy").await;
        page.wait("word of the copy", |now| now.text.contains("Copied")).await;
        let copied = browser.run("return window.copied", vec![]).await;
        let copied = copied.as_str().expect("a text was copied");
        println!("{copied}");
        let test = format!("{:.2}%", 100.0 * done.number("testAccuracy").expect("it was tested"));
        let (to_97, to_98) = (format!("To 97%: {:.2} s", times[0]), format!("to 98%: {:.2} s", times[1]));
        let address = format!("{}/?layers=", browser.site.origin());
        for part in [&to_97, &to_98, &test, &address, "seed: 3", "CPU", "Chrome", "schedule=one-cycle", "activation=relu"] {
            assert!(copied.contains(part), "no {part} in: {copied}");
        }
        // Whoever opens that address finds these settings.
        let query = copied.split('?').next_back().expect("an address");
        assert_eq!(Page::open(browser, &format!("?{}", query.trim())).await.value("#preset").await, "race");
    });
}

#[test]
fn a_race_by_keyboard_and_a_clipboard_that_refuses() {
    drive(Setup { language: "zh-TW", ..Setup::default() }, async |browser| {
        let page = Page::open(browser, "?backend=cpu").await;
        // The preset by arrow keys, then one that ends soon; Train and Copy by the space bar.
        page.find("#preset").await.send_keys("\u{e015}\u{e015}").await.expect("a select takes keys");
        assert_eq!(page.value("#preset").await, "race");
        page.type_into("#layers", "16").await;
        page.type_into("#epochs", "1").await;
        page.find("#train").await.send_keys(" ").await.expect("a button takes keys");
        let done = page.wait_for_state("done").await;
        assert_eq!(done.number("timeTo-98"), None, "sixteen neurons in one epoch: {done:#?}");
        assert_eq!(text_of(&page, "#measure-to-98").await, "沒到");

        browser.run(LISTEN, vec![]).await;
        browser.run("window.refuses = true", vec![]).await;
        page.find("#copy").await.send_keys(" ").await.expect("a button takes keys");
        page.wait("the refusal in words", |now| now.text.contains("不讓網頁複製")).await;
        let shown = page.value("#result-text").await;
        assert!(shown.contains("測試正確率") && shown.contains("epochs=1"), "{shown}");
        let focused = browser.run("return document.activeElement.id", vec![]).await;
        assert_eq!(focused, "result-text", "selected, so that Ctrl+C is enough");

        page.click("#reset").await;
        let ready = page.wait_for_state("ready").await;
        assert!(times(&ready).is_empty() && !ready.text.contains("不讓網頁複製"), "{ready:#?}");
    });
}
