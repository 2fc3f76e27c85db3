//! The built library in headless Chromium, through `pages/bench.js`.

use crate::row::{OURS, Row};
use crate::workload::Workload;
use crate::{Arguments, EPOCHS, Result};
use inkling_e2e::{Browser, Gpu, LIMIT, Setup, drive};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub const ONE_WORKER: &str = "inkling, Chromium, one worker";
pub const WEBGPU: &str = "inkling, Chromium, WebGPU";

/// What the browser is, and the most that it can multiply and add.
pub struct Probe {
    /// Its name and version.
    pub browser: String,
    /// Of all threads together.
    pub gflops: f64,
}

pub fn probe(threads: usize) -> Result<Probe> {
    in_page(Gpu::None, async |browser| {
        Ok(Probe {
            browser: call(browser, "browser", Value::Null).await?.as_str().unwrap_or("an unnamed browser").to_string(),
            gflops: number(&call(browser, "gflops", json!(threads)).await?)?,
        })
    })
}

/// Ours with all workers and with one, and on WebGPU if asked for; each in a fresh browser.
pub fn measure(workload: &Workload, arguments: &Arguments) -> Result<Vec<Row>> {
    let mut ways =
        vec![(OURS, Gpu::None, json!({ "backend": "cpu" })), (ONE_WORKER, Gpu::None, json!({ "backend": "cpu", "workers": 1 }))];
    if arguments.webgpu {
        ways.push((WEBGPU, Gpu::Any, json!({ "backend": "webgpu" })));
    }
    let limit = Duration::from_secs(arguments.max_seconds.into());
    let run = |(peer, gpu, way): (&str, Gpu, Value)| {
        in_page(gpu, async |browser| {
            let mut row = Row { peer: peer.into(), workload: workload.name.clone(), ..Row::default() };
            call(browser, "begin", json!({ "workload": workload, "way": way })).await?;
            let began = Instant::now();
            for epoch in 1..=EPOCHS {
                row.epochs.push(number(&call(browser, "epoch", json!(epoch)).await?)?);
                if epoch == 1 || epoch == 5 {
                    let seen = call(browser, "evaluate", Value::Null).await?;
                    row.accuracies[usize::from(epoch == 5)] = seen["accuracy"].as_f64();
                    row.evaluate_ms = seen["ms"].as_f64();
                }
                if began.elapsed() > limit {
                    break;
                }
            }
            row.one_image_ms = Some(number(&call(browser, "predict", Value::Null).await?)?);
            Ok(row)
        })
    };
    ways.into_iter().map(run).collect()
}

/// What `use_page` returns, with the bench's page open.
fn in_page<T>(gpu: Gpu, use_page: impl AsyncFnOnce(&Browser) -> Result<T>) -> Result<T> {
    let mut result = Err("the browser was not used".to_string());
    drive(Setup { gpu, ..Setup::default() }, async |browser| {
        result = async {
            let page = format!("{}/e2e/bench.html", browser.site.origin());
            browser.client.goto(&page).await.map_err(|error| format!("the page does not open: {error}"))?;
            let start = Instant::now();
            while browser.run("return window.bench !== undefined", vec![]).await != json!(true) {
                if start.elapsed() > LIMIT {
                    return Err("the library is not ready".to_string());
                }
            }
            use_page(browser).await
        }
        .await;
    });
    result
}

/// What a function of `pages/bench.js` returns.
async fn call(browser: &Browser, function: &str, argument: Value) -> Result<Value> {
    let script = "const done = arguments[2];
        window.bench[arguments[0]](arguments[1]).then((value) => done({ value }), (error) => done({ error: String(error) }));";
    let answer = browser.client.execute_async(script, vec![json!(function), argument]).await;
    let answer = answer.map_err(|error| format!("{function}: {error}"))?;
    match answer["error"].as_str() {
        Some(error) => Err(format!("{function}: {error}")),
        None => Ok(answer["value"].clone()),
    }
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().ok_or_else(|| format!("the page says {value}, which is no number"))
}
