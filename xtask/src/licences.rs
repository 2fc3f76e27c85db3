//! The licences of the crates that are part of a program, which whoever passes it on has to pass on with it.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{self, Result};

/// Begins the names of files with a licence or a notice in a crate.
const NAMES: [&str; 5] = ["license", "licence", "copying", "notice", "unlicense"];

/// Every crate that the program `inkling` is built of with these features, with the texts of its licence.
pub fn texts(target: &str, features: &[&str]) -> Result<String> {
    let mut cargo = process::cargo();
    cargo
        .args(["tree", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}|{l}", "--target", target])
        .args(features);
    let listed = process::output(&mut cargo)?;
    let lines = listed.lines().map(|line| line.trim_end_matches(" (*)"));
    let crates: BTreeSet<&str> = lines.filter(|line| !line.starts_with("inkling")).collect();
    let mut all = String::new();
    for (name, licence) in crates.iter().filter_map(|line| line.split_once('|')) {
        let folder = source(&name.replacen(" v", "-", 1))?;
        all.push_str(&format!("{name}: {licence}\n\n"));
        for file in licence_files(&folder)? {
            all.push_str(&String::from_utf8_lossy(&process::read(&file)?));
            all.push('\n');
        }
        all.push_str(&format!("{}\n", "-".repeat(80)));
    }
    Ok(all)
}

/// Where cargo has unpacked a crate.
fn source(crate_folder: &str) -> Result<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let registries = home.ok_or("no home folder with cargo's registry: set CARGO_HOME")?.join("registry/src");
    let found = fs::read_dir(&registries).into_iter().flatten().flatten().map(|one| one.path().join(crate_folder));
    found.into_iter().find(|folder| folder.is_dir()).ok_or_else(|| format!("no {crate_folder} in {}", registries.display()))
}

fn licence_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot list {}: {error}", folder.display()))?;
    let is_licence = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        path.is_file() && NAMES.iter().any(|begin| name.starts_with(begin))
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_licence).collect();
    files.sort();
    Ok(files)
}
