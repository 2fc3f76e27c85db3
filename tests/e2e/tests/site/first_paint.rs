//! What is there before the page's program: the words, all in the visitor's language; and nothing moves when the program comes.

use std::fs;

use inkling_e2e::{Page, Setup, drive, pkg};
use serde_json::Value;

use super::broken::{file, replaced};

/// The words of the whole page and of its attributes, but for the field of the language, which is in both.
const WORDS: &str = "document.querySelectorAll('details').forEach((details) => { details.open = true; });
    const choice = document.getElementById('lang').value;
    document.querySelector('.language').remove();
    const attributes = [...document.querySelectorAll('[data-l10n]')].flatMap((element) => [element.ariaLabel, element.title]);
    return [document.documentElement.lang, choice, [document.title, document.body.innerText, ...attributes].join('\\n')];";

#[test]
fn the_words_are_there_before_the_program_and_in_the_visitor_s_language() {
    const VISITORS: [(&str, &str, &str); 7] = [
        ("en-US", "", "en"),
        ("zh-HK", "", "zh-TW"),
        ("de,zh,en", "", "zh-TW"),
        ("de", "", "en"),
        ("en-US", "?lang=ZH-tw", "zh-TW"),
        ("zh-TW", "?lang=en", "en"),
        ("zh-TW", "?lang=de", "zh-TW"),
    ];
    for (language, query, expected) in VISITORS {
        drive(Setup { language, ..Setup::default() }, async |browser| {
            let folder = replaced(&file("page-", ".js"), b"await new Promise(() => {})");
            browser.site.lay_over(folder.clone());
            browser.client.goto(&format!("{}/{query}", browser.site.origin())).await.expect("the page opens");
            let (lang, choice, words): (String, String, String) =
                serde_json::from_value(browser.run(WORDS, vec![]).await).expect("three texts");
            assert_eq!((&*lang, &*choice), (expected, expected), "{language} {query}");
            let empty = if expected == "en" { "Nothing drawn yet" } else { "還沒有字" };
            let is_chinese = words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(words.contains(empty) && is_chinese == (expected == "zh-TW"), "{language} {query}: {words}");
            let _ = fs::remove_dir_all(folder);
        });
    }
}

#[test]
fn a_language_that_is_chosen_before_the_program_comes_is_used() {
    drive(Setup::default(), async |browser| {
        let begin = "await new Promise((begin) => addEventListener('begin', begin));";
        let main = fs::read_to_string(pkg().join("main.js")).expect("the site has it");
        let folder = replaced("main.js", format!("{begin}\n{main}").as_bytes());
        browser.site.lay_over(folder.clone());
        browser.client.goto(&format!("{}/", browser.site.origin())).await.expect("the page opens");
        let page = Page { browser };
        page.choose("#lang", "zh-TW").await;
        browser.run("dispatchEvent(new Event('begin'))", vec![]).await;
        page.wait("Chinese", |now| now.state() == "ready" && now.language == "zh-TW").await;
        let _ = fs::remove_dir_all(folder);
    });
}

/// Has the page list what moves without anybody's doing.
const WATCH: &str = "window.shifts = [];
    new PerformanceObserver((list) => shifts.push(...list.getEntries().filter((shift) => !shift.hadRecentInput)))
        .observe({ type: 'layout-shift', buffered: true });";
/// How much has moved in all, and what.
const SHIFTS: &str = "return [shifts.reduce((sum, shift) => sum + shift.value, 0),
    shifts.flatMap((shift) => shift.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.data))];";

#[test]
fn nothing_moves_when_the_program_comes() {
    for (width, height) in [(360, 640), (390, 844), (768, 1024), (1440, 900)] {
        for language in ["zh-TW", "en"] {
            drive(Setup::default(), async |browser| {
                browser.be_phone(width, height).await;
                browser.run_first(WATCH).await;
                Page::open_folded(browser, &format!("?lang={language}")).await.settle().await;
                let shifts: (f64, Vec<Value>) = serde_json::from_value(browser.run(SHIFTS, vec![]).await).expect("shifts");
                assert!(shifts.0 < 0.005, "{width}x{height}, {language}: {shifts:?}");
            });
        }
    }
}
