//! The words of index.html in the other languages, which the build puts at the end of the page: no request for them can fail, and
//! www/language.js fills them in before they are seen.

use std::fmt::Write;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement};
use fluent_syntax::parser;

use crate::process::{self, Result};
use xtask::lessons::LANGUAGES;

/// The page with the words that its `data-l10n` name, from `locales`, in every language but its own.
///
/// Errors when a message is missing, or is none that stands still.
pub fn add(html: &str, locales: &Path) -> Result<String> {
    let (before, after) = html.split_once("</body>").ok_or("the page has no </body>")?;
    let mut ids: Vec<&str> = html.split("data-l10n=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut languages = Vec::new();
    for language in LANGUAGES.into_iter().filter(|language| !html.contains(&format!("<html lang=\"{language}\""))) {
        let path = locales.join(format!("{language}.ftl"));
        let words = of(&String::from_utf8_lossy(&process::read(&path)?), &ids);
        languages.push(format!("{}:{}", quoted(language), words.map_err(|what| format!("{}: {what}", path.display()))?));
    }
    Ok(format!("{before}<script type=\"application/json\" id=\"words\">{{{}}}</script>\n</body>{after}", languages.join(",")))
}

/// A language's messages as JSON: `{"id":{"value":"...","attributes":{"title":"..."}}}`.
fn of(source: &str, ids: &[&str]) -> Result<String> {
    let file = parser::parse(source).map_err(|(_, errors)| format!("{errors:?}"))?;
    let messages: Vec<&Message<&str>> = file.body.iter().filter_map(message).collect();
    let mut words = Vec::new();
    for id in ids {
        let message = messages.iter().find(|message| message.id.name == *id).ok_or_else(|| format!("has no {id}"))?;
        let text = |pattern| still(pattern).map(|text| quoted(&text)).ok_or_else(|| format!("{id} depends on something"));
        let mut parts = Vec::new();
        if let Some(value) = &message.value {
            parts.push(format!("\"value\":{}", text(value)?));
        }
        let attributes = message.attributes.iter().map(|attribute| Ok((quoted(attribute.id.name), text(&attribute.value)?)));
        let attributes = attributes.collect::<Result<Vec<_>>>()?;
        if !attributes.is_empty() {
            let pairs: Vec<String> = attributes.iter().map(|(name, text)| format!("{name}:{text}")).collect();
            parts.push(format!("\"attributes\":{{{}}}", pairs.join(",")));
        }
        words.push(format!("{}:{{{}}}", quoted(id), parts.join(",")));
    }
    Ok(format!("{{{}}}", words.join(",")))
}

fn message<'a, 'b>(entry: &'a Entry<&'b str>) -> Option<&'a Message<&'b str>> {
    if let Entry::Message(message) = entry { Some(message) } else { None }
}

/// The pattern's text, where it is always the same.
fn still(pattern: &Pattern<&str>) -> Option<String> {
    let text = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } => Some(value.to_string()),
        PatternElement::Placeable { expression: Expression::Inline(InlineExpression::StringLiteral { value }) } => {
            Some(value.to_string())
        }
        PatternElement::Placeable { .. } => None,
    };
    pattern.elements.iter().map(text).collect()
}

/// A string of JSON that may stand in HTML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '<' | '\0'..' ' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_words_that_it_names() {
        let source = "a = One\n    and “two”\nb =\n    .title = </script> \"3\"\nc = { $n } things\nd = unused\n";
        let words = of(source, &["a", "b"]).unwrap();
        let expected = r#"{"a":{"value":"One\u000aand “two”"},"b":{"attributes":{"title":"\u003c/script> \"3\""}}}"#;
        assert_eq!(words, expected);
        assert!(of(source, &["c"]).unwrap_err().contains("c depends"));
        assert!(of(source, &["e"]).unwrap_err().contains("no e"));
    }

    #[test]
    fn index_html_gets_its_english_words() {
        let www = process::root().join("www");
        let html = String::from_utf8(process::read(&www.join("index.html")).unwrap()).unwrap();
        let page = add(&html, &www.join("locales")).unwrap();
        let words = page.split_once("id=\"words\">").unwrap().1;
        assert!(words.starts_with("{\"en\":{") && words.contains("\"undo\":{\"value\":\"Undo\"}"), "{words}");
        assert!(!words.contains("zh-TW") && words.ends_with("}}}</script>\n</body>\n</html>\n"), "{words}");
    }
}
