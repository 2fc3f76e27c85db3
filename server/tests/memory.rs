//! Endless heads cost the server nothing. In a program of its own, since it looks at the memory of the whole program.
#![cfg(target_os = "linux")]

use inkling_server::{Limits, Server, text};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;
use std::{fs, thread};

/// What the program has had in memory at most, in kB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_head_of_a_gigabyte_is_refused_early() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let handler = async |_| Some(text(hyper::StatusCode::OK, "taken"));
    thread::spawn(move || Server::new(vec![listener]).within(Limits::default()).run(handler));
    let chunk = vec![b'x'; 1 << 20];
    let before = peak();
    let clients: Vec<_> = (0..16)
        .map(|_| {
            let chunk = chunk.clone();
            thread::spawn(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
                stream.write_all(b"GET / HTTP/1.1\r\nX: ").unwrap();
                let taken = (0..1024).take_while(|_| stream.write_all(&chunk).is_ok()).count();
                // What the system has taken for a connection that is closed already is no answer's concern.
                assert!(taken < 100, "{taken} MB were taken");
                let mut answer = [0; 12];
                if stream.read_exact(&mut answer).is_ok() {
                    assert_eq!(&answer, b"HTTP/1.1 431");
                }
            })
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
    let grown = peak() - before;
    assert!(grown < 40_000, "the program has grown by {grown} kB");
}
