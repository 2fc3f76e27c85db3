//! The lessons say the same in both languages, every formula converts, and what a text can get wrong is said.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use xtask::lessons::{LANGUAGES, Lesson, glossary, lesson, order};
use xtask::process::root;

fn folder() -> PathBuf {
    root().join("www/lessons")
}

/// A lesson made of this body, in a file of its own.
fn written(name: &str, text: &str) -> Result<Lesson, String> {
    let path = std::env::temp_dir().join(format!("inkling-lesson-{}-{name}.md", std::process::id()));
    fs::write(&path, text).unwrap();
    let lesson = lesson(&path);
    fs::remove_file(&path).unwrap();
    lesson
}

#[test]
fn every_lesson_is_there_in_both_languages_with_the_same_tasks_links_and_formulas() {
    let names = order(&folder()).unwrap();
    for name in &names {
        let [zh, en] = LANGUAGES.map(|language| {
            lesson(&folder().join(language).join(format!("{name}.md"))).unwrap_or_else(|error| panic!("{error}"))
        });
        assert_eq!(zh.tasks, en.tasks, "{name}");
        assert_eq!(zh.links, en.links, "{name}");
        assert_eq!(zh.minutes, en.minutes, "{name}");
        // Words in a formula are in the language.
        assert_eq!(zh.formulas.len(), en.formulas.len(), "{name}");
        assert!(
            zh.links.iter().any(|link| link.starts_with('?')),
            "{name} has a link into the laboratory, `[text](?layers=...)`"
        );
        for link in zh.links.iter().filter_map(|link| link.strip_prefix("#lesson/")) {
            assert!(names.iter().any(|name| name == link) || link.starts_with("glossary"), "{name}: there is no lesson {link}");
        }
    }
    // No text is left over that no page shows.
    for language in LANGUAGES {
        for entry in fs::read_dir(folder().join(language)).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_string_lossy().to_string();
            assert!(names.contains(&stem) || ["common", "glossary"].contains(&&*stem), "{}: not in order.txt", path.display());
        }
    }
}

#[test]
fn both_glossaries_have_the_same_terms() {
    let [zh, en] = LANGUAGES.map(|language| glossary(&folder().join(language).join("glossary.md")).unwrap().ids);
    assert_eq!(zh, en);
    assert!(zh.len() > 20 && zh.iter().collect::<BTreeSet<_>>().len() == zh.len());
}

#[test]
fn the_exhibits_words_are_the_same_in_both_languages() {
    for name in order(&folder()).unwrap().iter().map(String::as_str).chain(["common"]) {
        let [zh, en] = LANGUAGES.map(|language| {
            let path = folder().join(language).join(format!("{name}.ftl"));
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let ids = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            let ids: BTreeSet<String> = ids.filter_map(|line| Some(line.split_once(" =")?.0.to_string())).collect();
            // One module's messages live side by side.
            assert!(ids.iter().all(|id| id.starts_with(name) || name == "common"), "{name}.ftl: ids begin with {name}: {ids:?}");
            ids
        });
        assert_eq!(zh, en, "{name}.ftl");
    }
}

/// `after` and then a name in quotes, in the sources of the lessons.
fn named(after: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("src/web/lessons")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let stem = path.file_stem().unwrap().to_string_lossy().to_string();
        found.extend(text.split(after).skip(1).filter_map(|rest| Some((stem.clone(), rest.split_once('"')?.0.to_string()))));
    }
    found
}

#[test]
fn what_the_exhibits_name_is_there() {
    let ids = |file: &str| fs::read_to_string(folder().join("en").join(file)).unwrap();
    let common = ids("common.ftl");
    let known =
        |file: &str, id: &str| common.contains(&format!("\n{id} =")) || format!("\n{}", ids(file)).contains(&format!("\n{id} ="));
    let names = order(&folder()).unwrap();
    let words: Vec<_> = [named("stage.text(\""), named("words.text(\"")].concat();
    assert!(words.len() > 10);
    // An exhibit may be several files, whose names begin with the lesson's.
    let lesson_of = |file: &str| {
        let is_of = |name: &&String| file == name.replace('-', "_") || file.starts_with(&format!("{}_", name.replace('-', "_")));
        names.iter().find(is_of).cloned()
    };
    for (file, id) in &words {
        // Files of helpers speak with the common words alone.
        let file = lesson_of(file).unwrap_or("common".into());
        assert!(known(&format!("{file}.ftl"), id), "{file}.ftl has no {id}");
    }
    for (file, task) in named(".done(\"") {
        let name = lesson_of(&file).unwrap_or_else(|| panic!("{file} is no lesson's"));
        let lesson = lesson(&folder().join("en").join(format!("{name}.md"))).unwrap();
        assert!(lesson.tasks.contains(&task), "{file}: no task {task}");
    }
    // Every task can be done.
    let reported = named(".done(\"");
    for name in &names {
        for task in lesson(&folder().join("en").join(format!("{name}.md"))).unwrap().tasks {
            let is_reported = reported.iter().any(|(file, id)| lesson_of(file).as_ref() == Some(name) && *id == task);
            assert!(is_reported, "{name}: the exhibit never reports {task}");
        }
    }
}

const GOOD: &str = "---\ntitle: A & B\nminutes: 5\n---\nText $x_1$.\n\n{{exhibit}}\n\n- [ ] {#one} Do $1$.\n- [ ] {#two} Do 2.\n\nEnd, [there](?lr=1).\n";

#[test]
fn a_lesson_becomes_html_with_mathml() {
    let lesson = written("good", GOOD).unwrap();
    assert_eq!((lesson.title.as_str(), lesson.minutes), ("A & B", 5));
    assert_eq!(lesson.tasks, ["one", "two"]);
    assert_eq!(lesson.links, ["?lr=1"]);
    assert!(lesson.html.contains("<math><msub><mi>x</mi><mn>1</mn></msub></math>"), "{}", lesson.html);
    assert!(lesson.html.contains("<div class=\"exhibit\" data-exhibit></div>\n<ol class=\"tasks\">\n<li data-task=\"one\""));
}

/// Numbered steps in the text are no tasks.
#[test]
fn a_text_may_have_a_list_of_its_own() {
    let lesson = written("list", &GOOD.replace("Text", "1. First.\n2. Second.\n\nText")).unwrap();
    assert_eq!(lesson.tasks, ["one", "two"]);
    assert!(lesson.html.contains("<ol>\n<li>First.</li>"), "{}", lesson.html);
}

#[test]
fn mistakes_are_named() {
    let cases = [
        ("$x_1$", "$\\frac{1}{1$", "formula"),
        ("{{exhibit}}", "", "{{exhibit}} once, not 0"),
        ("{#two}", "{#one}", "same id"),
        ("- [ ] {#two} Do 2.", "", "two to four tasks"),
        ("minutes: 5", "minutes: some", "whole number"),
        ("title: A & B\n", "", "`title: ...` is missing"),
        ("End", "<b>End</b>", "not HTML"),
        ("- [ ] {#two}", "More.\n\n- [ ] {#two}", "one list"),
    ];
    for (i, (good, bad, said)) in cases.into_iter().enumerate() {
        assert!(GOOD.contains(good));
        let error = written(&format!("bad-{i}"), &GOOD.replace(good, bad)).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}
