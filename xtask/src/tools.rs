//! The tools that the site and its tests are built with: one table of pinned versions, found or installed.
//!
//! A tool on the PATH counts only at exactly its pinned version; otherwise it lives in a cache folder of its own
//! and nothing on the machine is changed. A folder there carries its final name only once the tool in it is whole.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Result};

/// One pinned tool.
pub struct Tool {
    name: &'static str,
    version: &'static str,
    program: &'static str,
    /// The words with which `program --version` begins at the pinned version.
    answer: &'static str,
    purpose: &'static str,
    source: Source,
}

enum Source {
    /// Compiled by `cargo install`, in about so many seconds of one core.
    Cargo { options: &'static [&'static str], seconds: u64 },
    /// Downloaded by npm, in seconds.
    Npm,
}

/// Must be the version of the crate `wasm-bindgen` in Cargo.lock, which a test holds.
const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen-cli",
    version: "0.2.129",
    program: "wasm-bindgen",
    answer: "wasm-bindgen 0.2.129",
    purpose: "writes the JavaScript around the WebAssembly",
    source: Source::Cargo { options: &[], seconds: 190 },
};

const WASM_OPT: Tool = Tool {
    name: "binaryen",
    version: "132.0.0",
    program: "wasm-opt",
    answer: "wasm-opt version 132",
    purpose: "makes the WebAssembly smaller and faster",
    source: Source::Npm,
};

const TRUNK: Tool = Tool {
    name: "trunk",
    version: "0.21.14",
    program: "trunk",
    answer: "trunk 0.21.14",
    purpose: "puts the site together",
    // Without its own downloads and updates: every tool it calls is in this table.
    source: Source::Cargo { options: &["--no-default-features"], seconds: 410 },
};

const WASM_PACK: Tool = Tool {
    name: "wasm-pack",
    version: "0.15.1",
    program: "wasm-pack",
    answer: "wasm-pack 0.15.1",
    purpose: "runs the tests in a browser",
    source: Source::Cargo { options: &[], seconds: 140 },
};

const GECKODRIVER: Tool = Tool {
    name: "geckodriver",
    version: "0.37.1",
    program: "geckodriver",
    answer: "geckodriver 0.37.1",
    purpose: "drives Firefox",
    source: Source::Cargo { options: &[], seconds: 165 },
};

const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
    program: "cargo-deny",
    answer: "cargo-deny 0.20.2",
    purpose: "checks licences and known weaknesses",
    source: Source::Cargo { options: &[], seconds: 240 },
};

const LIGHTHOUSE: Tool = Tool {
    name: "lighthouse",
    // The last one that runs on Node.js 20.
    version: "12.8.2",
    program: "lighthouse",
    answer: "12.8.2",
    purpose: "judges the built site",
    source: Source::Npm,
};

/// The version of axe-core, which looks for what keeps people with disabilities out. It is no program: the tests run it in the
/// page.
const AXE: &str = "4.14.1";

/// What building the engine takes.
pub const ENGINE: &[Tool] = &[WASM_BINDGEN, WASM_OPT];
/// What building the site takes.
pub const SITE: &[Tool] = &[WASM_BINDGEN, WASM_OPT, TRUNK];
/// What the tests in a browser take.
pub const BROWSER_TESTS: &[Tool] = &[WASM_BINDGEN, WASM_PACK];

/// What driving Firefox takes.
pub const FIREFOX: &[Tool] = &[GECKODRIVER];

/// What judging the site takes.
pub const SITE_JUDGE: &[Tool] = &[LIGHTHOUSE];

/// What checking the crates takes.
pub const DENY: &[Tool] = &[CARGO_DENY];

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Tools that are in place: runs them, and whatever they call, from one search path.
pub struct Tools {
    search_path: OsString,
}

impl Tools {
    /// Where the program is.
    pub fn find(&self, program: &str) -> Result<PathBuf> {
        find(program, &self.search_path).ok_or_else(|| format!("{program} is not on the PATH"))
    }

    /// A command that finds the pinned tools first, whichever of them it calls in turn.
    pub fn command(&self, program: &str) -> Result<Command> {
        let mut command = process::command(self.find(program)?);
        command.env("PATH", &self.search_path);
        // Trunk 0.21 stops at `NO_COLOR=1`, which it wants spelled `true`.
        if env::var_os("NO_COLOR").is_some() {
            command.env("NO_COLOR", "true");
        }
        Ok(command)
    }
}

