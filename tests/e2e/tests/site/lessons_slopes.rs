//! The lessons about slopes: derivatives, the chain rule, backpropagation, gradient descent on two weights.

use super::lessons::{done, open, set, text_is, until};
use inkling_e2e::{Browser, Page, Pointer, Setup, drive};
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

/// A number after `before` in an element's text; the page writes a real minus.
async fn number(browser: &Browser, id: &str, before: &str) -> f64 {
    let script = "return document.getElementById(arguments[0]).textContent";
    let text = browser.run(script, vec![json!(id)]).await.as_str().expect("text").replace('−', "-");
    let (_, after) = text.rsplit_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    let number: String = after.chars().take_while(|c| c.is_ascii_digit() || "-.".contains(*c)).collect();
    number.parse().unwrap_or_else(|_| panic!("{number:?} after {before} in {text}"))
}

#[test]
fn the_example_network_goes_ahead_and_back_and_learns() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            let (lines, table) = ("backpropagation-lines", "backpropagation-gradients");
            open(browser, language, "backpropagation").await;
            let next = async |wanted: &str| {
                press(browser, "backpropagation-next").await;
                text_is(browser, lines, wanted).await;
            };
            next("z₁ = 1 × 1 + (−1) × (−2) + 1 = 4, a₁ = σ(z₁) = σ(4) = 0.982").await;
            next("σ(1.845) = 0.864").await;
            // Of the deck's last layer, before its softmax.
            next("z′ = 0.864 × 3 + 0.111 × (−1) + (−2) = 0.48").await;
            text_is(browser, lines, "ŷ₁ = e^0.48 / (e^0.48 + e^1.579) = 0.25").await;
            text_is(browser, "backpropagation-title", "0.62, 0.83").await;
            next("C = −ln ŷ₁ = −ln 0.25 = 1.387").await;
            next("∂C/∂z′ = ŷ₁ − y₁ = 0.25 − 1 = −0.75").await;
            text_is(browser, lines, "∂C/∂z″ = ŷ₂ − y₂ = 0.75 − 0 = 0.75").await;
            next("∂C/∂a₁ = w₁₁ · ∂C/∂z′ + w₁₂ · ∂C/∂z″ = 3 × (−0.75) + (−1) × 0.75 = −3.001").await;
            done(browser, &[]).await;
            next("∂C/∂z₁ = σ′(z₁) · ∂C/∂a₁ = 0.0177 × (−1.446) = −0.0255").await;
            done(browser, &["walk"]).await;
            // Every gradient of the layer is the one found by trying.
            let rows = "return [...document.querySelectorAll('#backpropagation-gradients tbody tr')]
                .filter((row) => row.cells[2].textContent.endsWith('✓')).length";
            until(browser, rows, json!(6)).await;
            text_is(browser, table, "w₁₁ = 1").await;

            let before = number(browser, "backpropagation-losses", "C = ").await;
            press(browser, "backpropagation-apply").await;
            text_is(browser, "backpropagation-losses", "→").await;
            let after = number(browser, "backpropagation-losses", "→ ").await;
            assert!(after < before, "{before} to {after}");
            until(browser, rows, json!(6)).await;
            for _ in 0..30 {
                press(browser, "backpropagation-apply").await;
            }
            done(browser, &["walk", "lower"]).await;
        });
    }
}

#[test]
fn a_weight_of_the_network_in_use_is_followed_for_ones_own_drawing() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            open(browser, language, "backpropagation").await;
            set(browser, "backpropagation-network", "drawing").await;
            let page = Page { browser };
            until(browser, "return document.querySelector('#lessons #draw')?.offsetWidth > 100", json!(true)).await;
            page.draw(3, Pointer::Mouse).await;
            let (lines, losses) = ("backpropagation-weight-lines", "backpropagation-drawing-losses");
            text_is(browser, "backpropagation-said", "3").await;
            text_is(browser, lines, "✓").await;
            let probabilities = page.snapshot().await.probabilities().expect("an answer");
            set(browser, "backpropagation-digit", "8").await;
            text_is(browser, lines, "ŷ₈").await;
            // The page, whose network computes in f32, says the same.
            let wanted = -probabilities[8].ln();
            let loss = number(browser, losses, "C = ").await;
            assert!((loss - wanted).abs() < 0.01 * (1.0 + wanted), "{loss}, the page {wanted}");
            press(browser, "backpropagation-steepest").await;
            text_is(browser, lines, "✓").await;
            done(browser, &[]).await;
            press(browser, "backpropagation-drawing-apply").await;
            text_is(browser, losses, "→").await;
            assert!(number(browser, losses, "→ ").await < loss);
            done(browser, &["drawing"]).await;
            // A pixel without ink has no slope.
            set(browser, "backpropagation-row", "1").await;
            // What was there before has the same words.
            page.wait_until("a slope of 0", async || number(browser, lines, "2h = ").await == 0.0).await;
        });
    }
}

#[test]
fn a_ball_crosses_the_contour_map_of_two_weights() {
    for language in ["zh-TW", "en"] {
        drive(Setup::default(), async |browser| {
            let (here, next) = ("gradient-descent-here", "gradient-descent-next");
            open(browser, language, "gradient-descent").await;
            set(browser, "gradient-descent-curve", "slides").await;
            // df/dx = 2x + y and df/dy = x + 2y at (-2.5, 2).
            text_is(browser, here, "(−2.5, 2)").await;
            text_is(browser, here, "(−3, 1.5)").await;
            text_is(browser, next, "w₁ = −2.5 − (−3) × 0.1 = −2.2, w₂ = 2 − 1.5 × 0.1 = 1.85").await;
            press(browser, "gradient-descent-step").await;
            text_is(browser, here, "(−2.2, 1.85)").await;
            // Another start, by a click in the middle of the map and by the keyboard's sliders.
            let page = Page { browser };
            page.click("figure.map:not([hidden]) svg").await;
            text_is(browser, here, "w = (0, 0)").await;
            set(browser, "gradient-descent-start-1", "1").await;
            set(browser, "gradient-descent-start-2", "2").await;
            text_is(browser, here, "(4, 5)").await;
            set(browser, "gradient-descent-curve", "ravine").await;
            set(browser, "gradient-descent-rate", "0.25").await;
            text_is(browser, here, "(−2.6, 1.5)").await;
            press(browser, "gradient-descent-run").await;
            until(browser, "return document.querySelectorAll('figure.map:not([hidden]) .trail[d*=L]').length", json!(1)).await;
            text_is(browser, here, "w = (0, 0)").await;
            done(browser, &[]).await;
            set(browser, "gradient-descent-momentum", "0.4").await;
            press(browser, "gradient-descent-reset").await;
            text_is(browser, here, "(−2.6, 1.5)").await;
            press(browser, "gradient-descent-run").await;
            done(browser, &["ravine"]).await;
        });
    }
}
