//! Terms explain themselves, in the glossary's words and the page's language.

use inkling_e2e::{Page, Setup, drive};

async fn tip(page: &Page<'_>) -> String {
    let shown = "const tip = document.getElementById('term-tip'); return tip.checkVisibility() ? tip.innerText : '';";
    page.browser.run(shown, vec![]).await.as_str().unwrap_or_default().to_string()
}

#[test]
fn a_term_explains_itself_to_the_keyboard_and_to_the_pointer() {
    drive(Setup::default(), async |browser| {
        for (language, words) in [("en", "how far the network's answer is"), ("zh-TW", "誤差函數")] {
            let page = Page::open(browser, &format!("?lang={language}")).await;
            assert_eq!(tip(&page).await, "");
            browser.run("document.querySelector('[data-term=loss]').focus()", vec![]).await;
            page.wait_until("the term's sentence", async || tip(&page).await.contains(words)).await;
            assert_eq!(page.attribute("[data-term=loss]", "aria-describedby").await, "term-tip");
            page.find("[data-term=loss]").await.send_keys("\u{e00c}").await.expect("Escape is a key");
            assert_eq!(tip(&page).await, "");

            page.hover("[data-term=accuracy]").await;
            page.wait_until("another sentence", async || !tip(&page).await.is_empty()).await;
            assert!(!tip(&page).await.contains(words));
            page.hover("#train").await;
            page.wait_until("nothing to be said", async || tip(&page).await.is_empty()).await;
        }
    });
}
