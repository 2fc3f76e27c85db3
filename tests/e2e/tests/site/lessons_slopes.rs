//! The lessons about slopes: derivatives, the chain rule, backpropagation, gradient descent on two weights.

use super::lessons::{done, open, set, text_is};
use inkling_e2e::{Browser, Setup, drive};
use serde_json::json;

async fn press(browser: &Browser, id: &str) {
    browser.run("document.getElementById(arguments[0]).click()", vec![json!(id)]).await;
}

#[test]
fn a_secant_becomes_the_tangent_and_a_surface_is_cut() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            open(browser, language, "derivative").await;
            text_is(browser, "derivative-rule", "df/dx = (1·2)x¹ = 2x").await;
            text_is(browser, "derivative-secant", "(6.25 − 2.25) / 1 = 4").await;
            text_is(browser, "derivative-tangent", "3").await;
            done(browser, &[]).await;
            set(browser, "derivative-h", "0.02").await;
            text_is(browser, "derivative-secant", "/ 0.02 = 3.02").await;
            done(browser, &["close"]).await;
            set(browser, "derivative-function", "cube").await;
            text_is(browser, "derivative-rule", "df/dx = (1·3)x² + (−3·1)x⁰ = 3x² − 3").await;
            done(browser, &["close"]).await;
            set(browser, "derivative-x", "-1").await;
            done(browser, &["close", "flat"]).await;
            // The deck's df/dx = 2x + y, along both ways.
            set(browser, "derivative-function", "surface").await;
            text_is(browser, "derivative-rule", "f(x, 2) = x² + 2x + 4").await;
            text_is(browser, "derivative-tangent", "∂f/∂x = 2x + y = 2 × 1 + 2 = 4").await;
            text_is(browser, "derivative-secant", "∂f/∂y = x + 2y = 1 + 2 × 2 = 5").await;
            set(browser, "derivative-along", "1").await;
            text_is(browser, "derivative-rule", "f(1, y) = y² + y + 1").await;
            set(browser, "derivative-at-x", "-1").await;
            done(browser, &["close", "flat", "partial"]).await;
        });
    }
}

#[test]
fn slopes_multiply_along_a_path_and_add_where_two_meet() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            let lines = "chain-rule-lines";
            open(browser, language, "chain-rule").await;
            press(browser, "chain-rule-next").await;
            text_is(browser, lines, "y = g(x) = 2x + 1 = 2 × 1 + 1 = 3").await;
            press(browser, "chain-rule-run").await;
            text_is(browser, lines, "dz/dx = dz/dy · dy/dx = 6 × 2 = 12").await;
            done(browser, &[]).await;
            set(browser, "chain-rule-x", "-0.5").await;
            done(browser, &["zero"]).await;
            // Another graph begins from the beginning.
            set(browser, "chain-rule-paths", "two").await;
            text_is(browser, lines, "").await;
            press(browser, "chain-rule-run").await;
            text_is(browser, lines, "5 × 2 + 7 × 3 = 10 + 21 = 31").await;
            text_is(browser, lines, "2h").await;
            done(browser, &["through", "zero"]).await;
            set(browser, "chain-rule-t", "-1").await;
            text_is(browser, lines, "= 2 + (−15) = −13").await;
            done(browser, &["through", "zero", "against"]).await;
        });
    }
}
