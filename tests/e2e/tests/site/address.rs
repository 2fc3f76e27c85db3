//! The address takes the settings and the language, and is how a run is shared.

use inkling_e2e::{Kind, Page, Setup, drive};

const FIELDS: [&str; 10] =
    ["#layers", "#activation", "#optimizer", "#learning-rate", "#schedule", "#batch", "#epochs", "#seed", "#backend", "#workers"];

async fn fields(page: &Page<'_>) -> Vec<String> {
    let mut values = Vec::new();
    for field in FIELDS {
        values.push(page.value(field).await.replace(' ', ""));
    }
    values.push(if page.is_checked("#augment").await { "on" } else { "off" }.into());
    values
}

#[test]
fn the_address_sets_everything() {
    drive(Setup::default(), async |browser| {
        let query = "?layers=128,64&activation=relu&optimizer=adam&lr=0.002&schedule=cosine&batch=64&epochs=3&augment=on&seed=7&backend=cpu&workers=2&lang=en";
        let page = Page::open(browser, query).await;
        assert_eq!(fields(&page).await, ["128,64", "relu", "adam", "0.002", "cosine", "64", "3", "7", "cpu", "2", "on"]);
        let now = page.snapshot().await;
        assert_eq!((now.notes.as_str(), now.language.as_str()), ("", "en"));
    });
}

#[test]
fn what_is_chosen_on_the_page_can_be_shared_by_its_address() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "").await;
        page.type_into("#layers", "24, 12").await;
        page.choose("#activation", "tanh").await;
        page.type_into("#epochs", "2").await;
        page.click("#augment").await;
        let chosen = fields(&page).await;
        let address = browser.client.current_url().await.expect("the page has an address");
        let page = Page::open(browser, &format!("?{}", address.query().unwrap_or_default())).await;
        assert_eq!(fields(&page).await, chosen);
        assert_eq!([0, 1, 6, 10].map(|field| chosen[field].as_str()), ["24,12", "tanh", "2", "on"]);
    });
}

#[test]
fn a_bad_value_falls_back_to_its_default_with_a_note() {
    drive(Setup::default(), async |browser| {
        let defaults = fields(&Page::open(browser, "").await).await;
        // Bad values of each setting, and what the notes must name.
        for (query, named) in [
            ("layers=abc&lr=-1&activation=foo&batch=0", ["abc", "-1", "foo", "0"]),
            ("epochs=many&seed=x&backend=tpu&schedule=up", ["many", "x", "tpu", "up"]),
            ("augment=maybe&seed=-1&epochs=0&batch=x", ["maybe", "-1", "0", "x"]),
            ("optimizer=magic&lr=NaN&layers=99999&workers=no", ["magic", "NaN", "99999", "no"]),
        ] {
            let page = Page::open(browser, &format!("?{query}&lang=en")).await;
            assert_eq!(fields(&page).await, defaults, "{query}");
            let notes = page.snapshot().await.notes;
            println!("{query}:\n{notes}");
            for value in named {
                assert!(notes.contains(value), "{query}: the notes do not name {value}: {notes}");
            }
        }
        let page = Page::open(browser, "?lang=tlh").await;
        let now = page.snapshot().await;
        assert!(now.notes.contains("tlh"), "{}", now.notes);
        assert_eq!(now.language, "en", "the browser's language");
    });
}

#[test]
fn the_page_speaks_both_languages() {
    for (language, own) in [("en-US", "en"), ("zh-TW", "zh-TW")] {
        drive(Setup { language, ..Setup::default() }, async |browser| {
            let page = Page::open(browser, "").await;
            // WebKit's driver can't be told a language.
            if browser.kind != Kind::WebKit {
                assert_eq!(page.snapshot().await.language, own, "the browser's language");
            }

            let mut texts = Vec::new();
            for (query, tag, word) in [("?lang=en", "en", "Train"), ("?lang=zh-TW", "zh-TW", "訓練")] {
                let page = Page::open(browser, query).await;
                let now = page.snapshot().await;
                assert_eq!(now.language, tag);
                assert!(now.text.contains(word), "{tag}: {}", now.text);
                texts.push(now.text);
            }
            assert!(!texts[0].contains("訓練"), "Chinese in the English page");

            page.choose("#lang", "en").await;
            let now = page.wait("English", |now| now.language == "en").await;
            assert!(now.text.contains("Train") && !now.text.contains("訓練"), "{}", now.text);
            page.choose("#lang", "zh-TW").await;
            let now = page.wait("Chinese", |now| now.language == "zh-TW").await;
            assert!(now.text.contains("訓練"), "{}", now.text);

            // Chosen once, spoken on the next visit.
            let page = Page::open(browser, "").await;
            assert_eq!(page.snapshot().await.language, "zh-TW");
        });
    }
}
