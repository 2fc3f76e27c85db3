//! The data sets: one's own files, chosen or dropped, are learned from and judged on; bad files get a sentence; my digits;
//! Fashion-MNIST through a small stand-in; and images are not exchanged under a run.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};
use inkling_e2e::{Browser, Page, Pointer, Setup, drive, strokes};
use serde_json::{Value, json};

/// Rows, and columns, of the images made here.
const SIDE: usize = 16;
/// How the settings name these files, but for their mark.
const OWN: &str = "own:16:3";

/// A file's name and its bytes.
type Named = (&'static str, Vec<u8>);

/// An IDX file of bytes.
fn idx(sizes: &[u32], content: &[u8]) -> Vec<u8> {
    let header = [0, 0, 8, sizes.len() as u8].into_iter().chain(sizes.iter().flat_map(|size| size.to_be_bytes()));
    header.chain(content.iter().copied()).collect()
}

/// Three classes that are easy to tell apart: a bar above, in the middle, below; and some noise.
fn bars(images: u32, seed: u64) -> (Vec<u8>, Vec<u8>) {
    let mut random = fastrand::Rng::with_seed(seed);
    let labels: Vec<u8> = (0..images).map(|i| (i % 3) as u8).collect();
    let mut pixels = Vec::new();
    for &label in &labels {
        let rows = usize::from(label) * 5 + 1..usize::from(label) * 5 + 5;
        pixels.extend((0..SIDE * SIDE).map(|i| if rows.contains(&(i / SIDE)) { random.u8(180..) } else { random.u8(..40) }));
    }
    (idx(&[images, SIDE as u32, SIDE as u32], &pixels), idx(&[images], &labels))
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).expect("memory can be written");
    gzip.finish().expect("memory can be written")
}

/// Writes files where the browser can choose them.
fn files(browser: &Browser, files: &[(&str, Vec<u8>)]) -> Vec<PathBuf> {
    let write = |(name, bytes): &(&str, Vec<u8>)| {
        let path = browser.downloads.join(name);
        fs::write(&path, bytes).expect("the file can be written");
        path
    };
    files.iter().map(write).collect()
}

async fn choose(page: &Page<'_>, paths: &[PathBuf]) {
    let all = paths.iter().map(|path| path.to_str().expect("a path of text")).collect::<Vec<_>>().join("\n");
    page.choose_file("#data-files", Path::new(&all)).await;
}

/// Drops files on the page, as a person does from a folder.
async fn drop_files(page: &Page<'_>, files: &[Named]) {
    let script = "const transfer = new DataTransfer();
        for (const [name, bytes] of arguments[0]) transfer.items.add(new File([new Uint8Array(bytes)], name));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));";
    page.browser.run(script, vec![json!(files)]).await;
}

