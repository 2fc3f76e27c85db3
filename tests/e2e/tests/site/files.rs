//! Save the network, load it again, go back to the shipped one; and files that are none.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use inkling::format::model_file::{self, About, ModelFile};
use inkling::nn::{Activation, ModelSpec};
use inkling_e2e::{Browser, LIMIT, Page, Pointer, Setup, drive};

/// The file that a click on `#save` leaves.
async fn save(page: &Page<'_>) -> PathBuf {
    download(page, "#save", "inkling").await
}

/// The file with that ending that a click leaves.
pub async fn download(page: &Page<'_>, button: &str, ending: &str) -> PathBuf {
    let before = files(page.browser);
    page.click(button).await;
    let start = Instant::now();
    loop {
        // Chromium writes into a file of another name until it is whole.
        let new = files(page.browser).into_iter().find(|file| !before.contains(file));
        if let Some(file) = new.filter(|file| file.extension().is_some_and(|found| found == ending)) {
            return file;
        }
        assert!(start.elapsed() < LIMIT, "no file was saved");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn files(browser: &Browser) -> Vec<PathBuf> {
    let entries = fs::read_dir(&browser.downloads).expect("the folder of downloads is there");
    entries.flatten().map(|entry| entry.path()).collect()
}

/// A correct model file.
pub fn model(sizes: &[usize]) -> Vec<u8> {
    let spec = ModelSpec::mlp(sizes, Activation::Sigmoid).expect("a network of these sizes is allowed");
    let parameters = spec.initialize(1);
    let about = About { made_by: "a test".into(), test_accuracy: None };
    model_file::encode(&ModelFile { spec, parameters, about, subject: Default::default() }).expect("it encodes")
}

#[test]
fn a_trained_network_is_saved_loaded_and_exchanged_for_the_shipped_one() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?layers=16&epochs=1&backend=cpu&batch=128&seed=1").await;
        let shipped = page.draw(2, Pointer::Mouse).await.probabilities();
        assert!(!page.is_enabled("#shipped").await, "the shipped network is in use");
        page.click("#train").await;
        page.wait_for_state("done").await;
        let trained = page.settle().await.probabilities();
        assert_ne!(trained, shipped);
        let file = save(&page).await;
        let saved = model_file::decode(&fs::read(&file).expect("the file can be read")).expect("it is a model file");
        assert_eq!(saved.spec.sizes(), [784, 16, 10]);
        assert!(saved.about.test_accuracy.is_some_and(|share| share > 0.8), "{:?}", saved.about);

        page.click("#shipped").await;
        assert_eq!(page.settle().await.probabilities(), shipped);

        // A visit later.
        let page = Page::open(browser, "").await;
        assert_eq!(page.draw(2, Pointer::Mouse).await.probabilities(), shipped);
        page.load_file(&file).await;
        page.wait("the saved network", |now| now.probabilities() == trained).await;
        assert_eq!(page.snapshot().await.notes, "");
        page.click("#shipped").await;
        assert_eq!(page.settle().await.probabilities(), shipped);
    });
}

#[test]
fn a_broken_file_gets_a_sentence_and_changes_nothing() {
    drive(Setup::default(), async |browser| {
        let page = Page::open(browser, "?lang=en").await;
        let before = page.draw(7, Pointer::Mouse).await.probabilities();
        let good = model(&[784, 12, 10]);
        let changed = |at: usize| {
            let mut bytes = good.clone();
            bytes[at] ^= 0x55;
            bytes
        };
        let mut random = fastrand::Rng::with_seed(1);
        // The file's name, its bytes, and a word that the sentence must hold.
        let broken = [
            ("truncated", good[..good.len() / 2].to_vec(), good.len().to_string()),
            ("header-only", good[..20].to_vec(), "20".into()),
            ("longer", [&good[..], b"x"].concat(), good.len().to_string()),
            ("random", (0..5000).map(|_| random.u8(..)).collect(), "Inkling".into()),
            ("empty", Vec::new(), "Inkling".into()),
            ("another-version", changed(8), "version".into()),
            ("damaged", changed(good.len() - 3), "checksum".into()),
            ("four-inputs", model(&[4, 3, 2]), "784".into()),
            ("three-classes", model(&[784, 3]), "10".into()),
        ];
        for (name, bytes, word) in broken {
            let path = browser.downloads.join(format!("{name}.inkling"));
            fs::write(&path, bytes).expect("the file can be written");
            page.load_file(&path).await;
            let now = page.wait(&format!("a note on {name}"), |now| now.notes.contains(name)).await;
            let sentence = now.notes.lines().find(|line| line.contains(name)).unwrap_or_default();
            println!("{name}: {sentence}");
            assert!(sentence.to_lowercase().contains(&word.to_lowercase()), "{name}: {sentence} lacks {word}");
            assert!(matches!(now.notes_role.as_deref(), Some("status" | "alert")), "{:?}", now.notes_role);
            assert_eq!((now.state(), now.probabilities()), ("ready", before), "{name}");
        }
        // And a good one goes on to work.
        let path = browser.downloads.join("good.inkling");
        fs::write(&path, &good).expect("the file can be written");
        page.load_file(&path).await;
        page.wait("the good network", |now| now.probabilities() != before).await;
    });
}
