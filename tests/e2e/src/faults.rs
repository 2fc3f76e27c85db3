//! What goes wrong with an answer on its way: a test says so, file by file.

use std::io;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, RANGE};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use inkling_server::{Body, Request, Response, body};

/// One answer's fate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// It comes as it should.
    None,
    /// The connection breaks after so many bytes of the body.
    Cut(usize),
    /// So many bytes come, and then no more.
    Stall(usize),
    /// This status instead.
    Status(u16),
    /// The whole file, whatever part of it was asked for.
    Whole,
    /// One byte in the middle is another one.
    Damaged,
    /// It says that there are so many bytes more.
    Longer(usize),
    /// The page of a network that wants people to sign in, instead.
    SignIn,
    /// That page is on another host, and the answer leads there.
    LedAway,
}

/// Where [`Fault::LedAway`] leads.
pub const ELSEWHERE: &str = "http://sign-in.example/";

impl Fault {
    /// What is asked for instead.
    pub fn ask(self, mut request: Request) -> Request {
        if self == Fault::Whole {
            request.headers_mut().remove(RANGE);
        }
        request
    }

    /// What comes instead of the answer.
    pub async fn befall(self, response: Response) -> Response {
        let (mut head, whole) = response.into_parts();
        let mut bytes = whole.collect().await.expect("a file is read").to_bytes().to_vec();
        let length = bytes.len();
        head.headers.insert(CONTENT_LENGTH, length.into());
        let broken_off = stream::once(async { Err(io::ErrorKind::ConnectionAborted.into()) });
        let body = match self {
            Fault::None => return Response::from_parts(head, body(bytes)),
            Fault::Whole => body(bytes),
            Fault::Cut(after) => broken(bytes, after, broken_off),
            Fault::Stall(after) => broken(bytes, after, stream::pending()),
            Fault::Damaged => {
                bytes[length / 2] ^= 1;
                body(bytes)
            }
            Fault::Longer(by) => {
                head.headers.insert(CONTENT_LENGTH, (length + by).into());
                broken(bytes, length, broken_off)
            }
            Fault::Status(status) => return page(status),
            Fault::SignIn => return page(200),
            Fault::LedAway => {
                let mut response = page(302);
                response.headers_mut().insert(LOCATION, HeaderValue::from_static(ELSEWHERE));
                return response;
            }
        };
        Response::from_parts(head, body)
    }
}

/// So many bytes, and then what follows.
fn broken(
    mut bytes: Vec<u8>,
    after: usize,
    then: impl futures_util::Stream<Item = io::Result<Frame<Bytes>>> + Send + 'static,
) -> Body {
    bytes.truncate(after);
    let begin = stream::once(async { Ok(Frame::data(Bytes::from(bytes))) });
    StreamBody::new(begin.chain(then)).boxed_unsync()
}

fn page(status: u16) -> Response {
    let mut response = Response::new(body("<!doctype html><title>Wi-Fi</title><p>Please sign in."));
    *response.status_mut() = status.try_into().expect("a status");
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
