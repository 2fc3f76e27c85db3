//! chromedriver: one process, on a port of its own choice, ended together with the browsers it started.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A running chromedriver.
pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts it and waits until it listens.
    pub fn start() -> Driver {
        // It chooses a port that is free for IPv4 and gives up where that is taken for IPv6.
        let started = (0..5).find_map(|_| Driver::try_start());
        started.expect("chromedriver ends before it listens: what it says is above")
    }

    fn try_start() -> Option<Driver> {
        let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| OsString::from("chromedriver"));
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {} (CHROMEDRIVER): {error}", program.display()));
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines().map_while(Result::ok);
        let port = |line: String| {
            line.strip_prefix("ChromeDriver was started successfully on port ")?.trim_end_matches('.').parse().ok()
        };
        let Some(port) = lines.find_map(port) else {
            let _ = process.wait();
            return None;
        };
        // Read on, so that it never waits for a reader.
        thread::spawn(move || lines.for_each(drop));
        Some(Driver { process, port })
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    /// Also after a panic. Killed at once, it would leave its browsers running: so it is asked first.
    fn drop(&mut self) {
        if let Ok(mut line) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)) {
            let _ = line.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let deadline = Instant::now() + Duration::from_secs(10);
            while Instant::now() < deadline && matches!(self.process.try_wait(), Ok(None)) {
                thread::sleep(Duration::from_millis(20));
            }
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
