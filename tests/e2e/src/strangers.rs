//! Stands in for every other host: Chromium has it as its proxy, so that whatever the page, a worker or the service worker asks
//! of somebody else arrives here, is noted and gets no answer.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Whose services Chromium itself asks, whatever it shows: for its clock, updates, accounts, forms, hints.
const ITS_MAKER: [&str; 3] = [".google.com", ".googleapis.com", ".gvt1.com"];
/// What pages ask of the same maker.
const FOR_PAGES: [&str; 3] = ["www.", "fonts.", "ajax."];

/// See the module's documentation.
pub struct Strangers {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Strangers {
    /// Listens until the tests end.
    pub fn listen() -> Strangers {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let notes = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut request = String::new();
                let _ = BufReader::new(stream).read_line(&mut request);
                // A connection that Chromium opened ahead and did not use.
                if request.trim().is_empty() {
                    continue;
                }
                // `GET http://host/path HTTP/1.1`, or `CONNECT host:443 HTTP/1.1` where it is encrypted.
                let target = request.split(' ').nth(1).unwrap_or_default();
                let host = target.trim_start_matches("http://").split(['/', ':']).next().unwrap_or_default();
                let is_its_own =
                    ITS_MAKER.iter().any(|end| host.ends_with(end)) && !FOR_PAGES.iter().any(|begin| host.starts_with(begin));
                if !is_its_own {
                    notes.lock().unwrap_or_else(PoisonError::into_inner).push(request.trim().to_string());
                }
            }
        });
        Strangers { port, asked }
    }

    /// What has Chromium ask it. The tests' own server is this machine, which browsers ask directly.
    pub fn argument(&self) -> String {
        format!("--proxy-server=127.0.0.1:{}", self.port)
    }

    /// The same, and what was asked until now is what the test wanted.
    pub fn forget(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The first line of every request.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
