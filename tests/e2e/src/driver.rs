//! What drives a browser: chromedriver, geckodriver or WebKitWebDriver, on a free port, ended together with what it started.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The browsers that the tests run in: `INKLING_BROWSER` names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Chromium,
    Firefox,
    /// WebKitGTK's MiniBrowser: no WebGPU, no SharedArrayBuffer, SIMD but no relaxed SIMD.
    WebKit,
}

impl Kind {
    /// The one that is asked for, Chromium if none is.
    pub fn asked() -> Kind {
        match env::var("INKLING_BROWSER").as_deref() {
            Err(_) | Ok("chromium") => Kind::Chromium,
            Ok("firefox") => Kind::Firefox,
            Ok("webkit") => Kind::WebKit,
            Ok(other) => panic!("INKLING_BROWSER is {other:?}: chromium, firefox or webkit"),
        }
    }
}

/// A running driver.
pub struct Driver {
    kind: Kind,
    process: Child,
    /// A screen that nobody sees, for a browser that can't do without.
    screen: Option<Child>,
    port: u16,
    /// What driver and browser have said.
    said: Arc<Mutex<Vec<String>>>,
}

impl Driver {
    /// Starts it and waits until it listens.
    pub fn start(kind: Kind) -> Driver {
        // chromedriver chooses a port that is free for IPv4 and gives up where that is taken for IPv6; a port that was free a
        // moment ago may be taken.
        let started = (0..5).find_map(|_| Driver::try_start(kind));
        started.unwrap_or_else(|| panic!("the driver of {kind:?} ends before it listens: what it says is above"))
    }

    fn try_start(kind: Kind) -> Option<Driver> {
        let (variable, name) = match kind {
            Kind::Chromium => ("CHROMEDRIVER", "chromedriver"),
            Kind::Firefox => ("GECKODRIVER", "geckodriver"),
            Kind::WebKit => ("WEBKITWEBDRIVER", "WebKitWebDriver"),
        };
        let program = env::var_os(variable).unwrap_or_else(|| OsString::from(name));
        let mut command = Command::new(&program);
        let (mut screen, mut port) = (None, None);
        match kind {
            Kind::Chromium => _ = command.arg("--port=0"),
            Kind::Firefox => _ = command.arg("--port=0"),
            Kind::WebKit => {
                let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
                let free = free.expect("there is a free port").port();
                port = Some(free);
                let (process, number) = start_screen();
                screen = Some(process);
                command.arg(format!("--port={free}")).env("DISPLAY", format!(":{number}"));
                // As root and in containers.
                command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
            }
        }
        let mut process = command
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {} ({variable}): {error}", program.display()));
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines().map_while(Result::ok);
        if kind != Kind::WebKit {
            let told = |line: String| {
                let after = match kind {
                    Kind::Chromium => line.strip_prefix("ChromeDriver was started successfully on port ")?,
                    _ => line.split_once("Listening on 127.0.0.1:")?.1,
                };
                after.trim().trim_end_matches('.').parse().ok()
            };
            port = lines.find_map(told);
        }
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let ear = Arc::clone(&said);
        // Read on, so that it never waits for a reader.
        thread::spawn(move || lines.for_each(|line| ear.lock().unwrap_or_else(PoisonError::into_inner).push(line)));
        let driver = Driver { kind, process, screen, port: port.unwrap_or_default(), said };
        // Dropped, it ends what was started.
        port.filter(|port| listens(*port)).map(|_| driver)
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Everything that driver and browser have written.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// An X server without a screen, and its number.
fn start_screen() -> (Child, String) {
    let mut process = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1400x1300x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start Xvfb: {error}"));
    let mut number = String::new();
    let mut output = BufReader::new(process.stdout.take().expect("its output is piped"));
    output.read_line(&mut number).expect("Xvfb tells its number");
    // Its end would end Xvfb.
    thread::spawn(move || output.read_to_end(&mut Vec::new()));
    (process, number.trim().to_string())
}

fn listens(port: u16) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

impl Drop for Driver {
    /// Also after a panic. Killed at once, chromedriver would leave its browsers running: so it is asked first.
    fn drop(&mut self) {
        if self.kind == Kind::Chromium
            && let Ok(mut line) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))
        {
            let _ = line.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let deadline = Instant::now() + Duration::from_secs(10);
            while Instant::now() < deadline && matches!(self.process.try_wait(), Ok(None)) {
                thread::sleep(Duration::from_millis(20));
            }
        }
        for process in [Some(&mut self.process), self.screen.as_mut()].into_iter().flatten() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
