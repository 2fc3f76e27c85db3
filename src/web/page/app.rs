//! The page's state, and which function of it each message calls; here are those of drawing, language and address. What belongs
//! to a panel is in the panel's file, training in `training.rs`.

use super::augmented::Augmented;
use super::chart::Charts;
use super::data;
use super::diagnosis;
use super::downloads;
use super::draw::Draw;
use super::files::Files;
use super::inside;
use super::judge;
use super::keep;
use super::l10n::{L10n, Language};
use super::my_digits;
use super::network::Network;
use super::notes::{Note, Notes};
use super::panels::Panels;
use super::result::Answer;
use super::robustness;
use super::run::{Phase, Run};
use super::runs;
use super::seen::Seen;
use super::settings::Panel;
use super::share::Share;
use super::status::{Status, View};
use super::steps;
use super::time;
use super::train::Controls;
use super::{Message, Page, dom, lessons, link, share, sheet};
use crate::choice::Chosen;
use crate::format::model_file::ModelFile;
use crate::ink::{self, Image, Stroke};
use crate::settings::Settings;
use crate::view::PageView;
use crate::web::{Client, Wish, workers_for};
use crate::{Error, Result};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlSelectElement};

/// Reports that come faster than this, in seconds, are shown together: an epoch on a few images lasts less than a millisecond.
const SHOWN_EVERY: f64 = 0.04;

/// See the module's documentation.
pub struct App {
    pub(super) page: Page,
    pub(super) l10n: L10n,
    /// The address named a language: it must go on to name the one in use.
    address_has_language: bool,
    pub(super) settings: Settings,
    pub(super) view: PageView,
    pub(super) panels: Panels,

    /// A test image under the strokes.
    pub(super) background: Option<Image>,
    pub(super) strokes: Vec<Stroke>,
    pub(super) image: Option<Image>,
    pub(super) probabilities: Option<Vec<f32>>,

    /// The network that answers.
    pub(super) network: Option<Network>,
    /// The network trained here, while another one answers.
    pub(super) own: Option<Network>,
    pub(super) shipped: Option<ModelFile>,

    pub(super) phase: Phase,
    pub(super) run: Option<Run>,
    pub(super) last_run: u32,
    pub(super) client: Client,
    /// What trains, or would; `None` while that is being found out.
    pub(super) chosen: Option<Chosen>,
    pub(super) data: Data,

    draw: Draw,
    answer: Answer,
    seen: Seen,
    pub(super) steps: steps::Panel,
    pub(super) augmented: Augmented,
    pub(super) charts: Charts,
    controls: Controls,
    pub(super) status: Status,
    share: Share,
    pub(super) panel: Panel,
    pub(super) files: Files,
    pub(super) data_panel: data::Panel,
    pub(super) downloads: downloads::Panel,
    pub(super) my_digits: my_digits::Panel,
    pub(super) robustness: robustness::Panel,
    pub(super) link: link::Panel,
    pub(super) judge: judge::Panel,
    pub(super) inside: inside::Panel,
    pub(super) time: time::Panel,
    pub(super) diagnosis: diagnosis::Panel,
    pub(super) runs: runs::Panel,
    pub(super) notes: Notes,
    pub(super) keeping: keep::Panel,
    language: HtmlSelectElement,

    due: Due,
    /// When the run was last shown, as [`dom::seconds`].
    pub(super) run_shown: f64,
    frame_requested: bool,
    on_frame: Closure<dyn FnMut(f64)>,
}

/// Where the training set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    Absent,
    Coming { loaded: u64, total: u64 },
    Here,
}

/// What the next frame must paint.
#[derive(Default)]
struct Due {
    ink: bool,
    answer: bool,
    announcement: bool,
    chart: bool,
    run: bool,
}

