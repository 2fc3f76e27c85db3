//! `inkling serve`: the page for everyone in the same network, from one program and without the Internet.

mod network;
mod words;

use clap::Args;
use inkling_server::{Certificate, Server, Site};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use std::io::{self, ErrorKind, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct Options {
    /// The port
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The one address of this machine to serve on; without it all of them
    #[arg(long)]
    host: Option<IpAddr>,
    /// This machine's name in the network, such as teacher.local: shown as an address, and part of the certificate
    #[arg(long)]
    name: Option<String>,
    /// Serve over https with a certificate made now, so that browsers offer WebGPU and shared memory
    #[arg(long)]
    https: bool,
    /// Serve the site in this folder; without it the one inside this program
    #[arg(long)]
    site: Option<PathBuf>,
}

/// Serves until the program is ended. Errors are sentences, in both languages.
pub fn run(options: &Options) -> Result<(), String> {
    let site = match &options.site {
        Some(folder) => folder_site(folder)?,
        None => Site::embedded().ok_or(words::NO_SITE)?,
    };
    let listeners = network::listen(options.host, options.port).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => words::taken(options.port),
        _ => words::cannot_listen(options.port, &error),
    })?;
    let port = listeners[0].local_addr().map_err(|error| words::cannot_listen(options.port, &error))?.port();
    let hosts = hosts(options);
    let certificate = match options.https {
        true => Some(Certificate::new(&certified(&hosts)).map_err(|error| words::no_certificate(&*error))?),
        false => None,
    };
    // Where nobody reads it, the page is served all the same.
    let _ = writeln!(io::stdout(), "{}", greeting(&hosts, port, certificate.as_ref()));
    let mut server = Server::new(listeners);
    if let Some(certificate) = &certificate {
        server = server.with_certificate(certificate);
    }
    server.run(move |request| site.clone().respond(request)).map_err(|error| words::ended(&error))
}

fn folder_site(folder: &Path) -> Result<Site, String> {
    if !folder.join("index.html").is_file() {
        return Err(words::no_site_in(folder));
    }
    Site::folder(folder).map_err(|error| words::ended(&error))
}

/// Where others find this machine, the best first.
fn hosts(options: &Options) -> Vec<String> {
    let addresses = options.host.filter(|host| !host.is_unspecified()).map_or_else(network::addresses, |host| vec![host]);
    options.name.clone().into_iter().chain(addresses.iter().map(IpAddr::to_string)).collect()
}

/// What the certificate holds for.
fn certified(hosts: &[String]) -> Vec<String> {
    hosts.iter().cloned().chain(["localhost".into(), "127.0.0.1".into()]).collect()
}

fn url(scheme: &str, host: &str, port: u16) -> String {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_string() };
    format!("{scheme}://{host}:{port}/")
}

/// What the teacher reads: where to go, as text and as a picture, and what browsers will say.
fn greeting(hosts: &[String], port: u16, certificate: Option<&Certificate>) -> String {
    let scheme = if certificate.is_some() { "https" } else { "http" };
    let mut lines = vec![words::SERVING.to_string()];
    lines.extend(hosts.iter().map(|host| format!("    {}", url(scheme, host, port))));
    match hosts.first() {
        Some(best) => lines.extend(picture(&url(scheme, best, port))),
        None => lines.push(words::NO_NETWORK.into()),
    }
    lines.push(words::HERE.into());
    lines.push(format!("    {}", url(scheme, "localhost", port)));
    lines.push(certificate.map_or(words::PLAIN.into(), |certificate| words::secure(&certificate.fingerprint())));
    lines.push(words::END.into());
    lines.join("\n")
}

/// The QR code of an address, dark on the light that terminals write with.
fn picture(url: &str) -> Option<String> {
    let code = QrCode::new(url).ok()?;
    Some(code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_with_the_best_as_a_picture() {
        let hosts = ["192.168.1.5".to_string(), "fd00::5".to_string()];
        let shown = greeting(&hosts, 8080, None);
        assert!(shown.contains("    http://192.168.1.5:8080/\n    http://[fd00::5]:8080/\n"), "{shown}");
        assert!(shown.contains(&picture("http://192.168.1.5:8080/").unwrap()), "{shown}");
        assert!(shown.contains("--https"), "{shown}");
        let certificate = Certificate::new(&certified(&hosts)).unwrap();
        let shown = greeting(&hosts, 8443, Some(&certificate));
        assert!(shown.contains("https://192.168.1.5:8443/") && shown.contains(&certificate.fingerprint()), "{shown}");
        assert!(greeting(&[], 8080, None).contains("http://localhost:8080/"));
    }

    #[test]
    fn a_picture_is_square_and_has_its_margin() {
        let picture = picture("http://192.168.1.5:8080/").unwrap();
        let lines: Vec<&str> = picture.lines().collect();
        let width = lines[0].chars().count();
        assert!(lines.iter().all(|line| line.chars().count() == width) && width.div_ceil(2) == lines.len(), "{picture}");
        // Four modules of light around it, two of them in a line.
        assert!(lines[..2].iter().all(|line| line.chars().all(|c| c == '█')), "{picture}");
    }
}
