//! A file that comes over a line that breaks: what to ask for, what an answer means, and how long to wait before the next try.
//! Knows no browser: `web::download` asks and waits.

use crate::{Error, Result};

/// The first pause and the longest one, in seconds.
const FIRST_PAUSE: f64 = 1.0;
const LONGEST_PAUSE: f64 = 30.0;

/// A file is too short if so many answers in a row, each from its beginning, end at the same byte: broken lines break anywhere.
const SHORT_ANSWERS: u32 = 3;

/// Seconds to wait after so many failures in a row (1 at least): twice as long each time, up to half a minute. `random`, 0 to 1,
/// takes up to half of it away, so that a class whose network comes back does not ask all at once.
pub fn pause(failures: u32, random: f64) -> f64 {
    let whole = (FIRST_PAUSE * 2_f64.powi(failures.saturating_sub(1).min(16) as i32)).min(LONGEST_PAUSE);
    whole * (1.0 - random / 2.0)
}

/// Why a download has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The browser knows of no network.
    Offline,
    /// The connection broke off, or there was none.
    Cut,
    /// For too long nothing came.
    Stalled,
    /// The server says that it can't answer now, with this status.
    Busy(u16),
    /// Something between here and the server answers in its place: a network that wants people to sign in first.
    SignIn,
}

impl Trouble {
    /// Stable name, as `data-reason` of `#waiting` and the locale files have it.
    pub fn code(self) -> &'static str {
        match self {
            Trouble::Offline => "offline",
            Trouble::Cut => "cut",
            Trouble::Stalled => "stalled",
            Trouble::Busy(_) => "busy",
            Trouble::SignIn => "sign-in",
        }
    }
}

/// In English, for who does not wait any longer.
impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Offline => write!(f, "there is no network"),
            Trouble::Cut => write!(f, "the connection broke off"),
            Trouble::Stalled => write!(f, "nothing came for too long"),
            Trouble::Busy(status) => write!(f, "HTTP {status}"),
            Trouble::SignIn => write!(f, "the network answered with a page of its own"),
        }
    }
}

/// The head of an answer, as far as it matters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// 0 for one that leads elsewhere: browsers show no more of it.
    pub status: u16,
    pub content_type: String,
    pub content_length: Option<u64>,
    pub content_range: Option<String>,
    pub etag: Option<String>,
    /// The body is not the file but is unpacked to it on the way, so that its length is another one.
    pub is_encoded: bool,
}

/// What the body of an answer is.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// The file from its beginning: what came before is worth nothing.
    Whole,
    /// What is still missing.
    Rest,
    /// Nothing; another try may help.
    Wait(Trouble),
}

/// What has come of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Partial {
    /// For errors.
    name: String,
    received: u64,
    total: Option<u64>,
    /// The strong ETag of what has come.
    tag: Option<String>,
    /// Its length says nothing: see [`Head::is_encoded`].
    is_encoded: bool,
    /// Where the present answer began.
    from: u64,
    /// Where answers ended too early that began at the beginning, and how many of them in a row ended there.
    ended_at: (u64, u32),
    /// It was begun anew because something was wrong with it.
    is_second: bool,
}

impl Partial {
    /// Nothing yet; `name` is for errors.
    pub fn new(name: &str) -> Partial {
        Partial { name: name.into(), ..Partial::default() }
    }

    /// What was kept of it earlier, with its strong ETag.
    pub fn kept(name: &str, received: u64, total: Option<u64>, tag: &str) -> Partial {
        Partial { received, total, tag: Some(tag.into()), ..Partial::new(name) }
    }

    /// Bytes that are here.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Bytes in all, once the server has said how many: of what is encoded, another number than will come.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// It was begun anew because something was wrong with it: what caches have is as wrong.
    pub fn is_second(&self) -> bool {
        self.is_second
    }

    /// The values of `Range` and `If-Range` that ask for the rest. `None` if all of it has to be asked for: nothing has come, or
    /// nobody could tell whether the rest is of the same file.
    pub fn rest(&self) -> Option<(String, &str)> {
        let tag = self.tag.as_deref().filter(|_| self.received > 0)?;
        Some((format!("bytes={}-", self.received), tag))
    }

