//! The service worker's list of files, made from the built site: what it keeps for visits without a network, and how it knows
//! each.

use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

use crate::process::{self, Result, root};
use inkling_server::POLICY;

/// Not kept with the site: the page fetches the training images in its own time, and nobody but the library's users asks for
/// types.
const LEFT_OUT: [&str; 3] = ["data/", "sw.js", "inkling.d.ts"];

/// Writes `sw.js` for the site in `staging`.
pub fn write(staging: &Path) -> Result {
    let mut files = Vec::new();
    list(staging, "", &mut files)?;
    files.retain(|file| !LEFT_OUT.iter().any(|out| file.starts_with(out)));
    files.sort();
    let files =
        files.into_iter().map(|file| Ok((sum(&process::read(&staging.join(&file))?), file))).collect::<Result<Vec<_>>>()?;
    let version = sum(files.iter().map(|(sum, file)| format!("{sum} {file}\n")).collect::<String>().as_bytes());
    let template = process::read(&root().join("www/sw.js"))?;
    let script = fill(&String::from_utf8_lossy(&template), &version, &files)?;
    process::write(&staging.join("sw.js"), script.as_bytes())
}

/// The beginning of its SHA-256: nobody attacks here, and what comes is compared with what was built.
fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn fill(template: &str, version: &str, files: &[(String, String)]) -> Result<String> {
    let marks = ["{{version}}", "'{{files}}'", "{{policy}}"];
    if let Some(mark) = marks.iter().find(|mark| template.matches(**mark).count() != 1) {
        return Err(format!("www/sw.js must have {mark} once"));
    }
    // The page's own address is the folder: `index.html` itself nobody asks for.
    let files = files.iter().map(|(sum, file)| format!("['{}', '{sum}']", if file == "index.html" { "./" } else { file }));
    let files = files.collect::<Vec<_>>().join(", ");
    Ok(template.replace(marks[0], version).replace(marks[1], &files).replace(marks[2], POLICY))
}

/// All files below `folder`, as addresses relative to the site.
pub fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result {
    let failed = |error| format!("cannot list {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_worker_knows_its_version_and_files() {
        let template = String::from_utf8(process::read(&root().join("www/sw.js")).unwrap()).unwrap();
        let files =
            [("index.html", "<!doctype html>"), ("locales/en.ftl", "")].map(|(file, text)| (sum(text.as_bytes()), file.into()));
        let script = fill(&template, "abc", &files).unwrap();
        assert!(script.contains("const VERSION = 'abc';"), "{script}");
        let of_nothing = "e3b0c44298fc1c14";
        let expected = format!("const FILES = new Map([['./', '{}'], ['locales/en.ftl', '{of_nothing}']]);", files[0].0);
        assert!(script.contains(&expected), "{script}");
        assert!(script.contains("const POLICY = \"default-src 'none'; "), "{script}");
        assert!(!script.contains("{{"), "{script}");
        assert!(fill("no marks", "abc", &[]).is_err());
    }
}
