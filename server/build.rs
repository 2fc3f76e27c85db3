//! Embeds the site in the folder that `INKLING_SITE` names, if it names one: its files, and their compressed copies.

#[path = "src/content.rs"]
mod content;

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=INKLING_SITE");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/content.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let mut table = "&[\n".to_string();
    if let Some(folder) = env::var_os("INKLING_SITE") {
        let folder = fs::canonicalize(&folder).map_err(|error| format!("INKLING_SITE={}: {error}", folder.display()))?;
        println!("cargo::rerun-if-changed={}", folder.display());
        embed(&folder, "", &out, &mut table)?;
    }
    Ok(fs::write(out.join("site.rs"), table + "]")?)
}

/// Adds a line for every file below `folder` to the table, which is Rust.
fn embed(folder: &Path, prefix: &str, out: &Path, table: &mut String) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        let name = file.file_name().and_then(|name| name.to_str()).ok_or("a file's name is no Unicode")?;
        let path = format!("{prefix}{name}");
        if file.is_dir() {
            embed(&file, &format!("{path}/"), out, table)?;
            continue;
        }
        let bytes = fs::read(&file)?;
        let tag = content::tag(&bytes);
        let gzip = match content::gzip(&path, &bytes)? {
            None => "None".to_string(),
            Some(packed) => {
                let copy = out.join(format!("{tag}.gz"));
                fs::write(&copy, packed)?;
                format!("Some(include_bytes!({copy:?}))")
            }
        };
        writeln!(table, "    Embedded {{ path: {path:?}, tag: {tag:?}, bytes: include_bytes!({file:?}), gzip: {gzip} }},")?;
    }
    Ok(())
}
