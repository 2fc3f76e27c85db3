//! The 70,000 images: browsed by digit and by likeness; the visitor's drawing, what the network reads, and its nearest
//! neighbours.

use super::controls::{add, add_text, button, choice, figure};
use super::mnist_pictures::{Picked, SETS, Subject, Thumbs, place_of};
use super::stage::{Next, Stage};
use super::worker::{Images, Worker};
use super::{page, pixels};
use crate::Result;
use crate::explain::neighbours::{Neighbour, votes};
use crate::ink::PIXELS;
use crate::model::Predictor;
use crate::protocol::{Command, Event};
use crate::train::Split;
use crate::web::dom;
use crate::web::l10n::count;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event as DomEvent, HtmlButtonElement, HtmlSelectElement};

/// Images on a page.
const PAGE: usize = 24;
/// Neighbours that are shown.
const NEAREST: usize = 8;
/// So many neighbours of each of two digits: the drawing is between them.
const BETWEEN: usize = 3;
/// What the visitor has clicked.
#[derive(Default)]
struct Asked {
    /// The image whose neighbours are shown; none for the drawing.
    picked: Option<Picked>,
    page: usize,
    /// What can be clicked: the neighbours, then the page's images.
    here: Vec<Picked>,
}

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let asked: Rc<RefCell<Asked>> = Rc::default();
    let mut exhibit = Exhibit::new(stage, root, &asked)?;
    let clicked = Rc::clone(&asked);
    stage.on(root, "click", move |event: DomEvent| {
        let at = event.target().and_then(|at| at.dyn_into::<Element>().ok());
        let button = at.and_then(|at| at.closest("[data-image]").ok().flatten());
        let place = button.and_then(|button| button.get_attribute("data-image")?.parse::<usize>().ok());
        let mut asked = clicked.borrow_mut();
        if let Some(picked) = place.and_then(|place| asked.here.get(place).cloned()) {
            asked.picked = Some(picked);
        }
    });
    for select in [&exhibit.set, &exhibit.digit] {
        let first = Rc::clone(&asked);
        stage.on(select, "change", move |_: DomEvent| first.borrow_mut().page = 0);
    }
    let network_changed = Rc::new(Cell::new(true));
    let (redraw, changed) = (stage.clone(), Rc::clone(&network_changed));
    stage.on(&dom::document(), page::NETWORK, move |_: DomEvent| {
        changed.set(true);
        redraw.redraw();
    });
    let redraw = stage.clone();
    stage.on(&dom::document(), page::DRAWING, move |_: DomEvent| redraw.redraw());
    exhibit.worker.load();
    stage.draw(move || {
        if network_changed.take() {
            exhibit.predictor = page::network().and_then(|file| Predictor::new(file.spec, &file.parameters).ok());
        }
        exhibit.hear();
        exhibit.draw(&mut asked.borrow_mut());
        Next::Rest
    });
    Ok(())
}

/// What it is made of, and what it knows.
struct Exhibit {
    words: Stage,
    worker: Worker,
    predictor: Option<Predictor>,
    /// Of the training images and of the test images; empty until they have come.
    labels: [Vec<u8>; 2],
    /// The image whose neighbours were asked for last, whose it is, and whether the answer is still to come.
    wanted: (Vec<u8>, Option<Picked>, bool),
    near: Vec<(Neighbour, Picked)>,
    /// The images of the chosen set and digit, and for which choice that is.
    listed: (String, Vec<u32>),
    /// The numbers of the page's images, and those whose pixels have come.
    on_page: Vec<u32>,
    shown: Vec<Picked>,

    status: Element,
    subject: Subject,
    votes: Element,
    neighbours: Thumbs,
    set: HtmlSelectElement,
    digit: HtmlSelectElement,
    range: Element,
    gallery: Thumbs,
    turns: [HtmlButtonElement; 2],
}

