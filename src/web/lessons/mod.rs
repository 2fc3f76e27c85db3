//! The lessons: a module of their own, which the page loads when the address asks for one. `#lesson` is the list, `#lesson/NAME`
//! a lesson, `#lesson/glossary` the glossary. Texts come from the site as fragments of HTML that xtask has made of Markdown
//! (www/lessons/README.md); an exhibit is one file here, a function of [`Stage`] that draws what `crate::explain` computes.

mod background;
mod background_views;
mod backpropagation;
mod backpropagation_drawing;
mod backpropagation_slides;
mod break_it;
mod break_it_run;
mod chain_rule;
pub mod controls;
mod derivative;
mod example;
mod flow;
mod gradient_descent;
mod gradient_descent_pictures;
mod keras;
mod matrices;
mod mnist;
mod mnist_pictures;
mod net;
mod network;
mod neuron;
pub mod page;
mod pixels;
pub mod plot;
pub mod progress;
pub mod stage;
pub mod svg;
mod table;
mod training;
mod view;
mod walk;
mod worker;

use crate::Result;
use crate::web::dom;
use crate::web::fetch;
use crate::web::l10n::{L10n, Language};
use progress::Progress;
use stage::Stage;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlSelectElement};

/// The exhibit of each lesson; `www/lessons/order.txt` has their order.
fn exhibit(name: &str) -> Option<fn(&Stage) -> Result<()>> {
    match name {
        "background" => Some(background::show),
        "network" => Some(network::show),
        "neuron" => Some(neuron::show),
        "example" => Some(example::show),
        "training" => Some(training::show),
        "matrices" => Some(matrices::show),
        "derivative" => Some(derivative::show),
        "chain-rule" => Some(chain_rule::show),
        "gradient-descent" => Some(gradient_descent::show),
        "backpropagation" => Some(backpropagation::show),
        "mnist" => Some(mnist::show),
        "keras" => Some(keras::show),
        "break-it" => Some(break_it::show),
        _ => None,
    }
}

/// Where an address leads.
#[derive(Clone, Debug, PartialEq)]
enum Route {
    /// Not to a lesson.
    Page,
    List,
    Glossary,
    Lesson(String),
}

impl Route {
    fn of_address() -> Route {
        let hash = dom::window().location().hash().unwrap_or_default();
        match hash.strip_prefix("#lesson") {
            Some("" | "/") => Route::List,
            Some("/glossary") => Route::Glossary,
            Some(rest) if rest.starts_with('/') => Route::Lesson(rest[1..].to_string()),
            _ => Route::Page,
        }
    }
}

/// What lives as long as the page.
struct Lessons {
    language: Cell<Language>,
    progress: Rc<Progress>,
    /// The exhibit that is shown.
    stage: RefCell<Option<Stage>>,
    /// Counts what was asked for, so that what comes late is not shown.
    turn: Cell<u32>,
    title: view::Title,
}

/// Shows what the address asks for, now and from now on.
#[wasm_bindgen(js_name = startLessons)]
pub fn start() {
    dom::show_panics("lessons");
    let lessons = Rc::new(Lessons {
        language: Cell::new(Language::of_page()),
        progress: Rc::new(Progress::load()),
        stage: RefCell::new(None),
        turn: Cell::new(0),
        title: view::Title::default(),
    });
    let listener = Rc::clone(&lessons);
    dom::on(&dom::window(), "hashchange", move |_: Event| show(&listener));
    if let Ok(select) = dom::by_id::<HtmlSelectElement>("lang") {
        let (listener, chosen) = (Rc::clone(&lessons), select.clone());
        dom::on(&select, "change", move |_: Event| {
            if let Ok(language) = Language::parse(&chosen.value()) {
                listener.language.set(language);
                show(&listener);
            }
        });
    }
    show(&lessons);
}

fn show(lessons: &Rc<Lessons>) {
    let turn = lessons.turn.get() + 1;
    lessons.turn.set(turn);
    let route = Route::of_address();
    if route == Route::Page {
        close(lessons);
        view::close(&lessons.title);
        return;
    }
    let lessons = Rc::clone(lessons);
    spawn_local(async move {
        let language = lessons.language.get();
        let loaded = load(&route, language).await;
        if lessons.turn.get() != turn {
            return;
        }
        close(&lessons);
        match loaded {
            Ok((words, texts)) => {
                let words = Rc::new(words);
                let shown = texts.and_then(|texts| open(&lessons, &route, &words, &texts));
                if let Err(error) = shown {
                    view::broken(&words, &error);
                }
            }
            Err(error) => {
                view::close(&lessons.title);
                dom::show_broken("lessons", &error.to_string());
            }
        }
    });
}

fn close(lessons: &Lessons) {
    if let Some(stage) = lessons.stage.take() {
        stage.close();
    }
}

/// What a view is made of.
struct Texts {
    index: String,
    body: String,
}

/// The messages, and, if they came, the texts.
///
/// Errors when there are no messages.
async fn load(route: &Route, language: Language) -> Result<(L10n, Result<Texts>)> {
    let path = |name: &str| format!("./lessons/{}/{name}", language.tag());
    let (file, own_words) = match route {
        Route::Lesson(name) => (format!("{name}.html"), Some(path(&format!("{name}.ftl")))),
        Route::Glossary => ("glossary.html".into(), None),
        Route::List | Route::Page => ("index.html".into(), None),
    };
    let texts = fetch_texts([&path("index.html"), &path(&file)]).await;
    // The page's messages say what went wrong.
    let (common, page) = (path("common.ftl"), L10n::path(language));
    let files: Vec<&str> = [&*common, &*page].into_iter().chain(own_words.as_deref().filter(|_| texts.is_ok())).collect();
    Ok((L10n::read(language, &files).await?, texts))
}

async fn fetch_texts([index, body]: [&str; 2]) -> Result<Texts> {
    Ok(Texts { index: fetch::fetch_text(index).await?, body: fetch::fetch_text(body).await? })
}

fn open(lessons: &Rc<Lessons>, route: &Route, words: &Rc<L10n>, texts: &Texts) -> Result<()> {
    let index = view::Index::parse(&texts.index)?;
    match route {
        Route::Page => {}
        Route::List => view::list(&lessons.title, words, &index, &lessons.progress)?,
        Route::Glossary => view::glossary(&lessons.title, words, &texts.body)?,
        Route::Lesson(name) => {
            let place = view::lesson(&lessons.title, words, &index, name, &texts.body)?;
            let stage = Stage::new(name, place.unchecked_into(), Rc::clone(words), Rc::clone(&lessons.progress))?;
            if let Some(exhibit) = exhibit(name) {
                exhibit(&stage)?;
            }
            stage.redraw();
            lessons.stage.replace(Some(stage));
        }
    }
    Ok(())
}
