//! From rule to learning: a rule of the visitor's that tells 0 from 1, a network that learns it, and what an MLP, a CNN and an RNN do
//! with the same digit.

use super::controls::{Range, Slider, add, add_text, button, choice, factor, figure};
use super::stage::{Next, Stage};
use super::worker::{Images, Worker};
use super::{page, pixels};
use crate::Result;
use crate::explain::rule::{self, ACROSS, CELLS, Ink, Rule, Score};
use crate::explain::views::{self, KERNELS, MEMORY, PLACES, Reader, WINDOW};
use crate::format::numbers::floats;
use crate::ink::{PIXELS, SIDE};
use crate::nn::{Activation, ModelSpec};
use crate::protocol::{Command, Event};
use crate::train::{Split, TrainConfig};
use crate::web::dom;
use crate::web::l10n::{count, fine_percent, percent};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event as DomEvent, HtmlButtonElement, HtmlCanvasElement, HtmlElement, HtmlSelectElement, KeyboardEvent};

/// A rule that reads so many of the training images right is a good one.
const GOOD: f32 = 0.95;
/// What the window's sum is at least at an edge.
const EDGE: f32 = 2.0;
/// Frames between two steps of a view that plays.
const FRAMES: u8 = 4;
/// Passes over the images.
const EPOCHS: u32 = 1;
/// The views, as the choice names them.
const VIEWS: [&str; 3] = ["mlp", "cnn", "rnn"];

/// The zeros and ones of a set.
#[derive(Default)]
struct ZerosAndOnes {
    labels: Vec<u8>,
    pixels: Vec<u8>,
    ink: Vec<Ink>,
}

impl ZerosAndOnes {
    fn scored(&self) -> impl Iterator<Item = (&Ink, u8)> {
        self.ink.iter().zip(self.labels.iter().copied())
    }
}

/// What is under the cells.
#[derive(Clone, Copy, PartialEq)]
enum Picture {
    /// Image of the training set, by its place among the zeros and ones.
    Example(usize),
    Mean(u8),
}

/// What a button makes of the picture that is there.
type Turn = fn(Picture) -> Picture;

/// What the visitor has clicked.
struct Clicked {
    marked: [bool; CELLS],
    picture: Picture,
    learn: bool,
    plays: bool,
}

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let clicked =
        Rc::new(RefCell::new(Clicked { marked: [false; CELLS], picture: Picture::Example(0), learn: false, plays: false }));
    let worker = Rc::new(Worker::new(stage));
    let root: &Element = stage.root();
    let mut contest = Contest::new(stage, root, &clicked, &worker)?;
    let mut views = Views::new(stage, root, &clicked)?;
    let redraw = stage.clone();
    stage.on(&dom::document(), page::DRAWING, move |_: DomEvent| redraw.redraw());
    stage.draw(move || {
        let mut clicked = clicked.borrow_mut();
        contest.hear();
        let example = contest.draw(&mut clicked);
        views.draw(example, &mut clicked)
    });
    Ok(())
}

/// The rule against the network.
struct Contest {
    words: Stage,
    worker: Rc<Worker>,
    /// Of the training and of the test images.
    labels: [Vec<u8>; 2],
    sets: [ZerosAndOnes; 2],
    means: [Vec<u8>; 2],
    /// The network's weights, the share of the test images that it reads right, and whether it is learning.
    learned: (Vec<f32>, Option<f32>, bool),
    run: u32,

    load: HtmlButtonElement,
    status: Element,
    inside: Element,
    picture: HtmlCanvasElement,
    cells: Vec<Element>,
    threshold: Slider,
    says: Element,
    score: Element,
    learn: HtmlButtonElement,
    weights: HtmlCanvasElement,
    /// Rows of the table: the rule's and the network's numbers.
    rows: [[Element; 3]; 2],
    verdict: Element,
}

fn place_of(split: Split) -> usize {
    usize::from(split == Split::Test)
}

