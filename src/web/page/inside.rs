//! The panel inside: the network for the drawing, neuron by neuron; one neuron's weights and its exact sum, to be changed by
//! hand; and which ink speaks for a digit.

use super::app::App;
use super::l10n::{L10n, percent};
use super::network::Network;
use super::run::Phase;
use super::{Message, Page, dom, seen, signed, subject};
use crate::Result;
use crate::data::Subject;
use crate::explain::inside::{self, Kind, Sum, Trace};
use crate::explain::saliency::Saliency;
use crate::ink::Image;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, HtmlButtonElement, HtmlCanvasElement, HtmlElement, HtmlInputElement, HtmlSelectElement, PointerEvent,
};

/// Neurons of a layer that are shown one by one.
const SHOWN: usize = 10;
/// Connections drawn to each of them.
const LINES: usize = 3;
/// Terms of a sum that are written out.
const TERMS: usize = 8;

/// What can happen here.
pub enum Action {
    /// Look at this neuron's weights for a moment: stage and neuron.
    Peek(usize, usize),
    /// Look at its sum.
    Choose(usize, usize),
    /// The neuron's number was typed, or its layer chosen.
    Fields,
    /// Row of the table, whose last one is the bias.
    Edit(usize),
    Undo,
    Learned,
    Digit,
}

/// The section `.inside`.
pub struct Panel {
    stages: Vec<Kind>,
    chosen: (usize, usize),
    peeked: Option<(usize, usize)>,
    /// Where in the flat vector the table's fields are.
    places: Vec<Option<usize>>,
    /// The inputs that the table is about.
    inputs: Vec<usize>,
    rows: Element,
    stage: HtmlSelectElement,
    unit: HtmlInputElement,
    table: Element,
    digit: HtmlSelectElement,
}

impl Panel {
    /// Listens to what is in the section.
    ///
    /// Errors when index.html lacks an element.
    pub fn new(page: &Page) -> Result<Panel> {
        let rows: Element = dom::by_id("inside-stages")?;
        for (kind, act) in
            [("click", Action::Choose as fn(usize, usize) -> Action), ("pointerover", Action::Peek), ("focusin", Action::Peek)]
        {
            let sender = page.clone();
            dom::on(&rows, kind, move |event: Event| {
                if let Some((stage, unit)) =
                    event.target().and_then(|target| target.dyn_into().ok()).and_then(|element| neuron(&element))
                {
                    sender.send(Message::Inside(act(stage, unit)));
                }
            });
        }
        let sender = page.clone();
        dom::on(&rows, "pointerdown", move |event: PointerEvent| {
            let strip = event.target().and_then(|target| target.dyn_into::<HtmlCanvasElement>().ok());
            if let Some((stage, unit)) = strip.and_then(|strip| on_strip(&strip, &event)) {
                sender.send(Message::Inside(Action::Choose(stage, unit)));
            }
        });
        let send = |id: &str, kind: &str, action: fn() -> Action| -> Result<()> {
            let (element, sender): (Element, _) = (dom::by_id(id)?, page.clone());
            dom::on(&element, kind, move |_: Event| sender.send(Message::Inside(action())));
            Ok(())
        };
        send("inside-stage", "change", || Action::Fields)?;
        send("inside-unit", "change", || Action::Fields)?;
        send("inside-undo", "click", || Action::Undo)?;
        send("inside-learned", "click", || Action::Learned)?;
        send("saliency-digit", "change", || Action::Digit)?;
        let table: Element = dom::by_id("inside-terms")?;
        let sender = page.clone();
        dom::on(&table, "input", move |event: Event| {
            let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if let Some(row) = field.and_then(|field| number(&field, "data-row")) {
                sender.send(Message::Inside(Action::Edit(row)));
            }
        });
        Ok(Panel {
            stages: Vec::new(),
            chosen: (0, 0),
            peeked: None,
            places: Vec::new(),
            inputs: Vec::new(),
            rows,
            stage: dom::by_id("inside-stage")?,
            unit: dom::by_id("inside-unit")?,
            table,
            digit: dom::by_id("saliency-digit")?,
        })
    }