/// Waits until the data set's name begins so.
async fn wait_for_data(page: &Page<'_>, start: &str) -> String {
    let start_time = std::time::Instant::now();
    loop {
        let data = page.attribute("#data-state", "data-data").await;
        if data.starts_with(start) {
            return data;
        }
        assert!(start_time.elapsed() < inkling_e2e::LIMIT, "the data set is {data}: {:#?}", page.snapshot().await.notes);
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
}

async fn text(page: &Page<'_>, css: &str) -> String {
    page.find(css).await.text().await.expect("an element has a text")
}

async fn judge(page: &Page<'_>) {
    page.browser.run("document.getElementById('judge-state').dataset.state = ''", vec![]).await;
    page.click("#judge-test").await;
    page.wait_for_attribute("#judge-state", "data-state", "done").await;
}

async fn count(page: &Page<'_>, css: &str) -> u64 {
    let found = page.browser.run("return document.querySelectorAll(arguments[0]).length", vec![css.into()]).await;
    found.as_u64().expect("a number")
}

#[test]
fn ones_own_files_are_learned_from_and_judged_on() {
    drive(Setup::default(), async |browser| {
        let page =
            Page::open(browser, "?lang=en&layers=12&epochs=8&batch=16&backend=cpu&activation=relu&optimizer=adam&lr=0.01").await;
        let (images, labels) = bars(600, 1);
        // One of the two is compressed.
        let paths = files(browser, &[("bars-images.gz", packed(&images)), ("bars-labels", labels)]);
        choose(&page, &paths).await;
        let data = wait_for_data(&page, OWN).await;
        assert_eq!(page.value("#data").await, "own");
        let said = text(&page, "#data-state").await;
        for part in ["bars-images.gz, bars-labels", "500 images to learn from", "100 to be tested", "16×16", "3 classes"] {
            assert!(said.contains(part), "{said} lacks {part}");
        }
        assert_eq!(text(&page, "#build-input-layers").await, "Input 16×16 → Flatten");
        assert_eq!(text(&page, "#build-output-layers").await, "Dense 3 → Softmax");
        assert!(text(&page, "#build-input").await.starts_with("256 pixels"));
        let address = browser.client.current_url().await.expect("the page has an address");
        assert!(address.query().is_some_and(|query| query.contains(&format!("data={data}"))), "{address}");

        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.95), "{done:#?}");
        assert!(done.text.contains("Of 100 test images"), "{}", done.text);
        assert_eq!((page.attribute("#subject", "data-side").await, count(&page, ".bars [data-digit]").await), ("16".into(), 3));

        // A bar drawn below is the third class, brought to 16x16.
        page.draw_stroke(&vec![(0.1, 0.8), (0.9, 0.8)], Pointer::Mouse, std::time::Duration::ZERO).await;
        page.settle().await;
        let size = browser.run("const seen = document.getElementById('seen'); return [seen.width, seen.height]", vec![]).await;
        assert_eq!(size, json!([16, 16]));
        let shares = browser
            .run(
                "return [...document.querySelectorAll('.bars [data-digit]')].map((bar) => Number(bar.dataset.probability))",
                vec![],
            )
            .await;
        let sum: f64 = shares.as_array().expect("a list").iter().filter_map(Value::as_f64).sum();
        assert!((sum - 1.0).abs() < 1e-3, "{shares}");
        assert!(!browser.run("return document.getElementById('tell').checkVisibility()", vec![]).await.as_bool().unwrap_or(true));

        // Every test image is judged once, and one goes onto the sheet.
        judge(&page).await;
        assert_eq!(page.attribute("#judge-state", "data-images").await, "100");
        assert_eq!(count(&page, "#confusion [data-cell]").await, 9);
        page.click("#confusion [data-cell='1-1']").await;
        page.wait_for_attribute("#gallery-images canvas", "data-painted", "").await;
        let first = "const canvas = document.querySelector('#gallery-images canvas'); return [canvas.width, canvas.hasAttribute('data-painted')]";
        while browser.run(first, vec![]).await != json!([16, true]) {
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
        page.click("#gallery-images [data-number]").await;
        page.settle().await;
        assert_eq!(page.attribute("#prediction", "data-class").await, "1");
        assert!(text(&page, "#gallery-said").await.contains("16×16"));

        // Changed images of that size are read as well.
        page.click("#robustness-test").await;
        page.wait_for_attribute("#robustness-state", "data-state", "done").await;
        let plain: f64 = page.attribute("[data-change='none']", "data-mean").await.parse().expect("a share");
        assert!((plain - done.number("testAccuracy").unwrap_or_default()).abs() < 1e-6, "{plain}");
        // Inside: an input for each pixel, an answer for each class.
        assert_eq!(count(&page, "#saliency-digit option").await, 4);
        // The table of runs says what was learned from.
        assert!(text(&page, "#runs-same").await.contains("own files 16×16, 3 classes"));

        // A visit later the files are still there; without asking for them the same link trains.
        let page = Page::open(browser, &format!("?lang=en&layers=4&epochs=1&backend=cpu&data={data}")).await;
        let start = std::time::Instant::now();
        while !text(&page, "#data-state").await.contains("bars-labels") {
            assert!(start.elapsed() < inkling_e2e::LIMIT, "{}", text(&page, "#data-state").await);
        }
        page.click("#train").await;
        page.wait_for_state("done").await;
    });
}

