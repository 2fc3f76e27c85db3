//! What keeps the page to itself, in one place: the headers of every response.

use crate::Response;
use hyper::header::{HeaderName, HeaderValue};

/// The Content-Security-Policy: nothing runs but the site's own files, and they ask no other host for anything.
/// `wasm-unsafe-eval` allows to compile WebAssembly and nothing else.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
                          connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

const SECURITY: &[(&str, &str)] = &[
    // These two isolate the page: only then may its workers share memory.
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    // The page has it as a <meta>, too, but its workers only have what comes with their scripts.
    ("content-security-policy", POLICY),
];

/// The response with the headers that isolate the page and bind what runs in it.
pub fn secure(mut response: Response) -> Response {
    for &(name, value) in SECURITY {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