/// Finds every tool, installing those that are missing, and the compiler's wasm32 target.
pub fn ensure(tools: &[Tool]) -> Result<Tools> {
    ensure_wasm_target()?;
    let cache = cache_folder()?;
    let path = env::var_os("PATH").unwrap_or_default();
    let missing = |tool: &&Tool| !is_right(tool, &path) && !tool.is_in(&cache);
    if tools.iter().any(|tool| missing(&tool)) {
        // One installation at a time: a second one waits here, and then finds what the first one left.
        let lock = lock(&cache)?;
        for tool in tools.iter().filter(missing) {
            install(tool, &cache)?;
        }
        remove(&build_folder(&cache))?;
        drop(lock);
    }
    let folders = tools.iter().filter(|tool| !is_right(tool, &path)).map(|tool| tool.folder(&cache));
    let search_path = env::join_paths(folders.chain(env::split_paths(&path)))
        .map_err(|error| format!("cannot put the tools on the PATH: {error}"))?;
    Ok(Tools { search_path })
}

/// axe-core's script, downloaded where it is missing.
pub fn axe() -> Result<PathBuf> {
    let cache = cache_folder()?;
    let home = cache.join(format!("axe-core-{AXE}"));
    let script = |home: &Path| home.join("node_modules/axe-core/axe.min.js");
    if script(&home).is_file() {
        return Ok(script(&home));
    }
    let lock = lock(&cache)?;
    if !script(&home).is_file() {
        println!("Installing axe-core {AXE}, which tests accessibility: downloading takes a few seconds, once.");
        let partial = home.with_file_name(format!("axe-core-{AXE}.partial"));
        remove(&partial)?;
        process::run(&mut npm_install("axe-core", AXE, &partial)).map_err(|error| {
            format!("axe-core {AXE} could not be installed, for which Node.js and a network are needed: {error}")
        })?;
        if !script(&partial).is_file() {
            return Err(format!("axe-core {AXE} was installed but has no axe.min.js"));
        }
        remove(&home)?;
        fs::rename(&partial, &home).map_err(|error| format!("cannot rename {}: {error}", partial.display()))?;
    }
    drop(lock);
    Ok(script(&home))
}

/// The folders of what npm brought.
pub fn npm_folders() -> Result<Vec<PathBuf>> {
    let cache = cache_folder()?;
    let folders = [WASM_OPT.home(&cache), LIGHTHOUSE.home(&cache), cache.join(format!("axe-core-{AXE}"))];
    Ok(folders.into_iter().filter(|folder| folder.is_dir()).collect())
}

/// Adds the wasm32 target unless the compiler has it.
pub fn ensure_wasm_target() -> Result {
    ensure_target(WASM_TARGET)
}

/// Adds a target unless the compiler has it.
pub fn ensure_target(target: &str) -> Result {
    let libraries = process::output(process::command("rustc").args(["--print", "target-libdir", "--target", target]))?;
    if Path::new(&libraries).is_dir() {
        return Ok(());
    }
    println!("Adding the compiler's {target} target with rustup: a few seconds, once.");
    process::run(process::command("rustup").args(["target", "add", target])).map_err(|error| {
        format!("the compiler's {target} target is missing and could not be downloaded ({error}); with a network, run `rustup target add {target}`")
    })
}

/// The file that `program` names on a search path.
pub fn find(program: &str, search_path: impl AsRef<std::ffi::OsStr>) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    env::split_paths(search_path.as_ref())
        .flat_map(|folder| endings.iter().map(move |ending| folder.join(format!("{program}{ending}"))))
        .find(|path| path.is_file())
}

impl Tool {
    /// The folder under `cache` that holds this version and no other.
    fn home(&self, cache: &Path) -> PathBuf {
        cache.join(format!("{}-{}", self.name, self.version))
    }

    /// The folder below `home` that holds the program.
    fn folder_in(&self, home: &Path) -> PathBuf {
        home.join(match self.source {
            Source::Cargo { .. } => "bin",
            Source::Npm => "node_modules/.bin",
        })
    }

    fn folder(&self, cache: &Path) -> PathBuf {
        self.folder_in(&self.home(cache))
    }

    /// The folder's name tells the version, and it has that name only when it is whole: nothing is run to find out.
    fn is_in(&self, cache: &Path) -> bool {
        find(self.program, self.folder(cache)).is_some()
    }
}

fn is_right(tool: &Tool, search_path: impl AsRef<std::ffi::OsStr>) -> bool {
    let Some(program) = find(tool.program, search_path) else { return false };
    let answer = process::output(process::command(program).arg("--version").env_remove("NO_COLOR"));
    answer.is_ok_and(|answer| begins_with(&answer, tool.answer))
}

/// Whether `answer` begins with the words of `expected`, as whole words: 0.2.12 is not 0.2.129.
fn begins_with(answer: &str, expected: &str) -> bool {
    let mut words = answer.split_whitespace();
    expected.split_whitespace().all(|word| words.next() == Some(word))
}

