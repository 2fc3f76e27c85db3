//! One browser with one site, for one test: started, watched and ended.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::driver::{Driver, Kind};
use crate::server::Site;
use crate::strangers::Strangers;

/// What computes WebGPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gpu {
    /// Nothing: `navigator.gpu` is there and gives no adapter.
    None,
    /// SwiftShader, a GPU in software, or a real one where there is one.
    Any,
}

/// The circumstances of a test.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    pub gpu: Gpu,
    /// With COOP and COEP headers.
    pub isolated: bool,
    /// With the site's service worker.
    pub offline: bool,
    /// The path that the site is served under, without a final slash.
    pub base: &'static str,
    /// The browser's language.
    pub language: &'static str,
    /// The visitor wants no motion.
    pub still: bool,
    /// Something is made to go wrong, so that errors on the console are no surprise.
    pub faulty: bool,
}

impl Setup {
    const PLAIN: Setup =
        Setup { gpu: Gpu::None, isolated: true, offline: false, base: "", language: "en-US", still: false, faulty: false };
    /// For a test that makes something go wrong.
    pub const FAULTY: Setup = Setup { faulty: true, ..Setup::PLAIN };
}

impl Default for Setup {
    fn default() -> Setup {
        Setup::PLAIN
    }
}

/// A browser that shows the site.
pub struct Browser {
    pub kind: Kind,
    pub client: Client,
    pub site: Site,
    /// What is asked of other hosts.
    pub strangers: Strangers,
    /// Where downloads go.
    pub downloads: PathBuf,
    pub setup: Setup,
}

/// One browser at a time.
static TURN: Mutex<()> = Mutex::new(());

/// Runs a test in a browser of its own. Afterwards the browser is ended, whatever happened.
pub fn drive(setup: Setup, test: impl AsyncFnOnce(&Browser)) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let driver = Driver::start(Kind::asked());
    let browser = runtime.block_on(Browser::start(setup, &driver));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            test(&browser).await;
            browser.asks_no_other_host().await;
        });
    }));
    let complaints = runtime.block_on(browser.complaints(&driver));
    // Of the other drivers, none ends its browser when it is ended itself.
    let _ = runtime.block_on(browser.client.clone().close());
    let _ = fs::remove_dir_all(&browser.downloads);
    drop(driver);
    match outcome {
        Ok(()) if setup.faulty => {}
        Ok(()) => assert!(complaints.is_empty(), "errors on the console: {complaints:#?}"),
        Err(panic) => {
            eprintln!("Errors on the console: {complaints:#?}\nThe site was asked for: {:#?}", browser.site.asked());
            resume_unwind(panic)
        }
    }
}

/// Runs a test that may kill the browser. Chromium only.
pub fn drive_mortal(test: impl AsyncFnOnce(&mut Mortal)) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let profile = std::env::temp_dir().join(format!("inkling-profile-{}", std::process::id()));
    let driver = Driver::start(Kind::Chromium);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let browser = Browser::start_with(Setup::default(), &driver, Some(&profile)).await;
            let mut mortal = Mortal { browser, profile: profile.clone(), driver: &driver };
            test(&mut mortal).await;
            let _ = mortal.browser.client.clone().close().await;
        });
    }));
    drop(driver);
    kill(&processes(&profile));
    let _ = fs::remove_dir_all(&profile);
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// A browser that keeps its profile, so that it can be killed and started again.
pub struct Mortal<'a> {
    pub browser: Browser,
    profile: PathBuf,
    driver: &'a Driver,
}

impl Mortal<'_> {
    /// Bytes of memory that the largest of the browser's tabs takes: its own, and its share of what it has in common with others.
    pub fn tab_memory(&self) -> u64 {
        let tabs = processes(&self.profile).into_iter().filter(|process| process.is_tab);
        let kilobytes = tabs.filter_map(|process| {
            let maps = fs::read_to_string(format!("/proc/{}/smaps_rollup", process.id)).ok()?;
            let line = maps.lines().find_map(|line| line.strip_prefix("Pss:"))?;
            line.split_whitespace().next()?.parse::<u64>().ok()
        });
        1024 * kilobytes.max().unwrap_or(0)
    }

    /// Kills the browser's first process, or those of its tabs, at once (SIGKILL), and starts it anew.
    pub async fn kill(&mut self, tabs_only: bool) {
        let all = processes(&self.profile);
        let chosen: Vec<&Process> = all.iter().filter(|p| if tabs_only { p.is_tab } else { p.is_first }).collect();
        assert!(!chosen.is_empty(), "no such process: {all:?}");
        kill(chosen);
        if tabs_only {
            // Long enough to notice; then the driver gives the browser up.
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        kill(&processes(&self.profile));
        for _ in 0..200 {
            if processes(&self.profile).is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.browser.client = connect(
            Kind::Chromium,
            chromium(self.browser.setup, &self.browser.downloads, Some(&self.profile), &self.browser.strangers.argument()),
            self.driver,
        )
        .await;
    }
}

#[derive(Debug)]
struct Process {
    id: String,
    is_first: bool,
    is_tab: bool,
}

/// The processes of the browser with that profile, which every one of them names.
fn processes(profile: &Path) -> Vec<Process> {
    let profile = profile.to_str().expect("a path of text");
    let process = |entry: fs::DirEntry| {
        let id = entry.file_name().into_string().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).into_owned();
        let is_browser = line.contains("chrom") && line.contains(profile);
        // Some write their arguments anew, with spaces between them.
        let kind = line.split(['\0', ' ']).find_map(|argument| argument.strip_prefix("--type="));
        is_browser.then(|| Process { id, is_first: kind.is_none(), is_tab: kind == Some("renderer") })
    };
    fs::read_dir("/proc").expect("Linux lists its processes").flatten().filter_map(process).collect()
}