impl App {
    /// Finds and fills index.html.
    ///
    /// Errors when index.html lacks an element.
    pub fn new(
        page: &Page,
        settings: Settings,
        view: PageView,
        l10n: L10n,
        address_has_language: bool,
        problems: Vec<Error>,
    ) -> Result<App> {
        let (language, sender): (HtmlSelectElement, _) = (dom::by_id("lang")?, page.clone());
        let asked = language.clone();
        dom::on(&language, "change", move |_: Event| {
            if let Ok(language) = Language::parse(&asked.value()) {
                sender.send(Message::Language(language));
            }
        });
        let sender = page.clone();
        let client = Client::new(move |news| sender.send(Message::Worker(news)));
        let sender = page.clone();
        let on_frame = Closure::new(move |_| sender.send(Message::Frame));
        lessons::listen(page);
        let (strokes, background) = sheet::recall();
        let mut app = App {
            page: page.clone(),
            l10n,
            address_has_language,
            settings,
            panels: Panels::new(page, &view)?,
            view,
            background,
            strokes,
            image: None,
            probabilities: None,
            network: None,
            own: None,
            shipped: None,
            phase: Phase::Loading,
            run: None,
            last_run: 0,
            client,
            chosen: None,
            data: Data::Absent,
            draw: Draw::new(page)?,
            answer: Answer::new()?,
            seen: Seen::new()?,
            steps: steps::Panel::new(page)?,
            augmented: Augmented::new()?,
            charts: Charts::new(page)?,
            controls: Controls::new(page)?,
            status: Status::new()?,
            share: Share::new(page)?,
            panel: Panel::new(page)?,
            files: Files::new(page)?,
            data_panel: data::Panel::new(page)?,
            downloads: downloads::Panel::new(page)?,
            my_digits: my_digits::Panel::new(page)?,
            robustness: robustness::Panel::new(page)?,
            link: link::Panel::new(page)?,
            judge: judge::Panel::new(page)?,
            inside: inside::Panel::new(page)?,
            time: time::Panel::new(page)?,
            diagnosis: diagnosis::Panel::new()?,
            runs: runs::Panel::new(page)?,
            notes: Notes::new(page)?,
            keeping: keep::Panel::new(page)?,
            language,
            due: Due::default(),
            run_shown: 0.0,
            frame_requested: false,
            on_frame,
        };
        for problem in problems {
            app.notes.add(&app.l10n, Note::Address(problem));
        }
        // Another language was chosen while the program was on its way.
        if let Some(chosen) = Language::parse(&app.language.value()).ok().filter(|chosen| *chosen != app.l10n.language) {
            page.send(Message::Language(chosen));
        }
        app.show_all();
        Ok(app)
    }

