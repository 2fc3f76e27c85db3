//! Draw a digit, read the bars.

use std::time::Duration;

use inkling_e2e::{Kind, Page, Pointer, Setup, drive, strokes};

#[test]
fn an_empty_canvas_predicts_nothing() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "").await;
        let now = page.settle().await;
        assert!(now.predicts_nothing(), "{now:#?}");
        assert!(!now.seen_ink, "the network sees ink on an empty canvas");
        for button in ["#clear", "#undo"] {
            assert!(!page.is_enabled(button).await, "{button} has nothing to do");
        }
    });
}

#[test]
fn digits_are_read_while_they_are_drawn() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "").await;
        for (digit, pointer) in [
            (0, Pointer::Mouse),
            (1, Pointer::Touch),
            (2, Pointer::Mouse),
            (3, Pointer::Touch),
            (4, Pointer::Mouse),
            (7, Pointer::Touch),
        ] {
            let now = page.draw(digit, pointer).await;
            println!("{digit} by {pointer:?}: {:?}", now.probabilities());
            now.assert_reads(digit);
            assert!(now.seen_ink);
            page.click("#clear").await;
            let now = page.settle().await;
            assert!(now.predicts_nothing() && !now.seen_ink, "after #clear: {now:#?}");
        }
    });
}

#[test]
fn the_bars_follow_the_stroke_before_it_ends() {
    drive(Setup::default(), async |browser| {
        for pointer in [Pointer::Mouse, Pointer::Touch] {
            let page = Page::open(browser, "").await;
            page.record().await;
            page.draw_stroke(&strokes(7)[0], pointer, Duration::from_millis(20)).await;
            let record = page.recorded().await;
            let on_the_way = record.answers_at_pen_up;
            println!("{pointer:?}: {on_the_way} answers before the pen was up");
            assert!(on_the_way >= 5, "{pointer:?}: the bars stand still while drawing: {record:?}");
            page.settle().await.assert_reads(7);
        }
    });
}

#[test]
fn strokes_are_taken_back_one_by_one() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "").await;
        let four = strokes(4);
        page.draw_stroke(&four[0], Pointer::Mouse, Duration::ZERO).await;
        let one_stroke = page.settle().await.probabilities();
        page.draw_stroke(&four[1], Pointer::Mouse, Duration::ZERO).await;
        page.settle().await.assert_reads(4);
        page.click("#undo").await;
        let now = page.settle().await;
        assert_eq!(now.probabilities(), one_stroke);
        page.click("#undo").await;
        let now = page.settle().await;
        assert!(now.predicts_nothing() && !now.seen_ink, "{now:#?}");
    });
}

#[test]
fn a_phone_that_is_turned_keeps_the_drawing_and_a_finger_does_not_scroll() {
    drive(Setup::default(), async |browser| {
        if browser.kind != Kind::Chromium {
            println!("SKIPPED: only Chromium's driver turns the screen.");
            return;
        }
        browser.be_phone(390, 844).await;
        let page = Page::open_folded(browser, "").await;
        let scroll = || async { browser.run("return scrollY", vec![]).await };
        let before = scroll().await;
        let portrait = page.draw(1, Pointer::Touch).await;
        portrait.assert_reads(1);
        assert_eq!(scroll().await, before, "the page moves under the finger");
        for (width, height) in [(844, 390), (390, 844)] {
            browser.be_phone(width, height).await;
            page.wait_until("the page to be turned", async || {
                browser.run("return innerWidth", vec![]).await == serde_json::json!(width)
            })
            .await;
            let turned = page.settle().await;
            assert_eq!(turned.probabilities(), portrait.probabilities());
            let ink = "const canvas = document.getElementById('draw');
                const { width, height } = canvas;
                return canvas.getContext('2d').getImageData(0, 0, width, height).data.some((byte) => byte > 0)";
            assert_eq!(browser.run(ink, vec![]).await, serde_json::json!(true), "the sheet is empty at {width}x{height}");
        }
    });
}