impl Contest {
    fn new(stage: &Stage, root: &Element, clicked: &Rc<RefCell<Clicked>>, worker: &Rc<Worker>) -> Result<Contest> {
        add_text(root, "h3", "", &stage.text("background-contest", &[]))?;
        let get = Rc::clone(worker);
        let load = button(stage, root, "background-load", &stage.text("background-load", &[]), move || get.load())?;
        let status = add(root, "p", "fine")?;
        status.set_id("background-status");
        dom::set(&status, "role", "status");
        let inside = add(root, "div", "")?;
        let columns = add(&inside, "div", "columns")?;

        let left = add(&columns, "div", "")?;
        let grid = add(&left, "div", "cells")?;
        dom::set(&grid, "role", "group");
        dom::set(&grid, "aria-label", &stage.text("background-cells", &[]));
        let picture = pixels::canvas(&grid, "", [SIDE, SIDE], "")?;
        let cells = (0..CELLS).map(|cell| add_cell(stage, &grid, cell, clicked)).collect::<Result<Vec<_>>>()?;
        move_by_arrows(stage, &grid, &cells);
        let buttons = add(&left, "div", "buttons")?;
        let pictures: [(&str, Turn); 3] = [
            ("background-next", |now| match now {
                Picture::Example(i) => Picture::Example(i + 1),
                Picture::Mean(_) => Picture::Example(0),
            }),
            ("background-mean-0", |_| Picture::Mean(0)),
            ("background-mean-1", |_| Picture::Mean(1)),
        ];
        for (id, next) in pictures {
            let clicked = Rc::clone(clicked);
            button(stage, &buttons, id, &stage.text(id, &[]), move || {
                let mut clicked = clicked.borrow_mut();
                clicked.picture = next(clicked.picture);
            })?;
        }

        let right = add(&columns, "div", "")?;
        let label = stage.text("background-threshold", &[]);
        let threshold = Slider::new(stage, &right, "background-threshold", &label, Range(0.0, 1.0, 0.01), 0.5)?;
        threshold.widen();
        let says = add(&right, "p", "sum")?;
        says.set_id("background-says");
        let score = add(&right, "p", "sum")?;
        score.set_id("background-score");
        dom::set(&score, "role", "status");
        let row = add(&right, "div", "buttons")?;
        let clicks = Rc::clone(clicked);
        let learn = button(stage, &row, "background-learn", &stage.text("background-learn", &[]), move || {
            clicks.borrow_mut().learn = true;
        })?;
        let figure = add(&right, "figure", "subject")?;
        let weights = pixels::canvas(&figure, "large", [SIDE, SIDE], "")?;
        add_text(&figure, "figcaption", "", &stage.text("background-weights", &[]))?;

        let table = add(&inside, "table", "symptoms")?;
        let head = add(&add(&table, "thead", "")?, "tr", "")?;
        for id in ["background-who", "background-numbers", "background-by", "background-exam"] {
            dom::set(&add_text(&head, "th", "", &stage.text(id, &[]))?, "scope", "col");
        }
        let body = add(&table, "tbody", "")?;
        let row = |id: &str| -> Result<[Element; 3]> {
            let line = add(&body, "tr", "")?;
            line.set_id(id);
            dom::set(&add_text(&line, "th", "", &stage.text(id, &[]))?, "scope", "row");
            Ok([add(&line, "td", "")?, add_text(&line, "td", "", &stage.text(&format!("{id}-by"), &[]))?, add(&line, "td", "")?])
        };
        let rows = [row("background-rule")?, row("background-network")?];
        let verdict = add(&inside, "p", "sum")?;
        verdict.set_id("background-verdict");
        dom::set(&verdict, "role", "status");
        Ok(Contest {
            words: stage.clone(),
            worker: Rc::clone(worker),
            labels: Default::default(),
            sets: Default::default(),
            means: Default::default(),
            learned: Default::default(),
            run: 0,
            load,
            status,
            inside,
            picture,
            cells,
            threshold,
            says,
            score,
            learn,
            weights,
            rows,
            verdict,
        })
    }

