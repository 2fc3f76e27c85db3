//! What a file of messages in one language (Fluent) must be before its parser reads it: the parser calls itself for every brace
//! in a brace, and what a network delivers in place of our file may be anything.

use crate::{Error, Result};

/// Ten times our largest file.
pub const MAX_BYTES: usize = 2 << 20;
/// Ours have three.
const MAX_DEPTH: usize = 16;

/// The text itself, if a parser may have it; `what` names it in errors.
///
/// Errors when it is too large, when its braces are nested too deeply, when an escaped character is cut short, and when it is a
/// page.
pub fn check<'a>(text: &'a str, what: &str) -> Result<&'a str> {
    if text.len() > MAX_BYTES {
        return Err(Error::TooLarge { what: what.into(), limit: MAX_BYTES as u64, got: text.len() as u64 });
    }
    if text.trim_start().starts_with('<') {
        return Err(Error::NotA { what: format!("a file of messages, but a page ({what})") });
    }
    let mut depth = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(Error::Malformed { what: what.into(), reason: format!("more than {MAX_DEPTH} braces in each other") });
        }
    }
    if let Some(cut) = text.match_indices('\\').find_map(|(at, _)| cut_short(&text[at + 1..])) {
        return Err(Error::Malformed { what: what.into(), reason: format!("an escaped character is cut short by {cut:?}") });
    }
    Ok(text)
}

/// The letter within the digits of a `\uHHHH` or `\UHHHHHH`, where the parser (fluent-syntax 0.12) would cut that letter in two
/// and panic.
fn cut_short(escaped: &str) -> Option<char> {
    let digits = match escaped.chars().next()? {
        'u' => 4,
        'U' => 6,
        _ => return None,
    };
    escaped.chars().skip(1).take(digits).find(|letter| !letter.is_ascii_hexdigit()).filter(|letter| !letter.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_parser_can_read_is_given_to_it() {
        assert_eq!(check("a = { $b ->\n   *[other] { c }\n }", "x"), Ok("a = { $b ->\n   *[other] { c }\n }"));
        assert!(check(&"{}".repeat(1000), "x").is_ok());
        assert!(matches!(check(&"{".repeat(17), "x"), Err(Error::Malformed { .. })));
        assert!(check("a = { \"\\u00e9 \\U01F602 \\u12\" } é", "x").is_ok());
        assert!(matches!(check(" <!doctype html>", "x"), Err(Error::NotA { .. })));
        assert!(matches!(check(&" ".repeat(MAX_BYTES + 1), "x"), Err(Error::TooLarge { .. })));
    }
    /// A parser that can read them makes the check needless.
    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn what_makes_the_parser_panic_is_not_given_to_it() {
        for cut in ["\\u00eé", "\\U01F60é", "\\ué"] {
            assert!(matches!(check(cut, "x"), Err(Error::Malformed { .. })), "{cut}");
            let parse = || fluent_bundle::FluentResource::try_new(format!("a = {{ \"{cut}\" }}")).is_ok();
            assert!(std::panic::catch_unwind(parse).is_err(), "{cut} is read");
        }
    }
}