#[test]
fn bad_files_get_a_sentence_and_change_nothing() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?lang=en&backend=cpu").await;
        let (images, labels) = bars(30, 1);
        let large = idx(&[2, 65, 8], &[0; 2 * 65 * 8]);
        let damaged = [&packed(&images)[..40], &[7; 300]].concat();
        // What is dropped, and words that the sentence must hold.
        let bad: [(&str, Vec<Named>, &[&str]); 7] = [
            (
                "short",
                vec![("cut-images", images[..images.len() - 9].to_vec()), ("labels", labels.clone())],
                &["cut-images", "7680", "7671"],
            ),
            ("alone", vec![("lonely-images", images.clone())], &["lonely-images", "label files", "two files or four"]),
            ("text", vec![("notes.txt", b"hello".to_vec()), ("labels", labels.clone())], &["notes.txt", "IDX"]),
            ("others", vec![("images", images.clone()), ("other-labels", bars(31, 1).1)], &["30 images", "31 labels"]),
            ("large", vec![("large-images", large), ("two-labels", idx(&[2], &[0, 1]))], &["large-images", "65", "64"]),
            ("many", vec![("images", bars(2, 1).0), ("many-labels", idx(&[2], &[0, 100]))], &["101", "100"]),
            ("damaged", vec![("bad-images.gz", damaged), ("labels", labels.clone())], &["bad-images.gz"]),
        ];
        for (name, dropped, words) in bad {
            drop_files(&page, &dropped).await;
            let now = page.wait(&format!("a note on {name}"), |now| words.iter().all(|word| now.notes.contains(word))).await;
            println!("{name}: {}", now.notes.lines().next().unwrap_or_default());
            assert_eq!((now.state(), page.attribute("#data-state", "data-data").await.as_str()), ("ready", "mnist"), "{name}");
            page.click("#notes-close").await;
        }
        // And good ones go on to work, dropped all four at once.
        let (test_images, test_labels) = bars(12, 2);
        let four =
            [("t10k-images", test_images), ("t10k-labels", test_labels), ("train-images", images), ("train-labels", labels)];
        drop_files(&page, &four).await;
        wait_for_data(&page, OWN).await;
        let said = text(&page, "#data-state").await;
        assert!(said.contains("30 images to learn from") && said.contains("12 to be tested"), "{said}");
    });
}

#[test]
fn without_files_nothing_is_trained() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?lang=en&data=own:20:7&backend=cpu").await;
        assert_eq!(text(&page, "#build-input-layers").await, "Input 20×20 → Flatten");
        page.click("#train").await;
        let now = page.wait("a note", |now| !now.notes.is_empty()).await;
        assert!(now.notes.contains("20×20, 7 classes") && now.state() == "ready", "{now:#?}");
        // Other files: the page says so, and takes them.
        let (images, labels) = bars(60, 1);
        choose(&page, &files(browser, &[("images", images), ("labels", labels)])).await;
        wait_for_data(&page, OWN).await;
        assert_eq!(page.snapshot().await.notes, "", "whoever chooses files means them");
    });
}

#[test]
fn a_locked_data_set_stays() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?lang=en&lock=data&backend=cpu").await;
        assert!(!page.is_enabled("#data").await && !page.is_enabled("#data-files").await);
        let (images, labels) = bars(30, 1);
        drop_files(&page, &[("images", images), ("labels", labels)]).await;
        page.wait("a note", |now| now.notes.contains("which data set")).await;
        assert_eq!(page.attribute("#data-state", "data-data").await, "mnist");
    });
}