    /// What an answer's body is. `is_page`: a page of HTML is what was asked for.
    ///
    /// Errors when the server does not have the file, or has no file that holds together.
    pub fn hear(&mut self, head: &Head, is_page: bool) -> Result<Meaning> {
        let is_html = head.content_type.starts_with("text/html");
        match head.status {
            0 | 511 => Ok(Meaning::Wait(Trouble::SignIn)),
            200..=299 if is_html && !is_page => Ok(Meaning::Wait(Trouble::SignIn)),
            206 if self.continues(head) => {
                (self.from, self.ended_at) = (self.received, (0, 0));
                Ok(Meaning::Rest)
            }
            // Of another file, or of one that is shorter than was said.
            206 | 416 => self.is_wrong(head.content_range.as_deref().and_then(total_of)).map(|()| Meaning::Wait(Trouble::Cut)),
            200..=299 => {
                self.forget();
                self.total = head.content_length;
                self.tag = head.etag.clone().filter(|tag| tag.starts_with('"') && !head.is_encoded);
                self.is_encoded = head.is_encoded;
                Ok(Meaning::Whole)
            }
            408 | 425 | 429 | 500..=599 => Ok(Meaning::Wait(Trouble::Busy(head.status))),
            status => Err(Error::Fetch { what: self.name.clone(), reason: format!("HTTP {status}") }),
        }
    }

    /// Whether the answer goes on where this ends, in the same file.
    fn continues(&self, head: &Head) -> bool {
        let range = head.content_range.as_deref().unwrap_or_default();
        let start =
            range.strip_prefix("bytes ").and_then(|range| range.split_once('-')).and_then(|(start, _)| start.parse().ok());
        let is_same = head.etag.is_none() || head.etag == self.tag;
        is_same && !head.is_encoded && self.received > 0 && start == Some(self.received) && total_of(range) == self.total
    }

    /// So many bytes came.
    pub fn take(&mut self, bytes: u64) {
        self.received += bytes;
    }

    /// The answer ended, by itself or not (`is_cut`). Whether the file is whole.
    ///
    /// Errors when it is as short as it was the last times: no further try would bring more.
    pub fn end(&mut self, is_cut: bool) -> Result<bool> {
        let Some(total) = self.total.filter(|_| !self.is_encoded) else { return Ok(!is_cut) };
        if self.received == total {
            return Ok(true);
        }
        if self.from == 0 && self.received > 0 {
            let before = if self.ended_at.0 == self.received { self.ended_at.1 } else { 0 };
            self.ended_at = (self.received, before + 1);
        }
        if self.ended_at.1 < SHORT_ANSWERS { Ok(false) } else { Err(self.wrong_length(total, self.received)) }
    }

    /// Nothing of it can be used: begins anew.
    pub fn forget(&mut self) {
        (self.received, self.total, self.tag, self.from) = (0, None, None, 0);
    }

    /// The server contradicts itself: begins anew, once.
    fn is_wrong(&mut self, got: Option<u64>) -> Result<()> {
        if self.is_second {
            return Err(self.wrong_length(self.total.unwrap_or_default(), got.unwrap_or(self.received)));
        }
        self.is_second = true;
        self.forget();
        Ok(())
    }

    fn wrong_length(&self, expected: u64, got: u64) -> Error {
        let what = self.name.clone();
        if got > expected { Error::TrailingBytes { what, expected, got } } else { Error::Truncated { what, expected, got } }
    }
}

