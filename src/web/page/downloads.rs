//! What the page downloads: the network that ships with it, and the compressed images of the site's data sets, once for whoever
//! wants them: a training, a panel, a lesson, or nobody yet. The workers' program comes by itself, unless it does not. `#waiting`
//! says why it takes long.

use super::app::{App, Data};
use super::l10n::L10n;
use super::run::Phase;
use super::{Message, Page, dom, fetch, lessons};
use crate::data::{FILES, Origin};
use crate::download::Trouble;
use crate::format::model_file::{self, ModelFile};
use crate::protocol::{Command, Event};
use crate::web::download::{Happening, Wish, broken, download};
use crate::web::parts;
use crate::web::workers::PROGRAM;
use crate::{Error, Result};
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Element, Event as DomEvent};

const SHIPPED: &str = "./models/shipped.inkling";
/// Raise it when the images change.
const CACHE: &str = "inkling-data-1";
/// What MNIST's images are to be there for when nobody wants them yet (www/offline.js): visits without a network.
const PREFETCH: &str = "inkling-fetch-images";

/// What happens here.
pub enum Action {
    /// The shipped network waits for this reason, or no longer.
    Model(Option<Trouble>),
    /// One of the four files of a folder is on its way.
    File { folder: &'static str, place: usize, happening: Happening },
    /// It has come, or never will.
    FileEnded { folder: &'static str, place: usize, outcome: Result<Blob> },
    /// MNIST's images are to be here, too, when there is no network.
    Prefetch,
    /// The pause is over after which the workers' program is tried again.
    Program,
}

/// So many tries, four minutes, and the program that never comes is an error: it may not be the network's fault.
const MOST_TRIES: u32 = 12;

/// Command and payload.
type Question = (Command, Option<Vec<u8>>);

/// See the module's documentation.
pub struct Panel {
    folders: Vec<Folder>,
    /// The folder whose images the workers are to get, and what they are asked once they have them.
    awaited: Option<(&'static str, Vec<Question>)>,
    /// A lesson wants MNIST's images.
    is_lesson_waiting: bool,
    model: Option<Trouble>,
    program: Option<Trouble>,
    /// How often the program did not come, since it last did.
    failures: u32,
    root: Element,
    text: Element,
}

/// The images of one data set.
struct Folder {
    name: &'static str,
    files: [File; FILES.len()],
    /// What came the first time was damaged.
    is_second: bool,
}

#[derive(Default)]
struct File {
    received: u64,
    total: Option<u64>,
    trouble: Option<Trouble>,
    whole: Option<Blob>,
}

impl Panel {
    /// Finds its elements and listens.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Panel> {
        let now: Element = dom::by_id("waiting-now")?;
        let (bell, online) = (page.bell.clone(), page.bell.clone());
        dom::on(&now, "click", move |_: DomEvent| bell.ring());
        dom::on(&dom::window(), "online", move |_: DomEvent| online.ring());
        let sender = page.clone();
        dom::on(&dom::document(), PREFETCH, move |_: DomEvent| sender.send(Message::Download(Action::Prefetch)));
        Ok(Panel {
            folders: Vec::new(),
            awaited: None,
            is_lesson_waiting: false,
            model: None,
            program: None,
            failures: 0,
            root: dom::by_id("waiting")?,
            text: dom::by_id("waiting-text")?,
        })
    }

    fn folder(&mut self, name: &str) -> Option<&mut Folder> {
        self.folders.iter_mut().find(|folder| folder.name == name)
    }

    /// Says why what somebody wants is not here yet. `is_busy`: the page waits for images.
    fn show(&self, l10n: &L10n, is_busy: bool) {
        let awaited = self.awaited.as_ref().filter(|_| is_busy).map(|(folder, _)| *folder);
        let wanted = |folder: &&Folder| Some(folder.name) == awaited || self.is_lesson_waiting && folder.name == mnist();
        let of_images = || self.folders.iter().filter(wanted).flat_map(|folder| &folder.files).find_map(|file| file.trouble);
        let program = || self.program.filter(|_| is_busy);
        let troubles = [("model", self.model), ("images", of_images()), ("program", program())];
        let trouble = troubles.into_iter().find_map(|(what, trouble)| Some((what, trouble?)));
        if let Some((what, trouble)) = trouble {
            let status = if let Trouble::Busy(status) = trouble { status } else { 0 };
            let args = [("what", what.into()), ("reason", trouble.code().into()), ("status", status.into())];
            dom::set_text(&self.text, &l10n.text("waiting", &args));
        }
        dom::set(&self.root, "data-reason", trouble.map_or("", |(_, trouble)| trouble.code()));
        dom::show(&self.root, trouble.is_some());
    }
}

impl Folder {
    fn new(name: &'static str, is_second: bool) -> Folder {
        Folder { name, files: Default::default(), is_second }
    }

    /// Bytes that are here and in all, as far as it is known.
    fn progress(&self) -> (u64, u64) {
        let total = self.files.iter().map(|file| file.total).sum::<Option<u64>>().unwrap_or(0);
        (self.files.iter().map(|file| file.received).sum::<u64>().min(total), total)
    }

    /// All four files, once they are here.
    fn whole(&self) -> Option<Array> {
        self.files.iter().map(|file| file.whole.as_ref()).collect()
    }
}

/// The network that ships with the page.
///
/// Errors when there is none, or it is damaged twice.
pub async fn shipped(page: &Page) -> Result<ModelFile> {
    let tell = |happening: Happening| {
        let trouble = if let Happening::Waits(trouble) = happening { Some(trouble) } else { None };
        page.send(Message::Download(Action::Model(trouble)));
    };
    let mut is_second = false;
    loop {
        let blob = download(&Wish { url: SHIPPED, cache: None, is_second, patience: None }, &page.bell, tell).await?;
        let file = model_file::decode(&fetch::bytes(&blob, SHIPPED).await?);
        if file.is_ok() || is_second {
            return file;
        }
        is_second = true;
    }
}

/// The folder that lessons and visits without a network learn from.
fn mnist() -> &'static str {
    Origin::Mnist.folder().unwrap_or_default()
}

/// A file of the images, from the cache or the network.
async fn image_file(page: &Page, folder: &'static str, place: usize, is_second: bool) -> Result<Blob> {
    let url = format!("./{folder}{}.gz", FILES[place]);
    let cache = parts::open(CACHE).await.ok();
    if let (Some(cache), false) = (&cache, is_second)
        && let Ok(file) = parts::whole(cache, &url).await
    {
        return Ok(file);
    }
    let tell = |happening| page.send(Message::Download(Action::File { folder, place, happening }));
    let wish = Wish { url: &url, cache: cache.as_ref(), is_second, patience: None };
    let file = download(&wish, &page.bell, tell).await?;
    let Some(cache) = cache else { return Ok(file) };
    // A full disk: the file is here, only next time it is fetched again. Else the one on the disk needs no memory.
    match parts::keep_whole(&cache, &url, &file).await {
        Ok(()) => Ok(parts::whole(&cache, &url).await.unwrap_or(file)),
        Err(_) => Ok(file),
    }
}

impl App {
    /// Does what happened.
    pub(super) fn download(&mut self, action: Action) {
        match action {
            Action::Model(trouble) => self.downloads.model = trouble,
            Action::Prefetch => self.want_images(mnist()),
            Action::Program => self.start_program(),
            Action::File { folder, place, happening } => {
                let Some(of) = self.downloads.folder(folder) else { return };
                let file = &mut of.files[place];
                match happening {
                    Happening::Waits(trouble) => file.trouble = Some(trouble),
                    Happening::Came { received, total } => {
                        // Where a server begins anew, the bar waits until it is as far again.
                        *file = File { received: file.received.max(received), total, ..File::default() };
                    }
                }
                self.images_came(folder);
            }
            Action::FileEnded { folder, place, outcome: Ok(blob) } => {
                let Some(of) = self.downloads.folder(folder) else { return };
                let bytes = blob.size() as u64;
                of.files[place] = File { received: bytes, total: Some(bytes), trouble: None, whole: Some(blob) };
                self.images_came(folder);
            }
            Action::FileEnded { folder, outcome: Err(error), .. } => self.images_failed(folder, error),
        }
        self.run_changed();
    }

