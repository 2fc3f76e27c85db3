//! Everything that reads what others wrote: how much it may allocate, good input, and what must hold of any bytes. The property
//! tests (tests/hostile.rs) and the fuzz targets (fuzz/) run the same functions.

pub mod allocation;
mod good;

use allocation::bounded;
use inkling::choice::Race;
use inkling::data::own::Own;
use inkling::data::{Origin, idx};
use inkling::explain::matrix::Matrix;
use inkling::format::model_file::{self, ModelFile};
use inkling::ink::jsonl;
use inkling::judge::Judgement;
use inkling::my_digits::MyDigits;
use inkling::protocol::{Command, Event};
use inkling::runs::Runs;
use inkling::settings::Settings;
use inkling::train::{Data, Snapshot};
use inkling::view::PageView;
use inkling::{kept_run, messages, tasks, wire};

/// What every decoder may allocate beside its multiple: a message's limit a few times, sentences, tables.
pub const CONSTANT: usize = 256 * 1024;

/// A decoder.
pub struct Decoder {
    pub name: &'static str,
    /// It allocates at most so many times its input, and [`CONSTANT`].
    pub multiple: usize,
    /// Decodes, panics when it allocates more than `multiple` says, or when what was decoded is not the same again after it was
    /// encoded and decoded.
    check: fn(&[u8], usize),
    /// Input that is taken.
    pub good: fn() -> Vec<Vec<u8>>,
}

impl Decoder {
    /// Has it read these bytes; and where they hold a checksum, once more with the right one, so that what comes after it is
    /// read.
    pub fn check(&self, bytes: &[u8]) {
        (self.check)(bytes, self.multiple);
        let place = match self.name {
            "model_file" => 12,
            "kept_run" => 8,
            _ => return,
        };
        if bytes.len() > place + 4 {
            let mut sealed = bytes.to_vec();
            let checksum = crc32fast::hash(&bytes[place + 4..]);
            sealed[place..place + 4].copy_from_slice(&checksum.to_le_bytes());
            (self.check)(&sealed, self.multiple);
        }
    }
}

/// All of them. Where one takes its input as its own, as the page gives it, the copy counts, too.
pub const ALL: [Decoder; 11] = [
    // Two bits of a packed weight become four bytes, beside the steps of its unit.
    Decoder { name: "model_file", multiple: 20, check: model_file, good: good::model_files },
    // A pixel with ink takes four bytes, an image four more, and those that are no full block yet grow by doubling.
    Decoder { name: "idx", multiple: 6, check: idx, good: good::idx },
    // Strips of one pixel by eight, set into squares and split into two sets.
    Decoder { name: "own_files", multiple: 20, check: own_files, good: good::own_files },
    // A stroke without points is three characters and takes 24 bytes, which grow by doubling.
    Decoder { name: "drawings", multiple: 32, check: drawings, good: good::drawings },
    Decoder { name: "runs", multiple: 40, check: runs, good: good::runs },
    // Whatever the message's length, decoding ends at `wire::LIMIT`.
    Decoder { name: "command", multiple: 1, check: |bytes, multiple| message::<Command>(bytes, multiple), good: good::commands },
    Decoder { name: "event", multiple: 1, check: |bytes, multiple| message::<Event>(bytes, multiple), good: good::events },
    // A block is two characters and takes 24 bytes, which grow by doubling, and the settings are copied to be checked.
    Decoder { name: "address", multiple: 80, check: address, good: good::addresses },
    // A syntax tree: a character can be a placeable.
    Decoder { name: "messages", multiple: 160, check: messages, good: good::messages },
    // What the page knows, the history (a curve's points, which grow by doubling) and the snapshot.
    Decoder { name: "kept_run", multiple: 4, check: kept_run, good: good::kept_runs },
    Decoder { name: "stored", multiple: 80, check: stored, good: good::stored },
];

