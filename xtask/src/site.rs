//! Builds the deployable site `pkg/`: the page through Trunk, the engine beside it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{self, Result, root};
use crate::{data, offline, tools};
use inkling_server::POLICY;
use xtask::lessons;

/// What a page that imports the engine needs, and the page itself.
const REQUIRED: [&str; 6] = ["index.html", "inkling.js", "inkling.d.ts", "engine.js", "worker.js", "sw.js"];

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

/// What pages import: it predicts, and has workers train. With the profile `page` it would have a tenth fewer bytes and predict in three
/// times the time.
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
    strict(&staging)?;
    offline::write(&staging)
}

/// Has the page that Trunk wrote obey [`POLICY`] on any host: the script that starts it becomes a file.
fn strict(staging: &Path) -> Result {
    let path = staging.join("index.html");
    let html = String::from_utf8_lossy(&process::read(&path)?).into_owned();
    let (strict, script) = without_inline(&html)?;
    process::write(&staging.join("main.js"), script.as_bytes())?;
    process::write(&path, strict.as_bytes())
}

/// The page with [`POLICY`] and without the script in it, and that script.
fn without_inline(html: &str) -> Result<(String, &str)> {
    const BEGIN: &str = "<script type=\"module\">";
    const CHARSET: &str = "<meta charset=\"utf-8\">";
    let (before, rest) = html.split_once(BEGIN).ok_or("Trunk's page no longer has the script that starts it")?;
    let (script, after) = rest.split_once("</script>").ok_or("Trunk's script has no end")?;
    if after.contains(BEGIN) || !before.contains(CHARSET) {
        return Err(format!("the page must have `{BEGIN}` once, and `{CHARSET}` before it"));
    }
    let policy = format!("{CHARSET}\n  <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">");
    let before = before.replacen(CHARSET, &policy, 1);
    Ok((format!("{before}<script type=\"module\" src=\"./main.js\"></script>{after}"), script.trim_start()))
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
    fn the_page_has_a_policy_and_no_script_in_it() {
        let html = "<meta charset=\"utf-8\"><script type=\"module\">\nstart();\n</script><script src=\"start.js\"></script>";
        let (page, script) = without_inline(html).unwrap();
        assert_eq!(script, "start();\n");
        assert!(page.contains("script-src 'self' 'wasm-unsafe-eval';") && !page.contains("start()"), "{page}");
        assert!(page.contains("src=\"./main.js\"></script><script src=\"start.js\">"), "{page}");
        assert!(without_inline("<meta charset=\"utf-8\">").is_err());
    }
}
