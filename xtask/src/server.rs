//! A static file server for one folder, on this machine only. The end-to-end tests serve the site through it, too.
//!
//! It sends what a plain web server would, and the two headers that make the page cross-origin isolated. Compressed
//! data goes out as it lies there, without `Content-Encoding`: the page itself decompresses it.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::http::{self, Request};
use crate::process::{self, Result};

/// Where the site is served unless the person says otherwise or something else is there.
const DEFAULT_PORT: u16 = 8080;

/// What makes a page cross-origin isolated: only then may its workers share memory.
pub const ISOLATION: [(&str, &str); 2] =
    [("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Embedder-Policy", "require-corp")];

const HEADERS: [(&str, &str); 3] = [
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    // Kept, but asked for again each time: a rebuilt page is seen at once.
    ("Cache-Control", "no-cache"),
];

/// What a text of the server's own is.
const PLAIN: (&str, &str) = ("Content-Type", "text/plain; charset=utf-8");

/// Serves `folder` until the program is ended.
pub fn serve(folder: &Path, port: Option<u16>, open: bool) -> Result {
    let folder = folder.canonicalize().map_err(|error| format!("cannot serve {}: {error}", folder.display()))?;
    let listener = listen(port)?;
    let address = listener.local_addr().map_err(|error| format!("the server has no address: {error}"))?;
    let address = format!("http://{address}/");
    println!("Serving {} at {address} (end with Ctrl-C)", folder.display());
    io::stdout().flush().map_err(|error| format!("cannot print: {error}"))?;
    if open {
        open_browser(&address)?;
    }
    http::serve(&listener, move |request| {
        let url = request.url.clone();
        answer(request, &url, &folder, &ISOLATION)
    });
    Ok(())
}

fn listen(port: Option<u16>) -> Result<TcpListener> {
    let on = |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    match (on(port.unwrap_or(DEFAULT_PORT)), port) {
        (Ok(listener), _) => Ok(listener),
        (Err(error), None) if error.kind() == ErrorKind::AddrInUse => {
            println!("Port {DEFAULT_PORT} is taken, so a free one is used.");
            on(0).map_err(|error| format!("no free port: {error}"))
        }
        (Err(error), Some(port)) if error.kind() == ErrorKind::AddrInUse => {
            Err(format!("port {port} is taken: choose another with --port, or leave it out for a free one"))
        }
        (Err(error), _) => Err(format!("cannot listen on port {}: {error}", port.unwrap_or(DEFAULT_PORT))),
    }
}

fn open_browser(address: &str) -> Result {
    let words: &[&str] = match std::env::consts::OS {
        "macos" => &["open"],
        "windows" => &["cmd", "/C", "start", ""],
        _ => &["xdg-open"],
    };
    process::run(process::command(words[0]).args(&words[1..]).arg(address))
}

/// What a request gets.
#[derive(Debug, PartialEq)]
enum Answer {
    File(PathBuf),
    /// A folder asked for without its final slash, without which relative addresses in its page would be wrong.
    Redirect(String),
    NotFound,
    MethodNotAllowed,
}

/// Answers with what `url` names below `folder` (a canonical path), and with the `further` headers.
///
/// `url` is the request's, or what is left of it where the folder is served under a path of its own.
pub fn answer(request: Request, url: &str, folder: &Path, further: &[(&str, &str)]) -> io::Result<()> {
    match choose(&request.method, url, folder) {
        Answer::File(path) => send(request, &path, further),
        Answer::Redirect(location) => say(request, 308, "", ("Location", &location), further),
        Answer::NotFound => say(request, 404, "Not found\n", PLAIN, further),
        Answer::MethodNotAllowed => say(request, 405, "Only GET and HEAD\n", ("Allow", "GET, HEAD"), further),
    }
}

