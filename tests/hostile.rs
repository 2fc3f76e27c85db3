//! What others wrote, good, bad and hostile: no decoder panics, none allocates more than the stated multiple of its input, and
//! what it takes comes back as it was. `fuzz/` runs the same checks for longer.
#![cfg(not(target_arch = "wasm32"))]

mod decoders;

use decoders::ALL;
use decoders::allocation;
use inkling::data::Dataset;
use inkling::explain::neighbours;
use inkling::judge::Judgement;
use inkling::train::Data;
use proptest::prelude::*;
use proptest::sample::Index;
use std::hint::black_box;

#[test]
fn good_input_stays_within_the_bounds() {
    for decoder in &ALL {
        for good in (decoder.good)() {
            decoder.check(&good);
        }
    }
}

#[test]
fn the_counter_counts() {
    // Memory that nobody looks at, the compiler may leave out.
    let part = |len: usize| black_box(vec![0_u8; len]);
    assert_eq!(allocation::most(|| drop(part(1000))).0, 1000);
    assert_eq!(allocation::most(|| (0..3).map(|_| part(1000).len()).sum::<usize>()).0, 1000);
    let over = std::panic::catch_unwind(|| allocation::bounded(10, 2, || part(2 * decoders::CONSTANT)));
    assert!(over.is_err());
}

/// A message can ask for any number of neighbours.
#[test]
fn nobody_has_more_neighbours_than_there_are_images() {
    let set = Dataset::new(vec![0, 9, 5], vec![0, 1, 2], 1, 3).unwrap();
    let (bytes, found) = allocation::most(|| neighbours::nearest(&set, &[4], u32::MAX as usize));
    assert_eq!(found.iter().map(|neighbour| neighbour.number).collect::<Vec<_>>(), [2, 0, 1]);
    assert!(bytes < 1000, "{bytes}");
}

/// Sizes of a message are anything: these once overflowed.
#[test]
fn impossible_sizes_are_refused() {
    let most = u32::MAX as usize;
    for (inputs, classes, training, test) in [(0, 0, 1, 0), (most, 10, most, most), (usize::MAX, 2, 1, 1), (1, 2, usize::MAX, 0)]
    {
        assert!(Data::from_bytes(&[7], inputs, classes, training, test).is_err(), "{inputs} {classes} {training} {test}");
    }
    assert!(Judgement::from_bytes(&[7], usize::MAX, usize::MAX).is_err());
}

/// What is done to good input.
#[derive(Clone, Debug)]
enum Change {
    /// A byte becomes another one.
    Set(Index, u8),
    /// Four bytes become a number such as lengths are.
    Number(Index, u32),
    Cut(Index),
    /// From here to there once more.
    Repeat(Index, Index),
    Insert(Index, Vec<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    let number = prop_oneof![Just(0), Just(1), Just(u32::MAX), Just(0x7fff_ffff), Just(0x0100_0000), any::<u32>()];
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        2 => (any::<Index>(), number).prop_map(|(at, number)| Change::Number(at, number)),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Repeat(from, to)),
        1 => (any::<Index>(), prop::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
    ]
}

fn apply(change: &Change, bytes: &mut Vec<u8>) {
    let place = |index: &Index, bytes: &[u8]| index.index(bytes.len() + 1);
    match change {
        Change::Set(at, byte) => {
            let at = place(at, bytes);
            if let Some(old) = bytes.get_mut(at) {
                *old = *byte;
            }
        }
        Change::Number(at, number) => {
            let at = place(at, bytes);
            for (old, new) in bytes[at..].iter_mut().zip(number.to_le_bytes()) {
                *old = new;
            }
        }
        Change::Cut(at) => bytes.truncate(place(at, bytes)),
        Change::Repeat(from, to) => {
            let (from, to) = (place(from, bytes), place(to, bytes));
            let part = bytes[from.min(to)..from.max(to)].to_vec();
            let at = from.max(to);
            bytes.splice(at..at, part);
        }
        Change::Insert(at, new) => {
            let at = place(at, bytes);
            bytes.splice(at..at, new.iter().copied());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_taken_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        ALL.iter().for_each(|decoder| decoder.check(&bytes));
    }

    #[test]
    fn any_text_is_taken_or_refused(text in "[ -~\n=,:&{}\\[\\]\"]{0,200}") {
        ALL.iter().for_each(|decoder| decoder.check(text.as_bytes()));
    }

    #[test]
    fn good_input_with_changes_is_taken_or_refused(which in any::<Index>(), changes in prop::collection::vec(change(), 1..6)) {
        for decoder in &ALL {
            let good = (decoder.good)();
            let mut bytes = which.get(&good).clone();
            changes.iter().for_each(|change| apply(change, &mut bytes));
            decoder.check(&bytes);
        }
    }
}
