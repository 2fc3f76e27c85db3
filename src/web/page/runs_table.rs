//! The table of runs: a row a run, newest first, and above the runs of a repetition a row with their mean and deviation. A
//! setting in which runs differ has a column of its own.

use super::canvas::RUN_COLORS;
use super::l10n::{L10n, count, fine_percent};
use super::runs::{Action, name};
use super::status::time_sentence;
use super::{Message, Page, dom, subject};
use crate::Result;
use crate::repeat::Spread;
use crate::runs::{LONGEST_NAME, Record, Runs, Summary};
use crate::settings::Settings;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

/// The table `#runs-table` and the sentence about what all runs have in common.
pub struct Table {
    page: Page,
    head: Element,
    rows: Element,
    same: Element,
    /// What the table shows.
    built: RefCell<Option<(Runs, String)>>,
}

type Built<T = ()> = std::result::Result<T, JsValue>;

impl Table {
    /// Finds its elements.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Table> {
        Ok(Table {
            page: page.clone(),
            head: dom::by_id("runs-head")?,
            rows: dom::by_id("runs-rows")?,
            same: dom::by_id("runs-same")?,
            built: RefCell::default(),
        })
    }

    /// Shows the runs, if they or the language are not those shown already.
    pub fn show(&self, l10n: &L10n, runs: &Runs) {
        let now = Some((runs.clone(), l10n.language.tag().to_string()));
        if *self.built.borrow() == now {
            return;
        }
        let focus = focused();
        if let Err(error) = self.build(l10n, runs) {
            web_sys::console::error_1(&error);
        }
        self.built.replace(now);
        if let Some(focus) = focus {
            self.refocus(&focus);
        }
    }

    fn build(&self, l10n: &L10n, runs: &Runs) -> Built {
        let differing = runs.differing();
        self.build_head(l10n, &differing)?;
        self.rows.set_text_content(None);
        let mut summed = None;
        for record in runs.records().iter().rev() {
            if record.group.is_some() && record.group != summed {
                summed = record.group;
                let group = record.group.unwrap_or_default();
                let row = summary_row(l10n, group, &Summary::of(runs.of_group(group)), differing.len())?;
                self.rows.append_child(&row)?;
            }
            let row = self.row(l10n, record, &differing)?;
            self.rows.append_child(&row)?;
        }
        let same = runs.records().first().map(|record| same(l10n, &record.settings, &differing));
        dom::set_text(&self.same, &same.unwrap_or_default());
        Ok(())
    }

    fn build_head(&self, l10n: &L10n, differing: &[&str]) -> Built {
        self.head.set_text_content(None);
        let heading = |text: &str| -> Built<Element> {
            let cell = cell(&self.head, "th", text)?;
            dom::set(&cell, "scope", "col");
            Ok(cell)
        };
        heading(&l10n.text("runs-curve", &[]))?;
        heading(&l10n.text("runs-name", &[]))?;
        for name in differing {
            dom::set(&heading(&label(name))?, "data-differs", name);
        }
        for text in [
            l10n.text("measure-validation", &[]),
            l10n.text("measure-test", &[]),
            l10n.text("measure-to-97", &[]),
            l10n.text("measure-to-98", &[]),
            l10n.text("measure-total", &[]),
            l10n.text("runs-speed", &[]),
            l10n.text("runs-do", &[]),
        ] {
            heading(&text)?;
        }
        Ok(())
    }

    fn row(&self, l10n: &L10n, record: &Record, differing: &[&str]) -> Built<Element> {
        let (row, id) = (element("tr")?, record.id);
        let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
        for (attribute, value) in [
            ("data-run", id.to_string()),
            ("data-group", record.group.map(|group| group.to_string()).unwrap_or_default()),
            ("data-validation", number(record.validation.map(|v| v.accuracy.into()))),
            ("data-test", record.test.accuracy.to_string()),
            ("data-test-from", number(record.interval().map(|[low, _]| low))),
            ("data-test-to", number(record.interval().map(|[_, high]| high))),
            ("data-to-97", number(record.reached[0])),
            ("data-to-98", number(record.reached[1])),
            ("data-seconds", record.seconds.to_string()),
            ("data-samples-per-second", record.samples_per_second.to_string()),
            ("data-settings", record.settings.to_query()),
        ] {
            dom::set(&row, attribute, &value);
        }
        let called = name(l10n, record);
        let args = [("run", called.as_str().into())];

        let show: HtmlInputElement = element("input")?.unchecked_into();
        show.set_type("checkbox");
        show.set_checked(record.is_shown);
        dom::set(&show, "data-control", "show");
        dom::set(&show, "aria-label", &l10n.text("runs-show-one", &args));
        let (sender, asked) = (self.page.clone(), show.clone());
        dom::on(&show, "change", move |_: Event| sender.send(Message::Runs(Action::Show(id, asked.checked()))));
        let swatch = element("label")?;
        swatch.set_class_name("swatch");
        if let Some(swatch) = swatch.dyn_ref::<HtmlElement>() {
            swatch.style().set_property("--mark", &format!("var(--run-{})", id as usize % RUN_COLORS))?;
        }
        swatch.append_with_node_2(&show, element("i")?.unchecked_ref())?;
        cell(&row, "td", "")?.append_child(&swatch)?;

        let input: HtmlInputElement = element("input")?.unchecked_into();
        input.set_type("text");
        input.set_max_length(LONGEST_NAME as i32);
        input.set_value(&called);
        dom::set(&input, "autocomplete", "off");
        dom::set(&input, "data-control", "name");
        dom::set(&input, "aria-label", &l10n.text("runs-rename", &args));
        let (sender, asked, numbered) =
            (self.page.clone(), input.clone(), l10n.text("run-number", &[("number", id.to_string().into())]));
        dom::on(&input, "change", move |_: Event| {
            let name = Some(asked.value()).filter(|name| *name != numbered).unwrap_or_default();
            sender.send(Message::Runs(Action::Rename(id, name)));
        });
        let head = cell(&row, "th", "")?;
        dom::set(&head, "scope", "row");
        head.append_child(&input)?;

        for name in differing {
            let text = value(l10n, &record.settings, name);
            let cell = cell(&row, "td", "")?;
            dom::set(&cell, "data-differs", name);
            let mark = element("mark")?;
            mark.set_text_content(Some(&text));
            cell.append_child(&mark)?;
        }
        let time = |seconds: Option<f64>| seconds.map_or_else(|| l10n.text("time-none", &[]), |s| time_sentence(l10n, s));
        for text in [
            record.validation.map_or_else(|| "–".into(), |v| fine_percent(v.accuracy)),
            test(record),
            time(record.reached[0]),
            time(record.reached[1]),
            time_sentence(l10n, record.seconds),
            count(record.samples_per_second.round() as u64),
        ] {
            cell(&row, "td", &text)?;
        }
        let last = cell(&row, "td", "")?;
        for (control, text, label, action) in [
            ("use", l10n.text("runs-use", &[]), l10n.text("runs-use-one", &args), Action::Use as fn(u32) -> Action),
            ("delete", "×".into(), l10n.text("runs-delete", &args), Action::Delete),
        ] {
            let button = element("button")?;
            dom::set(&button, "type", "button");
            dom::set(&button, "data-control", control);
            dom::set(&button, "aria-label", &label);
            button.set_class_name("quiet");
            button.set_text_content(Some(&text));
            let sender = self.page.clone();
            dom::on(&button, "click", move |_: Event| sender.send(Message::Runs(action(id))));
            last.append_child(&button)?;
        }
        Ok(row)
    }

    /// Gives the focus back to the same control; of a run that is gone, to the next run's.
    fn refocus(&self, (run, place, control): &(String, usize, String)) {
        let rows = dom::all("#runs-rows tr[data-run]");
        let same = rows.iter().find(|row| row.get_attribute("data-run").as_deref() == Some(run));
        let row = same.or_else(|| rows.get(*place)).or_else(|| rows.last());
        let found = row.and_then(|row| row.query_selector(&format!("[data-control='{control}']")).ok().flatten());
        let target = found.or_else(|| dom::by_id::<Element>("runs-undo").ok());
        if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
            _ = target.focus();
        }
    }
}

