//! Workers and devices that fail in the middle of a training: it goes on from its last state, and the page says so.

use std::fs;
use std::path::{Path, PathBuf};

use inkling_e2e::{Browser, Gpu, Page, Pointer, Setup, Snapshot, drive, pkg};
use serde_json::json;

const LONG: &str = "?layers=32&epochs=1000&batch=128&seed=1&lang=en";
/// The workers by number.
const WORKERS: &str = "window.workers = [];
    window.Worker = class extends Worker { constructor(...all) { super(...all); window.workers.push(this); } };";
/// Seconds that pass thirty times as fast for who counts them.
const HASTE: &str = "const { setInterval } = window;
    window.setInterval = (then, milliseconds, ...rest) => setInterval(then, milliseconds / 30, ...rest);";

/// A worker to which accidents happen when they are named.
const ACCIDENTS: &str = "
    const devices = [], buffers = [];
    if (typeof GPUAdapter === 'function') {
        const { requestDevice } = GPUAdapter.prototype, { createBuffer } = GPUDevice.prototype;
        GPUAdapter.prototype.requestDevice = async function (...all) {
            const device = await requestDevice.apply(this, all);
            devices.push(device);
            return device;
        };
        GPUDevice.prototype.createBuffer = function (what) {
            const buffer = createBuffer.call(this, what);
            if (what.usage & GPUBufferUsage.STORAGE && what.usage & GPUBufferUsage.COPY_DST) buffers.push(buffer);
            return buffer;
        };
    }
    const accidents = {
        freeze() { for (;;); },
        trap() {
            new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(
                0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11)));
        },
        lose() { devices.forEach((device) => device.destroy()); },
        garbage() {
            // Some are destroyed by now: that is no error of the device.
            devices[0].pushErrorScope('validation');
            for (const buffer of buffers) devices[0].queue.writeBuffer(buffer, 0, new Float32Array(buffer.size >> 2).fill(NaN));
            devices[0].popErrorScope();
        },
    };
    addEventListener('message', (event) => {
        if (!(event.data in accidents)) return;
        event.stopImmediatePropagation();
        accidents[event.data]();
    });
";