fn kill<'a>(processes: impl IntoIterator<Item = &'a Process>) {
    for process in processes {
        // One that has just ended is as good.
        let _ = std::process::Command::new("kill").args(["-9", &process.id]).stderr(std::process::Stdio::null()).status();
    }
}

async fn connect(kind: Kind, capabilities: Capabilities, driver: &Driver) -> Client {
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&driver.address())
        .await
        .expect("the browser starts");
    if kind != Kind::Chromium {
        client.set_window_size(1280, 1100).await.expect("a window has a size");
    }
    client
}

impl Browser {
    async fn start(setup: Setup, driver: &Driver) -> Browser {
        Browser::start_with(setup, driver, None).await
    }

    async fn start_with(setup: Setup, driver: &Driver, profile: Option<&Path>) -> Browser {
        let site = Site::serve(setup.base, setup.isolated, setup.offline);
        let downloads = std::env::temp_dir().join(format!("inkling-e2e-{}", std::process::id()));
        fs::create_dir_all(&downloads).expect("there is a folder for temporary files");
        let kind = Kind::asked();
        let strangers = Strangers::listen();
        let capabilities = match kind {
            Kind::Chromium => chromium(setup, &downloads, profile, &strangers.argument()),
            Kind::Firefox => firefox(setup, &downloads),
            Kind::WebKit => webkit(),
        };
        let client = connect(kind, capabilities, driver).await;
        Browser { kind, client, site, strangers, downloads, setup }
    }