fn choose(method: &str, url: &str, folder: &Path) -> Answer {
    if !matches!(method, "GET" | "HEAD") {
        return Answer::MethodNotAllowed;
    }
    let (path, query) = url.find('?').map_or((url, ""), |start| url.split_at(start));
    // The second condition holds for links, too: nothing outside the folder is sent.
    let Some(file) = local(path, folder).and_then(|file| file.canonicalize().ok()).filter(|file| file.starts_with(folder)) else {
        return Answer::NotFound;
    };
    let file = match file.is_dir() {
        true if path.ends_with('/') => file.join("index.html"),
        // Leading slashes are cut to one: `//host/` would lead to another host.
        true => return Answer::Redirect(format!("/{}/{query}", path.trim_start_matches('/'))),
        false if path.ends_with('/') => return Answer::NotFound,
        false => file,
    };
    if file.is_file() { Answer::File(file) } else { Answer::NotFound }
}

/// The path below `folder` that the path of a URL names, if all of it is plain names.
fn local(path: &str, folder: &Path) -> Option<PathBuf> {
    let mut file = folder.to_path_buf();
    for name in path.strip_prefix('/')?.split('/').filter(|name| !name.is_empty()) {
        let name = decode(name)?;
        if name == "." || name == ".." || name.contains(['/', '\\', ':', '\0']) {
            return None;
        }
        file.push(name);
    }
    Some(file)
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

fn send(request: Request, path: &Path, further: &[(&str, &str)]) -> io::Result<()> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    let changed = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let tag = format!("\"{:x}-{:x}\"", metadata.len(), changed.as_nanos());
    let known = request.header("if-none-match").unwrap_or_default();
    let is_known = known.split(',').any(|known| known.trim() == tag || known.trim() == "*");
    let status = if is_known { 304 } else { 200 };
    let own = [("ETag", tag.as_str()), ("Content-Type", mime(path))];
    respond(request, status, &[&own, further].concat(), file, metadata.len())
}

fn say(request: Request, status: u16, text: &str, header: (&str, &str), further: &[(&str, &str)]) -> io::Result<()> {
    respond(request, status, &[&[header], further].concat(), text.as_bytes(), text.len() as u64)
}