fn model_file(bytes: &[u8], multiple: usize) {
    if let Ok(model) = bounded(bytes.len(), multiple, || model_file::decode(bytes)) {
        assert!(model.parameters.iter().all(|p| p.is_finite()));
        let ModelFile { spec, parameters, .. } = &model;
        assert_eq!(spec.layout().parameters, parameters.len());
        let again = model_file::encode(&model).expect("what was decoded can be encoded");
        assert_eq!(model_file::decode(&again), Ok(model));
    }
}

/// The first two bytes say how many of the others are the image file.
fn idx(bytes: &[u8], multiple: usize) {
    let Some((first, second)) = two(bytes) else { return };
    for dimensions in 0..=4 {
        bounded(first.len(), multiple, || idx::parse(first, dimensions, "a file").map(|idx| idx.content.len())).ok();
    }
    if let Ok(set) = bounded(bytes.len(), multiple, || idx::dataset(first, second, 10)) {
        assert_eq!(set.pixels(0..set.len()).len(), set.len() * set.inputs());
        assert!(set.labels().iter().all(|label| *label < 10));
    }
}

/// As [`idx`]; the images are also split from four files, and what is kept of them comes back.
fn own_files(bytes: &[u8], multiple: usize) {
    let Some((first, second)) = two(bytes) else { return };
    let named = |name: &str, bytes: &[u8]| (name.to_string(), bytes.to_vec());
    let pair = || vec![named("images", first), named("labels", second)];
    if let Ok(own) = bounded(bytes.len(), multiple, || Own::from_files(pair())) {
        let (setting, kept) = (own.origin().to_string(), own.to_bytes());
        let sizes = format!("{} {}", own.training.len(), own.test.len());
        let again = bounded(kept.len(), multiple, || Own::from_kept(&setting, &sizes, &kept));
        assert_eq!(again, Some(own));
    }
    let four = || [pair(), vec![named("t10k-images", first), named("t10k-labels", second)]].concat();
    bounded(2 * bytes.len(), multiple, || Own::from_files(four())).ok();
    // The first file as what was kept: a line with the setting, one with the sizes, the images.
    let mut lines = first.splitn(3, |byte| *byte == b'\n');
    if let (Some(setting), Some(sizes), Some(kept)) = (lines.next(), lines.next(), lines.next()) {
        let [setting, sizes] = [setting, sizes].map(String::from_utf8_lossy);
        bounded(bytes.len(), multiple, || Own::from_kept(&setting, &sizes, kept));
    }
}

fn drawings(bytes: &[u8], multiple: usize) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    bounded(bytes.len(), multiple, || jsonl::parse_line(text)).ok();
    if let Ok(drawings) = bounded(bytes.len(), multiple, || jsonl::parse_labelled(text)) {
        let again: String = drawings.iter().map(|drawing| jsonl::to_line(drawing) + "\n").collect();
        assert_eq!(jsonl::parse_labelled(&again), Ok(drawings));
    }
    let mut mine = MyDigits::default();
    if mine.import(text).is_ok() {
        let mut again = MyDigits::default();
        again.import(&mine.export()).expect("what was imported can be exported");
        assert_eq!(again.drawings(), mine.drawings());
        mine.to_data().ok();
    }
}

fn runs(bytes: &[u8], multiple: usize) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let runs = bounded(bytes.len(), multiple, || Runs::decode(text));
    // Numbers of a curve are rounded when they are written: the same from the first time on.
    let written = runs.encode();
    let again = Runs::decode(&written);
    assert_eq!(again.records().len(), runs.records().len());
    assert_eq!(again.encode(), written);
    runs.to_csv();
    runs.differing();
}

