//! axe-core looks at the whole page, every panel open, after training and judging, and finds nothing that keeps anyone out.

use super::lessons;
use inkling_e2e::{Browser, Page, Pointer, Setup, drive};
use serde_json::Value;
use std::env;
use std::fs;

/// Violations: the rule, what it says, and where.
const RUN: &str = r#"const done = arguments[0];
    axe.run(document, { resultTypes: ['violations'] })
        .then((report) => done(report.violations.map(({ id, help, nodes }) =>
            `${id}: ${help}\n` + nodes.slice(0, 4).map(({ html, any }) => `    ${html.slice(0, 200)}  ${any[0]?.message ?? ''}`).join('\n'))))
        .catch((error) => done([String(error)]));"#;

fn axe() -> String {
    let path = env::var_os("INKLING_AXE").expect("INKLING_AXE names axe-core's axe.min.js, as `cargo xtask test` sets it");
    fs::read_to_string(path).expect("axe-core can be read")
}

async fn violations(browser: &Browser) -> Vec<String> {
    let found: Value = browser.client.execute_async(RUN, vec![]).await.expect("axe runs");
    serde_json::from_value(found).expect("a list of sentences")
}

#[test]
fn axe_finds_nothing_in_both_languages_and_color_schemes() {
    let axe = axe();
    drive(Setup { still: true, ..Setup::default() }, async |browser| {
        let page = Page::open(browser, "?layers=16&epochs=1&backend=cpu&batch=256&seed=1&lang=en").await;
        browser.run("document.querySelectorAll('details').forEach((details) => { details.open = true; })", vec![]).await;
        page.draw(3, Pointer::Mouse).await;
        for _ in 0..2 {
            browser.run("document.getElementById('judge-state').dataset.state = ''", vec![]).await;
            page.click("#judge-test").await;
            page.wait_for_attribute("#judge-state", "data-state", "done").await;
            page.click("#train").await;
            page.wait_for_state("done").await;
        }
        browser.run(&axe, vec![]).await;
        let mut found = Vec::new();
        for scheme in ["light", "dark"] {
            browser.prefer("prefers-color-scheme", scheme).await;
            for language in ["en", "zh-TW"] {
                page.choose("#lang", language).await;
                page.wait("the language", |now| now.language == language).await;
                page.click("#judge-mistakes").await;
                page.settle().await;
                found.extend(violations(browser).await.into_iter().map(|violation| format!("{scheme}, {language}: {violation}")));
            }
        }
        assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
    });
}

#[test]
fn axe_finds_nothing_in_the_lessons() {
    let axe = axe();
    drive(Setup { still: true, ..Setup::default() }, async |browser| {
        let mut found = Vec::new();
        for (place, lesson) in
            include_str!("../../../../www/lessons/order.txt").lines().filter(|line| !line.starts_with('#')).enumerate()
        {
            // Each lesson in one language and one scheme, all four in turn.
            let (language, scheme) = (["en", "zh-TW"][place % 2], ["light", "dark"][place / 2 % 2]);
            browser.prefer("prefers-color-scheme", scheme).await;
            lessons::open(browser, language, lesson).await;
            browser.run(&axe, vec![]).await;
            found.extend(
                violations(browser).await.into_iter().map(|violation| format!("{lesson}, {scheme}, {language}: {violation}")),
            );
        }
        assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
    });
}

/// The check can fail: what axe must find is found.
#[test]
fn axe_finds_an_image_without_words() {
    let axe = axe();
    drive(Setup::default(), async |browser| {
        Page::open(browser, "?lang=en").await;
        browser.run(&axe, vec![]).await;
        browser.run("document.querySelector('main').append(document.createElement('img'))", vec![]).await;
        let found = violations(browser).await;
        assert!(found.iter().any(|violation| violation.starts_with("image-alt")), "{found:?}");
    });
}
