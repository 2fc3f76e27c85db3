//! Builds the deployable site `pkg/`: the page through Trunk, the engine beside it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{self, Result, root};
use crate::{data, offline, tools, words};
use inkling_server::POLICY;
use xtask::lessons;

/// What a page that imports the engine needs, and the page itself.
const REQUIRED: [&str; 7] = ["index.html", "main.js", "inkling.js", "inkling.d.ts", "engine.js", "worker.js", "sw.js"];

/// What rustc and wasm-bindgen may use, and wasm-opt therefore has to accept.
const WASM_FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-relaxed-simd",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Where the site is built.
pub fn folder() -> PathBuf {
    root().join("pkg")
}

/// Whether to wait minutes for what is deployed, or seconds for what one looks at while working on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Profile {
    Release,
    /// Hardly optimized: several times larger, and slower in training.
    Debug,
}

impl Profile {
    /// What Trunk tells its hooks.
    fn of_hook() -> Profile {
        if env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "debug") { Profile::Debug } else { Profile::Release }
    }
}

/// Builds the site; Trunk calls [`beside_page`] through the hook in `trunk.toml`.
pub fn build(profile: Profile) -> Result {
    let tools = tools::ensure(tools::SITE)?;
    let mut trunk = tools.command("trunk")?;
    trunk.args(["--config", "trunk.toml", "build"]);
    if profile == Profile::Release {
        trunk.arg("--release");
    }
    process::run(&mut trunk)?;
    match REQUIRED.iter().find(|name| !folder().join(name).is_file()) {
        None => Ok(()),
        Some(name) => Err(format!("Trunk has built pkg/ without {name}: is it named in www/index.html?")),
    }
}

/// Only what is small is inlined: a tenth fewer bytes at the same speed. Optimizing for size (`opt-level=s`) would save as much
/// again and make training four times slower.
const SMALL: [&str; 2] = ["-C", "llvm-args=-inline-threshold=40"];

/// One WebAssembly module.
struct Module {
    wasm: &'static str,
    /// The JavaScript around it, named without `.js`.
    glue: &'static str,
    features: &'static str,
    /// Cargo's profile: `release` for what trains, `page` for what is small.
    profile: &'static str,
    /// For this crate alone: what it depends on has no kernels.
    rustc: &'static [&'static str],
}

/// What pages import: it predicts, and has workers train. With the profile `page` it would have a tenth fewer bytes and predict
/// in three times the time.
const LIBRARY: Module = Module { wasm: "inkling_bg.wasm", glue: "inkling", features: "library", profile: "release", rustc: &[] };

/// What workers run: the CPU engine for every browser, the same for those with relaxed SIMD, and the one that computes on WebGPU.
const ENGINES: [Module; 3] = [
    Module { wasm: "inkling_simd.wasm", glue: "inkling_cpu", features: "engine", profile: "release", rustc: &[] },
    Module {
        wasm: "inkling_relaxed.wasm",
        glue: "inkling_cpu",
        features: "engine",
        profile: "release",
        rustc: &["-C", "target-feature=+relaxed-simd"],
    },
    Module { wasm: "inkling_gpu_bg.wasm", glue: "inkling_gpu", features: "gpu-engine", profile: "release", rustc: &[] },
];

/// Builds the library, its types, and the modules that `worker.js` loads, into Trunk's staging folder or into `pkg/`.
fn engine() -> Result {
    let tools = tools::ensure(tools::ENGINE)?;
    let staging = env::var_os("TRUNK_STAGING_DIR").map_or_else(folder, PathBuf::from);
    fs::create_dir_all(&staging).map_err(|error| format!("cannot create {}: {error}", staging.display()))?;
    let profile = Profile::of_hook();
    let bound = build_module(&tools, &LIBRARY, profile, &staging)?;
    for file in ["inkling.js", "inkling.d.ts"] {
        process::write(&staging.join(file), &process::read(&bound.join(file))?)?;
    }
    let mut written: Vec<(&str, Vec<u8>)> = Vec::new();
    for module in &ENGINES {
        let bound = build_module(&tools, module, profile, &staging)?;
        let glue = process::read(&bound.join(format!("{}.js", module.glue)))?;
        match written.iter().find(|(name, _)| *name == module.glue) {
            // Browsers with and without relaxed SIMD load the same file.
            Some((name, other)) if *other != glue => return Err(format!("{name}.js is not the same for all of its modules")),
            Some(_) => {}
            None => {
                process::write(&staging.join(format!("{}.js", module.glue)), &glue)?;
                written.push((module.glue, glue));
            }
        }
    }
    process::write(&staging.join("engine.js"), &process::read(&root().join("www/engine.js"))?)
}

