//! The page as a person and a script see it, through the handles that the README promises.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::Locator;
use fantoccini::actions::{ActionSequence, InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction, TouchActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use serde::Deserialize;
use serde_json::json;

use crate::browser::Browser;
use crate::digits::{Stroke, strokes};

/// How long the page may take for anything; far more than it needs on a machine with nothing else to do.
pub const LIMIT: Duration = Duration::from_secs(60);

/// What draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pointer {
    Mouse,
    Touch,
}

/// The open page.
pub struct Page<'a> {
    pub browser: &'a Browser,
}

/// The page at one moment.
#[derive(Debug, Deserialize)]
pub struct Snapshot {
    /// `data-*` of `#status`, named as in JavaScript: `validationAccuracy`.
    status: HashMap<String, String>,
    /// `data-probability` of each digit, empty where there is none.
    probabilities: Vec<String>,
    pub prediction: String,
    /// The text of `#notes`, empty where it can't be seen.
    pub notes: String,
    /// The role of `#notes`, or of what is in it.
    pub notes_role: Option<String>,
    pub language: String,
    /// Whether `canvas#seen` shows ink: its pixels are not all alike.
    pub seen_ink: bool,
    /// Everything that can be read on the page.
    pub text: String,
}

const SNAPSHOT: &str = r#"
    const at = (id) => document.getElementById(id);
    const bars = [...Array(10).keys()].map((digit) => document.querySelector(`[data-digit="${digit}"]`));
    const { width, height } = at('seen');
    const pixels = new Uint32Array(at('seen').getContext('2d').getImageData(0, 0, width, height).data.buffer);
    const shown = at('notes').checkVisibility();
    return {
        status: { ...at('status').dataset },
        probabilities: bars.map((bar) => bar?.dataset.probability ?? ''),
        prediction: at('prediction').textContent.trim(),
        notes: shown ? at('notes').innerText : '',
        notes_role: (at('notes').closest('[role]') ?? at('notes').querySelector('[role]'))?.getAttribute('role'),
        language: document.documentElement.lang,
        seen_ink: pixels.some((pixel) => pixel !== pixels[0]),
        text: document.body.innerText,
    };
"#;

impl Snapshot {
    pub fn state(&self) -> &str {
        self.status("state")
    }

    /// `data-backend`.
    pub fn backend(&self) -> &str {
        self.status("backend")
    }

    /// `data-backend-reason`.
    pub fn backend_reason(&self) -> &str {
        self.status("backendReason")
    }

    pub fn step(&self) -> u64 {
        self.status("step").parse().unwrap_or(0)
    }

    /// A number among `data-*` of `#status`; `None` while it is not known.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.status(name).parse().ok()
    }

    /// One of `data-*` of `#status`, named as in JavaScript.
    pub fn status(&self, name: &str) -> &str {
        self.status.get(name).map_or("", String::as_str)
    }

    /// The ten probabilities; `None` unless all are there.
    pub fn probabilities(&self) -> Option<[f64; 10]> {
        let numbers: Vec<f64> = self.probabilities.iter().filter_map(|text| text.parse().ok()).collect();
        numbers.try_into().ok()
    }

    /// Whether no digit has a probability and none is predicted.
    pub fn predicts_nothing(&self) -> bool {
        self.probabilities.iter().all(String::is_empty) && self.prediction.is_empty()
    }

    /// Checks that the page reads `digit`, and that what it shows agrees with itself.
    pub fn assert_reads(&self, digit: usize) {
        let probabilities = self.probabilities().unwrap_or_else(|| panic!("no ten probabilities: {self:#?}"));
        let sum: f64 = probabilities.iter().sum();
        assert!((sum - 1.0).abs() < 0.001, "probabilities add up to {sum}: {probabilities:?}");
        let top = (0..10).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
        assert_eq!(top, Some(digit), "{probabilities:?}");
        assert_eq!(self.prediction, digit.to_string());
    }
}

