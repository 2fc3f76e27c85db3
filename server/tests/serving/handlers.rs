//! A handler has all in its hands: it may answer nothing, or break off in the middle.

use super::{connect, read_all, serve, split};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use hyper::header::CONTENT_LENGTH;
use inkling_server::{Limits, Response, body};
use std::future::ready;
use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;
use tokio::sync::Notify;

#[test]
fn a_connection_can_be_closed_without_an_answer() {
    let address = serve(Limits::default(), async |_| None);
    let mut stream = connect(address);
    write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert_eq!(read_all(&mut stream), b"");
}

#[test]
fn a_body_can_end_too_early() {
    let read = Arc::new(Notify::new());
    let was_read = read.clone();
    let address = serve(Limits::default(), move |_| {
        let was_read = was_read.clone();
        let half = stream::once(async { Ok(Frame::data(Bytes::from_static(b"half"))) });
        let end = stream::once(async move {
            was_read.notified().await;
            Err(ErrorKind::ConnectionAborted.into())
        });
        let mut response = Response::new(StreamBody::new(half.chain(end)).boxed_unsync());
        response.headers_mut().insert(CONTENT_LENGTH, 8.into());
        ready(Some(response))
    });
    let mut stream = connect(address);
    write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut start = vec![0; 12];
    stream.read_exact(&mut start).unwrap();
    read.notify_one();
    start.extend(read_all(&mut stream));
    let (head, body) = split(start);
    assert!(head.contains("content-length: 8"), "{head}");
    assert_eq!(body, b"half");
}

#[test]
fn a_request_is_handed_over_as_it_came() {
    let address = serve(Limits::default(), async |request| {
        let seen = format!("{} {} {:?}", request.method(), request.uri(), request.headers()["x-own"]);
        Some(Response::new(body(seen)))
    });
    let (_, body) = super::ask(address, "GET /a%20b?c=d HTTP/1.1\nX-Own: yes");
    assert_eq!(String::from_utf8(body).unwrap(), "GET /a%20b?c=d \"yes\"");
}