/// The length of the whole file in a `Content-Range` (`bytes 5-9/10`, `bytes */10`).
fn total_of(range: &str) -> Option<u64> {
    range.rsplit_once('/').and_then(|(_, total)| total.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(status: u16) -> Head {
        let content_type = "application/gzip".into();
        Head { status, content_type, content_length: Some(100), etag: Some("\"a\"".into()), ..Head::default() }
    }

    fn rest(from: u64, total: u64) -> Head {
        let content_range = Some(format!("bytes {from}-{}/{total}", total - 1));
        Head { content_range, content_length: Some(total - from), ..head(206) }
    }

    /// 40 of 100 bytes have come, and then the connection broke off.
    fn cut(head: &Head) -> Partial {
        let mut partial = Partial::new("x.gz");
        assert_eq!(partial.hear(head, false), Ok(Meaning::Whole));
        partial.take(40);
        assert_eq!(partial.end(true), Ok(false));
        partial
    }

    #[test]
    fn pauses_grow_to_half_a_minute_and_are_not_all_alike() {
        let longest: Vec<f64> = (1..=7).map(|failures| pause(failures, 0.0)).collect();
        assert_eq!(longest, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]);
        assert_eq!((pause(1, 1.0), pause(u32::MAX, 1.0), pause(3, 0.5)), (0.5, 15.0, 3.0));
    }

    #[test]
    fn what_was_cut_is_gone_on_with() {
        let mut partial = cut(&head(200));
        assert_eq!(partial.rest(), Some(("bytes=40-".into(), "\"a\"")));
        assert_eq!(partial.hear(&rest(40, 100), false), Ok(Meaning::Rest));
        assert_eq!((partial.received(), partial.total()), (40, Some(100)));
        partial.take(60);
        assert_eq!(partial.end(false), Ok(true));
        // The same over a reload.
        let mut kept = Partial::kept("x.gz", 40, Some(100), "\"a\"");
        assert_eq!(kept.hear(&rest(40, 100), false), Ok(Meaning::Rest));
    }

    #[test]
    fn a_server_that_sends_all_of_it_again_is_obeyed() {
        let mut partial = cut(&head(200));
        let changed = Head { etag: Some("\"b\"".into()), content_length: Some(70), ..head(200) };
        assert_eq!(partial.hear(&changed, false), Ok(Meaning::Whole));
        assert_eq!((partial.received(), partial.total()), (0, Some(70)));
        partial.take(30);
        assert_eq!(partial.rest(), Some(("bytes=30-".into(), "\"b\"")));
    }

    #[test]
    fn nothing_is_gone_on_with_that_may_be_of_another_file() {
        for etag in [None, Some("W/\"a\"".to_string())] {
            assert_eq!(cut(&Head { etag, ..head(200) }).rest(), None);
        }
        assert_eq!(Partial::new("x.gz").rest(), None, "nothing has come");
        let mut unpacked = Partial::new("x.gz");
        unpacked.hear(&Head { is_encoded: true, ..head(200) }, false).unwrap();
        unpacked.take(40);
        assert_eq!(unpacked.rest(), None);
        unpacked.take(80);
        assert_eq!((unpacked.end(false), unpacked.end(true)), (Ok(true), Ok(false)), "more than its length");
    }

    #[test]
    fn a_rest_of_another_file_begins_anew_once() {
        let other = Head { etag: Some("\"b\"".into()), ..rest(40, 100) };
        let wrong = [other, rest(39, 100), rest(40, 90), Head { content_range: None, ..rest(40, 100) }, head(416)];
        for wrong in wrong {
            let mut partial = cut(&head(200));
            assert_eq!(partial.hear(&wrong, false), Ok(Meaning::Wait(Trouble::Cut)), "{wrong:?}");
            assert_eq!((partial.received(), partial.rest()), (0, None), "{wrong:?}");
            assert_eq!(partial.hear(&head(200), false), Ok(Meaning::Whole));
            partial.take(40);
            assert!(partial.hear(&wrong, false).is_err(), "{wrong:?}");
        }
        let mut longer = cut(&head(200));
        longer.hear(&rest(40, 120), false).unwrap();
        longer.hear(&head(200), false).unwrap();
        longer.take(40);
        let error = Error::TrailingBytes { what: "x.gz".into(), expected: 100, got: 120 };
        assert_eq!(longer.hear(&rest(40, 120), false), Err(error));
    }

    #[test]
    fn a_file_that_is_always_as_short_is_an_error() {
        let mut partial = cut(&head(200));
        let mut again = |bytes: u64| {
            partial.hear(&head(200), false).unwrap();
            partial.take(bytes);
            partial.end(true)
        };
        assert_eq!([again(40), again(50), again(50)], [Ok(false), Ok(false), Ok(false)]);
        assert_eq!(again(50), Err(Error::Truncated { what: "x.gz".into(), expected: 100, got: 50 }));
        // Who goes on where it ended gets somewhere.
        let mut partial = cut(&head(200));
        for from in [40, 50, 60, 70] {
            partial.hear(&rest(from, 100), false).unwrap();
            partial.take(10);
            assert_eq!(partial.end(true), Ok(false));
        }
    }

    #[test]
    fn without_a_length_the_end_is_the_end() {
        let mut partial = Partial::new("x.gz");
        partial.hear(&Head { content_length: None, ..head(200) }, false).unwrap();
        partial.take(40);
        assert_eq!((partial.end(false), partial.end(true)), (Ok(true), Ok(false)));
    }

    #[test]
    fn what_is_no_answer_of_the_server_is_waited_for() {
        let page = Head { content_type: "text/html; charset=utf-8".into(), ..head(200) };
        for (head, trouble) in [
            (head(0), Trouble::SignIn),
            (head(511), Trouble::SignIn),
            (page.clone(), Trouble::SignIn),
            (Head { status: 206, ..page.clone() }, Trouble::SignIn),
            (head(503), Trouble::Busy(503)),
            (head(429), Trouble::Busy(429)),
        ] {
            let mut partial = cut(&self::head(200));
            assert_eq!(partial.hear(&head, false), Ok(Meaning::Wait(trouble)), "{head:?}");
            assert_eq!(partial.received(), 40, "{head:?}: what has come is kept");
        }
        assert_eq!(Partial::new("a.html").hear(&page, true), Ok(Meaning::Whole));
        for status in [301, 403, 404, 410] {
            let error = Error::Fetch { what: "x.gz".into(), reason: format!("HTTP {status}") };
            assert_eq!(
                Partial::new("x.gz").hear(&Head { content_type: page.content_type.clone(), ..head(status) }, false),
                Err(error)
            );
        }
    }
}