impl<'a> Page<'a> {
    /// Opens the page with settings in its address ("?layers=32", or nothing), waits until it can read, and unfolds every panel.
    pub async fn open(browser: &'a Browser, query: &str) -> Page<'a> {
        let page = Page::open_folded(browser, query).await;
        page.unfold().await;
        page
    }

    /// Unfolds every panel.
    pub async fn unfold(&self) {
        let unfold = "document.querySelectorAll('section > details').forEach((details) => { details.open = true; })";
        self.browser.run(unfold, vec![]).await;
    }

    /// The same with the panels as a visitor finds them.
    pub async fn open_folded(browser: &'a Browser, query: &str) -> Page<'a> {
        let page = Page { browser };
        let address = format!("{}{}/{query}", browser.site.origin(), browser.setup.base);
        // A visitor in a new tab: a reload would bring the drawing back.
        let forget = "try { sessionStorage.clear(); } catch { /* Another site's, or none. */ }";
        browser.run(forget, vec![]).await;
        browser.client.goto(&address).await.expect("the page opens");
        page.wait("the page to be ready", |now| now.state() != "loading" && !now.state().is_empty()).await;
        let now = page.snapshot().await;
        assert_eq!(now.state(), "ready", "{now:#?}");
        page
    }

    /// Loads the page again, as a person does, waits until it can read, and unfolds every panel.
    pub async fn reload(&self) -> Snapshot {
        self.browser.client.refresh().await.expect("the page is loaded again");
        let now = self.wait("the page to be ready", |now| now.state() != "loading" && !now.state().is_empty()).await;
        self.unfold().await;
        now
    }

    pub async fn snapshot(&self) -> Snapshot {
        let snapshot = self.browser.run(SNAPSHOT, vec![]).await;
        serde_json::from_value(snapshot).expect("the page has all its handles")
    }

    /// Waits until the page is as `condition` says.
    pub async fn wait(&self, what: &str, condition: impl Fn(&Snapshot) -> bool) -> Snapshot {
        let start = Instant::now();
        loop {
            let now = self.snapshot().await;
            if condition(&now) {
                return now;
            }
            assert!(start.elapsed() < LIMIT, "waited {LIMIT:?} for {what}: {now:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until something is so that is not in a [`Snapshot`].
    pub async fn wait_until(&self, what: &str, condition: impl AsyncFn() -> bool) {
        let start = Instant::now();
        while !condition().await {
            assert!(start.elapsed() < LIMIT, "waited {LIMIT:?} for {what}: {:#?}", self.snapshot().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits for a `data-state`; a failure on the way is one of the test.
    pub async fn wait_for_state(&self, state: &str) -> Snapshot {
        let now = self.wait(&format!("the state {state}"), |now| now.state() == state || now.state() == "failed").await;
        assert_eq!(now.state(), state, "{now:#?}");
        now
    }

    /// Lets the page draw two frames, in which it shows what it was told.
    pub async fn settle(&self) -> Snapshot {
        let frames = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))";
        self.browser.client.execute_async(frames, vec![]).await.expect("the page draws frames");
        self.snapshot().await
    }

    pub async fn find(&self, css: &str) -> Element {
        let found = self.browser.client.find(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("the page has no {css}: {error}"))
    }

    /// Moves the mouse over the middle of an element.
    pub async fn hover(&self, css: &str) {
        let middle = "const element = document.querySelector(arguments[0]);
            element.scrollIntoView({ block: 'center', behavior: 'instant' });
            const box = element.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];";
        let middle = self.browser.run(middle, vec![json!(css)]).await;
        let (x, y): (f64, f64) = serde_json::from_value(middle).unwrap_or_else(|_| panic!("the page has no {css}"));
        let to = PointerAction::MoveTo { duration: Some(Duration::ZERO), x: x.round(), y: y.round() };
        self.perform(vec![to], Pointer::Mouse).await;
    }

    pub async fn click(&self, css: &str) {
        let mut clicked = self.find(css).await.click().await;
        let has_moved = |error: &CmdError| ["intercepted", "stale"].iter().any(|word| error.to_string().contains(word));
        if clicked.as_ref().is_err_and(has_moved) {
            // It, or something above it, came or went between the look and the click: a person looks again.
            self.settle().await;
            clicked = self.find(css).await.click().await;
        }
        clicked.unwrap_or_else(|error| panic!("{css} can't be clicked: {error}"));
    }

    pub async fn is_enabled(&self, css: &str) -> bool {
        self.find(css).await.is_enabled().await.expect("an element is enabled or not")
    }

    /// Whether a checkbox is on.
    pub async fn is_checked(&self, css: &str) -> bool {
        self.find(css).await.is_selected().await.expect("a checkbox is on or off")
    }

    /// Chooses an option of a `select`.
    pub async fn choose(&self, css: &str, value: &str) {
        let chosen = self.find(css).await.select_by_value(value).await;
        chosen.unwrap_or_else(|error| panic!("{css} has no {value}: {error}"));
    }

    /// Types a new value into a field and leaves it.
    pub async fn type_into(&self, css: &str, value: &str) {
        // Typed over what is selected: `clear` would tell the page of an empty field in between.
        self.browser.run("document.querySelector(arguments[0]).select()", vec![json!(css)]).await;
        self.find(css).await.send_keys(&format!("{value}\u{e004}")).await.expect("a field takes keys");
    }

    /// An attribute, empty where it is not there.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        self.find(css).await.attr(name).await.expect("an element has attributes").unwrap_or_default()
    }

    /// Waits until an attribute is as wanted.
    pub async fn wait_for_attribute(&self, css: &str, name: &str, wanted: &str) {
        let start = Instant::now();
        while self.attribute(css, name).await != wanted {
            assert!(start.elapsed() < LIMIT, "{css} did not get {name}={wanted:?}: {:#?}", self.snapshot().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The value of a field.
    pub async fn value(&self, css: &str) -> String {
        self.find(css).await.prop("value").await.expect("a field has a value").unwrap_or_default()
    }

    /// Gives `#load` a file.
    pub async fn load_file(&self, path: &Path) {
        self.choose_file("#load", path).await;
    }

    /// Gives a file picker a file.
    pub async fn choose_file(&self, css: &str, path: &Path) {
        let picker = self.find(css).await;
        picker.send_keys(path.to_str().expect("a path of text")).await.expect("a file can be chosen");
    }

    /// Draws a digit.
    pub async fn draw(&self, digit: usize, pointer: Pointer) -> Snapshot {
        for stroke in strokes(digit) {
            self.draw_stroke(&stroke, pointer, Duration::ZERO).await;
        }
        self.settle().await
    }

    /// Draws from pen down to pen up, with a rest at each point.
    pub async fn draw_stroke(&self, stroke: &Stroke, pointer: Pointer, rest: Duration) {
        let [first, further @ ..] = &self.on_canvas(stroke).await[..] else { return };
        let move_to = |&(x, y): &(f64, f64)| PointerAction::MoveTo { duration: Some(Duration::ZERO), x: x.round(), y: y.round() };
        // All in one request: between two of them chromedriver lets go of the pointer.
        let mut actions = vec![move_to(first), PointerAction::Down { button: MOUSE_BUTTON_LEFT }];
        actions.extend(further.iter().flat_map(|point| [move_to(point), PointerAction::Pause { duration: rest }]));
        actions.push(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.perform(actions, pointer).await;
    }

    async fn perform(&self, actions: Vec<PointerAction>, pointer: Pointer) {
        fn sequence<T: InputSource<Action = PointerAction> + Into<ActionSequence>>(
            source: T,
            actions: Vec<PointerAction>,
        ) -> ActionSequence {
            actions.into_iter().fold(source, T::then).into()
        }
        let sequence = match pointer {
            Pointer::Mouse => sequence(MouseActions::new("mouse".into()), actions),
            Pointer::Touch => sequence(TouchActions::new("finger".into()), actions),
        };
        self.browser.client.perform_actions(sequence).await.expect("the pointer moves");
    }

    /// Where points of the unit square, which the canvas is, lie in the window.
    async fn on_canvas(&self, points: &Stroke) -> Stroke {
        let canvas = "const canvas = document.getElementById('draw');
            canvas.scrollIntoView({ block: 'nearest', behavior: 'instant' });
            const box = canvas.getBoundingClientRect();
            return arguments[0].map(([x, y]) => [box.left + x * box.width, box.top + y * box.height]);";
        let points = self.browser.run(canvas, vec![json!(points)]).await;
        serde_json::from_value(points).expect("points come back as points")
    }
}
