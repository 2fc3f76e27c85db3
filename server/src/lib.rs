//! The web server of the site, for `inkling serve`, `cargo xtask serve` and the end-to-end tests.
//!
//! A [`Site`] answers GET and HEAD with its files and nothing else. A [`Server`] speaks HTTP/1.1 to any number of clients within
//! its [`Limits`], and gives each request to a handler, an async function from [`Request`] to `Option<Response>`: mostly
//! [`Site::answer`] and [`secure`], in tests also one that answers late, wrongly or not at all.

#![forbid(unsafe_code)]

#[cfg(feature = "https")]
mod certificate;
mod content;
mod headers;
mod patience;
mod represent;
mod serve;
mod site;

#[cfg(feature = "https")]
pub use certificate::Certificate;
pub use headers::{POLICY, secure};
pub use serve::{Limits, Server};
pub use site::Site;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderValue};

/// What a client asks for; bodies are not read.
pub type Request = hyper::Request<()>;
/// What it gets.
pub type Response = hyper::Response<Body>;
/// A body; an error in the middle ends the connection.
pub type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// A body that is there from the beginning.
pub fn body(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// A text of the server's own.
pub fn text(status: StatusCode, words: &'static str) -> Response {
    let mut response = Response::new(body(words));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