    /// The value of a script's `return`.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap_or_else(|error| panic!("{error}\nin the script: {script}"))
    }

    /// Has the page see the visitor's wish `feature` (`prefers-color-scheme`) as `value`.
    pub async fn prefer(&self, feature: &str, value: &str) {
        let parameters = json!({ "features": [{ "name": feature, "value": value }] });
        let told = self.client.issue_cmd(DevTools("Emulation.setEmulatedMedia", parameters)).await;
        told.unwrap_or_else(|error| panic!("{feature} can't be {value}: {error}"));
    }

    /// Has every page run this script before its own. Chromium only.
    pub async fn run_first(&self, script: &str) {
        let parameters = json!({ "source": script });
        let told = self.client.issue_cmd(DevTools("Page.addScriptToEvaluateOnNewDocument", parameters)).await;
        told.unwrap_or_else(|error| panic!("{error}\nin the script: {script}"));
    }

    /// Has the browser stop everything that the page does, as it does with tabs that nobody looked at for long, or go on.
    /// Chromium only.
    pub async fn freeze(&self, stop: bool) {
        let parameters = json!({ "state": if stop { "frozen" } else { "active" } });
        let told = self.client.issue_cmd(DevTools("Page.setWebLifecycleState", parameters)).await;
        told.unwrap_or_else(|error| panic!("the page can't be frozen: {error}"));
    }

    /// Takes the page's network away, or gives it back; workers keep theirs. Chromium only.
    pub async fn network(&self, is_there: bool) {
        let parameters = json!({ "offline": !is_there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.client.issue_cmd(DevTools("Network.enable", json!({}))).await.expect("the network can be watched");
        let told = self.client.issue_cmd(DevTools("Network.emulateNetworkConditions", parameters)).await;
        told.unwrap_or_else(|error| panic!("the network can't be changed: {error}"));
    }

    /// What is on the console is what the test wanted (Chromium).
    pub async fn forget_complaints(&self) {
        let _ = self.client.issue_cmd(ConsoleLog).await;
    }

    /// Makes the window a phone's screen of so many pixels; in Chromium only.
    pub async fn be_phone(&self, width: u32, height: u32) {
        let parameters = json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": true });
        let told = self.client.issue_cmd(DevTools("Emulation.setDeviceMetricsOverride", parameters)).await;
        told.unwrap_or_else(|error| panic!("the screen has another size: {error}"));
    }

    /// Errors on the console since the last call; in Chromium failed requests are among them, in the others what the page itself
    /// writes only if it is a panic.
    async fn complaints(&self, driver: &Driver) -> Vec<String> {
        if self.kind != Kind::Chromium {
            // Firefox writes what is wrong with itself in the same words, but for the address.
            let marks = ["JavaScript error: http", "panicked at", "CONSOLE ERROR", "CONSOLE JS ERROR"];
            let is_error = |line: &String| marks.iter().any(|mark| line.contains(mark));
            return driver.said().into_iter().filter(is_error).collect();
        }
        let entries = match self.client.issue_cmd(ConsoleLog).await {
            Ok(entries) => entries,
            Err(error) => return vec![format!("the console can't be read: {error}")],
        };
        let is_severe = |entry: &&Value| entry["level"] == "SEVERE";
        entries.as_array().into_iter().flatten().filter(is_severe).map(|entry| entry["message"].to_string()).collect()
    }

    /// The browser can't resolve any name, so that a request to another host has failed and is on the console as well. What
    /// Chromium's workers ask is seen by its proxy alone.
    async fn asks_no_other_host(&self) {
        let strangers = self.strangers.asked();
        assert!(strangers.is_empty(), "the browser asked other hosts: {strangers:?}");
        let asked = self.run("return performance.getEntriesByType('resource').map(entry => entry.name)", vec![]).await;
        let origin = self.site.origin();
        let own = |url: &str| url.starts_with(origin) || url.starts_with("blob:") || url.starts_with("data:");
        let others: Vec<_> = asked.as_array().into_iter().flatten().filter(|url| !url.as_str().is_some_and(own)).collect();
        assert!(others.is_empty(), "the page asked other hosts: {others:?}");
    }
}

fn chromium(setup: Setup, downloads: &Path, profile: Option<&Path>, strangers: &str) -> Capabilities {
    let mut arguments = vec![
        "--headless=new",
        "--window-size=1280,1100",
        // As root, in containers and without a network.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        strangers,
    ];
    if setup.gpu == Gpu::Any {
        arguments.push("--enable-unsafe-webgpu");
    }
    let profile = profile.map(|folder| format!("--user-data-dir={}", folder.display()));
    arguments.extend(profile.as_deref());
    if setup.still {
        arguments.push("--force-prefers-reduced-motion");
    }
    let options = json!({
        "args": arguments,
        "prefs": {
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
            "intl.accept_languages": setup.language,
        },
    });
    with_timeouts([("goog:chromeOptions", options), ("goog:loggingPrefs", json!({ "browser": "ALL" }))])
}

fn firefox(setup: Setup, downloads: &Path) -> Capabilities {
    let webgpu = setup.gpu == Gpu::Any;
    let options = json!({
        "args": ["-headless"],
        "prefs": {
            "browser.download.folderList": 2,
            "browser.download.dir": downloads,
            "devtools.console.stdout.content": true,
            "dom.webgpu.enabled": webgpu,
            "dom.webgpu.workers.enabled": webgpu,
            "gfx.webgpu.ignore-blocklist": webgpu,
            "intl.accept_languages": setup.language,
            "network.captive-portal-service.enabled": false,
            "network.connectivity-service.enabled": false,
            "ui.prefersReducedMotion": i32::from(setup.still),
        },
    });
    with_timeouts([("moz:firefoxOptions", options)])
}

fn webkit() -> Capabilities {
    let folder = format!("/usr/lib/{}-linux-gnu/webkit2gtk-4.1", std::env::consts::ARCH);
    let options = json!({
        "binary": format!("{folder}/MiniBrowser"),
        "args": ["--automation", "--enable-write-console-messages-to-stdout=true"],
    });
    with_timeouts([("webkitgtk:browserOptions", options)])
}

fn with_timeouts<const N: usize>(options: [(&str, Value); N]) -> Capabilities {
    let mut capabilities = Capabilities::new();
    capabilities.extend(options.map(|(name, value)| (name.to_string(), value)));
    capabilities.insert("timeouts".into(), json!({ "script": 180_000 }));
    capabilities
}

/// A command of the browser's developer tools, with its parameters.
#[derive(Debug)]
struct DevTools(&'static str, Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.0, "params": self.1 }).to_string()))
    }
}

/// chromedriver's own command, which WebDriver lacks.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}
