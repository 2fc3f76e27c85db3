//! Who drips, stalls, floods or comes in crowds is sent away, and the others are served.

use super::{Folder, LIMIT, ask, connect, has, read_all, split};
use inkling_server::Limits;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_millis(200);

#[test]
fn a_head_that_drips_ends_with_its_time() {
    let folder = Folder::new();
    let address = folder.serve(Limits { head_time: SOON, ..Limits::default() });
    let mut slow = connect(address);
    slow.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
    let mut drips = "GET / HTTP/1.1\r\nX: ".bytes().chain(std::iter::repeat_n(b'x', 10_000));
    let closed = drips.by_ref().any(|byte| slow.write_all(&[byte]).is_err() || ended(&mut slow));
    assert!(closed, "ten thousand drips were taken");
}

/// Whether the server has closed the connection; waits as long as reading may.
fn ended(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 1024]) {
        Ok(count) => count == 0,
        Err(error) => !matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut),
    }
}

#[test]
fn a_connection_that_is_not_used_is_closed() {
    let folder = Folder::new();
    let address = folder.serve(Limits { head_time: SOON, ..Limits::default() });
    let mut silent = connect(address);
    assert_eq!(silent.read(&mut [0; 8]).unwrap(), 0);
    // After an answer, too, on which the connection stays open at first.
    let mut kept = connect(address);
    for _ in 0..2 {
        write!(kept, "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }
    let answers = String::from_utf8(read_all(&mut kept)).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
}

#[test]
fn a_head_that_is_too_long_is_refused() {
    let folder = Folder::new();
    let address = folder.serve(Limits::default());
    let long = |bytes| format!("GET / HTTP/1.1\nX: {}", "x".repeat(bytes));
    assert!(has(&ask(address, &long(12_000)).0, "http/1.1 200 ok"));
    assert!(has(&ask(address, &long(17_000)).0, "http/1.1 431 request header fields too large"));
    let many = format!("GET / HTTP/1.1{}", "\nX: x".repeat(200));
    assert!(has(&ask(address, &many).0, "http/1.1 431 request header fields too large"));
}

#[test]
fn a_body_is_not_waited_for() {
    let folder = Folder::new();
    let address = folder.serve(Limits::default());
    let (head, _) = ask(address, "POST / HTTP/1.1\nContent-Length: 1000000000");
    assert!(has(&head, "http/1.1 405 method not allowed"), "{head}");
}

/// Asks again and again until the answer begins with `status`.
fn wait_for(address: SocketAddr, status: &str) {
    let start = Instant::now();
    loop {
        let mut stream = connect(address);
        let _ = write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = read_all(&mut stream);
        if answer.starts_with(status.as_bytes()) {
            return;
        }
        assert!(start.elapsed() < LIMIT, "{}", String::from_utf8_lossy(&answer));
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_connection_too_many_is_told_to_come_again() {
    let folder = Folder::new();
    let address = folder.serve(Limits { connections: 2, ..Limits::default() });
    let mut two = [connect(address), connect(address)];
    // They are served, so they are counted.
    for stream in &mut two {
        write!(stream, "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        stream.read_exact(&mut [0; 12]).unwrap();
    }
    let (head, body) = split(read_all(&mut connect(address)));
    assert!(has(&head, "http/1.1 503 service unavailable") && has(&head, "retry-after: 2") && body.is_empty(), "{head}");
    drop(two);
    wait_for(address, "HTTP/1.1 200");
}

#[test]
fn who_stops_reading_makes_room() {
    let folder = Folder::new();
    // More than a connection's buffers hold.
    folder.write("large.gz", &vec![7; 64 << 20]);
    let address = folder.serve(Limits { connections: 1, stall_time: SOON, ..Limits::default() });
    let mut stalled = connect(address);
    write!(stalled, "GET /large.gz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    stalled.read_exact(&mut [0; 12]).unwrap();
    wait_for(address, "HTTP/1.1 200");
    assert!(read_all(&mut stalled).len() < 64 << 20);
}

/// Browsers open connections ahead of their requests, and use them in any order.
#[test]
fn idle_connections_keep_nobody_waiting() {
    let folder = Folder::new();
    let address = folder.serve(Limits::default());
    let mut connections: Vec<TcpStream> = (0..200).map(|_| connect(address)).collect();
    for connection in connections.iter_mut().rev() {
        write!(connection, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut status = [0; 12];
        connection.read_exact(&mut status).unwrap();
        assert_eq!(&status, b"HTTP/1.1 200");
    }
}
