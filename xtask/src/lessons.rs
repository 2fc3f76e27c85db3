//! The lessons' texts: Markdown in `www/lessons/LANGUAGE/` to fragments of HTML in the site, with formulas as MathML. What a
//! lesson consists of is in `www/lessons/README.md`. Everything that a text can get wrong is an error here, with the file and
//! what to do.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, html};

use crate::process::Result;

/// The languages, the deck's first.
pub const LANGUAGES: [&str; 2] = ["zh-TW", "en"];

/// What a lesson's text says.
#[derive(Debug, Default, PartialEq)]
pub struct Lesson {
    pub title: String,
    /// How long a class needs for it.
    pub minutes: u32,
    /// A fragment of HTML.
    pub html: String,
    /// The ids of its tasks, in order.
    pub tasks: Vec<String>,
    /// Links into the laboratory and to other lessons, in order.
    pub links: Vec<String>,
    /// Its formulas, in order.
    pub formulas: Vec<String>,
}

/// The lessons' names in order, from `www/lessons/order.txt`.
pub fn order(folder: &Path) -> Result<Vec<String>> {
    let text = read(&folder.join("order.txt"))?;
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(String::from).collect())
}

/// Writes all lessons below `site`: `lessons/LANGUAGE/NAME.html`, `index.html`, `glossary.html` and the exhibits' words.
pub fn build(folder: &Path, site: &Path) -> Result {
    let names = order(folder)?;
    for language in LANGUAGES {
        let (from, to) = (folder.join(language), site.join("lessons").join(language));
        fs::create_dir_all(&to).map_err(|error| format!("cannot create {}: {error}", to.display()))?;
        let mut index = String::from("<ol class=\"lesson-list\">\n");
        for name in &names {
            let lesson = lesson(&from.join(format!("{name}.md")))?;
            let Lesson { title, minutes, tasks, .. } = &lesson;
            index += &format!("<li><a href=\"#lesson/{name}\" data-minutes=\"{minutes}\" data-tasks=\"{}\">", tasks.join(" "));
            index += &format!("{}</a></li>\n", escape(title));
            write(&to.join(format!("{name}.html")), &lesson.html)?;
            write(&to.join(format!("{name}.ftl")), &read(&from.join(format!("{name}.ftl")))?)?;
        }
        write(&to.join("index.html"), &(index + "</ol>\n"))?;
        write(&to.join("common.ftl"), &read(&from.join("common.ftl"))?)?;
        write(&to.join("glossary.html"), &glossary(&from.join("glossary.md"))?.html)?;
    }
    Ok(())
}

/// One lesson, in one language.
pub fn lesson(path: &Path) -> Result<Lesson> {
    let complain = |what: &str| format!("{}: {what}", path.display());
    let text = read(path)?;
    let (head, body) = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .ok_or_else(|| complain("begins with `---`, `title: ...`, `minutes: ...`, `---`"))?;
    let field = |name: &str| {
        let value = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.map(str::trim).filter(|value| !value.is_empty()).ok_or_else(|| complain(&format!("`{name}: ...` is missing")))
    };
    let minutes = field("minutes")?.parse().map_err(|_| complain("`minutes` is a whole number"))?;
    let mut lesson = Lesson { title: field("title")?.into(), minutes, ..Lesson::default() };
    let (mut block, mut exhibits, mut lists) = (String::new(), 0, 0);
    let mut lines = body.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() == "{{exhibit}}" {
            exhibits += 1;
            flush(&mut block, &mut lesson).map_err(|what| complain(&what))?;
            lesson.html += "<div class=\"exhibit\" data-exhibit></div>\n";
        } else if let Some((id, text)) = task(line) {
            flush(&mut block, &mut lesson).map_err(|what| complain(&what))?;
            if lesson.tasks.is_empty() {
                lesson.html += "<ol class=\"tasks\">\n";
            }
            let text = markdown(text, &mut lesson).map_err(|what| complain(&what))?;
            lesson.html += &format!("<li data-task=\"{id}\" data-done=\"no\">{text}</li>\n");
            lesson.tasks.push(id.into());
            if lines.peek().is_none_or(|next| task(next).is_none()) {
                lesson.html += "</ol>\n";
                lists += 1;
            }
        } else {
            block += line;
            block.push('\n');
        }
    }
    flush(&mut block, &mut lesson).map_err(|what| complain(&what))?;
    let distinct: BTreeSet<_> = lesson.tasks.iter().collect();
    let wrong = if exhibits != 1 {
        format!("has the line {{{{exhibit}}}} once, not {exhibits} times")
    } else if !(2..=4).contains(&lesson.tasks.len()) {
        "has two to four tasks, `- [ ] {#id} text`".into()
    } else if distinct.len() != lesson.tasks.len() {
        "two tasks have the same id".into()
    } else if lists != 1 {
        "its tasks stand in one list, without lines between them".into()
    } else {
        return Ok(lesson);
    };
    Err(complain(&wrong))
}