/// `$INKLING_TOOLS`, or the place for a user's caches.
fn cache_folder() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("INKLING_TOOLS")
        .or_else(|| set("XDG_CACHE_HOME").map(|caches| caches.join("inkling/tools")))
        .or_else(|| env::home_dir().map(|home| home.join(".cache/inkling/tools")))
        .ok_or("no home folder to keep the tools in: set INKLING_TOOLS")?;
    std::path::absolute(&cache).map_err(|error| format!("{}: {error}", cache.display()))
}

/// Where the tools are compiled: one folder, so that what they share is compiled once.
fn build_folder(cache: &Path) -> PathBuf {
    cache.join("build")
}

fn lock(cache: &Path) -> Result<File> {
    let cannot = |error| format!("cannot write to {}: {error}", cache.display());
    fs::create_dir_all(cache).map_err(cannot)?;
    let file = File::create(cache.join("lock")).map_err(cannot)?;
    file.lock().map_err(cannot)?;
    Ok(file)
}

fn install(tool: &Tool, cache: &Path) -> Result {
    let Tool { name, version, purpose, .. } = tool;
    let home = tool.home(cache);
    let partial = home.with_file_name(format!("{name}-{version}.partial"));
    remove(&partial)?;
    let mut command = match tool.source {
        Source::Cargo { options, seconds } => {
            let minutes = (seconds / std::thread::available_parallelism().map_or(1, |n| n.get() as u64)).div_ceil(60);
            println!("Installing {name} {version}, which {purpose}: compiling takes about {minutes} min, once.");
            let mut cargo = process::cargo();
            cargo.args(["install", "--locked", name, "--version", version]).args(options).arg("--root").arg(&partial);
            cargo.env("CARGO_TARGET_DIR", build_folder(cache)).current_dir(cache);
            // They run for seconds: compiling them quickly is worth more than making them quick.
            cargo.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
            cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1").env("CARGO_PROFILE_RELEASE_DEBUG", "0");
            cargo
        }
        Source::Npm => {
            println!("Installing {name} {version}, which {purpose}: downloading takes a few seconds, once.");
            npm_install(name, version, &partial)
        }
    };
    process::run(&mut command).map_err(|error| match tool.source {
        Source::Cargo { .. } => format!("{name} {version} could not be installed, for which a network is needed: {error}"),
        Source::Npm => format!("{name} {version} could not be installed, for which Node.js and a network are needed: {error}"),
    })?;
    if !is_right(tool, tool.folder_in(&partial).as_os_str()) {
        return Err(format!("{} was installed but does not answer `{}`", tool.program, tool.answer));
    }
    remove(&home)?;
    fs::rename(&partial, &home).map_err(|error| format!("cannot rename {}: {error}", partial.display()))
}

fn npm_install(name: &str, version: &str, folder: &Path) -> Command {
    let mut npm = process::npm();
    npm.args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"]).arg(folder).arg(format!("{name}@{version}"));
    npm
}

pub fn remove(folder: &Path) -> Result {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(format!("cannot remove {}: {error}", folder.display())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_word_by_word() {
        assert!(begins_with("wasm-opt version 132 (version_132)", "wasm-opt version 132"));
        assert!(begins_with("trunk 0.21.14\n", "trunk 0.21.14"));
        assert!(!begins_with("wasm-bindgen 0.2.129", "wasm-bindgen 0.2.12"));
        assert!(!begins_with("wasm-bindgen 0.2.12", "wasm-bindgen 0.2.129"));
        assert!(!begins_with("trunk", "trunk 0.21.14"));
    }

    #[test]
    fn wasm_bindgen_has_the_version_in_the_lock_file() {
        let lock = String::from_utf8(process::read(&process::root().join("Cargo.lock")).unwrap()).unwrap();
        let locked = format!("name = \"wasm-bindgen\"\nversion = \"{}\"\n", WASM_BINDGEN.version);
        assert!(lock.replace("\r\n", "\n").contains(&locked), "Cargo.lock has another version of wasm-bindgen");
    }

    #[test]
    fn trunk_is_told_the_versions_of_the_table() {
        let config = String::from_utf8(process::read(&process::root().join("trunk.toml")).unwrap()).unwrap();
        assert!(config.contains(&format!("wasm_bindgen = \"{}\"", WASM_BINDGEN.version)));
        let major = WASM_OPT.version.split('.').next().unwrap();
        assert!(config.contains(&format!("wasm_opt = \"version_{major}\"")));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_pinned_version_counts() {
        use std::os::unix::fs::PermissionsExt;
        let folder = env::temp_dir().join(format!("inkling-tools-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("trunk");
        for (answer, expected) in [("trunk 0.21.14", true), ("trunk 0.21.13", false)] {
            fs::write(&program, format!("#!/bin/sh\necho {answer}\n")).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
            assert_eq!(is_right(&TRUNK, folder.as_os_str()), expected, "{answer}");
        }
        fs::remove_dir_all(&folder).unwrap();
        assert!(!is_right(&TRUNK, folder.as_os_str()));
    }
}
