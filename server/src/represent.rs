//! Which form of a file a request gets: all of it, compressed, a part, or only the news that it has not changed (RFC 9110).

use crate::site::File;
use crate::{Request, Response, body, text};
use hyper::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    HeaderValue, IF_NONE_MATCH, IF_RANGE, RANGE, VARY,
};
use hyper::{Method, StatusCode};
use std::ops::Range;

/// The file as `request`, a GET or HEAD, wants it.
pub fn represent(file: &File, request: &Request) -> Response {
    let asked = request.headers();
    // A part is one of the file itself, so that what was half loaded can be completed from any server.
    let part = if request.method() == Method::GET { value(asked, &RANGE) } else { None };
    let packed = file.gzip.as_ref().filter(|_| part.is_none() && value(asked, &ACCEPT_ENCODING).is_some_and(accepts_gzip));
    // Another form of the same file is another thing to a cache.
    let tag = format!("\"{}{}\"", file.tag, if packed.is_some() { "-gzip" } else { "" });
    let mut response = if value(asked, &IF_NONE_MATCH).is_some_and(|known| is_among(known, &tag)) {
        status(StatusCode::NOT_MODIFIED)
    } else if let Some(packed) = packed {
        let mut response = Response::new(body(packed.clone()));
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        let part = part.filter(|_| value(asked, &IF_RANGE).is_none_or(|known| known == tag));
        partial(file, part.map_or(Part::Whole, |part| Part::parse(part, file.bytes.len())))
    };
    let head = response.headers_mut();
    head.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(file.content_type));
    // Kept, but asked for again each time: a rebuilt page is seen at once.
    head.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        head.insert(ETAG, tag);
    }
    if file.gzip.is_some() {
        head.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if packed.is_none() {
        head.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    }
    response
}

fn value<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(body(""));
    *response.status_mut() = status;
    response
}

/// Whether a list of coding names, with weights, has gzip in it with a weight above 0.
fn accepts_gzip(codings: &str) -> bool {
    codings.split(',').any(|coding| {
        let mut words = coding.split(';').map(str::trim);
        let is_gzip = words.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = words.find_map(|word| word.strip_prefix("q=")).map_or(Ok(1.0), str::parse::<f32>);
        is_gzip && weight.is_ok_and(|weight| weight > 0.0)
    })
}

/// Whether `tag` is in a list of entity tags; a weak one counts, too.
fn is_among(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// What a Range header asks for.
#[derive(Debug, PartialEq)]
enum Part {
    /// Also where it asks for several parts, or can't be read: a server may answer so.
    Whole,
    Bytes(Range<usize>),
    /// Nothing that is there.
    Beyond,
}

impl Part {
    fn parse(range: &str, length: usize) -> Part {
        let number = |text: &str| text.parse::<usize>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
            return Part::Whole;
        };
        match (number(first), number(last)) {
            (None, Some(count)) if first.is_empty() => match count.min(length) {
                0 => Part::Beyond,
                count => Part::Bytes(length - count..length),
            },
            (Some(first), None) if last.is_empty() && first < length => Part::Bytes(first..length),
            (Some(first), Some(last)) if first <= last && first < length => {
                Part::Bytes(first..last.saturating_add(1).min(length))
            }
            (Some(_), None) if last.is_empty() => Part::Beyond,
            (Some(first), Some(last)) if first <= last => Part::Beyond,
            _ => Part::Whole,
        }
    }
}

fn partial(file: &File, part: Part) -> Response {
    let length = file.bytes.len();
    let (mut response, range) = match part {
        Part::Whole => return Response::new(body(file.bytes.clone())),
        Part::Beyond => (text(StatusCode::RANGE_NOT_SATISFIABLE, "There is no such part\n"), format!("bytes */{length}")),
        Part::Bytes(range) => {
            let mut response = status(StatusCode::PARTIAL_CONTENT);
            *response.body_mut() = body(file.bytes.slice(range.clone()));
            (response, format!("bytes {}-{}/{length}", range.start, range.end - 1))
        }
    };
    if let Ok(range) = HeaderValue::try_from(range) {
        response.headers_mut().insert(CONTENT_RANGE, range);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_have_weights() {
        for yes in ["gzip", "gzip, deflate, br", "br;q=1.0, GZIP;q=0.5", "deflate,gzip ; q=0.001"] {
            assert!(accepts_gzip(yes), "{yes}");
        }
        for no in ["", "identity", "gzip;q=0", "br, gzip;q=0.0", "gzippy", "gzip;q=much", "*"] {
            assert!(!accepts_gzip(no), "{no}");
        }
    }

    #[test]
    fn parts_are_those_of_the_standard() {
        for (range, expected) in [
            ("bytes=0-3", Part::Bytes(0..4)),
            ("bytes=3-", Part::Bytes(3..10)),
            ("bytes=-4", Part::Bytes(6..10)),
            ("bytes=-40", Part::Bytes(0..10)),
            ("bytes=9-9", Part::Bytes(9..10)),
            ("bytes=5-18446744073709551615", Part::Bytes(5..10)),
            ("bytes=10-", Part::Beyond),
            ("bytes=10-12", Part::Beyond),
            ("bytes=-0", Part::Beyond),
            ("bytes=4-3", Part::Whole),
            ("bytes=+1-3", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("lines=0-3", Part::Whole),
            ("", Part::Whole),
        ] {
            assert_eq!(Part::parse(range, 10), expected, "{range}");
        }
        assert_eq!(Part::parse("bytes=-1", 0), Part::Beyond);
    }
}
