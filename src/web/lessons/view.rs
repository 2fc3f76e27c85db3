//! The lessons' place on the page, `#lessons`, instead of `<main>`: the list, a lesson with its way to the next, the glossary.

use super::controls::{add, add_text};
use super::progress::Progress;
use super::stage::failed;
use crate::web::dom;
use crate::web::l10n::L10n;
use crate::{Error, Result};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DomParser, Element, Event, HtmlElement, ScrollToOptions, SupportedType};

/// The document's title: the page's own comes back when the lessons are left.
#[derive(Default)]
pub struct Title {
    /// The page's, and the one that stands there instead.
    both: RefCell<Option<(String, String)>>,
}

impl Title {
    fn set(&self, title: &str) {
        let document = dom::document();
        let mut both = self.both.borrow_mut();
        let now = document.title();
        // Another title than ours: the page has set it, in another language maybe.
        let own = both.take().filter(|(_, ours)| *ours == now).map_or(now, |(own, _)| own);
        let ours = format!("{title} · Inkling");
        document.set_title(&ours);
        *both = Some((own, ours));
    }

    fn restore(&self) {
        if let Some((own, ours)) = self.both.take()
            && dom::document().title() == ours
        {
            dom::document().set_title(&own);
        }
    }
}

/// A lesson as the list has it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: String,
    pub title: String,
    pub minutes: u32,
    pub tasks: Vec<String>,
}

/// All lessons, in order.
pub struct Index(Vec<Entry>);

impl Index {
    /// Reads `index.html`.
    ///
    /// Errors when it lists nothing.
    pub fn parse(html: &str) -> Result<Index> {
        let list = fragment(html)?;
        let links = list.query_selector_all("a").map_err(|error| failed(&error))?;
        let entry = |i| {
            let link: Element = links.item(i)?.dyn_into().ok()?;
            Some(Entry {
                name: link.get_attribute("href")?.strip_prefix("#lesson/")?.to_string(),
                title: link.text_content()?,
                minutes: link.get_attribute("data-minutes")?.parse().ok()?,
                tasks: link.get_attribute("data-tasks")?.split_whitespace().map(String::from).collect(),
            })
        };
        let entries: Vec<Entry> = (0..links.length()).filter_map(entry).collect();
        if entries.is_empty() {
            return Err(Error::Malformed { what: "lessons/index.html".into(), reason: "no lesson".into() });
        }
        Ok(Index(entries))
    }
}

/// The site's own HTML as elements.
fn fragment(html: &str) -> Result<HtmlElement> {
    let parser = DomParser::new().map_err(|error| failed(&error))?;
    let document = parser.parse_from_string(html, SupportedType::TextHtml).map_err(|error| failed(&error))?;
    document.body().ok_or_else(|| Error::State { reason: "the text has no body".into() })
}

/// Empties the place and shows it, with the way back.
fn place(words: &L10n) -> Result<HtmlElement> {
    let place: HtmlElement = dom::by_id("lessons")?;
    place.replace_children_with_node_0();
    dom::show(&place, true);
    // The page's own is hidden now.
    dom::set(&place, "role", "main");
    set_open(true);
    let nav = add(&place, "nav", "lesson-nav")?;
    dom::set(&nav, "aria-label", &words.text("lessons-nav", &[]));
    for (href, id) in [("#", "lessons-leave"), ("#lesson", "lessons-all"), ("#lesson/glossary", "glossary")] {
        dom::set(&add_text(&nav, "a", "", &words.text(id, &[]))?, "href", href);
    }
    let said = add(&place, "p", "offstage")?;
    said.set_id("lesson-said");
    dom::set(&said, "role", "status");
    Ok(place)
}

fn set_open(is_open: bool) {
    if let Some(root) = dom::document().document_element() {
        let _ = root.class_list().toggle_with_force("in-lesson", is_open);
    }
}

/// The heading, with the focus.
fn heading(parent: &Element, title: &Title, text: &str) -> Result<()> {
    title.set(text);
    let heading: HtmlElement = add_text(parent, "h2", "", text)?.unchecked_into();
    heading.set_id("lesson-title");
    heading.set_tab_index(-1);
    let options = ScrollToOptions::new();
    options.set_top(0.0);
    dom::window().scroll_to_with_scroll_to_options(&options);
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    heading.focus_with_options(&options).map_err(|error| failed(&error))
}

fn append(parent: &Element, html: &str) -> Result<()> {
    let fragment = fragment(html)?;
    while let Some(child) = fragment.first_child() {
        parent.append_child(&child).map_err(|error| failed(&error))?;
    }
    keep_language(parent);
    Ok(())
}