    /// Has the images of this folder of the site come, unless they are here or on their way.
    fn want_images(&mut self, folder: &'static str) {
        if self.downloads.folder(folder).is_none() {
            self.begin_images(folder, false);
        }
    }

    fn begin_images(&mut self, folder: &'static str, is_second: bool) {
        self.downloads.folders.retain(|other| other.name != folder);
        self.downloads.folders.push(Folder::new(folder, is_second));
        for place in 0..FILES.len() {
            let page = self.page.clone();
            spawn_local(async move {
                let outcome = image_file(&page, folder, place, is_second).await;
                page.send(Message::Download(Action::FileEnded { folder, place, outcome }));
            });
        }
    }

    /// Has the workers get the images of this folder as soon as they are here.
    pub(super) fn await_images(&mut self, folder: &'static str) {
        if self.downloads.awaited.as_ref().is_some_and(|(awaited, _)| *awaited != folder) {
            self.forget_images();
        }
        self.downloads.awaited.get_or_insert((folder, Vec::new()));
        self.want_images(folder);
        self.images_came(folder);
    }

    /// The workers get other images: who waited for those before waits no longer.
    pub(super) fn forget_images(&mut self) {
        if self.downloads.awaited.take().is_some_and(|(_, questions)| !questions.is_empty()) {
            self.robustness.give_up();
            self.judge.give_up();
            self.time.give_up();
        }
    }

    /// Sends a command to the workers that they can't obey without images.
    pub(super) fn ask_about_images(&mut self, command: Command, payload: Option<Vec<u8>>) {
        match &mut self.downloads.awaited {
            Some((_, questions)) => questions.push((command, payload)),
            None => self.client.send(command, payload),
        }
    }

