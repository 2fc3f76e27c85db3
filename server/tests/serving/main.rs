//! The server over the wire: what it answers, what it refuses, and what nobody can take of it.

mod answers;
mod handlers;
mod limits;
mod outside;

use inkling_server::{Limits, Request, Response, Server, Site};
use std::future::Future;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{fs, thread};

/// So long a test waits for what must happen at last, on a machine with whatever else to do.
const LIMIT: Duration = Duration::from_secs(60);

/// A folder with a site in it, and beside the site a file that must stay private.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static FOLDERS: AtomicUsize = AtomicUsize::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let top = std::env::temp_dir().join(format!("inkling-server-{}-{number}", std::process::id()));
        fs::create_dir_all(top.join("site/data")).unwrap();
        fs::write(top.join("private"), "private").unwrap();
        let folder = Folder(top);
        folder.write("index.html", b"page");
        folder.write("script.js", &script());
        folder.write("data/a b.gz", &data());
        folder
    }

    fn site(&self) -> PathBuf {
        self.0.join("site")
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.site().join(name), bytes).unwrap();
    }

    /// Serves the site within `limits`.
    fn serve(&self, limits: Limits) -> SocketAddr {
        let site = Site::folder(&self.site()).unwrap();
        serve(limits, move |request| site.clone().respond(request))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What gets much smaller.
fn script() -> Vec<u8> {
    "console.log('again and again');\n".repeat(1000).into_bytes()
}

fn data() -> Vec<u8> {
    (0..100_000_u32).map(|i| (i.wrapping_mul(i) >> 7) as u8).collect()
}

/// Serves on a free port until the tests end.
fn serve<H, A>(limits: Limits, handler: H) -> SocketAddr
where
    H: Fn(Request) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Option<Response>> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || Server::new(vec![listener]).within(limits).run(handler));
    address
}

/// A connection that does not wait forever.
fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.set_write_timeout(Some(LIMIT)).unwrap();
    stream
}

/// Sends a request, whose lines have single line feeds; returns the answer's head in lower case, and its body.
fn ask(address: SocketAddr, request: &str) -> (String, Vec<u8>) {
    let mut stream = connect(address);
    let request = format!("{}\r\nHost: localhost\r\nConnection: close\r\n\r\n", request.replace('\n', "\r\n"));
    // Of a head that is too long not all is taken.
    let _ = stream.write_all(request.as_bytes());
    split(read_all(&mut stream))
}

/// What comes until the connection ends, however it ends.
fn read_all(stream: &mut TcpStream) -> Vec<u8> {
    let (mut all, mut part) = (Vec::new(), [0; 65536]);
    while let Ok(count @ 1..) = stream.read(&mut part) {
        all.extend_from_slice(&part[..count]);
    }
    all
}

fn split(response: Vec<u8>) -> (String, Vec<u8>) {
    let end = response.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no head: {:?}", String::from_utf8_lossy(&response)));
    (String::from_utf8_lossy(&response[..end]).to_lowercase(), response[end + 4..].to_vec())
}

fn has(head: &str, line: &str) -> bool {
    head.lines().any(|got| got == line)
}

/// The value of a header; its name in lower case.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut all).unwrap();
    all
}

/// A link inside the site to what lies beside it.
fn link(_site: &Path, _name: &str, _to: &str) {
    #[cfg(unix)]
    std::os::unix::fs::symlink(_to, _site.join(_name)).unwrap();
}