    /// Takes in what the worker has answered: labels first, then the zeros and ones themselves.
    fn hear(&mut self) {
        while let Some((event, payload)) = self.worker.next() {
            let payload = payload.unwrap_or_default();
            match event {
                Event::DataReady { .. } if self.labels[0].is_empty() => {
                    [Split::Validation, Split::Test]
                        .into_iter()
                        .for_each(|split| self.worker.send(&Command::Labels { split }, None));
                }
                Event::Labels { split } => {
                    let numbers = (0..).zip(&payload).filter(|(_, label)| **label < 2).map(|(number, _)| number).collect();
                    self.worker.send(&Command::Images { split, numbers }, None);
                    self.labels[place_of(split)] = payload;
                }
                Event::Images { split, numbers, .. } => {
                    let all = &self.labels[place_of(split)];
                    let labels = numbers.iter().filter_map(|number| all.get(*number as usize).copied()).collect();
                    let ink = payload.chunks_exact(PIXELS).map(rule::ink).collect();
                    self.sets[place_of(split)] = ZerosAndOnes { labels, pixels: payload, ink };
                    if split == Split::Validation {
                        let set = &self.sets[0];
                        self.means = [0, 1].map(|digit| {
                            let images = set.pixels.chunks_exact(PIXELS).zip(&set.labels);
                            rule::mean(images.filter(|(_, label)| **label == digit).map(|(image, _)| image))
                        });
                    }
                }
                Event::Weights { run, .. } if run == self.run => self.learned.0 = floats(&payload),
                Event::Finished { run, test } if run == self.run => {
                    self.learned.1 = Some(test.accuracy);
                    self.learned.2 = false;
                }
                Event::Failed { .. } => self.learned.2 = false,
                _ => {}
            }
        }
    }

    /// Whether all images have come.
    fn is_here(&self) -> bool {
        self.sets.iter().all(|set| !set.labels.is_empty())
    }

    /// A network of two neurons, one for each digit, learns from the zeros and ones.
    fn learn(&mut self) {
        let Ok(spec) = ModelSpec::mlp(&[PIXELS, 2], Activation::Linear) else { return };
        let [training, test] = &self.sets;
        if self.run == 0 {
            let bytes = [&training.pixels[..], &training.labels, &test.pixels, &test.labels].concat();
            let (training, test) = (training.labels.len() as u32, test.labels.len() as u32);
            self.worker.send(&Command::SetData { inputs: PIXELS as u32, classes: 2, training, test }, Some(&bytes));
        }
        self.run += 1;
        self.learned = (Vec::new(), None, true);
        let config = TrainConfig { epochs: EPOCHS, validation: 0, ..TrainConfig::PLAIN };
        self.worker.send(&Command::Create { run: self.run, spec, config }, None);
        self.worker.send(&Command::Train { run: self.run }, None);
    }

    /// Returns the image that is under the cells, as inputs.
    fn draw(&mut self, clicked: &mut Clicked) -> Option<Vec<f32>> {
        let is_here = self.is_here();
        dom::show(&self.load, matches!(self.worker.images(), Images::Absent | Images::Failed(_)));
        dom::set_text(&self.status, &self.worker.said(&self.words));
        dom::show(&self.inside, is_here);
        if !is_here {
            return None;
        }
        if std::mem::take(&mut clicked.learn) && !self.learned.2 {
            self.learn();
        }
        let training = &self.sets[0];
        if let Picture::Example(i) = clicked.picture {
            clicked.picture = Picture::Example(i % training.labels.len());
        }
        let (image, label) = match clicked.picture {
            Picture::Example(i) => (&training.pixels[i * PIXELS..][..PIXELS], training.labels[i]),
            Picture::Mean(digit) => (&self.means[usize::from(digit)][..], digit),
        };
        pixels::paint(&self.picture, image);
        let rule = Rule { marked: clicked.marked, threshold: self.threshold.value() };
        for (cell, marked) in self.cells.iter().zip(rule.marked) {
            dom::set(cell, "aria-pressed", if marked { "true" } else { "false" });
        }
        let marked = rule.marked.iter().filter(|marked| **marked).count();
        let ink = rule::ink(image);
        let args = [
            ("ink", percent(rule.ink(&ink)).into()),
            ("read", rule.reads(&ink).to_string().into()),
            ("label", label.to_string().into()),
            ("right", if rule.reads(&ink) == label { "yes" } else { "no" }.into()),
        ];
        let says = if marked == 0 { self.words.text("background-mark", &[]) } else { self.words.text("background-says", &args) };
        dom::set_text(&self.says, &says);
        let [score, exam] = [0, 1].map(|set| rule.score(self.sets[set].scored()));
        dom::set_text(&self.score, &self.score_said(score));
        let shares = [(marked > 0).then(|| exam.accuracy()), self.learned.1];
        let numbers = [marked as u64 + 1, 2 * (PIXELS as u64 + 1)];
        for ((row, share), numbers) in self.rows.iter().zip(shares).zip(numbers) {
            dom::set_text(&row[0], &count(numbers));
            dom::set_text(&row[2], &share.map(fine_percent).unwrap_or_default());
        }
        self.show_weights();
        dom::disable(&self.learn, self.learned.2);
        let better = self.learned.1.map(|share| share > exam.accuracy());
        let verdict = match better.filter(|_| marked > 0) {
            Some(true) => self.words.text("background-network-better", &[]),
            Some(false) => self.words.text("background-rule-better", &[]),
            None => String::new(),
        };
        dom::set_text(&self.verdict, &verdict);
        if score.accuracy() >= GOOD {
            self.words.done("rule");
        }
        if marked > 0 && better.is_some() {
            self.words.done("learned");
        }
        Some(pixels::to_inputs(image))
    }

