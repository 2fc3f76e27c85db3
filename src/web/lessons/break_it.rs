//! Networks broken on purpose, each by one click: a real training that fails, what is to be seen, and remedies to try.

use super::break_it_run::{Case, Run};
use super::controls::{add, add_text, button, choice};
use super::pixels;
use super::plot::Plot;
use super::stage::{Next, Stage};
use super::worker::{Images, Worker};
use crate::Result;
use crate::explain::symptoms;
use crate::failures::{Experiment, Failure, Remedy};
use crate::format::numbers::floats;
use crate::ink::{PIXELS, SIDE};
use crate::protocol::{Command, Event};
use crate::robustness::Kind;
use crate::train::Split;
use crate::web::dom;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{Element, HtmlButtonElement, HtmlCanvasElement, HtmlSelectElement};

/// Neurons whose weights are shown.
const NEURONS: usize = 8;
/// Test images that tell which neurons are dead.
const LIT: u32 = 100;
/// So many failures are to be seen.
const SEEN: usize = 3;
/// What the table says of a run, in order.
const ROWS: [&str; 7] = ["training", "validation", "loss", "different", "dead", "moved", "shifted"];

/// Where to look for a failure.
fn symptom(failure: Failure) -> &'static [&'static str] {
    match failure {
        Failure::Zeros => &["different"],
        Failure::HighRate => &["loss"],
        Failure::DeadRelu => &["dead"],
        Failure::DeepSigmoid => &["moved"],
        Failure::ShuffledLabels => &["training", "validation"],
        Failure::NoAugmentation => &["shifted"],
    }
}

/// What the visitor has clicked.
#[derive(Clone, Copy, PartialEq)]
enum Click {
    Break(Failure),
    Repair,
}

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let clicks: Rc<RefCell<Vec<Click>>> = Rc::default();
    let mut exhibit = Exhibit::new(stage, stage.root(), &clicks)?;
    stage.draw(move || {
        for click in clicks.take() {
            exhibit.obey(click);
        }
        exhibit.hear();
        exhibit.draw();
        Next::Rest
    });
    Ok(())
}

struct Exhibit {
    words: Stage,
    worker: Worker,
    cases: [Case; 6],
    shown: Option<Failure>,
    /// The number of the present run, its failure, and whether it has the remedy.
    run: (u32, Failure, bool),
    /// It begins when the images are here.
    waits: bool,
    /// The remedy that was asked for changes nothing.
    is_useless: bool,
    images: Vec<Vec<f32>>,

    buttons: Vec<HtmlButtonElement>,
    status: Element,
    case: Element,
    title: Element,
    look: Element,
    why: Element,
    remedy: HtmlSelectElement,
    repair: HtmlButtonElement,
    verdict: Element,
    plot: Plot,
    curves: [Element; 4],
    /// For each row: itself, where to look, broken, remedied.
    rows: Vec<[Element; 4]>,
    pictures: [Vec<HtmlCanvasElement>; 2],
    link: Element,
}