    fn show(&mut self, l10n: &L10n, image: Option<&Image>, network: &mut Network, can_edit: bool) -> Result<()> {
        dom::show(&dom::by_id("inside-empty")?, image.is_none());
        dom::show(&dom::by_id("inside-body")?, image.is_some());
        let Some(image) = image else { return Ok(()) };
        let (pixels, input) = (network.pixels(image), network.input(image));
        let trace = Trace::of(&mut network.predictor, &input)?;
        if self.build(l10n, network) {
            // One that has something to show.
            self.chosen = (0, trace.stages[0].most_active(1, None)[0]);
        }
        self.offer(l10n, network.subject);
        let parameters = network.predictor.parameters();
        seen::paint(&seen::context(&dom::by_id("inside-image")?)?, &pixels);
        let shown = self.show_stages(&trace)?;
        self.draw_lines(&trace, &shown, parameters)?;
        let (stage, unit) = self.chosen;
        let sum = trace.stages[stage].sum(parameters, unit);
        self.show_weights(l10n, parameters)?;
        self.show_sum(l10n, &sum, parameters, can_edit)?;
        let without = network.edits.predict_without(&mut network.predictor, &input)?;
        let with = network.predictor.predict(&input)?;
        dom::disable(&dom::by_id("inside-undo")?, network.edits.is_empty() || !can_edit);
        dom::disable(&dom::by_id("inside-learned")?, network.edits.is_empty() || !can_edit);
        let change = match (network.edits.count(), can_edit) {
            (_, false) => l10n.text("inside-wait", &[]),
            (0, true) => l10n.text("inside-unchanged", &[]),
            (count, true) => {
                let (before, after) = (best(&without), best(&with));
                let args = [
                    ("count", count.into()),
                    ("before", subject::class(l10n, network.subject.classes, before).into()),
                    ("before-share", percent(without[before]).into()),
                    ("after", subject::class(l10n, network.subject.classes, after).into()),
                    ("after-share", percent(with[after]).into()),
                ];
                l10n.text("inside-changed", &args)
            }
        };
        let state: Element = dom::by_id("inside-change")?;
        dom::set(&state, "data-edits", &network.edits.count().to_string());
        dom::set_text(&state, &change);
        let class = self.digit.value().parse().unwrap_or_else(|_| best(&with));
        let saliency = Saliency::of(&mut network.predictor, &input, class)?;
        show_saliency(l10n, &saliency, class, network.subject, &pixels)
    }

    /// The classes for which ink can be weighed.
    fn offer(&self, l10n: &L10n, subject: Subject) {
        let offered = dom::all("#saliency-digit option:not([value=''])");
        let names: Vec<String> = (0..subject.count()).map(|class| subject::class(l10n, subject.classes, class)).collect();
        if offered.len() == names.len() {
            return offered.iter().zip(&names).for_each(|(option, name)| dom::set_text(option, name));
        }
        self.digit.set_value("");
        offered.iter().for_each(Element::remove);
        for (class, name) in names.iter().enumerate() {
            if let Ok(option) = dom::document().create_element("option") {
                dom::set(&option, "value", &class.to_string());
                dom::set_text(&option, name);
                let _ = self.digit.append_child(&option);
            }
        }
    }

    /// A row for each stage, where the network is another kind than before. Whether it is.
    fn build(&mut self, l10n: &L10n, network: &Network) -> bool {
        let stages = inside::kinds(network.predictor.spec());
        let is_new = stages != self.stages;
        if is_new {
            self.rows.set_text_content(None);
            self.stage.set_text_content(None);
            self.chosen = (0, 0);
            (self.peeked, self.inputs) = (None, Vec::new());
            for (place, kind) in stages.iter().enumerate() {
                if let Err(error) = self.build_stage(place, *kind, place + 1 == stages.len()) {
                    web_sys::console::error_1(&error);
                }
            }
            self.stages = stages;
        }
        for name in dom::all("[data-stage-name]") {
            let Some(place) = number(&name, "data-stage-name") else { continue };
            dom::set_text(&name, &stage_name(l10n, &self.stages, place));
        }
        is_new
    }

    fn build_stage(&self, place: usize, kind: Kind, is_last: bool) -> std::result::Result<(), JsValue> {
        let make = |parent: &Element, tag: &str| -> std::result::Result<Element, JsValue> {
            let child = dom::document().create_element(tag)?;
            parent.append_child(&child)?;
            Ok(child)
        };
        let row = make(&self.rows, "div")?;
        let name = make(&row, "p")?;
        dom::set(&name, "class", "fine");
        dom::set(&name, "data-stage-name", &place.to_string());
        let neurons = make(&row, "div")?;
        dom::set(&neurons, "class", "neurons");
        for _ in 0..SHOWN.min(kind.units()) {
            let button = make(&neurons, "button")?;
            dom::set(&button, "type", "button");
            dom::set(&button, "data-stage", &place.to_string());
            make(&button, "i")?;
            make(&button, "span")?;
        }
        if !is_last {
            let strip = make(&row, "canvas")?;
            dom::set(&strip, "class", "strip");
            dom::set(&strip, "data-stage", &place.to_string());
            dom::set(&strip, "aria-hidden", "true");
        }
        let option = make(&self.stage, "option")?;
        dom::set(&option, "value", &place.to_string());
        dom::set(&option, "data-stage-name", &place.to_string());
        Ok(())
    }

