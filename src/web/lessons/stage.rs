//! The place of one exhibit: its element, words, listeners, drawing once a frame, and the tasks that it reports as done. All of
//! it ends when the lesson is closed.

use super::progress::Progress;
use crate::web::dom;
use crate::web::l10n::{Args, L10n};
use crate::{Error, Result};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventTarget, HtmlElement};

/// What an exhibit wants after it has drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// Nothing, until a control changes.
    Rest,
    /// To draw again in the next frame: something moves.
    Frame,
}

/// See the module's documentation. Clones are the same stage.
#[derive(Clone)]
pub struct Stage(Rc<Inner>);

struct Inner {
    lesson: String,
    root: HtmlElement,
    words: Rc<L10n>,
    progress: Rc<Progress>,
    draw: RefCell<Option<Box<dyn FnMut() -> Next>>>,
    listeners: RefCell<Vec<Listener>>,
    on_frame: RefCell<Option<Closure<dyn FnMut()>>>,
    /// The frame that was asked for.
    frame: Cell<Option<i32>>,
    /// Where the square to draw in was taken from.
    square: RefCell<Option<(Element, Element)>>,
}

struct Listener {
    target: EventTarget,
    kind: &'static str,
    call: js_sys::Function,
    /// Only held.
    _closure: Box<dyn std::any::Any>,
}

impl Stage {
    /// Takes its place in `root`, and marks the lesson's tasks that are done.
    pub fn new(lesson: &str, root: HtmlElement, words: Rc<L10n>, progress: Rc<Progress>) -> Result<Stage> {
        let stage = Stage(Rc::new(Inner {
            lesson: lesson.into(),
            root,
            words,
            progress,
            draw: RefCell::new(None),
            listeners: RefCell::default(),
            on_frame: RefCell::new(None),
            frame: Cell::new(None),
            square: RefCell::new(None),
        }));
        let painter = stage.clone();
        stage.0.on_frame.replace(Some(Closure::new(move || painter.paint())));
        for kind in ["input", "change", "click"] {
            let listener = stage.clone();
            stage.on(&stage.0.root, kind, move |_: Event| listener.redraw());
        }
        for task in dom::all("#lessons [data-task]") {
            let state = dom::document().create_element("span").map_err(|error| failed(&error))?;
            state.set_class_name("state");
            task.append_child(&state).map_err(|error| failed(&error))?;
            let id = task.get_attribute("data-task").unwrap_or_default();
            stage.mark(&task, stage.0.progress.is_done(lesson, &id));
        }
        stage.show_progress();
        Ok(stage)
    }

    /// The exhibit's element.
    pub fn root(&self) -> &HtmlElement {
        &self.0.root
    }

    /// A message of `NAME.ftl` or `common.ftl`.
    pub fn text(&self, id: &str, args: &Args) -> String {
        self.0.words.text(id, args)
    }

    /// What went wrong, as a sentence.
    pub fn error(&self, error: &Error) -> String {
        self.0.words.error(error)
    }

    /// Calls `f` on every event of that kind until the lesson is closed.
    pub fn on<E: FromWasmAbi + 'static>(&self, target: &EventTarget, kind: &'static str, f: impl FnMut(E) + 'static) {
        let closure = Closure::<dyn FnMut(E)>::new(f);
        let call: js_sys::Function = closure.as_ref().unchecked_ref::<js_sys::Function>().clone();
        if let Err(error) = target.add_event_listener_with_callback(kind, &call) {
            web_sys::console::error_1(&error);
        }
        let listener = Listener { target: target.clone(), kind, call, _closure: Box::new(closure) };
        self.0.listeners.borrow_mut().push(listener);
    }

    /// Has `f` draw: once now, and once a frame after any control of the exhibit was used, or as long as it asks for it.
    pub fn draw(&self, f: impl FnMut() -> Next + 'static) {
        self.0.draw.replace(Some(Box::new(f)));
        self.redraw();
    }

    /// Draws in the next frame.
    pub fn redraw(&self) {
        if self.0.frame.get().is_some() {
            return;
        }
        if let Some(on_frame) = &*self.0.on_frame.borrow() {
            let requested = dom::window().request_animation_frame(on_frame.as_ref().unchecked_ref());
            self.0.frame.set(requested.ok());
        }
    }

    fn paint(&self) {
        self.0.frame.set(None);
        let Some(mut draw) = self.0.draw.borrow_mut().take() else { return };
        let next = draw();
        if self.0.root.is_connected() {
            self.0.draw.replace(Some(draw));
            if next == Next::Frame {
                self.redraw();
            }
        }
    }

    /// Whether the visitor wants no motion.
    pub fn is_still(&self) -> bool {
        let query = dom::window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
        query.is_some_and(|query| query.matches())
    }

    /// The visitor has done this task of the lesson. Calling it again changes nothing.
    pub fn done(&self, task: &str) {
        let Some(element) = dom::all(&format!("#lessons [data-task='{task}']")).into_iter().next() else { return };
        if self.0.progress.is_done(&self.0.lesson, task) {
            return;
        }
        self.0.progress.set_done(&self.0.lesson, task);
        self.mark(&element, true);
        let said = self.show_progress();
        if let Ok(status) = dom::by_id::<Element>("lesson-said") {
            dom::set_text(&status, &self.text("task-done-said", &[("progress", said.into())]));
        }
    }

    fn mark(&self, task: &Element, is_done: bool) {
        dom::set(task, "data-done", if is_done { "yes" } else { "no" });
        if let Ok(Some(state)) = task.query_selector(".state") {
            dom::set_text(&state, &self.text(if is_done { "task-done" } else { "task-open" }, &[]));
        }
    }

    fn show_progress(&self) -> String {
        let (all, done) = (dom::all("#lessons [data-task]").len(), dom::all("#lessons [data-done='yes']").len());
        let text = self.text("tasks-done", &[("done", done.into()), ("all", all.into())]);
        if let Ok(element) = dom::by_id::<Element>("lesson-progress") {
            dom::set_text(&element, &text);
        }
        text
    }

    /// Moves the page's square to draw in, with its buttons, into `place`, until the lesson is closed.
    pub fn take_square(&self, place: &Element) {
        let Some(square) = dom::all("section.draw").into_iter().next() else { return };
        let Some(home) = square.parent_element() else { return };
        if place.append_child(&square).is_ok() {
            self.0.square.replace(Some((square, home)));
        }
    }

    /// Ends everything.
    pub fn close(&self) {
        for listener in self.0.listeners.take() {
            let _ = listener.target.remove_event_listener_with_callback(listener.kind, &listener.call);
        }
        if let Some(frame) = self.0.frame.take() {
            let _ = dom::window().cancel_animation_frame(frame);
        }
        self.0.draw.replace(None);
        self.0.on_frame.replace(None);
        if let Some((square, home)) = self.0.square.take() {
            let _ = home.insert_before(&square, home.first_child().as_ref());
        }
    }
}

/// The browser refused something that it never does.
pub fn failed(error: &JsValue) -> Error {
    Error::State { reason: crate::web::describe(error) }
}
