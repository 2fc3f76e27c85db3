//! What computes: the faster of WebGPU and the CPU where both are there, and the page says which and why.

use inkling_e2e::{Browser, Gpu, Kind, Page, Setup, Snapshot, drive};

/// SwiftShader is slow, so the network is tiny.
const TINY: &str = "layers=16&epochs=1000&batch=128&seed=1&lang=en";

/// Trains some steps and stops.
async fn train_a_little(page: &Page<'_>, steps: u64) -> Snapshot {
    page.record().await;
    page.click("#train").await;
    // A GPU may report a hundred steps at once: there is a beginning and an end to compare when it has reported twice.
    let first = page.wait("a report", |now| now.state() == "failed" || now.step() > 0).await.step();
    page.wait("some steps", |now| now.state() == "failed" || now.step() >= steps.max(first + 1)).await;
    page.click("#stop").await;
    let done = page.wait_for_state("done").await;
    let losses = page.recorded().await.losses;
    let (first, last) = (losses[0], losses[losses.len() - 1]);
    println!(
        "{}: loss {first} to {last} in {} steps, {:?} images/s",
        done.backend(),
        done.step(),
        done.number("samplesPerSecond")
    );
    assert!(last < first, "the loss does not fall: {losses:?}");
    assert!(done.number("testAccuracy").is_some_and(|share| share > 0.2), "{done:#?}");
    done
}

#[test]
fn webgpu_trains_where_there_is_an_adapter() {
    drive(Setup { gpu: Gpu::Any, ..Setup::default() }, async |browser| {
        let page = Page::open(browser, &format!("?{TINY}&backend=webgpu")).await;
        let now = page.wait("the backend to be known", |now| !now.backend().is_empty()).await;
        if now.backend_reason() == "no-adapter" && std::env::var_os("INKLING_REQUIRE_GPU").is_none() {
            println!("SKIPPED: this browser has no WebGPU adapter.");
            return;
        }
        assert_eq!((now.backend(), now.backend_reason()), ("webgpu", ""));
        assert!(now.text.contains("WebGPU:"), "the page does not say on which adapter: {}", now.text);
        let done = train_a_little(&page, 100).await;
        assert_eq!((done.backend(), done.backend_reason()), ("webgpu", ""));

        page.choose("#backend", "cpu").await;
        let now = page.wait("the other backend", |now| now.backend() == "cpu").await;
        assert_eq!(now.backend_reason(), "", "the CPU was asked for, so that nothing is amiss");
        let done = train_a_little(&page, 100).await;
        assert_eq!(done.backend(), "cpu");

        page.choose("#backend", "webgpu").await;
        page.wait("WebGPU again", |now| now.backend() == "webgpu").await;
        page.click("#augment").await;
        let done = train_a_little(&page, 200).await;
        assert_eq!(done.backend(), "webgpu", "augmentation is no reason to compute elsewhere");
    });
}

/// Whether the site was asked for the module that computes on WebGPU.
fn loads_webgpu(browser: &Browser) -> usize {
    browser.site.asked().iter().filter(|path| path.ends_with("/inkling_gpu.js")).count()
}

#[test]
fn where_both_are_there_the_faster_one_trains_and_is_remembered() {
    drive(Setup { gpu: Gpu::Any, ..Setup::default() }, async |browser| {
        let open = async |query: &str| {
            let page = Page::open(browser, query).await;
            let now = page.wait("the backend to be known", |now| !now.backend().is_empty()).await;
            (page, now)
        };
        let (page, now) = open(&format!("?{TINY}")).await;
        if now.backend_reason() == "no-adapter" && std::env::var_os("INKLING_REQUIRE_GPU").is_none() {
            println!("SKIPPED: this browser has no WebGPU adapter.");
            return;
        }
        let rates = |now: &Snapshot| (now.number("raceCpu"), now.number("raceWebgpu"));
        let (Some(cpu), webgpu) = rates(&now) else { panic!("no race took place: {now:#?}") };
        let (winner, reason) = if webgpu.is_some_and(|webgpu| webgpu > cpu) { ("webgpu", "") } else { ("cpu", "slower") };
        println!("{cpu} images/s on the CPU, {webgpu:?} on WebGPU: {winner}");
        assert_eq!((now.status("race"), now.backend(), now.backend_reason()), ("measured", winner, reason));
        let said = if webgpu.is_some() { "× as fast here as" } else { "was not ready in time" };
        assert!(now.text.contains(said), "the page does not say who won: {}", now.text);
        let done = train_a_little(&page, 100).await;
        assert_eq!((done.backend(), done.backend_reason()), (winner, reason));

        // The next visit takes the result as it was, and loads WebGPU's module only if that has won.
        let loaded = loads_webgpu(browser);
        assert_eq!(loaded, 1, "{:?}", browser.site.asked());
        let (page, again) = open(&format!("?{TINY}")).await;
        assert_eq!((again.status("race"), again.backend(), rates(&again)), ("remembered", winner, (Some(cpu), webgpu)));
        assert_eq!(loads_webgpu(browser), loaded + usize::from(winner == "webgpu"), "{:?}", browser.site.asked());
        let done = train_a_little(&page, 100).await;
        assert_eq!(done.backend(), winner);

        // Another network is another race; who asks for a backend by name gets it without one.
        let (_, other) = open(&format!("?{TINY}").replace("layers=16", "layers=8")).await;
        assert_eq!(other.status("race"), "measured");
        let (_, cpu) = open(&format!("?{TINY}&backend=cpu")).await;
        assert_eq!((cpu.status("race"), cpu.backend(), cpu.backend_reason()), ("", "cpu", ""));
    });
}

#[test]
fn cpu_by_the_address_leaves_webgpu_alone() {
    drive(Setup { gpu: Gpu::Any, ..Setup::default() }, async |browser| {
        let page = Page::open(browser, &format!("?{TINY}&backend=cpu")).await;
        let done = train_a_little(&page, 100).await;
        assert_eq!((done.backend(), done.backend_reason()), ("cpu", ""));
        assert_eq!(page.value("#backend").await, "cpu");
        assert_eq!(loads_webgpu(browser), 0, "{:?}", browser.site.asked());
    });
}

#[test]
fn without_an_adapter_the_cpu_computes_and_the_page_says_why() {
    drive(Setup::default(), async |browser| {
        let (reason, why) = match browser.kind {
            Kind::Chromium => ("no-adapter", "Why not WebGPU: The browser found no usable graphics device."),
            Kind::Firefox | Kind::WebKit => ("no-api", "Why not WebGPU: This browser has no WebGPU."),
        };
        for choice in ["auto", "webgpu"] {
            let page = Page::open(browser, &format!("?{TINY}&backend={choice}")).await;
            let now = page.wait("the backend to be known", |now| !now.backend().is_empty()).await;
            assert_eq!((now.backend(), now.backend_reason()), ("cpu", reason), "{choice}");
            assert!(now.text.contains(why), "the page does not say why: {}", now.text);
            assert_eq!(page.value("#backend").await, choice);
            assert_eq!(loads_webgpu(browser), 0, "{:?}", browser.site.asked());
        }
        let page = Page { browser };
        let done = train_a_little(&page, 100).await;
        assert_eq!((done.backend(), done.backend_reason()), ("cpu", reason));
    });
}