/// Has the site's workers begin with this script.
fn workers_begin_with(browser: &Browser, name: &str, script: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("inkling-faults-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("there is a folder for temporary files");
    let worker = fs::read_to_string(pkg().join("worker.js")).expect("the site has its worker");
    fs::write(folder.join("worker.js"), format!("{script}\n{worker}")).expect("it can be written");
    browser.site.lay_over(folder.clone());
    folder
}

fn remove(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
}

/// Trains until there is a state to go on from.
async fn train_until_kept(page: &Page<'_>) -> Snapshot {
    page.click("#train").await;
    let first = page.wait("a report", |now| now.state() == "training" && now.step() > 0).await;
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    page.wait("more", |now| now.step() > first.step()).await
}

/// Waits until the page says that it goes on, has it go further, and ends it.
async fn goes_on(page: &Page<'_>, before: &Snapshot, said: &str) -> Snapshot {
    let now = page.wait("the note", |now| now.notes.contains(said) || now.state() == "failed").await;
    assert!(now.notes.contains("Training goes on from step"), "{now:#?}");
    let now = page.wait("training to go further", |now| now.state() == "training" && now.step() > before.step() + 100).await;
    page.click("#stop").await;
    let done = page.wait_for_state("done").await;
    assert!(done.number("testAccuracy").is_some_and(|share| share > 0.5), "{done:#?}");
    page.draw(1, Pointer::Mouse).await;
    now
}

#[test]
fn a_worker_that_crashes_freezes_or_disappears_is_replaced() {
    for (name, accident, said) in [
        ("trap", "workers[0].postMessage('trap')", "the training worker stopped"),
        ("trap-follower", "workers[1].postMessage('trap')", "the training worker stopped"),
        ("freeze", "workers[0].postMessage('freeze')", "does not answer"),
        ("terminate", "workers[0].terminate()", "does not answer"),
        ("terminate-follower", "workers[1].terminate()", "does not answer"),
    ] {
        drive(Setup::FAULTY, async |browser| {
            let folder = workers_begin_with(browser, name, ACCIDENTS);
            browser.run_first(WORKERS).await;
            browser.run_first(HASTE).await;
            let page = Page::open(browser, &format!("{LONG}&backend=cpu&workers=2")).await;
            let before = train_until_kept(&page).await;
            browser.run(accident, vec![]).await;
            let now = goes_on(&page, &before, said).await;
            println!("{name}: from step {} to {}: {}", before.step(), now.step(), now.notes);
            remove(&folder);
        });
    }
}

#[test]
fn an_interrupted_run_ends_as_one_that_was_not() {
    drive(Setup::FAULTY, async |browser| {
        let query = "?layers=32&epochs=12&batch=32&seed=1&lang=en&backend=cpu&workers=1";
        let mut ends = Vec::new();
        for is_interrupted in [false, true] {
            let folder = workers_begin_with(browser, "same", ACCIDENTS);
            if is_interrupted {
                browser.run_first(WORKERS).await;
            }
            let page = Page::open(browser, query).await;
            page.click("#train").await;
            if is_interrupted {
                page.wait("some steps", |now| now.step() > 1000).await;
                browser.run("workers[0].postMessage('trap')", vec![]).await;
                page.wait("the note", |now| now.notes.contains("Training goes on from step")).await;
            }
            let done = page.wait_for_state("done").await;
            ends.push((done.step(), done.number("loss"), done.number("validationAccuracy"), done.number("testAccuracy")));
            remove(&folder);
        }
        println!("{ends:?}");
        assert_eq!(ends[0], ends[1]);
    });
}

#[test]
fn without_memory_the_page_says_so_and_goes_on_reading() {
    drive(Setup::FAULTY, async |browser| {
        let folder = std::env::temp_dir().join(format!("inkling-faults-{}-memory", std::process::id()));
        fs::create_dir_all(&folder).expect("there is a folder for temporary files");
        for name in ["inkling_relaxed.wasm", "inkling_simd.wasm"] {
            let module = fs::read(pkg().join(name)).expect("the site has its engine");
            fs::write(folder.join(name), with_little_memory(&module)).expect("it can be written");
        }
        browser.site.lay_over(folder.clone());
        let page = Page::open(browser, &format!("{LONG}&backend=cpu&workers=2")).await;
        page.click("#train").await;
        let now = page.wait("the failure", |now| now.state() == "failed").await;
        assert!(now.notes.contains("the training worker stopped"), "{now:#?}");
        page.click("#shipped").await;
        page.draw(3, Pointer::Mouse).await.assert_reads(3);
        remove(&folder);
    });
}

/// The same module, whose memory can grow by 64 pages (4 MB) only.
fn with_little_memory(module: &[u8]) -> Vec<u8> {
    let number = |at: &mut usize| {
        let (mut value, mut shift) = (0_u64, 0);
        loop {
            let byte = module[*at];
            *at += 1;
            value |= u64::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return value;
            }
        }
    };
    let write = |mut value: u64| {
        let mut bytes = Vec::new();
        while value > 127 {
            bytes.push(value as u8 & 127 | 128);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    };
    let mut at = 8;
    while at < module.len() {
        let start = at;
        let id = module[at];
        at += 1;
        let length = number(&mut at) as usize;
        let end = at + length;
        if id == 5 {
            assert_eq!(module[at..at + 2], [1, 0], "one memory without a limit");
            at += 2;
            let least = number(&mut at);
            let body = [vec![1, 1], write(least), write(least + 64)].concat();
            return [&module[..start], &[5], &write(body.len() as u64), &body, &module[end..]].concat();
        }
        at = end;
    }
    panic!("the engine has no memory of its own");
}

/// Opens the page on WebGPU; `None` where there is no adapter and need not be one.
async fn on_webgpu<'a>(browser: &'a Browser) -> Option<Page<'a>> {
    let page = Page::open(browser, &format!("{LONG}&backend=webgpu")).await;
    let now = page.wait("the backend to be known", |now| !now.backend().is_empty()).await;
    if now.backend_reason() == "no-adapter" && std::env::var_os("INKLING_REQUIRE_GPU").is_none() {
        println!("SKIPPED: this browser has no WebGPU adapter.");
        return None;
    }
    Some(page)
}