/// A message; and the same bytes as four sizes and the payload that travels beside a message.
fn message<T: wire::Decode<()> + wire::Encode + std::fmt::Debug>(bytes: &[u8], multiple: usize) {
    if let Ok(value) = bounded(bytes.len(), multiple, || wire::decode::<T>(bytes, "a message")) {
        let again = wire::encode(&value).expect("what was decoded can be encoded");
        let value_again = wire::decode::<T>(&again, "a message").expect("what was encoded can be decoded");
        // As text, in which NaN is itself.
        assert_eq!(format!("{value_again:?}"), format!("{value:?}"));
    }
    let Some((head, payload)) = bytes.split_at_checked(16) else { return };
    let size = |i: usize| u32::from_le_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]) as usize;
    let payload_multiple = 4;
    bounded(bytes.len(), payload_multiple, || Data::from_bytes(payload, size(0), size(4), size(8), size(12))).ok();
    if let Ok(judgement) = bounded(bytes.len(), payload_multiple, || Judgement::from_bytes(payload, size(0), size(4))) {
        let again = Judgement::from_bytes(&judgement.to_bytes(), judgement.images(), judgement.classes());
        assert_eq!(format!("{:?}", again.ok()), format!("{:?}", Some(&judgement)));
        judgement.right();
    }
}

fn address(bytes: &[u8], multiple: usize) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let parameters: Vec<(String, String)> = text
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    let (settings, errors) = bounded(bytes.len(), multiple, || Settings::from_address(&parameters));
    assert!(errors.len() <= inkling::settings::NAMES.len());
    settings.spec().expect("settings are valid");
    settings.config().check().expect("settings are valid");
    let again = settings.to_address().into_iter().map(|(name, value)| (name.to_string(), value)).collect::<Vec<_>>();
    assert_eq!(Settings::from_address(&again), (settings, vec![]));
    let (view, errors) = bounded(bytes.len(), multiple, || PageView::from_address(&parameters));
    assert!(errors.len() <= 4, "a sentence a parameter");
    let again = view.to_address().into_iter().map(|(name, value)| (name.to_string(), value)).collect::<Vec<_>>();
    assert_eq!(PageView::from_address(&again), (view, vec![]));
    bounded(bytes.len(), multiple, || Matrix::parse(text)).ok();
}

fn messages(bytes: &[u8], multiple: usize) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    bounded(bytes.len(), multiple, || {
        let Ok(text) = messages::check(text, "the messages") else { return };
        let Ok(resource) = fluent_bundle::FluentResource::try_new(text.to_string()) else { return };
        let mut bundle = fluent_bundle::FluentBundle::new(vec![]);
        bundle.add_resource(resource).ok();
    });
}

fn kept_run(bytes: &[u8], multiple: usize) {
    if let Ok(snapshot) = bounded(bytes.len(), multiple, || Snapshot::decode(bytes)) {
        snapshot.config.check().expect("its settings are valid");
        // As bytes, in which NaN is itself.
        let again = snapshot.encode().expect("what was decoded can be encoded");
        assert_eq!(Snapshot::decode(&again).and_then(|snapshot| snapshot.encode()), Ok(again));
    }
    if let Ok(kept) = bounded(bytes.len(), multiple, || kept_run::decode(bytes)) {
        let again = kept_run::encode(&kept.about, &kept.history, &kept.snapshot).expect("what was decoded can be encoded");
        let second = kept_run::decode(&again).expect("what was encoded can be decoded");
        assert_eq!(kept_run::encode(&second.about, &second.history, &second.snapshot), Ok(again));
    }
}

/// The small things that the browser keeps as text.
fn stored(bytes: &[u8], multiple: usize) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let done = bounded(bytes.len(), multiple, || tasks::decode(text));
    assert_eq!(tasks::decode(&tasks::encode(&done)), done);
    if let Some(race) = bounded(bytes.len(), multiple, || Race::remembered("an adapter", 2, text)) {
        assert_eq!(Race::remembered("an adapter", 2, &race.result()), Some(race.clone()));
        race.ratio();
    }
    if let Ok(origin) = bounded(bytes.len(), multiple, || Origin::parse(text)) {
        assert_eq!(Origin::parse(&origin.to_string()), Ok(origin));
    }
}

/// Two files: the first two bytes are the length of the first one.
fn two(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(2)?;
    rest.split_at_checked(u16::from_le_bytes([length[0], length[1]]).into())
}