/// Run, row and control that has the focus, if it is in the table.
fn focused() -> Option<(String, usize, String)> {
    let element = dom::all("#runs-rows [data-control]:focus").pop()?;
    let row = element.closest("tr").ok().flatten()?;
    let run = row.get_attribute("data-run")?;
    let place = dom::all("#runs-rows tr[data-run]").iter().position(|other| *other == row)?;
    Some((run, place, element.get_attribute("data-control")?))
}

/// The test accuracy with its interval: `92.32% (91.8–92.8)`.
fn test(record: &Record) -> String {
    let accuracy = fine_percent(record.test.accuracy);
    record.interval().map_or(accuracy.clone(), |[low, high]| format!("{accuracy} ({:.1}–{:.1})", 100.0 * low, 100.0 * high))
}

/// What a repetition's runs have in common.
fn summary_row(l10n: &L10n, group: u32, summary: &Summary, differing: usize) -> Built<Element> {
    let row = element("tr")?;
    row.set_class_name("summed");
    dom::set(&row, "data-summary", &group.to_string());
    for (name, spread) in
        [("validation", summary.validation), ("test", summary.test), ("to-97", summary.reached[0]), ("to-98", summary.reached[1])]
    {
        let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
        dom::set(&row, &format!("data-mean-{name}"), &number(spread.map(|s| s.mean)));
        dom::set(&row, &format!("data-sd-{name}"), &number(spread.and_then(|s| s.sd)));
    }
    let head = cell(&row, "th", &l10n.text("runs-summary", &[("runs", summary.runs.into())]))?;
    dom::set(&head, "scope", "row");
    dom::set(&head, "colspan", &(2 + differing).to_string());
    for text in [
        spread_of_accuracy(summary.validation),
        spread_of_accuracy(summary.test),
        spread_of_time(l10n, summary.reached[0], summary.runs),
        spread_of_time(l10n, summary.reached[1], summary.runs),
        String::new(),
        String::new(),
        String::new(),
    ] {
        cell(&row, "td", &text)?;
    }
    Ok(row)
}