#[test]
fn a_graphics_device_that_is_lost_or_computes_garbage_hands_over_to_the_cpu() {
    for (accident, reason) in [("lose", "lost"), ("garbage", "wrong-loss")] {
        drive(Setup { gpu: Gpu::Any, ..Setup::FAULTY }, async |browser| {
            let folder = workers_begin_with(browser, accident, ACCIDENTS);
            browser.run_first(WORKERS).await;
            let Some(page) = on_webgpu(browser).await else { return };
            let before = train_until_kept(&page).await;
            assert_eq!((before.backend(), before.status("engine")), ("webgpu", "webgpu"));
            browser.run("workers.at(-1).postMessage(arguments[0])", vec![json!(accident)]).await;
            let now = goes_on(&page, &before, "Training goes on").await;
            assert_eq!((now.backend(), now.backend_reason()), ("cpu", reason));
            println!("{accident}: {}", now.notes);
            remove(&folder);
        });
    }
}

#[test]
fn a_graphics_device_with_wrong_arithmetic_is_not_used() {
    drive(Setup { gpu: Gpu::Any, ..Setup::FAULTY }, async |browser| {
        let wrong = "if (typeof GPUDevice === 'function') {
            const { createShaderModule } = GPUDevice.prototype;
            GPUDevice.prototype.createShaderModule = function (what) {
                return createShaderModule.call(this, { ...what, code: what.code.replaceAll('exp(', 'exp2(') });
            };
        }";
        let folder = workers_begin_with(browser, "wrong", wrong);
        let Some(page) = on_webgpu(browser).await else { return };
        let now = page.snapshot().await;
        assert_eq!((now.backend(), now.backend_reason()), ("cpu", "self-test-failed"), "{now:#?}");
        page.click("#train").await;
        page.wait("training", |now| now.state() == "training" && now.step() > 100).await;
        remove(&folder);
    });
}

#[test]
fn the_engine_s_build_and_why_there_is_one_thread_are_shown() {
    for (isolated, script, engine, reason, text) in [
        (true, "", "relaxed", "", "WebAssembly with relaxed SIMD"),
        (true, "WebAssembly.validate = () => false;", "simd128", "", "lacks relaxed SIMD"),
        (false, "", "relaxed", "not-isolated", "Only one thread: the server"),
    ] {
        drive(Setup { isolated, ..Setup::FAULTY }, async |browser| {
            let folder = workers_begin_with(browser, "engine", script);
            let page = Page::open(browser, &format!("{LONG}&backend=cpu&workers=2")).await;
            let now = page.wait("the engine", |now| !now.status("engine").is_empty()).await;
            assert_eq!((now.status("engine"), now.status("workersReason")), (engine, reason));
            assert!(now.text.contains(text), "{}", now.text);
            page.click("#train").await;
            page.wait("training", |now| now.state() == "training" && now.step() > 50).await;
            remove(&folder);
        });
    }
}

#[test]
fn a_clock_that_is_set_changes_nothing() {
    drive(Setup::FAULTY, async |browser| {
        browser.run_first("const { now } = Date; window.jump = 0; Date.now = () => now() + window.jump;").await;
        let page = Page::open(browser, &format!("{LONG}&backend=cpu&workers=2")).await;
        page.click("#train").await;
        for hours in [1, -2] {
            let before = page.wait("training", |now| now.state() == "training" && now.step() > 50).await;
            browser.run("window.jump = arguments[0] * 3600e3", vec![json!(hours)]).await;
            page.wait("training to go on", |now| now.state() == "training" && now.step() > before.step() + 100).await;
        }
        page.click("#stop").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("seconds").is_some_and(|seconds| seconds > 0.0 && seconds < 600.0), "{done:#?}");
        assert_eq!(done.notes, "");
    });
}