    fn score_said(&self, score: Score) -> String {
        let args = [
            ("share", percent(score.accuracy()).into()),
            ("zeros", count(score.right[0] as u64).into()),
            ("allzeros", count(score.all[0] as u64).into()),
            ("ones", count(score.right[1] as u64).into()),
            ("allones", count(score.all[1] as u64).into()),
        ];
        self.words.text("background-score", &args)
    }

    /// What each pixel says for a 1 rather than a 0: the difference of the two neurons' weights.
    fn show_weights(&self) {
        let weights: Vec<f32> = self.learned.0.chunks_exact(2).take(PIXELS).map(|pair| pair[1] - pair[0]).collect();
        if let Some(figure) = self.weights.parent_element() {
            dom::show(&figure, weights.len() == PIXELS);
        }
        if weights.len() == PIXELS {
            let most = weights.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
            pixels::paint_signed(&self.weights, &weights, most);
        }
    }
}

/// A cell, to be marked by a click.
fn add_cell(stage: &Stage, grid: &Element, cell: usize, clicked: &Rc<RefCell<Clicked>>) -> Result<Element> {
    let place = [("row", (cell / ACROSS + 1).into()), ("column", (cell % ACROSS + 1).into())];
    let clicked = Rc::clone(clicked);
    let button = button(stage, grid, &format!("background-cell-{cell}"), "", move || {
        let marked = &mut clicked.borrow_mut().marked[cell];
        *marked = !*marked;
    })?;
    dom::set(&button, "aria-label", &stage.text("background-cell", &place));
    // One stop for the tab key; arrows go on from it.
    dom::set(&button, "tabindex", if cell == 0 { "0" } else { "-1" });
    Ok(button.unchecked_into())
}

fn move_by_arrows(stage: &Stage, grid: &Element, cells: &[Element]) {
    let cells = cells.to_vec();
    stage.on(grid, "keydown", move |event: KeyboardEvent| {
        let at = event.target().and_then(|at| at.dyn_into::<Element>().ok());
        let Some(from) = at.and_then(|at| cells.iter().position(|cell| *cell == at)) else { return };
        let (row, column) = (from / ACROSS, from % ACROSS);
        let to = match event.key().as_str() {
            "ArrowLeft" if column > 0 => from - 1,
            "ArrowRight" if column + 1 < ACROSS => from + 1,
            "ArrowUp" if row > 0 => from - ACROSS,
            "ArrowDown" if row + 1 < ACROSS => from + ACROSS,
            _ => return,
        };
        event.prevent_default();
        dom::set(&cells[from], "tabindex", "-1");
        dom::set(&cells[to], "tabindex", "0");
        if let Some(cell) = cells[to].dyn_ref::<HtmlElement>() {
            let _ = cell.focus();
        }
    });
}

