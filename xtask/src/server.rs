//! Serves the built site on this machine only.

use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;

use inkling_server::{Server, Site};

use crate::process::{self, Result};

/// Where the site is served unless the person says otherwise or something else is there.
const DEFAULT_PORT: u16 = 8080;

/// Serves `folder` until the program is ended.
pub fn serve(folder: &Path, port: Option<u16>, open: bool) -> Result {
    let site = Site::folder(folder).map_err(|error| format!("cannot serve {}: {error}", folder.display()))?;
    let listener = listen(port)?;
    let address = listener.local_addr().map_err(|error| format!("the server has no address: {error}"))?;
    let address = format!("http://{address}/");
    println!("Serving {} at {address} (end with Ctrl-C)", folder.display());
    io::stdout().flush().map_err(|error| format!("cannot print: {error}"))?;
    if open {
        open_browser(&address)?;
    }
    let served = Server::new(vec![listener]).run(move |request| site.clone().respond(request));
    served.map_err(|error| format!("the server ended: {error}"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named() {
        let taken = listen(Some(0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(listen(Some(port)).unwrap_err().contains(&port.to_string()));
    }
}
