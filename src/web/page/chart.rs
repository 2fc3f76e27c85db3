//! The two curves, loss and accuracy, drawn by uPlot (`vendor/`, 51 KB), which is fetched when the first run begins.

use super::{Message, Page, dom};
use crate::Result;
use crate::history::{History, Point};
use js_sys::{Array, Function, JSON};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{Element, HtmlElement, HtmlLinkElement, HtmlScriptElement};

#[wasm_bindgen]
extern "C" {
    /// The library's one class.
    #[wasm_bindgen(js_name = uPlot)]
    type Plot;
    #[wasm_bindgen(constructor, js_class = "uPlot", catch)]
    fn new(options: &JsValue, data: &JsValue, target: &HtmlElement) -> std::result::Result<Plot, JsValue>;
    #[wasm_bindgen(method, js_class = "uPlot", js_name = setData)]
    fn set_data(this: &Plot, data: &JsValue);
    #[wasm_bindgen(method, js_class = "uPlot")]
    fn destroy(this: &Plot);
}

/// The part `.charts` of the section `.train`.
pub struct Charts {
    page: Page,
    root: Element,
    library: Library,
    curves: [Curve; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Library {
    Absent,
    Coming,
    Here,
}

struct Curve {
    target: HtmlElement,
    value: fn(&Point) -> f64,
    /// The y axis is open above (loss), or ends here.
    top: Option<f64>,
    plot: Option<Plot>,
}

impl Charts {
    /// Finds its elements.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Charts> {
        let curve = |id: &str, value, top| Ok(Curve { target: dom::by_id(id)?, value, top, plot: None });
        let loss = curve("loss-chart", |point: &Point| point.loss.into(), None)?;
        let accuracy = curve("accuracy-chart", |point: &Point| 100.0 * f64::from(point.accuracy), Some(100.0))?;
        Ok(Charts { page: page.clone(), root: dom::by_id("charts")?, library: Library::Absent, curves: [loss, accuracy] })
    }

    /// Fetches the library; [`Message::ChartLibrary`] tells when it is there. Without it the page works, but draws no curve.
    pub fn prepare(&mut self) {
        if self.library != Library::Absent {
            return;
        }
        self.library = Library::Coming;
        let Some(head) = dom::document().head() else { return };
        let create = |tag: &str| dom::document().create_element(tag).ok();
        if let Some(style) = create("link").and_then(|element| element.dyn_into::<HtmlLinkElement>().ok()) {
            style.set_rel("stylesheet");
            style.set_href("./vendor/uPlot.min.css");
            let _ = head.append_child(&style);
        }
        if let Some(script) = create("script").and_then(|element| element.dyn_into::<HtmlScriptElement>().ok()) {
            let sender = self.page.clone();
            let loaded = Closure::once_into_js(move || sender.send(Message::ChartLibrary));
            script.set_onload(Some(loaded.unchecked_ref::<Function>()));
            script.set_src("./vendor/uPlot.iife.min.js");
            let _ = head.append_child(&script);
        }
    }

    /// The library has come.
    pub fn library_loaded(&mut self) {
        self.library = Library::Here;
    }

    /// The size or the colors changed: the next drawing begins anew.
    pub fn rebuild(&mut self) {
        for curve in &mut self.curves {
            if let Some(plot) = curve.plot.take() {
                plot.destroy();
            }
        }
    }

    /// Draws a run's past; without one, the words that stand in the chart's place are shown.
    pub fn show(&mut self, history: Option<&History>) {
        let history = history.filter(|history| !history.training().is_empty());
        let drawn = history.is_some() && self.library == Library::Here;
        let _ = self.root.class_list().toggle_with_force("drawn", drawn);
        match history {
            Some(history) if drawn => self.curves.iter_mut().for_each(|curve| curve.draw(history)),
            _ => self.rebuild(),
        }
    }
}

impl Curve {
    fn draw(&mut self, history: &History) {
        let data = self.data(history);
        if let Some(plot) = &self.plot {
            return plot.set_data(&data);
        }
        let plot = JSON::parse(&self.options()).and_then(|options| Plot::new(&options, &data, &self.target));
        match plot {
            Ok(plot) => self.plot = Some(plot),
            Err(error) => web_sys::console::error_1(&error),
        }
    }

    /// uPlot's columns: one x for both series, null where a series has no point.
    fn data(&self, history: &History) -> JsValue {
        let (x, training, validation) = (Array::new(), Array::new(), Array::new());
        let push = |at: f64, learned: Option<f64>, checked: Option<f64>| {
            x.push(&at.into());
            training.push(&learned.map_or(JsValue::NULL, JsValue::from));
            validation.push(&checked.map_or(JsValue::NULL, JsValue::from));
        };
        let mut checks = history.validation().iter().peekable();
        for point in history.training() {
            while let Some(check) = checks.next_if(|check| check.epoch < point.epoch) {
                push(check.epoch, None, Some((self.value)(check)));
            }
            let check = checks.next_if(|check| check.epoch == point.epoch);
            push(point.epoch, Some((self.value)(point)), check.map(self.value));
        }
        for check in checks {
            push(check.epoch, None, Some((self.value)(check)));
        }
        Array::of3(&x, &training, &validation).into()
    }

    /// uPlot's options, in the page's colors.
    fn options(&self) -> String {
        let (width, height) = (self.target.client_width(), self.target.client_height());
        let [training, validation, line, soft, sheet] = ["--blue", "--red", "--line", "--soft", "--sheet"].map(dom::style);
        // Limits as uPlot reads them: loss from 0 up, accuracy up to 100 % and down to where it began.
        let y = match self.top {
            Some(top) => format!(
                r#"{{"min":{{"pad":0.05,"hard":0,"soft":0,"mode":0}},"max":{{"pad":0,"hard":{top},"soft":{top},"mode":1}}}}"#
            ),
            None => r#"{"min":{"pad":0,"hard":0,"soft":0,"mode":1},"max":{"pad":0.1,"soft":0,"mode":0}}"#.into(),
        };
        let axis = |size: u32, space: u32| {
            format!(
                r#"{{"size":{size},"space":{space},"stroke":"{soft}","font":"12px system-ui, sans-serif","gap":4,
                "grid":{{"stroke":"{line}","width":1}},"ticks":{{"show":false}}}}"#
            )
        };
        format!(
            r#"{{"width":{width},"height":{height},"cursor":{{"show":false}},"legend":{{"show":false}},"padding":[8,8,0,0],
            "scales":{{"x":{{"time":false}},"y":{{"range":{y}}}}},
            "axes":[{},{}],
            "series":[{{}},
            {{"stroke":"{training}","width":2,"spanGaps":true,"points":{{"show":false}}}},
            {{"stroke":"{validation}","width":1.5,"dash":[3,4],"spanGaps":true,
              "points":{{"show":true,"size":8,"stroke":"{sheet}","fill":"{validation}","width":1.5}}}}]}}"#,
            axis(26, 50),
            axis(40, 30),
        )
    }
}
