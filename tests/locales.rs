//! Both languages say everything: the same messages, every one that index.html, the page's code and the error type name; the
//! text in index.html is the zh-TW text; no message fails to format.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use inkling::data::{Origin, Subject};
use inkling::diagnosis::Warning;
use inkling::error::GpuReason;
use inkling::{Error, nn, plot, settings, train, view};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn read(path: &str) -> String {
    std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn bundle(language: &str) -> FluentBundle<FluentResource> {
    let source = read(&format!("www/locales/{language}.ftl"));
    let resource = FluentResource::try_new(source).unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
    let mut bundle = FluentBundle::new(vec![language.parse().unwrap()]);
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).unwrap_or_else(|errors| panic!("{language}: {errors:?}"));
    bundle
}

/// Message ids with their attributes, `draw.aria-label` for example.
fn ids(language: &str) -> BTreeSet<String> {
    let source = read(&format!("www/locales/{language}.ftl"));
    let mut message = String::new();
    let mut ids = BTreeSet::new();
    for line in source.lines() {
        let Some((id, _)) = line.split_once(" =") else { continue };
        if let Some(attribute) = id.strip_prefix("    .") {
            ids.insert(format!("{message}.{attribute}"));
        } else if id.starts_with(|c: char| c.is_ascii_lowercase()) {
            message = id.to_string();
            ids.insert(message.clone());
        }
    }
    ids
}

/// What stands between `before` and `after`, every time.
fn between<'a>(text: &'a str, before: &'a str, after: char) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split(after).next())
}

/// Every variant, with arguments.
fn errors() -> Vec<Error> {
    let what = || "the model file".to_string();
    vec![
        Error::Truncated { what: what(), expected: 2, got: 1 },
        Error::TrailingBytes { what: what(), expected: 1, got: 2 },
        Error::NotA { what: "an Inkling model file".into() },
        Error::Version { supported: 1, got: 2 },
        Error::Checksum { what: what() },
        Error::TooLarge { what: what(), limit: 1, got: 2 },
        Error::Shape { what: "number of classes".into(), expected: 10, got: 5 },
        Error::Setting { name: "lr".into(), value: "x".into(), allowed: "0 – 1".into() },
        Error::NotFinite { what: "the loss".into() },
        Error::Malformed { what: what(), reason: "because".into() },
        Error::NoGpu { reason: GpuReason::NoApi },
        Error::Device { reason: "because".into() },
        Error::Fetch { what: what(), reason: "because".into() },
        Error::State { reason: "because".into() },
    ]
}

const GPU_REASONS: [fn(String) -> GpuReason; 7] = [
    |_| GpuReason::InsecurePage,
    |_| GpuReason::NoApi,
    |_| GpuReason::NoAdapter,
    GpuReason::NoDevice,
    GpuReason::SelfTestFailed,
    GpuReason::Lost,
    GpuReason::WrongLoss,
];

#[test]
fn both_languages_have_the_same_messages() {
    let (zh, en) = (ids("zh-TW"), ids("en"));
    assert!(zh.len() > 80, "{} ids found", zh.len());
    let in_one_only: Vec<_> = zh.symmetric_difference(&en).collect();
    assert!(in_one_only.is_empty(), "{in_one_only:?}");
}