/// `97.31 ± 0.12%`.
pub fn spread_of_accuracy(spread: Option<Spread>) -> String {
    match spread {
        None => "–".into(),
        Some(Spread { mean, sd: None, .. }) => format!("{:.2}%", 100.0 * mean),
        Some(Spread { mean, sd: Some(sd), .. }) => format!("{:.2} ± {:.2}%", 100.0 * mean, 100.0 * sd),
    }
}

/// `2.31 ± 0.12 s`, and of how many runs if not of all.
pub fn spread_of_time(l10n: &L10n, spread: Option<Spread>, runs: usize) -> String {
    let Some(Spread { known, mean, sd }) = spread else { return l10n.text("time-none", &[]) };
    let seconds = sd.map_or_else(|| format!("{mean:.2}"), |sd| format!("{mean:.2} ± {sd:.2}"));
    let time = l10n.text("time", &[("seconds", seconds.into())]);
    if known == runs { time } else { format!("{time} ({known}/{runs})") }
}

/// What all runs have in common, as far as an address says it.
fn same(l10n: &L10n, settings: &Settings, differing: &[&str]) -> String {
    // An address says the data set only where it is not MNIST.
    let said = settings.to_address().into_iter().map(|(name, _)| name).filter(|name| *name != "data");
    let all = std::iter::once("data").chain(said).filter(|name| !differing.contains(name));
    let list: Vec<_> = all.map(|name| format!("{} {}", label(name), value(l10n, settings, name))).collect();
    let separator = l10n.text("runs-comma", &[]);
    if list.is_empty() { String::new() } else { l10n.text("runs-same", &[("list", list.join(&separator).into())]) }
}

/// What a setting is called, as at its field.
fn label(name: &str) -> String {
    let found = dom::all(&format!("[data-setting='{name}'] label")).into_iter().next();
    found.and_then(|label| label.text_content()).map_or_else(|| name.into(), |text| text.trim().to_string())
}

/// A setting's value, as at its field.
fn value(l10n: &L10n, settings: &Settings, name: &str) -> String {
    if name == "data" {
        return subject::data(l10n, settings.data);
    }
    let value = settings.get(name);
    let options = dom::all(&format!("[data-setting='{name}'] select option"));
    let option = options.into_iter().find(|option| option.get_attribute("value").as_deref() == Some(&value));
    match (option.and_then(|option| option.text_content()), name, value.as_str()) {
        (Some(text), ..) => text,
        (None, "augment", value) => l10n.text(if value == crate::settings::switch(true) { "runs-on" } else { "runs-off" }, &[]),
        (None, _, "") => "–".into(),
        (None, _, value) => value.replace(',', ", "),
    }
}

fn element(kind: &str) -> Built<Element> {
    dom::document().create_element(kind)
}

fn cell(row: &Element, kind: &str, text: &str) -> Built<Element> {
    let cell = element(kind)?;
    cell.set_text_content(Some(text));
    row.append_child(&cell)?;
    Ok(cell)
}