fn respond(request: Request, status: u16, headers: &[(&str, &str)], body: impl Read, length: u64) -> io::Result<()> {
    request.respond(status, &[&HEADERS, headers].concat(), body, length)
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
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
    use std::fs;
    use std::net::TcpStream;
    use std::thread;
    use std::time::Duration;

    use super::*;

    /// A folder with a page in it, and beside the folder a file that must stay private.
    fn site(name: &str) -> PathBuf {
        let top = std::env::temp_dir().join(format!("inkling-{name}-{}", std::process::id()));
        let folder = top.join("site");
        fs::create_dir_all(folder.join("data")).unwrap();
        fs::write(folder.join("index.html"), "page").unwrap();
        fs::write(folder.join("data/a b.gz"), "data").unwrap();
        fs::write(top.join("private"), "private").unwrap();
        folder.canonicalize().unwrap()
    }

    #[test]
    fn files_are_found() {
        let folder = site("files");
        let page = Answer::File(folder.join("index.html"));
        assert_eq!(choose("GET", "/", &folder), page);
        assert_eq!(choose("HEAD", "/index.html?lang=en", &folder), page);
        assert_eq!(choose("GET", "/data/a%20b.gz", &folder), Answer::File(folder.join("data/a b.gz")));
        assert_eq!(choose("GET", "//data?x", &folder), Answer::Redirect("/data/?x".to_string()));
        assert_eq!(choose("GET", "/data/", &folder), Answer::NotFound);
        assert_eq!(choose("GET", "/index.html/", &folder), Answer::NotFound);
        assert_eq!(choose("POST", "/", &folder), Answer::MethodNotAllowed);
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }

    fn serve_in_background(listener: TcpListener, folder: &Path) {
        let folder = folder.to_path_buf();
        thread::spawn(move || {
            http::serve(&listener, move |request| {
                let url = request.url.clone();
                answer(request, &url, &folder, &ISOLATION)
            });
        });
    }

    /// Sends a request over the wire; returns the response's head in lower case, and its body.
    fn ask(address: SocketAddr, request: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "{request}\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        let end = response.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        (String::from_utf8_lossy(&response[..end]).to_lowercase(), response[end + 4..].to_vec())
    }

    #[test]
    fn responses_are_isolated_whole_and_cached() {
        let folder = site("responses");
        let data: Vec<u8> = (0..100_000_u32).map(|i| i as u8).collect();
        fs::write(folder.join("data.gz"), &data).unwrap();
        let listener = listen(Some(0)).unwrap();
        let address = listener.local_addr().unwrap();
        serve_in_background(listener, &folder);

        let (head, body) = ask(address, "GET /data.gz HTTP/1.1");
        assert_eq!(body, data);
        let lines = ["http/1.1 200 ok", "content-length: 100000", "content-type: application/gzip", "cache-control: no-cache"];
        let isolation = ["cross-origin-opener-policy: same-origin", "cross-origin-embedder-policy: require-corp"];
        for line in lines.iter().chain(&isolation) {
            assert!(head.lines().any(|got| got == *line), "no {line} in {head}");
        }
        assert!(!head.contains("content-encoding") && !head.contains("transfer-encoding"), "{head}");

        let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
        let (head, body) = ask(address, &format!("GET /data.gz HTTP/1.1\r\nIf-None-Match: {tag}"));
        assert!(head.starts_with("http/1.1 304") && body.is_empty(), "{head}");
        let (head, body) = ask(address, "HEAD /data.gz HTTP/1.1");
        assert!(head.starts_with("http/1.1 200") && head.contains("content-length: 100000") && body.is_empty(), "{head}");
        let (head, _) = ask(address, "GET /missing HTTP/1.1");
        assert!(head.starts_with("http/1.1 404") && head.contains(isolation[1]), "{head}");
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }

    /// Browsers open connections ahead of their requests, and use them in any order.
    #[test]
    fn idle_connections_keep_nobody_waiting() {
        let folder = site("idle");
        let listener = listen(Some(0)).unwrap();
        let address = listener.local_addr().unwrap();
        serve_in_background(listener, &folder);
        let mut connections: Vec<TcpStream> = (0..50).map(|_| TcpStream::connect(address).unwrap()).collect();
        for connection in connections.iter_mut().rev() {
            connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            write!(connection, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
            let mut status = [0; 12];
            connection.read_exact(&mut status).unwrap();
            assert_eq!(&status, b"HTTP/1.1 200");
        }
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }

    #[test]
    fn nothing_outside_the_folder_is_found() {
        let folder = site("outside");
        #[cfg(unix)]
        std::os::unix::fs::symlink("../private", folder.join("link")).unwrap();
        let absolute = folder.parent().unwrap().join("private").display().to_string();
        let urls = [
            "/../private",
            "/%2e%2e/private",
            "/..%2fprivate",
            "/data/../../private",
            "/..\\private",
            "/link",
            "private",
            "/%zz",
        ];
        for url in urls.into_iter().chain([absolute.as_str(), &format!("/{absolute}")]) {
            assert_eq!(choose("GET", url, &folder), Answer::NotFound, "{url}");
        }
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }

    #[test]
    fn types_are_those_that_browsers_insist_on() {
        assert_eq!(mime(Path::new("inkling_bg.wasm")), "application/wasm");
        assert_eq!(mime(Path::new("worker.js")), "text/javascript; charset=utf-8");
        assert_eq!(mime(Path::new("train.gz")), "application/gzip");
        assert_eq!(mime(Path::new("zh-TW.ftl")), "text/plain; charset=utf-8");
        assert_eq!(mime(Path::new("unknown")), "application/octet-stream");
    }

    #[test]
    fn percent_signs_are_decoded() {
        assert_eq!(decode("%E4%B8%AD%20a").as_deref(), Some("中 a"));
        assert_eq!([decode("%"), decode("%4"), decode("%+4"), decode("%ff")], [None, None, None, None]);
    }

    #[test]
    fn a_taken_port_is_named() {
        let taken = listen(Some(0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(listen(Some(port)).unwrap_err().contains(&port.to_string()));
    }
}
