//! `cargo xtask class`: a class of browsers that load the whole site from the packaged program at once.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::process::{self, Result};
use crate::{offline, package, site};

/// Connections that a browser opens to one host.
const CONNECTIONS: usize = 6;

/// So long a client waits for anything.
const PATIENCE: Duration = Duration::from_secs(120);

/// Starts the packaged program and has `clients` load every file of the site at once. Errors unless each gets each file whole.
pub fn run(clients: usize) -> Result {
    rlimit::increase_nofile_limit(u64::MAX).map_err(|error| format!("the system allows too few open files: {error}"))?;
    let server = Started::new()?;
    let paths = paths()?;
    let start = Instant::now();
    let loaded = thread::scope(|scope| {
        let handles: Vec<_> = (0..clients).map(|_| scope.spawn(|| load(server.port, &paths))).collect();
        handles.into_iter().map(|handle| handle.join().unwrap_or_else(|_| Err("a client ended".into()))).collect::<Vec<_>>()
    });
    let seconds = start.elapsed().as_secs_f64();
    let errors: Vec<&String> = loaded.iter().filter_map(|client| client.as_ref().err()).collect();
    let megabytes = loaded.iter().flatten().sum::<usize>() as f64 / 1e6;
    println!(
        "{clients} clients with {CONNECTIONS} connections each, {} files: {megabytes:.0} MB in {seconds:.1} s ({:.0} MB/s), {} errors, the \
         server's memory at most {}",
        paths.len(),
        megabytes / seconds,
        errors.len(),
        peak(&server.child).as_deref().unwrap_or("not known here")
    );
    errors.first().map_or(Ok(()), |error| Err(format!("{} clients failed, one of them so: {error}", errors.len())))
}

/// The program, which ends with this value.
struct Started {
    child: Child,
    port: u16,
}

impl Started {
    fn new() -> Result<Started> {
        let program = package::packed()?;
        let mut command = process::command(&program);
        let child = command.args(["serve", "--port", "0"]).stdout(Stdio::piped()).spawn();
        let child =
            child.map_err(|error| format!("cannot start {}, which `cargo xtask package` makes: {error}", program.display()))?;
        let mut server = Started { child, port: 0 };
        let out = server.child.stdout.take().ok_or("the program has no output")?;
        let mut lines = BufReader::new(out).lines().map_while(|line| line.ok());
        let port = lines.find_map(|line| line.trim().strip_prefix("http://localhost:")?.trim_end_matches('/').parse().ok());
        server.port = port.ok_or("the program names no address")?;
        Ok(server)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The addresses of all files that the page and its service worker load, and more: of the engines a browser loads one.
fn paths() -> Result<Vec<String>> {
    let mut files = Vec::new();
    offline::list(&site::folder(), "", &mut files)?;
    // Who trains on Fashion-MNIST loads it, nobody before.
    files.retain(|file| !file.starts_with("data/fashion/"));
    Ok(files.into_iter().map(|file| format!("/{}", if file == "index.html" { "" } else { &file })).collect())
}

/// One client: its connections take the files one after the other. Returns the bytes that it got.
fn load(port: u16, paths: &[String]) -> Result<usize> {
    let left = Mutex::new(paths.iter());
    let next = || left.lock().ok().and_then(|mut left| left.next());
    thread::scope(|scope| {
        let connections: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(|| converse(port, next))).collect();
        connections.into_iter().map(|one| one.join().unwrap_or_else(|_| Err("a connection ended".into()))).sum()
    })
}

/// One connection, which asks for one file after the other.
fn converse<'a>(port: u16, next: impl Fn() -> Option<&'a String>) -> Result<usize> {
    let said = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(said)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(said)?;
    let mut reader = BufReader::new(stream.try_clone().map_err(said)?);
    let mut bytes = 0;
    while let Some(path) = next() {
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n").map_err(said)?;
        bytes += answer(&mut reader, path)?;
    }
    Ok(bytes)
}

/// Reads an answer, which must be a whole file with the headers that isolate and bind the page. Returns the length of its body.
fn answer(reader: &mut impl BufRead, path: &str) -> Result<usize> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        match reader.read_line(&mut head) {
            Ok(1..) => {}
            Ok(0) => return Err(format!("{path}: the connection ended")),
            Err(error) => return Err(format!("{path}: {error}")),
        }
    }
    let head = head.to_lowercase();
    let expected = ["cross-origin-opener-policy: same-origin\r\n", "content-security-policy: default-src 'none'; "];
    if !head.starts_with("http/1.1 200 ok\r\n") || !expected.iter().all(|header| head.contains(header)) {
        return Err(format!("{path}: {head}"));
    }
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
    let length: usize = length.ok_or_else(|| format!("{path} has no length: {head}"))?;
    let read =
        std::io::copy(&mut reader.take(length as u64), &mut std::io::sink()).map_err(|error| format!("{path}: {error}"))?;
    if read == length as u64 { Ok(length) } else { Err(format!("{path}: {read} of {length} bytes came")) }
}

/// The most memory that a program has had at once, in words, where the system tells.
fn peak(child: &Child) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let kilobytes: f64 =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()?;
    Some(format!("{:.0} MB", kilobytes * 1.024 / 1000.0))
}