    /// More of a folder is here, or all of it.
    fn images_came(&mut self, folder: &'static str) {
        let Some(of) = self.downloads.folder(folder) else { return };
        let ((loaded, total), whole) = (of.progress(), of.whole());
        if folder == mnist() && self.downloads.is_lesson_waiting {
            self.downloads.is_lesson_waiting = whole.is_none();
            lessons::tell_images(&lesson_images(loaded, total, whole.as_ref()));
        }
        let Some((_, questions)) = self.downloads.awaited.take_if(|(awaited, _)| *awaited == folder) else { return };
        self.data = Data::Coming { loaded, total };
        match whole {
            None => self.downloads.awaited = Some((folder, questions)),
            Some(files) => {
                self.client.send_data(folder, files);
                for (command, payload) in questions {
                    self.client.send(command, payload);
                }
            }
        }
    }

    /// They never will be here.
    fn images_failed(&mut self, folder: &'static str, error: Error) {
        self.downloads.folders.retain(|other| other.name != folder);
        if folder == mnist() && std::mem::take(&mut self.downloads.is_lesson_waiting) {
            lessons::tell_images(&self.l10n.error(&error).into());
        }
        if self.downloads.awaited.take_if(|(awaited, _)| *awaited == folder).is_some() {
            self.worker(Event::Failed { run: 0, error }, None);
        }
    }

    /// The workers say that the files are damaged: they are fetched again, once.
    pub(super) fn images_refused(&mut self, base: &str, error: Error) {
        let Some(Folder { name, is_second, .. }) = self.downloads.folder(base) else { return };
        let (folder, is_second) = (*name, *is_second);
        if is_second {
            self.downloads.folders.retain(|other| other.name != folder);
            return self.worker(Event::Failed { run: 0, error }, None);
        }
        self.downloads.awaited.get_or_insert((folder, Vec::new()));
        self.begin_images(folder, true);
    }

    /// A lesson wants MNIST's images, or has found them damaged. What it is told: the files, the percentage that is here, or null
    /// if they were damaged the second time.
    pub(super) fn images_for_lesson(&mut self, are_damaged: bool) -> JsValue {
        let is_second = self.downloads.folder(mnist()).is_some_and(|folder| folder.is_second);
        if are_damaged && is_second {
            self.downloads.folders.retain(|other| other.name != mnist());
            return JsValue::NULL;
        }
        if are_damaged {
            self.begin_images(mnist(), true);
        }
        self.want_images(mnist());
        let folder = self.downloads.folder(mnist());
        let ((loaded, total), whole) = folder.map_or(((0, 0), None), |folder| (folder.progress(), folder.whole()));
        self.downloads.is_lesson_waiting = whole.is_none();
        lesson_images(loaded, total, whole.as_ref())
    }

    /// Whether the workers' program did not come, and it is tried again: what the page wants of them now is begun anew then.
    pub(super) fn waits_for_program(&mut self, error: &Error) -> bool {
        let is_it = matches!(error, Error::Fetch { what, .. } if what == PROGRAM);
        let has_asked = self.is_asking() || self.my_digits.run().is_some();
        let is_under_way = matches!(self.phase, Phase::Training | Phase::Paused);
        if !is_it || has_asked || is_under_way || self.downloads.failures >= MOST_TRIES {
            return false;
        }
        if self.downloads.program.replace(broken()).is_none() {
            self.downloads.failures += 1;
            let (page, failures) = (self.page.clone(), self.downloads.failures);
            spawn_local(async move {
                page.bell.wait(failures).await;
                page.send(Message::Download(Action::Program));
            });
        }
        true
    }

    fn start_program(&mut self) {
        if self.downloads.program.take().is_none() {
            return;
        }
        match &self.run {
            Some(run) if self.phase == Phase::Loading => {
                let (id, settings) = (run.id, run.settings.clone());
                let begun = self.wish(&settings).and_then(|wish| self.begin_on_new_workers(id, wish, settings.data));
                if let Err(error) = begun {
                    self.fail(error);
                }
            }
            _ => self.prepare(),
        }
    }

    /// The workers' program is here.
    pub(super) fn program_came(&mut self) {
        (self.downloads.program, self.downloads.failures) = (None, 0);
    }

    /// Whether a panel waits for an answer of the workers.
    pub(super) fn is_asking(&self) -> bool {
        self.robustness.is_running() || self.judge.is_running() || self.time.is_waiting()
    }

    /// Shows whether somebody waits.
    pub(super) fn show_downloads(&self) {
        let is_busy = self.phase == Phase::Loading || self.my_digits.run().is_some() || self.is_asking();
        self.downloads.show(&self.l10n, is_busy);
    }
}

fn lesson_images(loaded: u64, total: u64, whole: Option<&Array>) -> JsValue {
    whole.map_or_else(|| (100 * loaded / total.max(1)).min(99).into(), JsValue::from)
}
