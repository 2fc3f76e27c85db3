//! The files that there are: a folder's, or those that were embedded when the program was built.

use crate::represent::represent;
use crate::{Request, Response, content, secure, text};
use bytes::Bytes;
use hyper::header::{ALLOW, HeaderValue, LOCATION};
use hyper::{Method, StatusCode};
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// One file in memory, which all answers share.
pub struct File {
    pub content_type: &'static str,
    /// What its ETag has between the quotes.
    pub tag: String,
    pub bytes: Bytes,
    /// The same compressed, where that is worth it.
    pub gzip: Option<Bytes>,
}

/// A file that `build.rs` has put into the program.
struct Embedded {
    /// Relative, with slashes.
    path: &'static str,
    tag: &'static str,
    bytes: &'static [u8],
    gzip: Option<&'static [u8]>,
}

static EMBEDDED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// A site, whose clones are the same one.
#[derive(Clone)]
pub struct Site(Source);

#[derive(Clone)]
enum Source {
    Embedded(Arc<HashMap<&'static str, Arc<File>>>),
    Folder(Arc<Folder>),
}

/// What a path names.
enum Found {
    File(Arc<File>),
    Folder,
    Nothing,
}

impl Site {
    /// The site that this program was built with, if it was built with one.
    pub fn embedded() -> Option<Site> {
        let files = EMBEDDED.iter().map(|file| {
            let gzip = file.gzip.map(Bytes::from_static);
            let bytes = Bytes::from_static(file.bytes);
            (file.path, Arc::new(File { content_type: content_type(file.path), tag: file.tag.to_string(), bytes, gzip }))
        });
        (!EMBEDDED.is_empty()).then(|| Site(Source::Embedded(Arc::new(files.collect()))))
    }

    /// What lies in `folder`, as it is at each request: a site that is built again is seen at once.
    pub fn folder(folder: &Path) -> io::Result<Site> {
        let root = folder.canonicalize()?;
        if !root.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Site(Source::Folder(Arc::new(Folder { root, read: Mutex::default() }))))
    }

    /// The whole answer to a request whose address is the site's: what [`Site::answer`] has, secured.
    pub async fn respond(self, request: Request) -> Option<Response> {
        let address = request.uri().path_and_query().map_or("", |address| address.as_str());
        Some(secure(self.answer(address, &request).await))
    }

    /// Answers with what `path` names: that of the request's address, with its query, or what is left of it where the site is
    /// served below a path of its own.
    pub async fn answer(&self, path: &str, request: &Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut refusal = text(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD\n");
            refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refusal;
        }
        let (path, query) = path.find('?').map_or((path, ""), |start| path.split_at(start));
        match self.find(path).await {
            Found::File(file) => represent(&file, request),
            Found::Folder => redirect(path, query),
            Found::Nothing => not_found(),
        }
    }

    async fn find(&self, path: &str) -> Found {
        let Some(mut name) = plain(path) else { return Found::Nothing };
        if path.ends_with('/') {
            name = [name.as_str(), "index.html"].join(if name.is_empty() { "" } else { "/" });
        }
        match &self.0 {
            Source::Embedded(files) => match files.get(name.as_str()) {
                Some(file) => Found::File(file.clone()),
                None if files.keys().any(|key| key.strip_prefix(&name).is_some_and(|rest| rest.starts_with('/'))) => {
                    Found::Folder
                }
                None => Found::Nothing,
            },
            Source::Folder(folder) => {
                let folder = folder.clone();
                // Reading waits for the disk, and the first time for the compression.
                let found = tokio::task::spawn_blocking(move || folder.find(&name)).await;
                found.ok().and_then(Result::ok).unwrap_or(Found::Nothing)
            }
        }
    }
}

/// A folder on the disk, and what was read from it.
struct Folder {
    /// Canonical, so that links out of it are seen.
    root: PathBuf,
    read: Mutex<HashMap<PathBuf, (Stamp, Arc<File>)>>,
}

/// By which a change is noticed: length and time.
type Stamp = (u64, SystemTime);

impl Folder {
    fn find(&self, name: &str) -> io::Result<Found> {
        let path = self.root.join(name).canonicalize()?;
        let metadata = path.metadata()?;
        if !path.starts_with(&self.root) {
            return Ok(Found::Nothing);
        }
        if metadata.is_dir() {
            return Ok(Found::Folder);
        }
        if !metadata.is_file() {
            return Ok(Found::Nothing);
        }
        let stamp = (metadata.len(), metadata.modified()?);
        // Locked while it is read, so that a class that comes at once has every file read once.
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, file)) = read.get(&path)
            && *known == stamp
        {
            return Ok(Found::File(file.clone()));
        }
        let bytes = fs::read(&path)?;
        let gzip = content::gzip(name, &bytes)?.map(Bytes::from);
        let file = Arc::new(File { content_type: content_type(name), tag: content::tag(&bytes), bytes: bytes.into(), gzip });
        read.insert(path, (stamp, file.clone()));
        Ok(Found::File(file))
    }
}

/// The relative path that the path of an address names, if all of it is plain names.
fn plain(path: &str) -> Option<String> {
    let mut names = Vec::new();
    for name in path.strip_prefix('/')?.split('/').filter(|name| !name.is_empty()) {
        let name = decode(name)?;
        if name == "." || name == ".." || name.contains(['/', '\\', ':', '\0']) {
            return None;
        }
        names.push(name);
    }
    Some(names.join("/"))
}

/// Undoes %XX.
fn decode(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok().filter(|digits| !digits.starts_with('+'))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

fn not_found() -> Response {
    text(StatusCode::NOT_FOUND, "Not found\n")
}

/// To a folder that was asked for without its final slash, without which relative addresses in its page would be wrong.
fn redirect(path: &str, query: &str) -> Response {
    // Relative, so that it holds below any path, and can't name another host.
    let name = path.rsplit('/').next().unwrap_or_default();
    let Ok(location) = HeaderValue::try_from(format!("./{name}/{query}")) else { return not_found() };
    let mut response = text(StatusCode::PERMANENT_REDIRECT, "");
    response.headers_mut().insert(LOCATION, location);
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "gz" => "application/gzip",
        "ftl" | "ts" | "txt" | "md" | "jsonl" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_that_browsers_insist_on() {
        assert_eq!(content_type("inkling_bg.wasm"), "application/wasm");
        assert_eq!(content_type("worker.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("data/train.gz"), "application/gzip");
        assert_eq!(content_type("locales/zh-TW.ftl"), "text/plain; charset=utf-8");
        assert_eq!(content_type("unknown"), "application/octet-stream");
    }

    #[test]
    fn percent_signs_are_decoded() {
        assert_eq!(decode("%E4%B8%AD%20a").as_deref(), Some("中 a"));
        assert_eq!([decode("%"), decode("%4"), decode("%+4"), decode("%ff")], [None, None, None, None]);
    }
}
