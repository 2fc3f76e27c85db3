//! Everything that is tested, in order, and what each part needs.
//!
//! A failing stage does not hide the ones after it; the table at the end says what failed and how long each took.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use clap::ValueEnum;

use crate::process::{self, Result, root};
use crate::{budget, class, deny, package, site, system, tools};

/// A part of the suite that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum Part {
    /// Formatting and lints, native and wasm32
    Lint,
    /// The core, the command line and both backends on this machine
    Native,
    /// Backends, worker and protocol in a headless browser, with and without WebGPU
    Wasm,
    /// The built site, driven as a person would
    E2e,
}

/// A browser that the built site is driven in.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum Browser {
    Chromium,
    Firefox,
    Webkit,
}

impl Browser {
    fn stage(self) -> Stage {
        match self {
            Browser::Chromium => ("end-to-end, Chromium", || end_to_end("chromium", "CHROMEDRIVER", &system::chromedriver()?)),
            Browser::Firefox => ("end-to-end, Firefox", || {
                system::ensure_firefox()?;
                end_to_end("firefox", "GECKODRIVER", &tools::ensure(tools::FIREFOX)?.find("geckodriver")?)
            }),
            Browser::Webkit => ("end-to-end, WebKit", || {
                system::ensure_webkit()?;
                end_to_end("webkit", "WEBKITWEBDRIVER", Path::new("WebKitWebDriver"))
            }),
        }
    }
}

/// What is tested in every browser: to open the page, to draw, to train, to learn. The other tests are about what is computed and
/// shown, which is the same everywhere, or about what only Chromium's driver can do: downloads, WebGPU, color schemes.
const EVERYWHERE: &[&str] = &[
    "address::",
    "backend::cpu",
    "backend::without",
    "drawing::",
    "files::a_broken",
    "hosting::",
    "lessons::",
    "lessons_",
    "terms::",
    "training::a_fresh",
];

/// Drives the built site.
fn end_to_end(browser: &str, variable: &str, driver: &Path) -> Result {
    let mut cargo = with_gpu_rule(process::cargo());
    cargo.args(["test", "--package", "inkling-e2e"]);
    if browser != "chromium" {
        cargo.args(["--test", "site", "--"]).args(EVERYWHERE);
    }
    cargo.env("INKLING_PKG", site::folder()).env("INKLING_BROWSER", browser).env(variable, driver);
    cargo.env("INKLING_AXE", tools::axe()?);
    process::run(&mut cargo)
}

/// Has Lighthouse judge the built site.
fn lighthouse() -> Result {
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--package", "inkling-e2e", "--bin", "lighthouse"]).env("INKLING_PKG", site::folder());
    process::run(cargo.env("INKLING_LIGHTHOUSE", tools::ensure(tools::SITE_JUDGE)?.find("lighthouse")?))
}

/// Compile for the browser.
const BROWSER: &[&str] = &["--target", "wasm32-unknown-unknown"];
/// The features that the tests in a browser need.
const ALL_OF_THEM: &str = "library,engine,gpu-engine";

/// A name for the table, and what is run.
type Stage = (&'static str, fn() -> Result);

impl Part {
    /// What has to be in place; when this fails, the part's tests are not run.
    fn set_up(self) -> Stage {
        match self {
            Part::Lint => ("set up lints", tools::ensure_wasm_target),
            Part::Native => ("set up native tests", system::ensure_gpu),
            Part::Wasm => ("set up browser tests", || {
                tools::ensure(tools::BROWSER_TESTS)?;
                tools::ensure(tools::FIREFOX)?;
                system::ensure_browser()?;
                system::ensure_firefox()
            }),
            Part::E2e => ("build pkg/", || {
                system::ensure_browser()?;
                site::build(site::Profile::Release)?;
                budget::check(&site::folder())
            }),
        }
    }

    fn stages(self) -> &'static [Stage] {
        match self {
            Part::Lint => &[
                ("crates", deny::crates),
                ("npm", deny::npm),
                ("format", || process::run(process::cargo().args(["fmt", "--all", "--check"]))),
                ("documentation", || {
                    process::run(process::cargo().args(["doc", "--no-deps", "--lib"]).env("RUSTDOCFLAGS", "--deny warnings"))
                }),
                ("clippy, native", || clippy(&["--workspace", "--all-targets"])),
                ("clippy, package", || clippy(&[&package::FEATURES[..], &["--bin", "inkling"]].concat())),
                ("clippy, page", || {
                    clippy(&[BROWSER, &["--no-default-features", "--features", "page", "--lib", "--bin", "page"]].concat())
                }),
                ("clippy, library", || clippy(&[BROWSER, &["--no-default-features", "--features", "library", "--lib"]].concat())),
                ("clippy, CPU engine", || {
                    clippy(&[BROWSER, &["--no-default-features", "--features", "engine", "--lib"]].concat())
                }),
                ("clippy, WebGPU engine", || {
                    clippy(&[BROWSER, &["--no-default-features", "--features", "gpu-engine", "--lib"]].concat())
                }),
                ("clippy, lessons", || clippy(&[BROWSER, &["--no-default-features", "--features", "lessons", "--lib"]].concat())),
                ("clippy, browser tests", || clippy(&[BROWSER, &["--features", ALL_OF_THEM, "--lib", "--tests"]].concat())),
            ],
            Part::Native => &[("native tests", || {
                process::run(with_gpu_rule(process::cargo()).args(["test", "--workspace", "--exclude", "inkling-e2e"]))
            })],
            Part::Wasm => &[
                ("browser tests, WebGPU", || chrome("webdriver.json", "1")),
                ("browser tests, no WebGPU", || chrome("tests/webdriver-no-webgpu.json", "0")),
                ("browser tests, Firefox", || {
                    let driver = tools::ensure(tools::FIREFOX)?.find("geckodriver")?;
                    wasm(["--firefox", "--geckodriver"], &driver, "tests/webdriver-firefox.json", "0")
                }),
            ],
            // And one stage for each browser that is asked for.
            Part::E2e => &[
                ("package", || {
                    package::pack()?;
                    class::run(2)
                }),
                ("Lighthouse", lighthouse),
            ],
        }
    }
}