/// A glossary: its ids and its HTML.
#[derive(Debug, Default, PartialEq)]
pub struct Glossary {
    pub ids: Vec<String>,
    pub html: String,
}

/// The glossary in one language: a line `- {#id} term: sentence` each.
pub fn glossary(path: &Path) -> Result<Glossary> {
    let mut glossary = Glossary { ids: Vec::new(), html: "<dl class=\"glossary\">\n".into() };
    for line in read(path)?.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let entry = line.strip_prefix("- {#").and_then(|rest| rest.split_once("} "));
        let parts = entry.and_then(|(id, rest)| Some((id, rest.split_once("：").or_else(|| rest.split_once(": "))?)));
        let Some((id, (term, sentence))) = parts else {
            return Err(format!("{}: a line is `- {{#id}} term: sentence`, not {line}", path.display()));
        };
        let sentence = markdown(sentence.trim(), &mut Lesson::default()).map_err(|what| format!("{}: {what}", path.display()))?;
        glossary.html += &format!("<div id=\"term-{id}\"><dt>{}</dt><dd>{sentence}</dd></div>\n", escape(term.trim()));
        glossary.ids.push(id.into());
    }
    glossary.html += "</dl>\n";
    Ok(glossary)
}

/// `- [ ] {#id} text`.
fn task(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("- [ ] {#")?.split_once("} ")
}

fn flush(block: &mut String, lesson: &mut Lesson) -> std::result::Result<(), String> {
    if !block.trim().is_empty() {
        let html = markdown(block, lesson)?;
        lesson.html += &html;
    }
    block.clear();
    Ok(())
}

/// Markdown as HTML. Formulas become MathML; HTML in the text is not allowed.
fn markdown(text: &str, lesson: &mut Lesson) -> std::result::Result<String, String> {
    let converter = LatexToMathML::new(MathCoreConfig::default()).map_err(|_| "the formula converter does not start")?;
    let mut events = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_MATH | Options::ENABLE_TABLES) {
        let mut math = |latex: &CowStr, display| {
            let converted = converter.convert_with_local_state(latex, display);
            let converted = converted.map_err(|error| format!("the formula {latex} can't be read: {error}"))?;
            lesson.formulas.push(latex.to_string());
            Ok::<_, String>(Event::InlineHtml(converted.mathml.into()))
        };
        events.push(match event {
            Event::InlineMath(latex) => math(&latex, MathDisplay::Inline)?,
            Event::DisplayMath(latex) => math(&latex, MathDisplay::Block)?,
            // What the parser does not see as a formula: a lone sign, or braces that do not close.
            Event::Text(text) if text.contains('$') => {
                return Err(format!("a formula does not end, or its braces don't: {text}"));
            }
            Event::Html(html) | Event::InlineHtml(html) => return Err(format!("write Markdown, not HTML: {html}")),
            Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id }) => {
                lesson.links.push(dest_url.to_string());
                Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id })
            }
            other => other,
        });
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    Ok(out)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