/// What an MLP, a CNN and an RNN do with an image.
struct Views {
    words: Stage,
    reader: Reader,
    frames: u8,
    /// The view that the slider goes through.
    shown: Cell<&'static str>,

    kind: HtmlSelectElement,
    kernel: HtmlSelectElement,
    step: Slider,
    play: HtmlButtonElement,
    image: HtmlCanvasElement,
    row: HtmlCanvasElement,
    map: HtmlCanvasElement,
    memory: HtmlCanvasElement,
    frame: HtmlElement,
    says: Element,
    sum: Element,
}

impl Views {
    fn new(stage: &Stage, root: &Element, clicked: &Rc<RefCell<Clicked>>) -> Result<Views> {
        add_text(root, "h3", "", &stage.text("background-views", &[]))?;
        let columns = add(root, "div", "columns")?;
        let left = add(&columns, "div", "")?;
        stage.take_square(&add(&left, "div", "")?);
        let options = VIEWS.map(|view| (view, stage.text(&format!("background-{view}"), &[])));
        let kind = choice(&left, "background-view", &stage.text("background-view", &[]), &options)?;
        let kernels = KERNELS.map(|(name, _)| (name, stage.text(&format!("background-kernel-{name}"), &[])));
        let kernel = choice(&left, "background-kernel", &stage.text("background-kernel", &[]), &kernels)?;
        let label = stage.text("background-step", &[]);
        let step = Slider::new(stage, &left, "background-step", &label, Range(1.0, SIDE as f32, 1.0), 1.0)?;
        step.widen();
        let row = add(&left, "div", "buttons")?;
        let clicks = Rc::clone(clicked);
        let play = button(stage, &row, "background-play", &stage.text("background-play", &[]), move || {
            let plays = &mut clicks.borrow_mut().plays;
            *plays = !*plays;
        })?;
        let says = add(&left, "p", "")?;
        says.set_id("background-view-says");
        let sum = add(&left, "p", "sum")?;
        sum.set_id("background-sum");

        let right = add(&columns, "div", "views")?;
        let place = add(&right, "div", "framed")?;
        let image = pixels::canvas(&place, "", [SIDE, SIDE], "")?;
        let frame: HtmlElement = add(&place, "i", "")?.unchecked_into();
        let described =
            |id: &str, size: [usize; 2]| pixels::canvas(&right, id, size, &stage.text(&format!("background-{id}"), &[]));
        Ok(Views {
            words: stage.clone(),
            reader: Reader::new(1),
            frames: 0,
            shown: Cell::new(VIEWS[0]),
            kind,
            kernel,
            step,
            play,
            image,
            row: described("row", [PIXELS, 1])?,
            map: described("map", [PLACES, PLACES])?,
            memory: described("memory", [SIDE, MEMORY])?,
            frame,
            says,
            sum,
        })
    }

    /// `example`: the image under the rule's cells, for visitors who have not drawn.
    fn draw(&mut self, example: Option<Vec<f32>>, clicked: &mut Clicked) -> Next {
        let view = VIEWS.into_iter().find(|view| *view == self.kind.value()).unwrap_or(VIEWS[0]);
        let steps = if view == "cnn" { PLACES * PLACES } else { SIDE };
        if self.shown.replace(view) != view {
            self.step.stretch(1.0, steps as f32, 1.0);
        }
        let mut step = self.step.value() as usize;
        if clicked.plays {
            // A CNN has 676 places: a row of them at a time is slow enough to see.
            let stride = if view == "cnn" { 5 } else { 1 };
            if self.words.is_still() {
                step = steps;
            } else if self.frames == 0 {
                step = if step >= steps { 1 } else { (step + stride).min(steps) };
            }
            self.frames = (self.frames + 1) % FRAMES;
            self.step.set(step as f32);
            clicked.plays = step < steps;
        }
        let text = if clicked.plays { self.words.text("background-pause", &[]) } else { self.words.text("background-play", &[]) };
        dom::set_text(&self.play, &text);
        let drawn = page::drawing();
        let is_there = drawn.is_some() || example.is_some();
        let image = drawn.or(example).unwrap_or_else(|| vec![0.0; PIXELS]);
        pixels::paint_inputs(&self.image, &image);
        for (canvas, of) in [(&self.row, "mlp"), (&self.map, "cnn"), (&self.memory, "rnn")] {
            dom::show(canvas, of == view);
        }
        if let Some(row) = self.kernel.parent_element() {
            dom::show(&row, view == "cnn");
        }
        let place = step - 1;
        let says = if is_there { format!("background-{view}-says") } else { "background-no-image".into() };
        dom::set_text(&self.says, &self.words.text(&says, &[]));
        match view {
            "cnn" => self.convolve(&image, place),
            "rnn" => self.read(&image, place),
            _ => self.lay_out(&image, place),
        }
        if clicked.plays { Next::Frame } else { Next::Rest }
    }