    /// Answers one message.
    pub fn update(&mut self, message: Message) {
        match message {
            Message::StrokeBegan(point) => {
                self.strokes.push(Stroke { points: vec![point] });
                self.ink_changed();
            }
            Message::StrokeMoved(points) => {
                if let Some(stroke) = self.strokes.last_mut() {
                    stroke.points.extend(points);
                }
                self.ink_changed();
            }
            Message::StrokeEnded => {
                self.due.announcement = true;
                self.request_frame();
            }
            Message::Undo => {
                if self.strokes.pop().is_none() {
                    self.background = None;
                }
                self.ink_removed();
            }
            Message::Clear => {
                self.strokes.clear();
                self.background = None;
                self.ink_removed();
            }
            Message::Frame => self.paint(),
            Message::Repaint => {
                self.draw.repaint();
                self.charts.repaint();
                self.due.chart = true;
                self.ink_changed();
            }
            Message::Control(control) => self.control(control),
            Message::Setting { name, value } => self.change_setting(name, &value),
            Message::ShippedRead(file) => self.shipped_read(file),
            Message::Download(action) => self.download(action),
            Message::FileRead { name, bytes } => self.file_read(name, bytes),
            Message::Data(action) => self.data(action),
            Message::Keep(action) => self.keep(action),
            Message::Save => self.save(),
            Message::Inside(action) => self.inside(action),
            Message::Time(action) => self.time(action),
            Message::TestRobustness => self.test_robustness(),
            Message::Judge(action) => self.judge(action),
            Message::MyDigits(action) => self.my_digits(action),
            Message::Steps(action) => self.steps(action),
            Message::Link(action) => self.link(action),
            Message::Copy => self.copy(),
            Message::SaveCard => self.save_card(),
            Message::ShowCode => self.show_settings(),
            Message::CodeCopied(is_copied) => self.panel.code_copied(&self.l10n, is_copied),
            Message::Copied(outcome) => self.share.copied(&self.l10n, outcome),
            Message::UseShipped => self.use_shipped(),
            Message::UseOwn => self.use_own(),
            // Whoever was faster than this has workers.
            Message::StartWorker if self.run.is_some() => {}
            Message::StartWorker => self.prepare(),
            Message::Tick => self.tick(),
            Message::Worker(news) => self.news(news),
            Message::Chart(action) => self.chart(action),
            Message::Runs(action) => self.runs(action),
            Message::Language(language) => {
                let sender = self.page.clone();
                spawn_local(async move { sender.send(Message::LanguageRead(L10n::load(language).await)) });
            }
            Message::LanguageRead(Ok(l10n)) => {
                l10n.language.remember();
                self.l10n = l10n;
                self.l10n.apply();
                if self.address_has_language {
                    self.write_address();
                }
                self.show_all();
            }
            Message::LanguageRead(Err(error)) => {
                self.notes.add(&self.l10n, Note::Failure(error));
                self.language.set_value(self.l10n.language.tag());
            }
            Message::CloseNotes => self.notes.clear(&self.l10n),
            Message::Asked(wanted) => self.answer_lesson(&wanted),
            Message::PanelShown(name) => self.panel_shown(name),
        }
    }

    fn ink_changed(&mut self) {
        self.due.ink = true;
        self.request_frame();
    }

    /// Another network answers, or the same one otherwise: shown in the next frame.
    pub(super) fn answer_changed(&mut self) {
        self.due.answer = true;
        self.request_frame();
    }

    pub(super) fn ink_removed(&mut self) {
        self.draw.repaint();
        self.due.announcement = true;
        self.ink_changed();
    }

    /// The run goes on: shown now, or, if it was just shown, in the next frame.
    pub(super) fn run_went_on(&mut self) {
        if dom::seconds() - self.run_shown < SHOWN_EVERY {
            self.due.run = true;
            return self.request_frame();
        }
        self.show_run();
    }

    fn show_run(&mut self) {
        self.run_shown = dom::seconds();
        self.due.run = false;
        self.network_changed();
        self.run_changed();
    }

    pub(super) fn chart_changed(&mut self) {
        self.due.chart = true;
        self.request_frame();
    }

    /// The phase or the run changed. Not put off to the next frame, which a hidden tab never sees.
    pub(super) fn run_changed(&self) {
        self.controls.show(&self.l10n, self.phase, self.run.is_some());
        self.share.show(&self.l10n, self.run.as_ref());
        self.status.show(
            &self.l10n,
            &View {
                phase: self.phase,
                run: self.run.as_ref(),
                download: match self.data {
                    Data::Coming { loaded, total } => Some((loaded, total)).filter(|_| self.phase == Phase::Loading),
                    Data::Absent | Data::Here => None,
                },
                chosen: self.chosen.as_ref(),
                test_images: self.runs.test_images,
                now: dom::seconds(),
            },
        );
        self.show_my_digits();
        self.show_robustness();
        self.show_judge();
        self.show_repeat();
        self.show_downloads();
        self.keeping.show(&self.l10n, !self.has_a_run());
    }

    fn copy(&self) {
        if let Some(run) = &self.run {
            self.share.copy(&self.page, share::text(&self.l10n, run, &self.status.device(), dom::seconds()));
        }
    }

