//! `inkling serve` as a teacher starts it: addresses are shown, the page is there, and what is wrong is said in both languages.
#![cfg(all(not(target_arch = "wasm32"), feature = "serve"))]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A folder with a page in it.
fn site(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("index.html"), "the page").unwrap();
    folder
}

fn inkling(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inkling"));
    command.arg("serve").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What the program says when it refuses to start.
fn refusal(arguments: &[&str]) -> String {
    let output = inkling(arguments).output().unwrap();
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A server, which ends with this value.
struct Served {
    child: Child,
    port: u16,
    /// Until it named its port.
    said: String,
}

impl Served {
    fn start(arguments: &[&str], scheme: &str) -> Served {
        let mut served = Served { child: inkling(arguments).spawn().unwrap(), port: 0, said: String::new() };
        let lines = BufReader::new(served.child.stdout.take().unwrap()).lines();
        for line in lines.map_while(Result::ok) {
            served.said.push_str(&format!("{line}\n"));
            let here = line.trim().strip_prefix(&format!("{scheme}://localhost:"));
            if let Some(port) = here.and_then(|here| here.trim_end_matches('/').parse().ok()) {
                served.port = port;
                return served;
            }
        }
        panic!("it does not say where it serves: {}", served.said)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_page_is_served_and_its_address_shown() {
    let folder = site("served");
    let served = Served::start(&["--port", "0", "--name", "teacher.local", "--site", folder.to_str().unwrap()], "http");
    assert!(served.said.contains(&format!("    http://teacher.local:{}/\n", served.port)), "{}", served.said);
    assert!(served.said.contains("同一個網路裡的裝置請開啟") && served.said.contains('█'), "{}", served.said);
    // Addresses of IPv6 lead there, too, where this machine has any.
    let addresses: Vec<_> =
        ["127.0.0.1", "::1"].iter().filter_map(|host| TcpStream::connect((*host, served.port)).ok()).collect();
    assert!(!addresses.is_empty());
    for mut stream in addresses {
        write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("the page"), "{answer}");
        assert!(answer.contains("content-security-policy: ") && answer.contains("cross-origin-opener-policy: "), "{answer}");
    }
}

#[test]
fn https_is_offered() {
    let folder = site("secured");
    let served = Served::start(&["--port", "0", "--https", "--site", folder.to_str().unwrap()], "https");
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 307 "), "{answer}");
}

#[test]
fn what_is_wrong_is_said_in_both_languages() {
    let folder = site("refused");
    let folder = folder.to_str().unwrap();
    let taken = TcpListener::bind(("0.0.0.0", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = refusal(&["--port", &port, "--site", folder]);
    assert!(
        said.contains(&format!("連接埠 {port} 已經")) && said.contains(&format!("Another program uses port {port}")),
        "{said}"
    );
    let said = refusal(&[]);
    assert!(said.contains("這個程式裡沒有網站") && said.contains("There is no site inside this program"), "{said}");
    let said = refusal(&["--site", "src"]);
    assert!(said.contains("src 裡沒有網站") && said.contains("There is no site in src"), "{said}");
    let said = refusal(&["--port", "0", "--https", "--name", "教室", "--site", folder]);
    assert!(said.contains("做不出憑證") && said.contains("No certificate"), "{said}");
}