#[test]
fn every_id_that_the_page_names_has_a_message() {
    let known = ids("en");
    let html = read("www/index.html");
    let mut named: BTreeSet<String> = between(&html, "data-l10n=\"", '"').map(String::from).collect();
    let sources = std::fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/web/page")).unwrap();
    for source in sources {
        let text = std::fs::read_to_string(source.unwrap().path()).unwrap();
        named.extend(between(&text, "l10n.text(\"", '"').map(String::from));
    }
    for phase in ["loading", "ready", "training", "paused", "done", "failed"] {
        named.insert(format!("state-{phase}"));
    }
    named.extend(errors().iter().map(|error| format!("error-{}", error.code())));
    named.extend(GPU_REASONS.iter().map(|reason| format!("gpu-{}", reason(String::new()).code())));
    named.extend(settings::NAMES.iter().map(|name| format!("thing-{name}")));
    let layer = 0;
    let warnings = [Warning::Exploding, Warning::Dead { layer }, Warning::Saturated { layer }, Warning::Vanishing, Warning::Slow];
    let lessons = read("www/lessons/order.txt");
    for warning in warnings {
        named.extend([format!("warning-{}", warning.name()), format!("warning-lesson-{}", warning.lesson())]);
        assert!(lessons.lines().any(|lesson| lesson == warning.lesson()), "{warning:?} leads to a lesson that there is not");
    }
    for name in Origin::NAMES {
        named.insert(format!("data-about-{name}"));
        named.insert(if name == "mnist" { "charts-empty".into() } else { format!("charts-empty-{name}") });
    }
    named.extend((0..Subject::FASHION.count()).map(|class| format!("class-fashion-{class}")));
    named.extend(["draw-fashion", "draw-own", "draw-hint-fashion", "draw-hint-own"].map(String::from));
    for along in plot::Along::ALL {
        named.extend([format!("chart-axis-{}", along.name()), format!("chart-at-{}", along.name())]);
    }
    // `resume` and `pause` are chosen by a condition inside the call.
    named.extend(["pause".into(), "resume".into()]);
    let missing: Vec<_> =
        named.iter().filter(|id| !known.contains(*id) && !known.iter().any(|k| k.starts_with(&format!("{id}.")))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn index_html_speaks_as_the_zh_tw_file_does() {
    let html = read("www/index.html");
    let zh = bundle("zh-TW");
    let mut compared = 0;
    for tag in html.split('<').filter(|tag| tag.contains("data-l10n=\"")) {
        let (opening, text) = tag.split_once('>').unwrap();
        let id = between(opening, "data-l10n=\"", '"').next().unwrap();
        let message = zh.get_message(id).unwrap_or_else(|| panic!("no {id}"));
        if let Some(pattern) = message.value() {
            let expected = zh.format_pattern(pattern, None, &mut Vec::new());
            assert_eq!(text.trim(), expected, "{id}");
            compared += 1;
        }
        for attribute in message.attributes() {
            let expected = zh.format_pattern(attribute.value(), None, &mut Vec::new());
            let name = format!(" {}=\"", attribute.id());
            let got = between(opening, &name, '"').next();
            assert_eq!(got, Some(&*expected), "{id}.{}", attribute.id());
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared} texts compared");
}

#[test]
fn every_error_formats_in_both_languages() {
    for language in ["zh-TW", "en"] {
        let bundle = bundle(language);
        let format = |id: String, args: FluentArgs| {
            let pattern = bundle.get_message(&id).and_then(|message| message.value()).unwrap_or_else(|| panic!("no {id}"));
            let mut problems = Vec::new();
            let text = bundle.format_pattern(pattern, Some(&args), &mut problems).into_owned();
            assert!(problems.is_empty() && !text.contains('{'), "{language} {id}: {text} {problems:?}");
        };
        for error in errors() {
            let mut args: FluentArgs = error.args().into_iter().collect();
            args.set("kind", "other");
            format(format!("error-{}", error.code()), args);
        }
        for reason in GPU_REASONS {
            format(format!("gpu-{}", reason(String::new()).code()), [("detail", "because")].into_iter().collect());
        }
    }
}

#[test]
fn index_html_has_every_panel_and_setting_that_an_address_can_name() {
    let html = read("www/index.html");
    let marked = |mark: &str| between(&html, mark, '"').map(String::from).collect::<BTreeSet<_>>();
    assert_eq!(marked("data-panel=\""), view::PANELS.map(String::from).into());
    assert_eq!(marked("data-setting=\""), settings::NAMES.map(String::from).into());
}

#[test]
fn fields_offer_what_the_settings_allow() {
    let html = read("www/index.html");
    let options = |id: &str| {
        let select = html.split(&format!("<select id=\"{id}\"")).nth(1).and_then(|rest| rest.split("</select>").next()).unwrap();
        between(select, "value=\"", '"').map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(options("activation"), nn::Activation::HIDDEN.map(|a| a.name()));
    assert_eq!(options("optimizer"), nn::Optimizer::ALL.map(|o| o.name()));
    let presets: Vec<_> = settings::PRESETS.iter().map(|preset| preset.name).chain([""]).collect();
    assert_eq!(options("preset"), presets, "and the settings that are no preset");
    assert_eq!(options("data"), Origin::NAMES);
    assert_eq!(options("chart-along"), plot::Along::ALL.map(|along| along.name()));
    assert_eq!(options("schedule"), train::Schedule::ALL.map(|s| s.name()));
    assert_eq!(options("backend"), inkling::choice::BackendChoice::ALL.map(|b| b.name()));
}