impl Exhibit {
    fn new(stage: &Stage, root: &Element, clicks: &Rc<RefCell<Vec<Click>>>) -> Result<Exhibit> {
        let list = add(root, "ol", "breaks")?;
        let mut buttons = Vec::new();
        for failure in Failure::ALL {
            let item = add(&list, "li", "")?;
            let clicks = Rc::clone(clicks);
            let (id, text) = (format!("break-it-{}", failure.name()), stage.text(&format!("break-it-{}", failure.name()), &[]));
            buttons.push(button(stage, &item, &id, &text, move || clicks.borrow_mut().push(Click::Break(failure)))?);
            add(&item, "span", "fine")?;
        }
        let status = add(root, "p", "sum")?;
        status.set_id("break-it-status");
        dom::set(&status, "role", "status");
        let case = add(root, "div", "")?;
        let columns = add(&case, "div", "columns")?;
        let left = add(&columns, "div", "")?;
        let title = add(&left, "h3", "")?;
        let look = add(&left, "p", "")?;
        let why = add(&left, "p", "")?;
        why.set_id("break-it-why");
        let mut remedies = vec![("", stage.text("break-it-choose", &[]))];
        remedies.extend(Remedy::ALL.map(|remedy| (remedy.name(), stage.text(&format!("break-it-by-{}", remedy.name()), &[]))));
        let remedy = choice(&left, "break-it-remedy", &stage.text("break-it-remedy", &[]), &remedies)?;
        let row = add(&left, "div", "buttons")?;
        let clicked = Rc::clone(clicks);
        let repair = button(stage, &row, "break-it-repair", &stage.text("break-it-repair", &[]), move || {
            clicked.borrow_mut().push(Click::Repair);
        })?;
        let verdict = add(&left, "p", "sum")?;
        verdict.set_id("break-it-verdict");
        dom::set(&verdict, "role", "status");

        let figure = add(&columns, "figure", "")?;
        let names = ["break-it-time", "break-it-right"].map(|id| stage.text(id, &[]));
        let label = stage.text("break-it-plot", &[]);
        let names = [names[0].as_str(), names[1].as_str()];
        let plot = Plot::new(&figure, &label, names, [0.0, 100.0], [0.0, 100.0], [360.0, 260.0], [25.0, 25.0])?;
        let curves = [
            plot.curve("curve second")?,
            plot.curve("curve second checked")?,
            plot.curve("curve")?,
            plot.curve("curve checked")?,
        ];
        add_text(&figure, "figcaption", "", &stage.text("break-it-caption", &[]))?;

        let table = add(&case, "table", "symptoms")?;
        let head = add(&add(&table, "thead", "")?, "tr", "")?;
        for id in ["break-it-symptom", "break-it-broken", "break-it-repaired"] {
            dom::set(&add_text(&head, "th", "", &stage.text(id, &[]))?, "scope", "col");
        }
        let body = add(&table, "tbody", "")?;
        let mut rows = Vec::new();
        for row in ROWS {
            let line = add(&body, "tr", "")?;
            dom::set(&line, "data-row", row);
            let name = add(&line, "th", "")?;
            dom::set(&name, "scope", "row");
            add_text(&name, "span", "", &stage.text(&format!("break-it-row-{row}"), &[]))?;
            let look_here = add_text(&name, "strong", "look", &stage.text("break-it-look-here", &[]))?;
            let cells = [add(&line, "td", "")?, add(&line, "td", "")?];
            let [broken, repaired] = cells;
            rows.push([line, look_here, broken, repaired]);
        }
        add_text(&case, "p", "fine", &stage.text("break-it-neurons", &[]))?;
        let pictures = |id: &str| -> Result<Vec<HtmlCanvasElement>> {
            let row = add(&case, "div", "neurons")?;
            add_text(&row, "span", "fine", &stage.text(id, &[]))?;
            (0..NEURONS).map(|_| pixels::canvas(&row, "", [SIDE, SIDE], "")).collect()
        };
        let pictures = [pictures("break-it-broken")?, pictures("break-it-repaired")?];
        let link = add_text(&case, "a", "button", &stage.text("break-it-open", &[]))?;
        link.set_id("break-it-open");
        Ok(Exhibit {
            words: stage.clone(),
            worker: Worker::new(stage),
            cases: Default::default(),
            shown: None,
            run: (0, Failure::Zeros, false),
            waits: false,
            is_useless: false,
            images: Vec::new(),
            buttons,
            status,
            case,
            title,
            look,
            why,
            remedy,
            repair,
            verdict,
            plot,
            curves,
            rows,
            pictures,
            link,
        })
    }

    fn obey(&mut self, click: Click) {
        self.is_useless = false;
        let failure = match click {
            Click::Break(failure) => {
                if self.shown != Some(failure) {
                    self.remedy.set_value("");
                }
                self.shown = Some(failure);
                // One that is over is shown again; it would come out the same.
                if self.case(failure).broken.as_ref().is_some_and(|run| run.is_over) {
                    return;
                }
                self.case(failure).broken = Some(Run::new(failure.experiment()));
                failure
            }
            Click::Repair => {
                let (Some(failure), Some(remedy)) = (self.shown, Remedy::parse(&self.remedy.value())) else { return };
                let experiment = remedy.apply(&failure.experiment());
                self.is_useless = experiment == failure.experiment();
                if self.is_useless {
                    return;
                }
                self.case(failure).remedied = Some((remedy, Run::new(experiment)));
                failure
            }
        };
        self.run = (self.run.0 + 1, failure, click == Click::Repair);
        self.waits = true;
        self.worker.load();
        if self.worker.images() == Images::Here {
            self.begin();
        }
    }