    /// The most active neurons of each stage, and all of them as squares. Which ones are shown.
    fn show_stages(&self, trace: &Trace) -> Result<Vec<Vec<usize>>> {
        let mut shown = Vec::new();
        for (place, stage) in trace.stages.iter().enumerate() {
            let also = (self.chosen.0 == place).then_some(self.chosen.1);
            let units = stage.most_active(SHOWN, also);
            let most = stage.a.iter().fold(0.0f32, |most, a| most.max(a.abs())).max(f32::MIN_POSITIVE);
            for (button, &unit) in dom::all(&format!("button[data-stage='{place}']")).iter().zip(&units) {
                let a = stage.a[unit];
                dom::set(button, "data-unit", &unit.to_string());
                dom::set(button, "aria-pressed", if self.chosen == (place, unit) { "true" } else { "false" });
                dom::set(button, "aria-label", &format!("#{unit}: {a:.2}"));
                if let Some(dot) = button.first_element_child().and_then(|dot| dot.dyn_into::<HtmlElement>().ok()) {
                    dom::set(&dot, "class", if a < 0.0 { "against" } else { "for" });
                    let _ = dot.style().set_property("--share", &format!("{:.2}", a.abs() / most));
                }
                if let Some(text) = button.last_element_child() {
                    dom::set_text(&text, &format!("#{unit}"));
                }
            }
            if let Some(strip) = dom::all(&format!("canvas[data-stage='{place}']")).pop() {
                signed::paint(&strip.unchecked_into(), signed::columns(stage.a.len()), &stage.a, None, None)?;
            }
            shown.push(units);
        }
        Ok(shown)
    }

    /// Lines from what is shown of one stage to what is shown of the next; to the first one from the image's pixels.
    fn draw_lines(&self, trace: &Trace, shown: &[Vec<usize>], parameters: &[f32]) -> Result<()> {
        let canvas: HtmlCanvasElement = dom::by_id("inside-lines")?;
        let context = seen::context(&canvas)?;
        let around = canvas.get_bounding_client_rect();
        canvas.set_width(around.width() as u32);
        canvas.set_height(around.height() as u32);
        let image = dom::by_id::<Element>("inside-image")?.get_bounding_client_rect();
        let colors = [dom::style("--red"), dom::style("--blue")];
        let buttons: Vec<Vec<[f64; 4]>> = (0..shown.len())
            .map(|place| {
                let boxes = dom::all(&format!("button[data-stage='{place}'] i"));
                let edges = |element: &Element| {
                    let r = element.get_bounding_client_rect();
                    [r.left() + r.width() / 2.0 - around.left(), r.top() - around.top(), r.bottom() - around.top(), 0.0]
                };
                boxes.iter().map(edges).collect()
            })
            .collect();
        for (place, stage) in trace.stages.iter().enumerate() {
            let all: Vec<usize>;
            let inputs = if place == 0 {
                all = (0..stage.x.len()).filter(|&i| stage.x[i] != 0.0).collect();
                &all
            } else {
                &shown[place - 1]
            };
            let lines = stage.strongest(parameters, inputs, &shown[place], LINES);
            let most = lines.iter().fold(f32::MIN_POSITIVE, |most, line| most.max(line.product.abs()));
            for line in lines {
                let side = stage.x.len().isqrt().max(1);
                let from = if place == 0 {
                    let at = |cell: usize, length: f64| (cell as f64 + 0.5) * length / side as f64;
                    [
                        image.left() - around.left() + at(line.from % side, image.width()),
                        image.top() - around.top() + at(line.from / side, image.height()),
                    ]
                } else {
                    let Some(i) = shown[place - 1].iter().position(|unit| *unit == line.from) else { continue };
                    [buttons[place - 1][i][0], buttons[place - 1][i][2]]
                };
                let Some(i) = shown[place].iter().position(|unit| *unit == line.to) else { continue };
                let share = f64::from(line.product.abs() / most);
                context.set_global_alpha(0.15 + 0.75 * share);
                context.set_line_width(0.5 + 2.5 * share);
                context.set_stroke_style_str(&colors[usize::from(line.product < 0.0)]);
                context.begin_path();
                context.move_to(from[0], from[1]);
                context.line_to(buttons[place][i][0], buttons[place][i][1]);
                context.stroke();
            }
        }
        Ok(())
    }

