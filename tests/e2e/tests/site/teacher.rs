//! A teacher's link: what it hides, locks, opens or shows alone; and the link that anybody can copy.

use super::build::{CLIPBOARD, copied};
use inkling_e2e::{Page, Setup, drive};

async fn is_seen(page: &Page<'_>, css: &str) -> bool {
    page.browser.run("return document.querySelector(arguments[0]).checkVisibility()", vec![css.into()]).await == true
}

#[test]
fn a_setting_and_panels_are_hidden() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?hide=epochs,how,my-digits&lang=en").await;
        for (css, seen) in [("#epochs", false), (".how", false), (".my-digits", false), ("#batch", true), ("#draw", true)] {
            assert_eq!(is_seen(&page, css).await, seen, "{css}");
        }
        // The link leads on to itself.
        page.type_into("#batch", "64").await;
        let address = browser.client.current_url().await.expect("the page has an address");
        assert!(address.query().is_some_and(|query| query.contains("hide=epochs,how,my-digits")), "{address}");
    });
}

#[test]
fn a_locked_setting_can_not_be_changed_even_by_a_preset() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?lr=0.05&lock=lr&lang=en").await;
        assert!(!page.is_enabled("#learning-rate").await);
        page.choose("#preset", "race").await;
        assert_eq!(page.value("#layers").await, "256");
        assert_eq!(page.value("#learning-rate").await, "0.05");
        page.choose("#optimizer", "sgd").await;
        assert_eq!(page.value("#learning-rate").await, "0.05");

        let page = Page::open(browser, "?lock=build&lang=en").await;
        assert!(!page.is_enabled("#add-dense").await && !page.is_enabled("#layers").await);
        assert!(page.is_enabled("#batch").await);
    });
}

#[test]
fn a_panel_is_opened() {
    drive(Setup::default(), async |browser| {
        let page = Page::open_folded(browser, "?panel=robustness").await;
        assert!(is_seen(&page, "#robustness-test").await);
        assert!(!is_seen(&page, "#add-dense").await);
    });
}

#[test]
fn the_chart_alone_can_train() {
    drive(Setup::default(), async |browser| {
        let page = Page::open_folded(browser, "?embed=chart&layers=8&epochs=1&batch=256&backend=cpu&lang=en").await;
        for (css, seen) in [
            ("#train", true),
            ("#charts", true),
            ("#draw", false),
            (".masthead", false),
            (".measures", false),
            (".settings", false),
        ] {
            assert_eq!(is_seen(&page, css).await, seen, "{css}");
        }
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("testAccuracy").is_some(), "{done:#?}");
        assert!(is_seen(&page, "#loss-chart").await, "the chart is drawn");
    });
}

#[test]
fn a_wrong_name_gets_a_note() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?hide=nonsense,how&panel=lr&lang=en").await;
        let notes = page.snapshot().await.notes;
        assert!(notes.contains("nonsense") && notes.contains("lr"), "{notes}");
        assert!(!is_seen(&page, ".how").await, "the other name counts");
    });
}

#[test]
fn the_whole_experiment_is_copied_as_a_link() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "").await;
        browser.run(CLIPBOARD, vec![]).await;
        page.type_into("#epochs", "3").await;
        page.choose("#lang", "zh-TW").await;
        page.wait("Chinese", |now| now.language == "zh-TW").await;
        page.click("#copy-link").await;
        page.settle().await;
        assert!(page.snapshot().await.text.contains("連結複製好了"));
        let link = copied(browser).await;
        assert!(link.starts_with(browser.site.origin()), "{link}");
        let (_, query) = link.split_once('?').expect("it has settings");
        let page = Page::open(browser, &format!("?{query}")).await;
        assert_eq!((page.value("#epochs").await.as_str(), page.snapshot().await.language.as_str()), ("3", "zh-TW"));
        page.type_into("#epochs", "4").await;
        assert!(!page.snapshot().await.text.contains("連結複製好了"));
    });
}
