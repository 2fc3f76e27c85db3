//! From rule to learning: a rule of the visitor's that tells 0 from 1, a network that learns it, and what an MLP, a CNN and an
//! RNN do with the same digit.

use super::background_views::Views;
use super::controls::{Range, Slider, add, add_text, button};
use super::stage::Stage;
use super::worker::{Images, Worker};
use super::{page, pixels};
use crate::Result;
use crate::explain::rule::{self, ACROSS, CELLS, Ink, Rule, Score};
use crate::format::numbers::floats;
use crate::ink::{PIXELS, SIDE};
use crate::nn::{Activation, ModelSpec};
use crate::protocol::{Command, Event};
use crate::train::{Split, TrainConfig};
use crate::web::dom;
use crate::web::l10n::{count, fine_percent, percent};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event as DomEvent, HtmlButtonElement, HtmlCanvasElement, HtmlElement, KeyboardEvent};

/// A rule that reads so many of the training images right is a good one.
const GOOD: f32 = 0.95;
/// Passes over the images.
const EPOCHS: u32 = 1;

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
pub(super) struct Clicked {
    marked: [bool; CELLS],
    picture: Picture,
    learn: bool,
    pub(super) plays: bool,
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
                // A worker that follows another one needs the zeros and ones again.
                Event::Failed { .. } => {
                    self.learned.2 = false;
                    self.run = 0;
                }
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
