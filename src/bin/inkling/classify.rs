//! `inkling classify`: drawings in, digits out, through the same ink path and network as the canvas.

use super::files::{failed, read_model};
use inkling::format::model_file;
use inkling::ink::{self, jsonl};
use inkling::model::Predictor;
use inkling::verdict::Verdict;
use inkling::{Error, Result};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// The network that ships with the page.
const SHIPPED: &[u8] = include_bytes!("../../../www/models/shipped.inkling");

pub fn run(strokes: &Path, model: Option<&Path>) -> Result<()> {
    let file = match model {
        Some(path) => read_model(path)?,
        None => model_file::decode(SHIPPED)?,
    };
    for (what, expected, got) in
        [("pixels that the network reads", ink::PIXELS, file.spec.inputs()), ("classes", 10, file.spec.classes())]
    {
        if expected != got {
            return Err(Error::Shape { what: what.into(), expected: expected as u64, got: got as u64 });
        }
    }
    let mut predictor = Predictor::new(file.spec, &file.parameters)?;
    let input: Box<dyn BufRead> = if strokes == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(strokes).map_err(|e| failed(strokes, &e))?))
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for (number, line) in (1..).zip(input.lines()) {
        let line = line.map_err(|e| failed(strokes, &e))?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = classify(&line, &mut predictor).map_err(|error| in_line(number, error))?;
        writeln!(out, "{answer}").map_err(|e| failed(Path::new("standard output"), &e))?;
    }
    out.flush().map_err(|e| failed(Path::new("standard output"), &e))
}

fn classify(line: &str, predictor: &mut Predictor) -> Result<serde_json::Value> {
    let strokes = jsonl::parse_line(line)?.strokes;
    let image = ink::image(&strokes).ok_or(Error::Malformed { what: "the drawing".into(), reason: "it has no ink".into() })?;
    let probabilities = predictor.predict(&ink::to_input(&image))?;
    let verdict = Verdict::of(&probabilities);
    let sure = matches!(verdict, Some(Verdict::Sure(_)));
    Ok(serde_json::json!({ "digit": verdict.map(Verdict::best), "sure": sure, "probabilities": probabilities }))
}

fn in_line(number: u64, error: Error) -> Error {
    Error::Malformed { what: format!("line {number}"), reason: error.to_string() }
}
