//! `cargo xtask package`: one archive with one program that has the site inside and serves it to a class.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{self, Result, root};
use crate::{licences, site, tools};

/// What cargo is told: no graphics device, whose libraries would have to be there.
pub const FEATURES: [&str; 3] = ["--no-default-features", "--features", "serve"];

/// Packs the site that is built. Returns the archive, beside which lies a folder with what is in it.
pub fn pack() -> Result<PathBuf> {
    let target = target()?;
    let name = format!("inkling-{}-{target}", env!("CARGO_PKG_VERSION"));
    let folder = folder().join(&name);
    tools::remove(&folder)?;
    fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    let program = program(&target)?;
    copy(&program, &folder)?;
    for file in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root().join(file), &folder)?;
    }
    process::write(&folder.join("LICENSES-OF-CRATES.txt"), licences::texts(&target, &FEATURES)?.as_bytes())?;
    process::write(&folder.join("README.txt"), include_bytes!("package.txt"))?;
    let archive = format!("{name}.tar.gz");
    let mut tar = process::command("tar");
    process::run(tar.current_dir(self::folder()).args(["-czf", &archive, &name]))?;
    Ok(self::folder().join(archive))
}

/// The packed program, for those who start it.
pub fn packed() -> Result<PathBuf> {
    let name = format!("inkling-{}-{}", env!("CARGO_PKG_VERSION"), target()?);
    Ok(folder().join(name).join(format!("inkling{}", env::consts::EXE_SUFFIX)))
}

fn folder() -> PathBuf {
    process::target_folder().join("package")
}

/// On Linux the one whose programs need no library at all, so that one archive is for all of them; elsewhere this machine's own.
fn target() -> Result<String> {
    if cfg!(target_os = "linux") {
        return Ok(format!("{}-unknown-linux-musl", env::consts::ARCH));
    }
    let about = process::output(process::command("rustc").arg("-vV"))?;
    about
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_string)
        .ok_or_else(|| "rustc names no host".to_string())
}

fn program(target: &str) -> Result<PathBuf> {
    tools::ensure_target(target)?;
    let mut cargo = process::cargo();
    cargo.args(["build", "--release", "--bin", "inkling", "--target", target]).args(FEATURES);
    cargo.env("INKLING_SITE", site::folder());
    // The little C in it asks nothing of the C library, so that the usual compiler will do.
    let compiler = format!("CC_{}", target.replace('-', "_"));
    if target.ends_with("musl") && env::var_os(&compiler).is_none() {
        cargo.env(compiler, "cc");
    }
    process::run(&mut cargo)?;
    Ok(process::target_folder().join(target).join("release").join(format!("inkling{}", env::consts::EXE_SUFFIX)))
}

fn copy(file: &Path, folder: &Path) -> Result {
    let name = file.file_name().unwrap_or_default();
    fs::copy(file, folder.join(name)).map(drop).map_err(|error| format!("cannot copy {}: {error}", file.display()))
}