#[test]
fn my_digits_are_a_data_set_once_they_are_enough() {
    drive(Setup::default(), async |browser| {
        let line = |digit: usize, at: usize| {
            let moved = |(x, y): &(f64, f64)| json!([x + 0.002 * at as f64, y]);
            let strokes: Vec<Vec<Value>> = strokes(digit).iter().map(|stroke| stroke.iter().map(moved).collect()).collect();
            json!({ "label": digit, "strokes": strokes }).to_string() + "\n"
        };
        let drawings: String = (0..40).map(|i| line([1, 7][i % 2], i)).collect();
        let (few, more) = drawings.split_at(drawings.match_indices('\n').nth(18).expect("40 lines").0 + 1);
        let page = Page::open(browser, "?lang=en&data=mine&layers=16&epochs=60&batch=8&backend=cpu&augment=on").await;
        let [few, more] = [("few.jsonl", few), ("more.jsonl", more)].map(|(name, text)| (name, text.as_bytes().to_vec()));
        page.choose_file("#my-digits-import", &files(browser, &[few])[0]).await;
        page.wait("19 digits", |now| now.text.contains("there are 19")).await;
        page.click("#train").await;
        let now = page.wait("a note", |now| !now.notes.is_empty()).await;
        assert!(now.notes.contains("20") && now.notes.contains("19") && now.state() == "ready", "{now:#?}");
        page.click("#notes-close").await;
        page.choose_file("#my-digits-import", &files(browser, &[more])[0]).await;
        page.wait("40 digits", |now| now.text.contains("34 digits to learn from, 6 to be tested")).await;
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.8), "{done:#?}");
        page.draw(7, Pointer::Mouse).await.assert_reads(7);
    });
}

#[test]
fn images_are_not_exchanged_under_a_run() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?lang=en&layers=8&epochs=1000&batch=1&lr=0.01&backend=cpu").await;
        // The shipped network is judged on digits.
        judge(&page).await;
        assert_eq!(page.attribute("#judge-state", "data-images").await, "10000");
        let (images, labels) = bars(600, 1);
        choose(&page, &files(browser, &[("images", images), ("labels", labels)])).await;
        wait_for_data(&page, OWN).await;
        page.click("#train").await;
        page.wait("some steps", |now| now.step() > 20).await;
        page.click("#pause").await;
        let paused = page.wait_for_state("paused").await;
        // The network for digits can't be judged now, nor the digits' images shown: the run needs its own.
        page.click("#shipped").await;
        page.click("#judge-test").await;
        let now = page.wait("a note", |now| !now.notes.is_empty()).await;
        assert!(now.notes.contains("own files 16×16, 3 classes"), "{}", now.notes);
        page.click("#notes-close").await;
        // By script: scrolling to the matrix draws it anew.
        browser.run("document.querySelector(\"#confusion [data-cell='3-3']\").click()", vec![]).await;
        page.wait("a note", |now| now.notes.contains("own files 16×16, 3 classes")).await;
        page.click("#notes-close").await;
        // Nor do other settings change what it learns from.
        page.choose("#data", "mnist").await;
        assert_eq!(text(&page, "#build-input-layers").await, "Input 28×28 → Flatten");
        page.click("#pause").await;
        page.wait("it to go on", |now| now.step() > paused.step() + 20).await;
        page.click("#stop").await;
        let done = page.wait_for_state("done").await;
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.9), "{done:#?}");

        // Its network is judged on its own images, although others are chosen; it is not compared with the digits' judgement.
        judge(&page).await;
        assert_eq!(page.attribute("#judge-state", "data-images").await, "100");
        assert!(browser.run("return document.getElementById('versus').hidden", vec![]).await == true);
        assert!(browser.run("return document.getElementById('versus-other').checkVisibility()", vec![]).await == true);
        // And the digits can be judged again.
        page.click("#shipped").await;
        judge(&page).await;
        assert_eq!(page.attribute("#judge-state", "data-images").await, "10000");
    });
}