/// Links into the laboratory keep the language that the address names.
fn keep_language(parent: &Element) {
    let Some((_, tag)) = dom::address().into_iter().find(|(name, _)| name == "lang") else { return };
    let Ok(links) = parent.query_selector_all("a[href^='?']") else { return };
    for link in (0..links.length()).filter_map(|i| links.item(i)?.dyn_into::<Element>().ok()) {
        let href = link.get_attribute("href").unwrap_or_default();
        let (query, hash) = href.split_once('#').unwrap_or((&href, ""));
        dom::set(&link, "href", &format!("{query}&lang={tag}#{hash}"));
    }
}

fn minutes(words: &L10n, minutes: u32) -> String {
    words.text("lesson-minutes", &[("minutes", minutes.into())])
}

/// The list of all lessons.
pub fn list(title: &Title, words: &L10n, index: &Index, progress: &Progress) -> Result<()> {
    let place = place(words)?;
    heading(&place, title, &words.text("lessons-title", &[]))?;
    add_text(&place, "p", "lesson-intro", &words.text("lessons-intro", &[]))?;
    let list = add(&place, "ol", "lesson-list")?;
    for entry in &index.0 {
        let item = add(&list, "li", "")?;
        let link = add_text(&item, "a", "", &entry.title)?;
        dom::set(&link, "href", &format!("#lesson/{}", entry.name));
        let done = entry.tasks.iter().filter(|task| progress.is_done(&entry.name, task)).count();
        let tasks = words.text("tasks-done", &[("done", done.into()), ("all", entry.tasks.len().into())]);
        let about = add_text(&item, "p", "fine", &format!("{} · {tasks}", minutes(words, entry.minutes)))?;
        dom::set(&about, "data-done", if done == entry.tasks.len() { "yes" } else { "no" });
    }
    let all: u32 = index.0.iter().map(|entry| entry.minutes).sum();
    add_text(&place, "p", "fine", &words.text("lessons-total", &[("minutes", all.into())]))?;
    Ok(())
}

/// The glossary.
pub fn glossary(title: &Title, words: &L10n, html: &str) -> Result<()> {
    let place = place(words)?;
    heading(&place, title, &words.text("glossary-title", &[]))?;
    append(&place, html)
}

/// A lesson. Returns the place of its exhibit.
pub fn lesson(title: &Title, words: &L10n, index: &Index, name: &str, html: &str) -> Result<Element> {
    let unknown = || Error::State { reason: format!("there is no lesson {name}") };
    let number = index.0.iter().position(|entry| entry.name == name).ok_or_else(unknown)?;
    let entry = &index.0[number];
    let place = place(words)?;
    let article = add(&place, "article", "lesson")?;
    dom::set(&article, "data-lesson", name);
    heading(&article, title, &entry.title)?;
    let about = add(&article, "p", "fine about")?;
    add_text(&about, "span", "", &minutes(words, entry.minutes))?;
    add(&about, "span", "")?.set_id("lesson-progress");
    let print: HtmlElement = add_text(&about, "button", "quiet", &words.text("lesson-print", &[]))?.unchecked_into();
    dom::set(&print, "type", "button");
    print.set_onclick(Some(Closure::<dyn Fn(Event)>::new(|_| drop(dom::window().print())).into_js_value().unchecked_ref()));
    append(&article, html)?;
    let nav = add(&article, "nav", "lesson-steps")?;
    dom::set(&nav, "aria-label", &words.text("lesson-steps", &[]));
    let neighbour = |at: Option<usize>| at.and_then(|at| index.0.get(at));
    for (entry, id) in [(neighbour(number.checked_sub(1)), "lesson-previous"), (neighbour(number.checked_add(1)), "lesson-next")]
    {
        if let Some(entry) = entry {
            let link = add_text(&nav, "a", "button", &words.text(id, &[("title", entry.title.as_str().into())]))?;
            dom::set(&link, "href", &format!("#lesson/{}", entry.name));
            link.set_id(id);
        }
    }
    article.query_selector("[data-exhibit]").ok().flatten().ok_or_else(unknown)
}

/// Something is missing: says what.
pub fn broken(words: &L10n, error: &Error) {
    let shown = || -> Result<()> {
        let place: HtmlElement = dom::by_id("lessons")?;
        place.replace_children_with_node_0();
        dom::show(&place, true);
        set_open(true);
        dom::set(&add_text(&place, "p", "error", &words.error(error))?, "role", "alert");
        dom::set(&add_text(&place, "a", "", "Inkling")?, "href", "#");
        Ok(())
    };
    if let Err(error) = shown() {
        web_sys::console::error_1(&error.to_string().into());
    }
}

/// Back to the page.
pub fn close(title: &Title) {
    if let Ok(place) = dom::by_id::<HtmlElement>("lessons") {
        place.replace_children_with_node_0();
        dom::show(&place, false);
    }
    set_open(false);
    title.restore();
}
