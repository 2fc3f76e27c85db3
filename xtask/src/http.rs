//! As much of HTTP/1.1 as a static server for one machine needs: a thread and a connection for each request.
//!
//! A server with a pool of threads can let a browser wait forever: it opens six connections and keeps them, and a seventh
//! then has no thread. Here no connection outlives its answer, and none waits for another.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Longer heads than browsers send are refused.
const MAX_HEAD: u64 = 64 * 1024;

/// How long a connection may be silent; browsers open some that they then don't use.
const PATIENCE: Duration = Duration::from_secs(120);

/// A request that waits for its answer.
pub struct Request {
    pub method: String,
    /// As it came: path and query, `%` and all.
    pub url: String,
    headers: Vec<(String, String)>,
    stream: TcpStream,
}

/// Gives every request that arrives to `handle`, each in a thread of its own, until the program ends.
pub fn serve(listener: &TcpListener, handle: impl Fn(Request) -> io::Result<()> + Send + Sync + 'static) {
    let handle = Arc::new(handle);
    for stream in listener.incoming() {
        let handle = handle.clone();
        // A reader that goes away in the middle is not the server's concern.
        let answer = move || stream.and_then(Request::read).and_then(|request| handle(request));
        thread::spawn(answer);
    }
}

impl Request {
    fn read(stream: TcpStream) -> io::Result<Request> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut lines = BufReader::new((&stream).take(MAX_HEAD)).lines();
        let mut line = || lines.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()));
        let first = line()?;
        let mut words = first.split(' ');
        let (Some(method), Some(url)) = (words.next(), words.next()) else { return Err(io::ErrorKind::InvalidData.into()) };
        let (method, url, mut headers) = (method.to_string(), url.to_string(), Vec::new());
        loop {
            let header = line()?;
            match header.split_once(':') {
                Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.trim().to_string())),
                None if header.is_empty() => break,
                None => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
        drop(lines);
        Ok(Request { method, url, headers, stream })
    }

    /// The value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Answers. `length` is the body's, also where the body itself is not sent: to HEAD, and with status 304.
    pub fn respond(mut self, status: u16, headers: &[(&str, &str)], mut body: impl Read, length: u64) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {status} {}\r\nContent-Length: {length}\r\nConnection: close\r\n", reason(status));
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        self.stream.write_all(head.as_bytes())?;
        if self.method != "HEAD" && status != 304 {
            io::copy(&mut body, &mut self.stream)?;
        }
        self.stream.flush()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        304 => "Not Modified",
        308 => "Permanent Redirect",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "",
    }
}
