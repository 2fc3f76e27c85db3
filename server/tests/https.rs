//! A certificate that nobody has signed still encrypts, and says which one it is.
#![cfg(feature = "https")]

use inkling_server::{Certificate, Limits, Request, Server, text};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring};
use std::error::Error;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

const REQUEST: &[u8] = b"GET /page?lang=en HTTP/1.1\r\nHost: 192.168.1.5:8443\r\nConnection: close\r\n\r\n";

fn certificate() -> Certificate {
    Certificate::new(&["192.168.1.5".into(), "teacher.local".into(), "localhost".into()]).unwrap()
}

fn serve(certificate: &Certificate, limits: Limits) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::new(vec![listener]).within(limits).with_certificate(certificate);
    thread::spawn(move || server.run(async |_: Request| Some(text(hyper::StatusCode::OK, "secret"))));
    address
}

/// Asks as a browser that trusts `certificate` and expects the server to be `name`.
fn ask(address: SocketAddr, certificate: &Certificate, name: &'static str) -> Result<String, Box<dyn Error>> {
    let mut trusted = RootCertStore::empty();
    trusted.add(certificate.der().clone())?;
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions()?.with_root_certificates(trusted).with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), ServerName::try_from(name)?)?;
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    stream.write_all(REQUEST)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn it_holds_for_the_addresses_that_are_shown() {
    let certificate = certificate();
    let address = serve(&certificate, Limits::default());
    for name in ["192.168.1.5", "teacher.local", "localhost"] {
        let answer = ask(address, &certificate, name).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("secret"), "{name}: {answer}");
    }
    assert!(ask(address, &certificate, "example.com").is_err(), "it is not for everybody's name");
    let another = self::certificate();
    assert!(ask(address, &another, "localhost").is_err(), "every certificate is another one");
    assert_ne!(certificate.fingerprint(), another.fingerprint());
    assert_eq!(certificate.fingerprint().split(':').map(str::len).collect::<Vec<_>>(), [2; 32]);
    assert!(Certificate::new(&["no name\u{4e2d}".into()]).is_err());
}

#[test]
fn who_comes_without_https_is_sent_there() {
    let address = serve(&certificate(), Limits::default());
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(REQUEST).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 307 "), "{answer}");
    assert!(answer.contains("location: https://192.168.1.5:8443/page?lang=en\r\n") && !answer.contains("secret"), "{answer}");
}

#[test]
fn a_handshake_that_does_not_end_ends_with_its_time() {
    let address = serve(&certificate(), Limits { head_time: Duration::from_millis(200), ..Limits::default() });
    for begun in [&b""[..], b"\x16", b"\x16\x03\x01"] {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(begun).unwrap();
        let ended = stream.read(&mut [0; 8]);
        let is_closed = |kind| matches!(kind, std::io::ErrorKind::ConnectionReset);
        assert!(ended.as_ref().map_or_else(|error| is_closed(error.kind()), |count| *count == 0), "{begun:?}: {ended:?}");
    }
}
