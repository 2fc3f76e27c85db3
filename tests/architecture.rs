//! The rules of the architecture page (`src/lib.rs`), held by reading the sources.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs" || e == "js" || e == "html") {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    assert!(!found.is_empty(), "no sources in {folder}");
    found
}

/// No file in `folder` mentions one of `words` in its code, except those whose path ends as one of `except`.
fn never(folder: &str, words: &[&str], except: &[&str]) {
    for (path, text) in sources(folder) {
        if except.iter().any(|e| path.ends_with(e) || path.starts_with(Path::new(env!("CARGO_MANIFEST_DIR")).join(e))) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for word in words {
                assert!(!code.contains(word), "{}:{}: {word} does not belong here", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn the_core_knows_no_backend() {
    for folder in ["src/nn", "src/data", "src/ink"] {
        never(folder, &["crate::backend", "crate::model", "crate::train", "crate::web", "crate::format"], &[]);
    }
}

#[test]
fn backends_know_no_training() {
    never("src/backend", &["crate::train", "crate::web", "crate::protocol", "crate::format"], &["src/backend/gpu/self_test.rs"]);
}

#[test]
fn only_the_gpu_backend_knows_wgpu() {
    never("src", &["wgpu"], &["src/backend/gpu"]);
}

#[test]
fn only_web_knows_javascript() {
    never("src", &["wasm_bindgen", "web_sys", "js_sys"], &["src/web", "src/bin/page.rs"]);
}

#[test]
fn only_one_file_knows_bincode() {
    never("src", &["bincode"], &["src/wire.rs"]);
}

/// What people or files bring is shown as text.
#[test]
fn nothing_is_inserted_as_markup() {
    let rust = ["set_inner_html", "set_outer_html", "insert_adjacent_html", "contextual_fragment", "set_srcdoc", "DomParser"];
    let script = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "ContextualFragment",
        "setHTML",
        "srcdoc",
        "DOMParser",
    ];
    // They read the site's own lessons and terms into a document in which nothing runs.
    let except = ["src/web/lessons/view.rs", "src/web/page/term.rs"];
    never("src", &[&rust[..], &script].concat(), &except);
    never("www", &script, &[]);
}
