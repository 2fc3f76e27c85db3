//! Builds the deployable site `pkg/`: the page through Trunk, the engine beside it.

use std::env;
use std::fs;
use std::path::PathBuf;

use crate::process::{self, Result, root};
use crate::tools;

/// What a page that imports the engine needs, and the page itself.
const REQUIRED: [&str; 5] = ["index.html", "inkling.js", "inkling_bg.wasm", "inkling.d.ts", "worker.js"];

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

/// Builds the site; Trunk calls [`engine`] through the hook in `trunk.toml`.
pub fn build() -> Result {
    let tools = tools::ensure(tools::SITE)?;
    process::run(tools.command("trunk")?.args(["--config", "trunk.toml", "build", "--release"]))?;
    match REQUIRED.iter().find(|name| !folder().join(name).is_file()) {
        None => Ok(()),
        Some(name) => Err(format!("Trunk has built pkg/ without {name}: is it named in www/index.html?")),
    }
}

/// Builds the library `inkling.js`, with its WebAssembly and its types, into Trunk's staging folder or into `pkg/`.
pub fn engine() -> Result {
    let tools = tools::ensure(tools::ENGINE)?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |set| root().join(set));
    let staging = env::var_os("TRUNK_STAGING_DIR").map_or_else(folder, PathBuf::from);
    let bound = target.join("engine");
    fs::create_dir_all(&staging).map_err(|error| format!("cannot create {}: {error}", staging.display()))?;

    // The crate type is named here and not in Cargo.toml: a cdylib's file name carries no hash, so that two sets
    // of features would overwrite each other's in `target`.
    let mut cargo = process::cargo();
    cargo.args(["rustc", "--release", "--lib", "--crate-type", "cdylib", "--features", "engine"]);
    process::run(cargo.args(["--target", "wasm32-unknown-unknown", "--target-dir"]).arg(&target))?;

    let mut bindgen = tools.command("wasm-bindgen")?;
    bindgen.args(["--target", "web", "--out-name", "inkling", "--out-dir"]).arg(&bound);
    process::run(bindgen.arg(target.join("wasm32-unknown-unknown/release/inkling.wasm")))?;

    let mut optimize = tools.command("wasm-opt")?;
    optimize.arg("-O3").args(WASM_FEATURES).arg(bound.join("inkling_bg.wasm"));
    process::run(optimize.arg("-o").arg(staging.join("inkling_bg.wasm")))?;
    for name in ["inkling.js", "inkling.d.ts"] {
        process::write(&staging.join(name), &process::read(&bound.join(name))?)?;
    }
    Ok(())
}
