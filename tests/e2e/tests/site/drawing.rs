//! Draw a digit, read the bars.

use std::time::Duration;

use inkling_e2e::{Page, Pointer, Setup, drive, strokes};

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
