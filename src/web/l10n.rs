//! The visitor's language: which one, its messages (`locales/*.ftl`, fetched), and how numbers are written.
//!
//! An element with `data-l10n="id"` shows message `id`; the message's attributes (`.title`, `.aria-label`) become the element's.

use super::{dom, fetch};
use crate::error::GpuReason;
use crate::{Error, Result, messages};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    ZhTw,
    En,
}

/// Where www/language.js finds the choice.
const STORED: &str = "inkling-language";

impl Language {
    const ALL: [Language; 2] = [Language::ZhTw, Language::En];

    /// As `<html lang>` and the name of the locale file say it.
    pub fn tag(self) -> &'static str {
        match self {
            Language::ZhTw => "zh-TW",
            Language::En => "en",
        }
    }

    /// The language of that tag.
    ///
    /// Errors when the page does not speak it.
    pub fn parse(tag: &str) -> Result<Language> {
        Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag)).ok_or_else(|| Error::Setting {
            name: "lang".into(),
            value: tag.into(),
            allowed: Language::ALL.map(Language::tag).join(", "),
        })
    }

    /// The page's, which www/language.js has decided and index.html's words are in.
    pub fn of_page() -> Language {
        let tag = dom::document().document_element().and_then(|root| root.get_attribute("lang"));
        // Without that script they are in the language that they are written in.
        tag.and_then(|tag| Language::parse(&tag).ok()).unwrap_or(Language::ZhTw)
    }

    /// Remembers the choice for the next visit. Where storage is off, the choice lasts for this visit.
    pub fn remember(self) {
        if let Ok(Some(storage)) = dom::window().local_storage() {
            let _ = storage.set_item(STORED, self.tag());
        }
    }
}

/// The messages of one language.
pub struct L10n {
    pub language: Language,
    bundle: FluentBundle<FluentResource>,
}

/// What a message's placeables stand for.
pub type Args<'a> = [(&'a str, FluentValue<'a>)];

impl L10n {
    /// Fetches a language's messages.
    ///
    /// Errors when the file can't be had or is none.
    pub async fn load(language: Language) -> Result<L10n> {
        L10n::read(language, &[&L10n::path(language)]).await
    }

    /// Where the page's messages in that language are.
    pub fn path(language: Language) -> String {
        format!("./locales/{}.ftl", language.tag())
    }

    /// Fetches the messages in these files, which are in this language.
    ///
    /// Errors when one can't be had or is none, or has a message that another one has.
    pub async fn read(language: Language, paths: &[&str]) -> Result<L10n> {
        let malformed = |what: &str, reason: String| Error::Malformed { what: what.into(), reason };
        let id: LanguageIdentifier = language.tag().parse().map_err(|error| malformed(language.tag(), format!("{error}")))?;
        let mut bundle = FluentBundle::new(vec![id]);
        // The marks around placeables are for right-to-left text, which neither language has.
        bundle.set_use_isolating(false);
        for path in paths {
            let text = fetch::fetch_text(path).await?;
            messages::check(&text, path)?;
            let resource = FluentResource::try_new(text).map_err(|(_, errors)| malformed(path, format!("{errors:?}")))?;
            bundle.add_resource(resource).map_err(|errors| malformed(path, format!("{errors:?}")))?;
        }
        Ok(L10n { language, bundle })
    }

    /// The message `id`, or `id` itself where there is none (tests/locales.rs sees to it that there is).
    pub fn text(&self, id: &str, args: &Args) -> String {
        self.find(id, args).unwrap_or_else(|| id.to_string())
    }

    /// What went wrong, as a sentence.
    pub fn error(&self, error: &Error) -> String {
        if let Error::NoGpu { reason } = error {
            return self.gpu(reason);
        }
        let mut args: Vec<(&str, FluentValue)> = Vec::new();
        for (name, value) in error.args() {
            if matches!(name, "what" | "name") {
                // "the model file", "learning rate": the engine's names of things, in the visitor's language where known.
                let kind = slug(&value);
                let known = match value.strip_prefix("line ") {
                    Some(number) => self.find("thing-line", &[("number", number.into())]),
                    None => self.find(&format!("thing-{kind}"), &[]),
                };
                args.push((name, known.unwrap_or(value).into()));
                args.push(("kind", kind.into()));
            } else {
                args.push((name, value.into()));
            }
        }
        self.text(&format!("error-{}", error.code()), &args)
    }

    /// Why there is no WebGPU, as a sentence.
    pub fn gpu(&self, reason: &GpuReason) -> String {
        let detail = match reason {
            GpuReason::NoDevice(why) | GpuReason::SelfTestFailed(why) | GpuReason::Lost(why) | GpuReason::WrongLoss(why) => {
                why.clone()
            }
            GpuReason::InsecurePage | GpuReason::NoApi | GpuReason::NoAdapter => String::new(),
        };
        self.text(&format!("gpu-{}", reason.code()), &[("detail", detail.into())])
    }

    /// Fills in index.html.
    pub fn apply(&self) {
        if let Some(root) = dom::document().document_element() {
            dom::set(&root, "lang", self.language.tag());
        }
        for element in dom::all("[data-l10n]") {
            self.apply_to(&element);
        }
    }

    /// Fills in the element's message: its text, its attributes, or both.
    pub fn apply_to(&self, element: &web_sys::Element) {
        let Some(id) = element.get_attribute("data-l10n") else { return };
        if let Some(text) = self.find(&id, &[]) {
            dom::set_text(element, &text);
        }
        let Some(message) = self.bundle.get_message(&id) else { return };
        for attribute in message.attributes() {
            let text = self.bundle.format_pattern(attribute.value(), None, &mut Vec::new());
            dom::set(element, attribute.id(), &text);
        }
    }

    fn find(&self, id: &str, args: &Args) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let args: FluentArgs = args.iter().cloned().collect();
        Some(self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
    }
}

fn slug(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// `0.963` as `96.3%`. Only what rounds to everything is `100%`.
pub fn percent(share: f32) -> String {
    let text = format!("{:.1}%", share * 100.0);
    if text == "100.0%" { "100%".into() } else { text }
}

/// `0.9853` as `98.53%`: accuracies differ in the second decimal.
pub fn fine_percent(share: f32) -> String {
    format!("{:.2}%", share * 100.0)
}

/// `101770` as `101,770`, as both languages write it.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