/// What Trunk calls when the page is built: all that is beside it, and at last the service worker, which knows all files.
pub fn beside_page() -> Result {
    engine()?;
    lessons(None)?;
    let staging = env::var_os("TRUNK_STAGING_DIR").map_or_else(folder, PathBuf::from);
    process::write(&staging.join("data-sets.txt"), data::present(&staging).as_bytes())?;
    page(&staging)?;
    offline::write(&staging)
}

/// Finishes the page that Trunk wrote: it obeys [`POLICY`] on any host, and has its words in every language.
fn page(staging: &Path) -> Result {
    let path = staging.join("index.html");
    let html = String::from_utf8_lossy(&process::read(&path)?).into_owned();
    let html = words::add(&html, &root().join("www/locales"))?;
    process::write(&path, strict(&html)?.as_bytes())
}

/// The page with [`POLICY`].
fn strict(html: &str) -> Result<String> {
    const CHARSET: &str = "<meta charset=\"utf-8\">";
    let (before, after) = html.split_once(CHARSET).ok_or(format!("the page has no `{CHARSET}`"))?;
    Ok(format!("{before}{CHARSET}\n  <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">{after}"))
}

/// The lessons' module: nobody who does not open one loads it.
const LESSONS: Module =
    Module { wasm: "inkling_lessons_bg.wasm", glue: "inkling_lessons", features: "lessons", profile: "page", rustc: &[] };

/// Builds the lessons, texts and module, into Trunk's staging folder or into `pkg/`.
pub fn lessons(profile: Option<Profile>) -> Result {
    let tools = tools::ensure(tools::ENGINE)?;
    let staging = env::var_os("TRUNK_STAGING_DIR").map_or_else(folder, PathBuf::from);
    lessons::build(&root().join("www/lessons"), &staging)?;
    let bound = build_module(&tools, &LESSONS, profile.unwrap_or_else(Profile::of_hook), &staging)?;
    process::write(&staging.join("inkling_lessons.js"), &process::read(&bound.join("inkling_lessons.js"))?)
}

/// Builds one module and puts its WebAssembly into `staging`. Returns the folder with what wasm-bindgen has written.
fn build_module(tools: &tools::Tools, module: &Module, profile: Profile, staging: &Path) -> Result<PathBuf> {
    // Each in a target folder of its own: a cdylib's file name carries no hash, so that one would overwrite the other.
    let target = process::target_folder().join(module.wasm.trim_end_matches(".wasm"));
    let mut cargo = process::cargo();
    cargo.args(["rustc", "--lib", "--crate-type", "cdylib", "--no-default-features"]);
    let compiled = if profile == Profile::Release { module.profile } else { "dev" };
    cargo
        .args(["--profile", compiled, "--features", module.features, "--target", "wasm32-unknown-unknown", "--target-dir"])
        .arg(&target);
    process::run(cargo.arg("--").args(SMALL).args(module.rustc))?;

    let bound = target.join("bound");
    let mut bindgen = tools.command("wasm-bindgen")?;
    bindgen.args(["--target", "web", "--remove-name-section", "--remove-producers-section", "--out-name", module.glue]);
    bindgen.arg("--out-dir").arg(&bound);
    let compiled = if profile == Profile::Release { compiled } else { "debug" };
    process::run(bindgen.arg(target.join(format!("wasm32-unknown-unknown/{compiled}/inkling.wasm"))))?;
    let result = bound.join(format!("{}_bg.wasm", module.glue));
    if profile == Profile::Debug {
        process::write(&staging.join(module.wasm), &process::read(&result)?)?;
        return Ok(bound);
    }

    let mut optimize = tools.command("wasm-opt")?;
    optimize.args(["-O3", "--strip-target-features"]).args(WASM_FEATURES);
    process::run(optimize.arg(result).arg("-o").arg(staging.join(module.wasm)))?;
    Ok(bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_a_policy() {
        let page = strict("<head><meta charset=\"utf-8\"><script src=\"start.js\"></script>").unwrap();
        assert!(
            page.contains("script-src 'self' 'wasm-unsafe-eval';") && page.ends_with("\"><script src=\"start.js\"></script>"),
            "{page}"
        );
        assert!(strict("<head>").is_err());
    }
}