/// A stand-in for Fashion-MNIST under its file names, beside the site: the first class is dark above, the next darker lower, and
/// so on.
fn lay_fashion_over(browser: &Browser) {
    let folder = browser.downloads.join("over");
    fs::create_dir_all(folder.join("data/fashion")).expect("a folder can be made");
    fs::write(folder.join("data-sets.txt"), "mnist\nfashion\n").expect("the file can be written");
    for (name, images) in [("train", 1200_u32), ("t10k", 200)] {
        let labels: Vec<u8> = (0..images).map(|i| (i % 10) as u8).collect();
        let pixel = |label: u8, i: usize| {
            if (i / 28) / 3 == usize::from(label).min(8) + usize::from(label == 9 && i % 28 > 14) { 200 } else { 0 }
        };
        let pixels: Vec<u8> = labels.iter().flat_map(|&label| (0..784).map(move |i| pixel(label, i))).collect();
        for (kind, file) in [("images-idx3", idx(&[images, 28, 28], &pixels)), ("labels-idx1", idx(&[images], &labels))] {
            let path = folder.join(format!("data/fashion/{name}-{kind}-ubyte.gz"));
            fs::write(path, packed(&file)).expect("the file can be written");
        }
    }
    browser.site.lay_over(folder);
}

#[test]
fn fashion_is_fetched_once_it_is_chosen_and_its_classes_have_names() {
    drive(Setup::default(), async |browser| {
        lay_fashion_over(browser);
        let page =
            Page::open(browser, "?lang=en&layers=24&epochs=6&batch=32&backend=cpu&activation=relu&optimizer=adam&lr=0.01").await;
        page.choose("#data", "fashion").await;
        assert_eq!(text(&page, "#data-state").await, "");
        let fetched = || browser.site.asked().iter().filter(|url| url.contains("/data/fashion/")).count();
        assert_eq!(fetched(), 0, "nobody pays before it is needed");
        page.click("#train").await;
        let done = page.wait_for_state("done").await;
        assert_eq!(fetched(), 4);
        assert!(done.number("testAccuracy").is_some_and(|share| share > 0.8), "{done:#?}");
        assert!(done.text.contains("Of 200 test images") && done.text.contains("clothes from photographs"), "{}", done.text);

        page.draw(1, Pointer::Mouse).await;
        let names = "return [...document.querySelectorAll('.bars b')].map((name) => name.textContent)";
        let english = browser.run(names, vec![]).await;
        assert_eq!((&english[0], &english[9]), (&json!("T-shirt"), &json!("ankle boot")));
        page.choose("#lang", "zh-TW").await;
        page.wait("Chinese", |now| now.language == "zh-TW").await;
        page.settle().await;
        let chinese = browser.run(names, vec![]).await;
        assert_eq!((&chinese[0], &chinese[9]), (&json!("T恤"), &json!("短靴")));
        assert!(!page.is_enabled("#teach").await);

        judge(&page).await;
        assert!(text(&page, "#confusion tbody").await.contains("8 包包"));
        assert!(text(&page, "#judge-state").await.contains("Fashion-MNIST"));
        // The file of the network knows what it reads.
        let file = super::files::download(&page, "#save", "inkling").await;
        page.click("#shipped").await;
        page.settle().await;
        assert_eq!(browser.run(names, vec![]).await[0], json!("0"));
        page.load_file(&file).await;
        page.wait("the saved network", |now| now.text.contains("涼鞋")).await;
        assert_eq!(page.snapshot().await.notes, "");
    });
}

#[test]
fn a_data_set_that_the_site_lacks_is_said() {
    drive(Setup::default(), async |browser| {
        let folder = browser.downloads.join("over");
        fs::create_dir_all(&folder).expect("a folder can be made");
        fs::write(folder.join("data-sets.txt"), "mnist\n").expect("the file can be written");
        browser.site.lay_over(folder);
        let page = Page::open(browser, "?lang=en&backend=cpu").await;
        page.wait("a sentence", |now| now.text.contains("built without Fashion-MNIST")).await;
        assert!(browser.run("return document.querySelector(\"#data option[value='fashion']\").disabled", vec![]).await == true);
        let page = Page::open(browser, "?lang=en&backend=cpu&data=fashion").await;
        page.click("#train").await;
        let now = page.wait("a note", |now| now.notes.contains("xtask data --fashion")).await;
        assert_eq!(now.state(), "ready");
    });
}