    fn show_weights(&self, l10n: &L10n, parameters: &[f32]) -> Result<()> {
        let (place, unit) = self.peeked.unwrap_or(self.chosen);
        let values = inside::weights(self.stages[place], parameters, unit);
        let side = values.len().isqrt();
        let wide = if place == 0 && side * side == values.len() { side } else { signed::columns(values.len()) };
        signed::paint(&dom::by_id("inside-weights")?, wide, &values, None, None)?;
        let args =
            [("layer", stage_name(l10n, &self.stages, place).into()), ("unit", unit.into()), ("count", values.len().into())];
        dom::set_text(&dom::by_id::<Element>("inside-weights-of")?, &l10n.text("inside-weights-of", &args));
        Ok(())
    }

    fn show_sum(&mut self, l10n: &L10n, sum: &Sum, parameters: &[f32], can_edit: bool) -> Result<()> {
        self.stage.set_value(&self.chosen.0.to_string());
        self.unit.set_max(&(self.stages[self.chosen.0].units() - 1).to_string());
        self.unit.set_value(&self.chosen.1.to_string());
        let focused = dom::document().active_element();
        let is_edited = focused.as_ref().is_some_and(|element| self.table.contains(Some(element)));
        if !is_edited || self.inputs.is_empty() {
            // While somebody types, the rows stay where they are.
            self.inputs = sum.terms.iter().take(TERMS).map(|term| term.input).collect();
        }
        let rows = dom::all("#inside-terms tr");
        let terms: Vec<_> = self.inputs.iter().filter_map(|input| sum.terms.iter().find(|term| term.input == *input)).collect();
        self.places = terms.iter().map(|term| term.place).collect();
        let written: f64 = terms.iter().map(|term| term.product()).sum();
        let side = sum.terms.len().isqrt().max(1);
        for (i, row) in rows.iter().take(TERMS).enumerate() {
            let Some(term) = terms.get(i) else {
                dom::show(row, false);
                continue;
            };
            dom::show(row, true);
            let name = if self.chosen.0 == 0 {
                l10n.text("inside-pixel", &[("row", (term.input / side + 1).into()), ("column", (term.input % side + 1).into())])
            } else {
                format!("#{}", term.input)
            };
            fill(row, &[name, format!("{:.3}", term.x), String::new(), format!("{:+.4}", term.product())]);
            self.field(row, term.w, term.place.is_some() && can_edit, &focused);
        }
        let others = sum.terms.len() - terms.len();
        let rest = sum.z - written - f64::from(sum.bias);
        fill(
            &rows[TERMS],
            &[l10n.text("inside-others", &[("count", others.into())]), String::new(), String::new(), format!("{rest:+.4}")],
        );
        fill(&rows[TERMS + 1], &[l10n.text("inside-bias", &[]), String::new(), String::new(), format!("{:+.4}", sum.bias)]);
        self.field(&rows[TERMS + 1], sum.bias, sum.bias_place.is_some() && can_edit, &focused);
        self.places.resize(TERMS, None);
        self.places.push(sum.bias_place);
        debug_assert!(self.places.iter().flatten().all(|place| *place < parameters.len()));
        let state: Element = dom::by_id("inside-sum")?;
        dom::set(&state, "data-z", &sum.z.to_string());
        dom::set(&state, "data-a", &sum.a.to_string());
        let args = [
            ("written", format!("{:.4}", sum.z - f64::from(sum.bias)).into()),
            ("bias", format!("{:+.4}", sum.bias).into()),
            ("z", format!("{:.4}", sum.z).into()),
            ("f", sum.activation.name().into()),
            ("a", format!("{:.4}", sum.a).into()),
        ];
        dom::set_text(&state, &l10n.text("inside-sum", &args));
        Ok(())
    }

    /// The field of a row, which is left alone while somebody types in it.
    fn field(&self, row: &Element, value: f32, enabled: bool, focused: &Option<Element>) {
        let Some(field) = row.query_selector("input").ok().flatten() else { return };
        dom::disable(&field, !enabled);
        if focused.as_ref() != Some(&field)
            && let Some(field) = field.dyn_ref::<HtmlInputElement>()
        {
            field.set_value(&format!("{value:.4}"));
        }
    }
}