    fn case(&mut self, failure: Failure) -> &mut Case {
        &mut self.cases[Failure::ALL.iter().position(|other| *other == failure).unwrap_or(0)]
    }

    /// The present run.
    fn now(&mut self) -> Option<&mut Run> {
        let (_, failure, is_remedied) = self.run;
        let case = self.case(failure);
        if is_remedied { case.remedied.as_mut().map(|(_, run)| run) } else { case.broken.as_mut() }
    }

    fn begin(&mut self) {
        self.waits = false;
        let run = self.run.0;
        let Some(Experiment { settings, sample, shuffle_labels }) = self.now().map(|run| run.experiment.clone()) else { return };
        let Ok(spec) = settings.spec() else { return };
        self.worker.send(&Command::Create { run, spec, config: settings.config() }, None);
        if let Some(images) = sample {
            self.worker.send(&Command::Sample { run, images, shuffle_labels }, None);
        }
        self.worker.send(&Command::Train { run }, None);
    }

    /// Takes in what the worker has answered; of a run that is over, or not shown any more, nothing comes.
    fn hear(&mut self) {
        while let Some((event, payload)) = self.worker.next() {
            let payload = payload.unwrap_or_default();
            let number = self.run.0;
            match event {
                Event::DataReady { .. } => {
                    self.worker.send(&Command::Images { split: Split::Test, numbers: (0..LIT).collect() }, None);
                    if self.waits {
                        self.begin();
                    }
                }
                Event::Images { .. } => self.images = payload.chunks_exact(PIXELS).map(pixels::to_inputs).collect(),
                Event::Weights { run, .. } if run == number => {
                    if let Some(now) = self.now() {
                        now.after = floats(&payload);
                        if now.before.is_empty() {
                            now.before = now.after.clone();
                        }
                    }
                }
                Event::Progress { run, progress } if run == number => {
                    if let Some(now) = self.now() {
                        now.steps = u64::from(progress.steps_per_epoch) * u64::from(now.experiment.settings.epochs);
                        now.loss = progress.loss;
                        now.training.push([100.0 * progress.step as f32 / now.steps.max(1) as f32, 100.0 * progress.accuracy]);
                    }
                }
                Event::Validated { run, step, validation } if run == number => {
                    if let Some(now) = self.now() {
                        now.validation.push([100.0 * step as f32 / now.steps.max(1) as f32, 100.0 * validation.accuracy]);
                    }
                }
                Event::Finished { run, .. } if run == number => self.finish(),
                // The loss is no number any more: that is a way to be broken, too.
                Event::Failed { run, .. } if run == number => self.finish(),
                Event::Robust { kind, score } if Kind::ALL.get(kind as usize) == Some(&Kind::Shift(2)) => {
                    if let Some(now) = self.now() {
                        now.shifted = Some(score.mean);
                    }
                }
                _ => {}
            }
        }
    }

    fn finish(&mut self) {
        let failure = self.run.1;
        let images = std::mem::take(&mut self.images);
        let mut measure = None;
        if let Some(now) = self.now()
            && let Ok(spec) = now.experiment.settings.spec()
        {
            now.is_over = true;
            now.dead = symptoms::dead_share(&spec, &now.after, &images).unwrap_or(0.0);
            if failure == Failure::NoAugmentation {
                measure = Some((spec, bytemuck::cast_slice::<f32, u8>(&now.after).to_vec()));
            }
        }
        self.images = images;
        if let Some((spec, weights)) = measure {
            self.worker.send(&Command::Robustness { spec }, Some(&weights));
        }
    }

    fn draw(&mut self) {
        self.show_status();
        let seen: Vec<bool> = self.cases.iter().zip(Failure::ALL).map(|(case, failure)| case.is_seen(failure)).collect();
        for ((button, failure), seen) in self.buttons.iter().zip(Failure::ALL).zip(&seen) {
            dom::set(button, "aria-pressed", if self.shown == Some(failure) { "true" } else { "false" });
            let mark = if *seen { self.words.text("break-it-seen", &[]) } else { String::new() };
            if let Some(place) = button.next_element_sibling() {
                dom::set_text(&place, &mark);
            }
        }
        dom::show(&self.case, self.shown.is_some());
        if let Some(failure) = self.shown {
            self.show_case(failure);
        }
        if seen.iter().filter(|seen| **seen).count() >= SEEN {
            self.words.done("three");
        }
    }

