//! What the site may weigh: what a visitor loads is counted as hosts send it, compressed. A part that outgrows its budget fails
//! the suite; who raises a budget says why in the commit.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::process::{self, Result};

/// A part of the site: its name, what its files' names begin and end with, and its budget in kB (1,000 bytes) after gzip.
struct Part {
    what: &'static str,
    files: &'static [(&'static str, &'static str)],
    most: f64,
}

const PARTS: [Part; 7] = [
    Part {
        what: "the page: HTML, style, scripts",
        files: &[
            ("index", ".html"),
            ("style-", ".css"),
            ("start", ".js"),
            ("language", ".js"),
            ("offline", ".js"),
            ("lessons", ".js"),
            ("main", ".js"),
            ("page-", ".js"),
        ],
        most: 52.0,
    },
    Part { what: "the page's WebAssembly", files: &[("page-", ".wasm")], most: 400.0 },
    Part { what: "the network that ships", files: &[("models/shipped", ".inkling")], most: 400.0 },
    Part { what: "the library, before it trains", files: &[("inkling.", "js"), ("inkling_bg", ".wasm")], most: 90.0 },
    Part {
        what: "the CPU engine",
        files: &[("engine", ".js"), ("worker", ".js"), ("inkling_cpu", ".js"), ("inkling_relaxed", ".wasm")],
        most: 165.0,
    },
    Part { what: "the WebGPU engine", files: &[("inkling_gpu", "")], most: 235.0 },
    Part { what: "the lessons' module", files: &[("inkling_lessons", "")], most: 310.0 },
];

/// Prints what each part of the built site weighs.
///
/// Errors when one has outgrown its budget, or has no files.
pub fn check(site: &Path) -> Result {
    let mut files = Vec::new();
    for folder in ["", "models"] {
        let listed = fs::read_dir(site.join(folder)).map_err(|error| format!("cannot list {}: {error}", site.display()))?;
        let names = listed.flatten().filter(|entry| entry.path().is_file()).map(|entry| entry.file_name());
        files.extend(names.map(|name| Path::new(folder).join(name).to_string_lossy().into_owned()));
    }
    let mut outgrown = Vec::new();
    for part in &PARTS {
        let own =
            files.iter().filter(|file| part.files.iter().any(|(begin, end)| file.starts_with(begin) && file.ends_with(end)));
        let bytes = own.map(|file| packed(&process::read(&site.join(file))?)).sum::<Result<usize>>()?;
        let size = bytes as f64 / 1000.0;
        println!("{:<32}{size:>7.1} kB of {:>3.0}", part.what, part.most);
        if bytes == 0 || size > part.most {
            outgrown.push(format!("{} {size:.1} kB, not 0 to {:.0}", part.what, part.most));
        }
    }
    if outgrown.is_empty() { Ok(()) } else { Err(format!("after gzip: {}", outgrown.join("; "))) }
}

/// Bytes after `gzip -9`.
fn packed(bytes: &[u8]) -> Result<usize> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    let packed = packer.write_all(bytes).and_then(|()| packer.finish());
    packed.map(|bytes| bytes.len()).map_err(|error| format!("cannot compress: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_outgrows_its_budget_is_named() {
        let site = std::env::temp_dir().join(format!("inkling-budget-{}", std::process::id()));
        fs::create_dir_all(site.join("models")).unwrap();
        for part in &PARTS {
            for (begin, end) in part.files {
                fs::write(site.join(format!("{begin}x{end}")), [7; 100]).unwrap();
            }
        }
        assert_eq!(check(&site), Ok(()));
        let mut random = 1_u32;
        let noise: Vec<u8> = (0..91_000)
            .map(|_| {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (random >> 24) as u8
            })
            .collect();
        fs::write(site.join("inkling_bgx.wasm"), noise).unwrap();
        let said = check(&site).unwrap_err();
        assert!(said.contains("the library, before it trains 91.") && !said.contains("engine"), "{said}");
        fs::remove_dir_all(&site).unwrap();
    }
}