impl App {
    /// Answers what happens here.
    pub(super) fn inside(&mut self, action: Action) {
        let panel = &mut self.inside;
        match action {
            Action::Peek(stage, unit) => panel.peeked = Some((stage, unit)),
            Action::Choose(stage, unit) => (panel.chosen, panel.peeked) = ((stage, unit), None),
            Action::Fields => {
                let stage = panel.stage.value().parse::<usize>().unwrap_or(0).min(panel.stages.len().saturating_sub(1));
                let most = panel.stages.get(stage).map_or(0, |kind| kind.units() - 1);
                (panel.chosen, panel.peeked) = ((stage, panel.unit.value().parse::<usize>().unwrap_or(0).min(most)), None);
            }
            Action::Edit(row) => {
                let field = dom::all(&format!("#inside-terms input[data-row='{row}']")).pop();
                let value =
                    field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()).and_then(|f| f.value().parse::<f32>().ok());
                if let (Some(value), Some(Some(place)), Some(network)) = (value, panel.places.get(row), &mut self.network) {
                    network.edits.set(&mut network.predictor, *place, value);
                    return self.network_changed();
                }
            }
            Action::Undo | Action::Learned => {
                if let Some(Network { edits, predictor, .. }) = &mut self.network {
                    if matches!(action, Action::Undo) {
                        edits.undo(predictor)
                    } else {
                        edits.undo_all(predictor)
                    }
                    return self.network_changed();
                }
            }
            Action::Digit => {}
        }
        self.show_inside();
    }

    /// Shows the panel, if somebody can see it.
    pub(super) fn show_inside(&mut self) {
        if !self.panels.shown("inside") {
            return;
        }
        let can_edit = !matches!(self.phase, Phase::Training | Phase::Loading);
        if let Some(network) = &mut self.network
            && let Err(error) = self.inside.show(&self.l10n, self.image.as_ref(), network, can_edit)
        {
            web_sys::console::error_1(&error.to_string().into());
        }
    }
}

fn show_saliency(l10n: &L10n, saliency: &Saliency, class: usize, subject: Subject, image: &[u8]) -> Result<()> {
    signed::paint(&dom::by_id("saliency")?, saliency.pixels.len().isqrt().max(1), &saliency.pixels, None, Some(image))?;
    let fields = |speaks_for| {
        let names = saliency.where_most(speaks_for).into_iter().map(|field| l10n.text(&format!("field-{field}"), &[]));
        names.collect::<Vec<_>>().join(&l10n.text("field-and", &[]))
    };
    let args = [
        ("digit", subject::class(l10n, subject.classes, class).into()),
        ("score", format!("{:.2}", saliency.score).into()),
        ("for", format!("{:+.2}", saliency.speaks_for).into()),
        ("against", format!("{:+.2}", saliency.speaks_against).into()),
        ("where-for", fields(true).into()),
        ("where-against", fields(false).into()),
    ];
    let text: Element = dom::by_id("saliency-text")?;
    dom::set(&text, "data-digit", &class.to_string());
    dom::set_text(&text, &l10n.text("saliency-text", &args));
    Ok(())
}

/// What a layer is called.
pub fn stage_name(l10n: &L10n, stages: &[Kind], place: usize) -> String {
    let kind = match stages[place] {
        Kind::Dense { activation, .. } => format!("Dense {}", activation.name()),
        Kind::BatchNormalization(_) => "BatchNormalization".into(),
    };
    l10n.text("inside-layer", &[("number", (place + 1).into()), ("kind", kind.into()), ("units", stages[place].units().into())])
}

fn fill(row: &Element, texts: &[String]) {
    let cells = row.children();
    for (i, text) in (0..).zip(texts) {
        if let Some(cell) = cells.item(i).filter(|cell| cell.query_selector("input").is_ok_and(|field| field.is_none())) {
            dom::set_text(&cell, text);
        }
    }
}

fn best(probabilities: &[f32]) -> usize {
    (0..probabilities.len()).rev().max_by(|&i, &j| probabilities[i].total_cmp(&probabilities[j])).unwrap_or(0)
}

fn number(element: &Element, name: &str) -> Option<usize> {
    element.get_attribute(name)?.parse().ok()
}

fn neuron(element: &Element) -> Option<(usize, usize)> {
    let button = element.closest("button[data-unit]").ok().flatten()?.dyn_into::<HtmlButtonElement>().ok()?;
    Some((number(&button, "data-stage")?, number(&button, "data-unit")?))
}

fn on_strip(strip: &HtmlCanvasElement, event: &PointerEvent) -> Option<(usize, usize)> {
    let stage = number(strip, "data-stage")?;
    let r = strip.get_bounding_client_rect();
    let at = |position: f64, length: f64, cells: u32| (position / length * f64::from(cells)) as usize;
    let column = at(f64::from(event.client_x()) - r.left(), r.width(), strip.width());
    let row = at(f64::from(event.client_y()) - r.top(), r.height(), strip.height());
    Some((stage, row * strip.width() as usize + column.min(strip.width() as usize - 1)))
}