    fn show_status(&mut self) {
        let is_running = self.now().is_some_and(|run| !run.is_over);
        let share = self.now().and_then(|run| run.training.last().copied()).map_or(0.0, |[share, _]| share);
        let text = match self.worker.images() {
            Images::Here if is_running => self.words.text("break-it-training", &[("share", (share as u32).into())]),
            Images::Here => String::new(),
            _ => self.worker.said(&self.words),
        };
        dom::set_text(&self.status, &text);
    }

    fn show_case(&mut self, failure: Failure) {
        let name = failure.name();
        let says = |id: &str| self.words.text(&format!("break-it-{name}{id}"), &[]);
        dom::set_text(&self.title, &says(""));
        dom::set_text(&self.look, &says("-look"));
        let place = Failure::ALL.iter().position(|other| *other == failure).unwrap_or(0);
        let case = &self.cases[place];
        let is_seen = case.is_seen(failure);
        // First look, then read why.
        dom::set_text(&self.why, &if is_seen { says("-why") } else { String::new() });
        dom::disable(&self.remedy, !is_seen);
        dom::disable(&self.repair, !is_seen || self.remedy.value().is_empty());

        let runs = [case.broken.as_ref(), case.remedied.as_ref().map(|(_, run)| run)];
        for (i, run) in runs.iter().enumerate() {
            let curves = run.map(|run| [&run.training, &run.validation]);
            for part in 0..2 {
                let points = curves.map_or(&[][..], |curves| &curves[part][..]);
                dom::set(&self.curves[2 * i + part], "d", &path(&self.plot, points));
            }
            let weights = run.and_then(|run| Some((run.experiment.settings.spec().ok()?, &run.after)));
            for (unit, canvas) in self.pictures[i].iter().enumerate() {
                let image = weights.as_ref().filter(|(_, after)| !after.is_empty()).map(|(spec, after)| {
                    let shape = spec.layout().layers[0];
                    after[shape.weights..shape.bias].iter().skip(unit).step_by(shape.units).copied().collect::<Vec<f32>>()
                });
                dom::show(canvas, image.is_some());
                if let Some(image) = image {
                    let most = image.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
                    pixels::paint_signed(canvas, &image, most);
                }
            }
            if let Some(row) = self.pictures[i][0].parent_element() {
                dom::show(&row, run.is_some());
            }
        }
        for ([line, look_here, broken, repaired], row) in self.rows.iter().zip(ROWS) {
            dom::show(line, row != "shifted" || failure == Failure::NoAugmentation);
            let is_symptom = symptom(failure).contains(&row);
            let _ = line.class_list().toggle_with_force("lit", is_symptom);
            dom::show(look_here, is_symptom);
            for (cell, run) in [broken, repaired].into_iter().zip(runs) {
                dom::set_text(cell, &run.map(|run| run.figure(row)).unwrap_or_default());
            }
        }
        // What the laboratory has no setting for can't be opened there.
        let Experiment { settings, sample, .. } = failure.experiment();
        dom::show(&self.link, sample.is_none());
        let language = dom::address().into_iter().find(|(name, _)| name == "lang");
        let language = language.map_or(String::new(), |(_, tag)| format!("&lang={tag}"));
        dom::set(&self.link, "href", &format!("?{}{language}#build", settings.to_query()));

        let remedied = case.remedied.as_ref().filter(|(_, run)| run.is_complete(failure));
        let is_cured = remedied.map(|(_, run)| failure.is_cured(run.outcome()));
        let verdict = match (self.is_useless, is_cured) {
            (true, _) => self.words.text("break-it-same", &[]),
            (_, Some(true)) => self.words.text("break-it-cured", &[]),
            (_, Some(false)) => self.words.text("break-it-not-cured", &[]),
            (_, None) => String::new(),
        };
        dom::set_text(&self.verdict, &verdict);
        match is_cured {
            Some(true) => self.words.done("repair"),
            Some(false) => self.words.done("useless"),
            None => {}
        }
    }
}

/// A line through points of the plane.
fn path(plot: &Plot, points: &[[f32; 2]]) -> String {
    let place = |(i, point): (usize, &[f32; 2])| {
        let [x, y] = plot.at(*point);
        format!("{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" })
    };
    points.iter().enumerate().map(place).collect()
}