impl Exhibit {
    fn new(stage: &Stage, root: &Element, asked: &Rc<RefCell<Asked>>) -> Result<Exhibit> {
        let status = add(root, "p", "fine")?;
        status.set_id("mnist-status");
        dom::set(&status, "role", "status");
        let columns = add(root, "div", "columns")?;
        stage.take_square(&add(&columns, "div", "")?);
        let side = add(&columns, "div", "")?;
        let subject = Subject::new(&side)?;
        let own = Rc::clone(asked);
        button(stage, &side, "mnist-own", &stage.text("mnist-own", &[]), move || own.borrow_mut().picked = None)?;
        add_text(&side, "h3", "", &stage.text("mnist-nearest", &[]))?;
        let neighbours = Thumbs::new(&side, "mnist-neighbours")?;
        let votes = add(&side, "p", "sum")?;
        votes.set_id("mnist-votes");
        dom::set(&votes, "role", "status");

        add_text(root, "h3", "", &stage.text("mnist-browse", &[]))?;
        let controls = add(root, "div", "buttons")?;
        let sets = SETS.map(|(name, _)| (name, stage.text(&format!("mnist-{name}"), &[])));
        let set = choice(&controls, "mnist-set", &stage.text("mnist-set", &[]), &sets)?;
        let names: Vec<String> = (0..10).map(|digit| digit.to_string()).collect();
        let mut digits = vec![("", stage.text("mnist-all", &[]))];
        digits.extend(names.iter().map(|name| (name.as_str(), name.clone())));
        let digit = choice(&controls, "mnist-digit", &stage.text("mnist-digit", &[]), &digits)?;
        let range = add(root, "p", "fine")?;
        range.set_id("mnist-range");
        dom::set(&range, "role", "status");
        let gallery = Thumbs::new(root, "mnist-images")?;
        let buttons = add(root, "div", "buttons")?;
        let turn = |id: &str, pages: isize| {
            let asked = Rc::clone(asked);
            button(stage, &buttons, id, &stage.text(id, &[]), move || {
                let mut asked = asked.borrow_mut();
                asked.page = asked.page.saturating_add_signed(pages);
            })
        };
        let turns = [turn("mnist-previous", -1)?, turn("mnist-next", 1)?];
        Ok(Exhibit {
            words: stage.clone(),
            worker: Worker::new(stage),
            predictor: None,
            labels: Default::default(),
            wanted: (Vec::new(), None, false),
            near: Vec::new(),
            listed: Default::default(),
            on_page: Vec::new(),
            shown: Vec::new(),
            status,
            subject,
            votes,
            neighbours,
            set,
            digit,
            range,
            gallery,
            turns,
        })
    }

    /// Takes in what the worker has answered.
    fn hear(&mut self) {
        while let Some((event, payload)) = self.worker.next() {
            let bytes = payload.unwrap_or_default();
            match event {
                Event::DataReady { .. } => {
                    self.wanted = Default::default();
                    self.on_page.clear();
                    SETS.iter().for_each(|(_, split)| self.worker.send(&Command::Labels { split: *split }, None));
                }
                Event::Labels { split } => self.labels[place_of(split)] = bytes,
                Event::Images { split, numbers, .. } if numbers == self.on_page => {
                    let labels = &self.labels[place_of(split)];
                    let picked = |(number, pixels): (u32, &[u8])| {
                        let label = labels.get(number as usize).copied().unwrap_or_default();
                        Picked { split, number, label, pixels: pixels.to_vec() }
                    };
                    self.shown = numbers.into_iter().zip(bytes.chunks_exact(PIXELS)).map(picked).collect();
                }
                Event::Neighbours { found } => {
                    self.wanted.2 = false;
                    // An image of the training set is its own nearest neighbour.
                    let own =
                        self.wanted.1.as_ref().filter(|picked| picked.split == Split::Validation).map(|picked| picked.number);
                    let picked = |(near, pixels): (Neighbour, &[u8])| {
                        let Neighbour { number, label, .. } = near;
                        (near, Picked { split: Split::Validation, number, label, pixels: pixels.to_vec() })
                    };
                    let images = found.into_iter().zip(bytes.chunks_exact(PIXELS));
                    self.near = images.filter(|(near, _)| Some(near.number) != own).take(NEAREST).map(picked).collect();
                }
                // No answer is coming: what is wanted next is asked for anew.
                Event::Failed { .. } => {
                    self.near.clear();
                    self.wanted.2 = false;
                }
                _ => {}
            }
        }
    }

