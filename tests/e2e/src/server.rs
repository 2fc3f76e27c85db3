//! The site on a free port: the server of `cargo xtask serve`, and what it was asked for.

use std::collections::VecDeque;
use std::env;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use http::header::RANGE;
use inkling_server::{Request, Response, Server, secure};

use crate::faults::Fault;

/// Where the tests' own pages are, beside the site.
const PAGES: &str = "/e2e";

/// A site that is served until the tests end.
pub struct Site {
    origin: String,
    host: Arc<Host>,
}

/// What the browser's requests meet.
struct Host {
    base: &'static str,
    isolated: bool,
    offline: bool,
    site: inkling_server::Site,
    pages: inkling_server::Site,
    laid_over: Mutex<Option<inkling_server::Site>>,
    asked: Mutex<Vec<String>>,
    parts: Mutex<Vec<(String, String)>>,
    faults: Mutex<Vec<(String, VecDeque<Fault>)>>,
    is_down: AtomicBool,
}

impl Site {
    /// Serves the site below the path `base` ("" or "/some/path"), and the tests' pages; `isolated`: with the headers that
    /// let its workers share memory and bind them; `offline`: with its service worker, instead of one that does nothing.
    pub fn serve(base: &'static str, isolated: bool, offline: bool) -> Site {
        let pages = folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pages"));
        let host = Arc::new(Host {
            base,
            isolated,
            offline,
            site: folder(&pkg()),
            pages,
            laid_over: Mutex::default(),
            asked: Mutex::default(),
            parts: Mutex::default(),
            faults: Mutex::default(),
            is_down: AtomicBool::new(false),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let origin = format!("http://{}", listener.local_addr().expect("it has an address"));
        let answering = host.clone();
        let handler = move |request| {
            let host = answering.clone();
            async move { host.answer(request).await }
        };
        thread::spawn(move || Server::new(vec![listener]).run(handler));
        Site { origin, host }
    }

    /// From now on the files of this folder take the place of the site's.
    pub fn lay_over(&self, with: PathBuf) {
        *locked(&self.host.laid_over) = Some(folder(&with));
    }

    /// Of the files whose names end so, each of the next answers meets with one of these faults, in their order.
    pub fn fail(&self, name: &str, faults: impl IntoIterator<Item = Fault>) {
        let mut all = locked(&self.host.faults);
        all.retain(|(other, _)| other != name);
        all.push((name.into(), faults.into_iter().collect()));
    }

    /// From now on there is no network: every connection is closed without an answer.
    pub fn go_down(&self) {
        self.host.is_down.store(true, Ordering::Relaxed);
    }

    /// `http://127.0.0.1:port`
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The paths that browsers asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        locked(&self.host.asked).clone()
    }

    /// The parts that they asked for: path and range.
    pub fn parts(&self) -> Vec<(String, String)> {
        locked(&self.host.parts).clone()
    }
}

impl Host {
    async fn answer(&self, request: Request) -> Option<Response> {
        let address = request.uri().path_and_query().map_or("", |address| address.as_str());
        locked(&self.asked).push(address.to_string());
        if let Some(range) = request.headers().get(RANGE) {
            locked(&self.parts).push((address.to_string(), String::from_utf8_lossy(range.as_bytes()).into_owned()));
        }
        if self.is_down.load(Ordering::Relaxed) {
            return None;
        }
        let response = match self.next_fault(address) {
            None => self.find(address, &request).await,
            Some(fault) => {
                let address = address.to_string();
                let request = fault.ask(request);
                fault.befall(self.find(&address, &request).await).await
            }
        };
        Some(if self.isolated { secure(response) } else { response })
    }

    fn next_fault(&self, address: &str) -> Option<Fault> {
        let path = address.split('?').next().unwrap_or_default();
        let mut faults = locked(&self.faults);
        faults.iter_mut().find(|(name, _)| path.ends_with(name.as_str())).and_then(|(_, faults)| faults.pop_front())
    }

    async fn find(&self, address: &str, request: &Request) -> Response {
        if let Some(page) = address.strip_prefix(PAGES) {
            return self.pages.answer(page, request).await;
        }
        // Elsewhere there is nothing, as no path at all names nothing.
        let path = address.strip_prefix(self.base).unwrap_or_default();
        if path == "/sw.js" && !self.offline {
            return self.pages.answer("/idle.js", request).await;
        }
        let laid_over = locked(&self.laid_over).clone();
        if let Some(over) = laid_over {
            let response = over.answer(path, request).await;
            if response.status() != 404 {
                return response;
            }
        }
        self.site.answer(path, request).await
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn folder(path: &Path) -> inkling_server::Site {
    inkling_server::Site::folder(path).unwrap_or_else(|error| panic!("cannot serve {}: {error}", path.display()))
}

/// The folder of the built site.
pub fn pkg() -> PathBuf {
    let folder =
        env::var_os("INKLING_PKG").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pkg"), PathBuf::from);
    match folder.canonicalize() {
        Ok(folder) if folder.join("inkling.js").is_file() => folder,
        _ => panic!("{} holds no built site: run `cargo xtask build`", folder.display()),
    }
}