fn clippy(what: &[&str]) -> Result {
    process::run(process::cargo().arg("clippy").args(what).args(["--", "--deny", "warnings"]))
}

fn chrome(webdriver: &str, webgpu: &str) -> Result {
    wasm(["--chrome", "--chromedriver"], &system::chromedriver()?, webdriver, webgpu)
}

/// Runs the crate's tests in a headless browser. `webgpu` tells the tests, at compile time, what they must find there.
fn wasm(browser: [&str; 2], driver: &Path, webdriver: &str, webgpu: &str) -> Result {
    let mut wasm_pack = tools::ensure(tools::BROWSER_TESTS)?.command("wasm-pack")?;
    wasm_pack.args(["test", "--headless"]).args(browser).arg(driver);
    // Named, so that the documentation's examples are left out: the native tests have run them.
    wasm_pack.args([".", "--features", ALL_OF_THEM, "--lib", "--test", "*"]);
    wasm_pack.env("INKLING_EXPECT_WEBGPU", webgpu);
    wasm_pack.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", root().join(webdriver));
    // Training in a simulated GPU takes longer than the 20 seconds a run may take by default.
    wasm_pack.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    process::run(&mut wasm_pack)
}

/// Whether everything is tested for others.
fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// There, no test may skip for want of a GPU.
fn with_gpu_rule(mut command: Command) -> Command {
    if is_ci() {
        command.env("INKLING_REQUIRE_GPU", "1");
    }
    command
}

/// A line of the final table.
struct Line {
    stage: &'static str,
    seconds: f64,
    outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Passed,
    Failed,
    NotRun,
}

/// Runs the parts named in `only`, or all of them; the end-to-end tests in these browsers, or else in Chromium, where `CI` is set
/// in all of them.
pub fn run(only: &[Part], browsers: &[Browser]) -> Result {
    let parts = Part::value_variants().iter().filter(|part| only.is_empty() || only.contains(part));
    let usual = if is_ci() { Browser::value_variants() } else { &[Browser::Chromium] };
    let browsers = if browsers.is_empty() { usual } else { browsers };
    let browsers: Vec<Stage> = browsers.iter().map(|browser| browser.stage()).collect();
    let stages = |part: &Part| [part.stages(), if *part == Part::E2e { &browsers } else { &[] }].concat();
    let plan: Vec<_> = parts.map(|part| (part.set_up(), stages(part))).collect();
    let lines = execute(&plan);
    println!("\n{}", table(&lines));
    match lines.iter().filter(|line| line.outcome != Outcome::Passed).count() {
        0 => Ok(()),
        count => Err(format!("{count} of {} stages did not pass", lines.len())),
    }
}

fn execute(plan: &[(Stage, Vec<Stage>)]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (set_up, stages) in plan {
        let ready = time(set_up);
        let not_run = |&(stage, _): &Stage| Line { stage, seconds: 0.0, outcome: Outcome::NotRun };
        let run = if ready.outcome == Outcome::Passed { time } else { not_run };
        lines.push(ready);
        lines.extend(stages.iter().map(run));
    }
    lines
}

fn time(&(stage, run): &Stage) -> Line {
    println!("\n== {stage}");
    let start = Instant::now();
    let outcome = match run() {
        Ok(()) => Outcome::Passed,
        Err(sentence) => {
            println!("{stage}: {sentence}");
            Outcome::Failed
        }
    };
    Line { stage, seconds: start.elapsed().as_secs_f64(), outcome }
}

fn table(lines: &[Line]) -> String {
    let row = |line: &Line| {
        let outcome = match line.outcome {
            Outcome::Passed => "ok",
            Outcome::Failed => "FAILED",
            Outcome::NotRun => "NOT RUN",
        };
        format!("{:<26}{:>7.1} s  {outcome}\n", line.stage, line.seconds)
    };
    lines.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSES: Stage = ("passes", || Ok(()));
    const FAILS: Stage = ("fails", || Err("no".to_string()));

    fn outcomes(plan: &[(Stage, Vec<Stage>)]) -> Vec<&'static str> {
        table(&execute(plan)).lines().map(|line| line.split(" s  ").last().unwrap().to_string().leak() as &str).collect()
    }

    #[test]
    fn a_failure_hides_nothing_after_it() {
        assert_eq!(outcomes(&[(PASSES, vec![FAILS, PASSES]), (PASSES, vec![PASSES])]), ["ok", "FAILED", "ok", "ok", "ok"]);
    }

    #[test]
    fn without_its_set_up_a_part_is_not_run() {
        assert_eq!(
            outcomes(&[(FAILS, vec![PASSES, FAILS]), (PASSES, vec![PASSES])]),
            ["FAILED", "NOT RUN", "NOT RUN", "ok", "ok"]
        );
    }
}
