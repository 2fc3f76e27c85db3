//! What happened in the page while a test waited.

use serde::Deserialize;

use crate::page::Page;

const SCRIPT: &str = include_str!("recorder.js");

/// Everything since [`Page::record`]; each list holds a value once for each time it changed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The longest time between two animation frames during training, in milliseconds.
    pub gap: f64,
    pub states: Vec<String>,
    pub steps: Vec<u64>,
    pub losses: Vec<f64>,
    /// The steps that were made while the page was hidden.
    pub hidden_steps: Vec<u64>,
    /// The ten probabilities, separated by spaces.
    pub answers: Vec<String>,
    /// How many of them there were when the pen was last lifted.
    pub answers_at_pen_up: usize,
}

impl Page<'_> {
    /// Begins to record.
    pub async fn record(&self) {
        self.browser.run(SCRIPT, vec![]).await;
    }

    /// What was recorded so far.
    pub async fn recorded(&self) -> Record {
        let record = self.browser.run("return window.recorder", vec![]).await;
        serde_json::from_value(record).expect("the recorder keeps to its form")
    }
}
