//! Has Lighthouse judge the built site in Chromium, on a phone and on a computer, in both languages: a stage of `cargo xtask
//! test`. A category that has less than it must is an error, with the audits that cost it something.
//!
//! `INKLING_LIGHTHOUSE` is Lighthouse's program, `INKLING_PKG` the site's folder.

use inkling_e2e::Site;
use serde_json::Value;
use std::env;
use std::process::{Command, ExitCode};

/// A failure is one sentence for the person who ran it.
type Result<T = ()> = std::result::Result<T, String>;

/// Lighthouse's categories, and what each must reach of 100.
const LEAST: [(&str, f64); 4] = [("performance", 95.0), ("accessibility", 100.0), ("best-practices", 100.0), ("seo", 95.0)];

/// The devices, and how Lighthouse is told. The network and the processor of a phone are simulated from what was loaded and
/// computed.
const DEVICES: [(&str, &[&str]); 2] = [("phone", &[]), ("computer", &["--preset=desktop"])];

/// Another program that computes at the same time makes a page slower, never faster: the best of so many tries counts.
const TRIES: usize = 3;

fn main() -> ExitCode {
    match judge() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn judge() -> Result {
    let site = Site::serve("", true, true);
    let mut lost = Vec::new();
    for (device, options) in DEVICES {
        for language in ["zh-TW", "en"] {
            let address = format!("{}/?lang={language}", site.origin());
            let lacks = best(&format!("{device}, {language}"), || report(&address, options))?;
            lost.extend(lacks.into_iter().map(|lack| format!("\n{device}, {language}: {lack}")));
        }
    }
    if lost.is_empty() { Ok(()) } else { Err(format!("less than is asked for:{}", lost.concat())) }
}

/// What the best of several reports lacks; one that lacks nothing is the last.
fn best(what: &str, report: impl Fn() -> Result<Value>) -> Result<Vec<String>> {
    let mut best: Option<(f64, Vec<String>)> = None;
    for _ in 0..TRIES {
        let report = report()?;
        println!("{what}: {}", summary(&report));
        let lacks = lacks(&report);
        if lacks.is_empty() {
            return Ok(lacks);
        }
        let total = LEAST.iter().map(|(category, _)| score(&report, category)).sum();
        if best.as_ref().is_none_or(|(most, _)| total > *most) {
            best = Some((total, lacks));
        }
    }
    Ok(best.map(|(_, lacks)| lacks).unwrap_or_default())
}

/// Has Lighthouse load the page at that address.
fn report(address: &str, options: &[&str]) -> Result<Value> {
    let program = env::var_os("INKLING_LIGHTHOUSE").ok_or("INKLING_LIGHTHOUSE names no program")?;
    let mut lighthouse = Command::new(program);
    lighthouse.args([address, "--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"]);
    lighthouse.arg(format!("--only-categories={}", LEAST.map(|(category, _)| category).join(","))).args(options);
    let output = lighthouse.output().map_err(|error| format!("Lighthouse does not start: {error}"))?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("Lighthouse has no report ({error}): {}", String::from_utf8_lossy(&output.stderr)))?;
    match &report["runtimeError"]["message"] {
        Value::String(message) => Err(format!("Lighthouse could not judge the page: {message}")),
        _ => Ok(report),
    }
}

/// Of 100; nothing where the report lacks it.
fn score(report: &Value, category: &str) -> f64 {
    (report["categories"][category]["score"].as_f64().unwrap_or(0.0) * 100.0).round()
}

fn summary(report: &Value) -> String {
    let scores = LEAST.map(|(category, _)| format!("{category} {}", score(report, category)));
    let times = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"];
    let times = times.map(|audit| format!("{audit} {}", report["audits"][audit]["displayValue"].as_str().unwrap_or("?")));
    format!("{} ({})", scores.join(", "), times.join(", "))
}

/// A sentence for each category that has less than it must: the audits with less than all of their points.
fn lacks(report: &Value) -> Vec<String> {
    let lack = |&(category, least): &(&str, f64)| {
        let score = score(report, category);
        let audits = report["categories"][category]["auditRefs"].as_array().into_iter().flatten();
        let audits: Vec<String> = audits.filter_map(|audit| lost(report, audit)).collect();
        (score < least).then(|| format!("{category} {score} of {least}: {}", audits.join("; ")))
    };
    LEAST.iter().filter_map(lack).collect()
}

/// An audit that counts and lacks something, with what was measured or where.
fn lost(report: &Value, reference: &Value) -> Option<String> {
    let audit = &report["audits"][reference["id"].as_str()?];
    let counts = reference["weight"].as_f64()? > 0.0;
    let score = audit["score"].as_f64().filter(|score| counts && *score < 1.0)?;
    let nodes = audit["details"]["items"].as_array().into_iter().flatten().filter_map(|item| item["node"]["snippet"].as_str());
    let places: String = nodes.take(3).map(|node| format!(" {node}")).collect();
    let measured = audit["displayValue"].as_str().unwrap_or_default();
    Some(format!("{} ({score}) {measured}{places}", audit["title"].as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::cell::Cell;

    fn report(performance: f64) -> Value {
        json!({
            "categories": {
                "performance": { "score": performance, "auditRefs": [{ "id": "paint", "weight": 25 }, { "id": "hint", "weight": 0 }] },
                "accessibility": { "score": 1 }, "best-practices": { "score": 1 }, "seo": { "score": 1 },
            },
            "audits": {
                "paint": { "title": "Largest paint", "score": 0.6, "displayValue": "4 s" },
                "hint": { "title": "A hint", "score": 0 },
            },
        })
    }

    #[test]
    fn what_has_lost_points_is_named() {
        assert_eq!(lacks(&report(0.95)), Vec::<String>::new());
        assert_eq!(lacks(&report(0.94)), ["performance 94 of 95: Largest paint (0.6) 4 s"]);
        assert_eq!(lacks(&json!({})).len(), LEAST.len(), "no report is no good report");
    }

    #[test]
    fn the_best_try_counts() {
        let tries = Cell::new(0);
        let after = |scores: [f64; 3]| {
            tries.set(0);
            best("x", || Ok(report(scores[tries.replace(tries.get() + 1)])))
        };
        assert_eq!((after([0.9, 0.96, 0.9]).unwrap().len(), tries.get()), (0, 2));
        assert!(after([0.9, 0.94, 0.8]).unwrap()[0].starts_with("performance 94"));
    }
}
