//! The site on a free port: the server of `cargo xtask serve`, and what it was asked for.

use std::env;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use xtask::http;
use xtask::server::{ISOLATION, answer};

/// Where the tests' own pages are, beside the site.
const PAGES: &str = "/e2e";

/// A site that is served until the tests end.
pub struct Site {
    origin: String,
    asked: Arc<Mutex<Vec<String>>>,
    is_down: Arc<AtomicBool>,
    laid_over: Arc<Mutex<Option<PathBuf>>>,
}

impl Site {
    /// Serves the site below the path `base` ("" or "/some/path"), and the tests' pages; `isolated`: with the headers that
    /// let its workers share memory; `offline`: with its service worker, instead of one that does nothing.
    pub fn serve(base: &'static str, isolated: bool, offline: bool) -> Site {
        let pkg = pkg();
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("pages").canonicalize();
        let pages = pages.expect("the tests' pages lie beside their Cargo.toml");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let origin = format!("http://{}", listener.local_addr().expect("it has an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        let is_down = Arc::new(AtomicBool::new(false));
        let is_down_now = is_down.clone();
        let laid_over = Arc::new(Mutex::new(None::<PathBuf>));
        let over = laid_over.clone();
        let handle = move |request: http::Request| {
            let url = request.url.clone();
            log.lock().unwrap_or_else(PoisonError::into_inner).push(url.clone());
            let headers: &[_] = if isolated { &ISOLATION } else { &[] };
            if is_down_now.load(Ordering::Relaxed) {
                return Ok(());
            }
            let over = over.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let over =
                over.filter(|over| url.strip_prefix(base).is_some_and(|rest| over.join(rest.trim_start_matches('/')).is_file()));
            match (url.strip_prefix(PAGES), url.strip_prefix(base)) {
                (None, Some(rest)) if over.is_some() => answer(request, rest, &over.unwrap_or_default(), headers),
                (None, Some("/sw.js")) if !offline => answer(request, "/idle.js", &pages, headers),
                (Some(rest), _) => answer(request, rest, &pages, headers),
                (None, Some(rest)) => answer(request, rest, &pkg, headers),
                // No path at all, so that nothing is found.
                (None, None) => answer(request, "", &pkg, headers),
            }
        };
        thread::spawn(move || http::serve(&listener, handle));
        Site { origin, asked, is_down, laid_over }
    }

    /// From now on the files of this folder take the place of the site's.
    pub fn lay_over(&self, folder: PathBuf) {
        *self.laid_over.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
    }

    /// From now on there is no network: every connection is closed without an answer.
    pub fn go_down(&self) {
        self.is_down.store(true, Ordering::Relaxed);
    }

    /// `http://127.0.0.1:port`
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The paths that browsers asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
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