    /// Where the frame stands on the image: row, column, rows, columns.
    fn set_frame(&self, [row, column, rows, columns]: [usize; 4]) {
        let part = |pixels: usize| 100.0 * pixels as f32 / SIDE as f32;
        let [top, left, height, width] = [row, column, rows, columns].map(part);
        for (side, share) in [("top", top), ("left", left), ("height", height), ("width", width)] {
            let _ = self.frame.style().set_property(side, &format!("{share:.2}%"));
        }
    }

    /// All pixels in a row, as an MLP has them: those of this row of the image are light, the others dim.
    fn lay_out(&self, image: &[f32], row: usize) {
        self.set_frame([row, 0, 1, SIDE]);
        let here = row * SIDE..(row + 1) * SIDE;
        // Paper of this row is lifted, so that the place is seen in an empty row, too.
        let shown: Vec<f32> = (0..).zip(image).map(|(i, x)| if here.contains(&i) { 0.3 + 0.7 * x } else { 0.55 * x }).collect();
        pixels::paint_inputs(&self.row, &shown);
        let args = [("row", (row + 1).into()), ("from", (row * SIDE + 1).into()), ("to", ((row + 1) * SIDE).into())];
        dom::set_text(&self.sum, &self.words.text("background-mlp-sum", &args));
    }

    /// The feature map up to this place, and the sum there.
    fn convolve(&self, image: &[f32], place: usize) {
        let kernel = KERNELS.iter().find(|(name, _)| *name == self.kernel.value()).map_or(&KERNELS[0].1, |(_, kernel)| kernel);
        let (row, column) = (place / PLACES, place % PLACES);
        self.set_frame([row, column, WINDOW, WINDOW]);
        let mut map = views::feature_map(image, kernel);
        let here = map[place];
        let most = map.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        // The window has not been there yet.
        map[place + 1..].fill(f32::NAN);
        pixels::paint_signed(&self.map, &map, most);
        let window = views::window(image, row, column);
        let terms = window.iter().zip(kernel).filter(|(_, weight)| **weight != 0.0);
        let terms: Vec<String> = terms.map(|(x, weight)| format!("{} × {}", figure(*x, 2), factor(*weight, 2))).collect();
        dom::set_text(&self.sum, &format!("{} = {}", terms.join(" + "), figure(here, 2)));
        if here.abs() >= EDGE {
            self.words.done("edge");
        }
    }

    /// What the RNN remembers after each row up to this one, a column each.
    fn read(&self, image: &[f32], row: usize) {
        self.set_frame([row, 0, 1, SIDE]);
        let after = self.reader.read(image);
        let value = |i: usize| if i % SIDE <= row { after[i % SIDE][i / SIDE] } else { f32::NAN };
        pixels::paint_signed(&self.memory, &(0..SIDE * MEMORY).map(value).collect::<Vec<_>>(), 1.0);
        let memory: Vec<String> = after[row].iter().map(|h| figure(*h, 2)).collect();
        let args = [("row", (row + 1).into()), ("memory", memory.join("　").into())];
        dom::set_text(&self.sum, &self.words.text("background-rnn-sum", &args));
    }
}