    /// What these settings ask for.
    pub(super) fn wish(&self, settings: &Settings) -> Result<Wish> {
        Ok(Wish {
            choice: settings.backend,
            workers: workers_for(settings.workers),
            spec: settings.spec()?,
            config: settings.config(),
        })
    }

    fn show_all(&mut self) {
        self.language.set_value(self.l10n.language.tag());
        self.notes.show(&self.l10n);
        self.show_settings();
        self.my_digits.show_list(&self.l10n);
        self.show_report();
        self.retell_judgement();
        self.show_runs();
        self.show_layers();
        self.show_time();
        self.chart_changed();
        self.run_changed();
        self.network_changed();
    }

    pub(super) fn request_frame(&mut self) {
        if !self.frame_requested {
            let requested = dom::window().request_animation_frame(self.on_frame.as_ref().unchecked_ref());
            self.frame_requested = requested.is_ok();
        }
    }

    fn paint(&mut self) {
        self.frame_requested = false;
        if self.due.run {
            self.show_run();
        }
        let due = std::mem::take(&mut self.due);
        if due.ink {
            self.draw.show(&self.strokes, self.background.as_ref());
            self.image = match &self.background {
                Some(image) => Some(ink::over(image, &self.strokes)),
                None => ink::image(&self.strokes),
            };
            self.steps.offer(self.image.is_some() && self.background.is_none());
            lessons::tell(lessons::DRAWING);
            self.show_my_digits();
            self.augmented.show(self.image.as_ref(), &self.settings);
        }
        if due.ink || due.answer {
            let pixels = self.image.as_ref().map(|image| ink::resized(image, self.subject().side.into()));
            self.seen.show(pixels.as_deref());
            self.predict();
            self.answer.show(&self.l10n, self.subject(), self.probabilities.as_deref());
            self.show_inside();
            self.show_time();
        }
        if due.announcement {
            sheet::keep(&self.strokes, self.background.as_ref());
            self.show_report();
            self.answer.announce(&self.l10n, self.subject(), self.probabilities.as_deref());
        }
        if due.chart && self.panels.shown("chart") {
            self.show_chart();
        }
        if self.steps.paint() {
            self.request_frame();
        }
    }

    fn predict(&mut self) {
        self.probabilities = None;
        let (Some(image), Some(network)) = (&self.image, &mut self.network) else { return };
        let input = network.input(image);
        match network.predictor.predict(&input) {
            Ok(probabilities) => self.probabilities = Some(probabilities),
            Err(error) => self.notes.add(&self.l10n, Note::Failure(error)),
        }
    }

    /// Somebody can see the inside of this panel now: what was not drawn while nobody could is drawn.
    fn panel_shown(&mut self, name: &str) {
        match name {
            "chart" => self.chart_changed(),
            "runs" => self.show_runs(),
            "robustness" => self.show_report(),
            "judge" => self.show_judgement(),
            "inside" => self.show_inside(),
            "time" => {
                self.judge_checkpoint();
                self.show_time();
            }
            "diagnosis" => {
                self.watch_layers();
                self.show_layers();
            }
            _ => {}
        }
    }

    /// The query of an address that leads to this page as it is set now, with its question mark.
    pub(super) fn address(&self, with_language: bool) -> String {
        let language = if with_language { format!("&lang={}", self.l10n.language.tag()) } else { String::new() };
        let view: String = self.view.to_address().iter().map(|(name, value)| format!("&{name}={value}")).collect();
        format!("?{}{view}{language}", self.settings.to_query())
    }

    /// The address leads to this page as it is set now: copying it shares the run.
    pub(super) fn write_address(&self) {
        let hash = dom::window().location().hash().unwrap_or_default();
        let address = self.address(self.address_has_language) + &hash;
        let written = dom::window()
            .history()
            .and_then(|history| history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address)));
        if let Err(error) = written {
            web_sys::console::error_1(&error);
        }
    }
}