    fn draw(&mut self, asked: &mut Asked) {
        dom::set_text(&self.status, &self.worker.said(&self.words));
        let is_here = self.labels.iter().all(|labels| !labels.is_empty());
        let image = match &asked.picked {
            Some(picked) => picked.pixels.clone(),
            None => page::drawing().map(|inputs| pixels::from_inputs(&inputs)).unwrap_or_default(),
        };
        let read = self.read(&image);
        self.subject.show(&self.words, asked.picked.as_ref(), &image, read);
        if image.is_empty() {
            self.near.clear();
            self.wanted.0.clear();
        } else if is_here && !self.wanted.2 && image != self.wanted.0 {
            // One more than are shown, for an image that is among them itself.
            self.ask(&Command::Neighbours { count: NEAREST as u32 + 1 }, Some(&image));
            self.wanted = (image.clone(), asked.picked.clone(), true);
        }
        self.show_votes();
        if is_here {
            self.turn_page(asked);
        }
        asked.here = self.near.iter().map(|(_, picked)| picked).chain(&self.shown).cloned().collect();
        let captions = self.near.iter().map(|(near, _)| format!("{} · {}", near.label, figure(near.distance, 1)));
        let near: Vec<_> = self.near.iter().map(|(_, picked)| picked).zip(captions).collect();
        self.neighbours.show(&self.words, &near, 0);
        let shown: Vec<_> = self.shown.iter().map(|picked| (picked, picked.label.to_string())).collect();
        self.gallery.show(&self.words, &shown, near.len());
        // The answer is about what is shown now.
        if image == self.wanted.0 && !self.wanted.2 {
            self.judge(asked.picked.as_ref(), read.map(|(digit, _)| digit));
        }
    }

    /// Asks the worker, or, if that has ended and what it had is gone, another one for the images; then what is wanted is asked
    /// for again.
    fn ask(&self, command: &Command, payload: Option<&[u8]>) {
        if self.worker.images() == Images::Here {
            self.worker.send(command, payload);
        } else {
            self.worker.load();
        }
    }

    /// The digit that the network reads, and how sure it is.
    fn read(&mut self, image: &[u8]) -> Option<(u8, f32)> {
        let p = self.predictor.as_mut().filter(|_| !image.is_empty())?.predict(&pixels::to_inputs(image)).ok()?;
        (0..p.len()).max_by(|a, b| p[*a].total_cmp(&p[*b])).map(|digit| (digit as u8, p[digit]))
    }

    fn votes(&self) -> Vec<(u8, usize)> {
        votes(&self.near.iter().map(|(near, _)| *near).collect::<Vec<_>>())
    }

    fn show_votes(&self) {
        let vote = |(digit, votes): (u8, usize)| {
            self.words.text("mnist-vote", &[("digit", digit.to_string().into()), ("votes", votes.into())])
        };
        let votes: Vec<String> = self.votes().into_iter().map(vote).collect();
        let text = if votes.is_empty() {
            self.words.text("mnist-no-votes", &[])
        } else {
            self.words.text("mnist-votes", &[("votes", votes.join(&self.words.text("mnist-and", &[])).into())])
        };
        dom::set_text(&self.votes, &text);
    }

    fn turn_page(&mut self, asked: &mut Asked) {
        let split = SETS.iter().find(|(name, _)| *name == self.set.value()).map_or(Split::Test, |(_, split)| *split);
        let choice = format!("{} {}", self.set.value(), self.digit.value());
        if self.listed.0 != choice {
            let wanted: Option<u8> = self.digit.value().parse().ok();
            let labels = (0..).zip(&self.labels[place_of(split)]);
            let list =
                labels.filter(|(_, label)| wanted.is_none_or(|wanted| wanted == **label)).map(|(number, _)| number).collect();
            self.listed = (choice, list);
            // The same numbers may be images of the other set.
            self.on_page.clear();
        }
        let list = &self.listed.1;
        let last = list.len().saturating_sub(1) / PAGE;
        asked.page = asked.page.min(last);
        let first = asked.page * PAGE;
        let numbers = list[first..(first + PAGE).min(list.len())].to_vec();
        dom::disable(&self.turns[0], asked.page == 0);
        dom::disable(&self.turns[1], asked.page == last);
        let range = [
            ("from", count(first as u64 + 1).into()),
            ("to", count((first + numbers.len()) as u64).into()),
            ("all", count(list.len() as u64).into()),
        ];
        dom::set_text(&self.range, &self.words.text("mnist-range", &range));
        if numbers != self.on_page {
            self.ask(&Command::Images { split, numbers: numbers.clone() }, None);
            self.on_page = numbers;
        }
    }

    /// Which tasks this does.
    fn judge(&self, picked: Option<&Picked>, read: Option<u8>) {
        let votes = self.votes();
        let Some(&(first, most)) = votes.first() else { return };
        match picked {
            None if most == NEAREST && Some(first) == read => self.words.done("alike"),
            None if votes.get(1).is_some_and(|(_, second)| most >= BETWEEN && *second >= BETWEEN) => self.words.done("between"),
            Some(picked) if picked.split == Split::Test && (votes.len() > 1 || first != picked.label) => self.words.done("odd"),
            _ => {}
        }
    }
}
