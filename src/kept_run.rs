//! A run as the page keeps it over a crash or a closed tab: the worker's [`Snapshot`](crate::train::Snapshot), and what the page
//! knows of the run. Bytes: length of the header (4, little-endian), header (bincode), length of the history (4), history,
//! snapshot.

use crate::history::History;
use crate::protocol::{Evaluation, Progress};
use crate::wire::{self, Decode, Encode};
use crate::{Error, Result};

const WHAT: &str = "a kept run";

/// What the page knows of a run.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct About {
    /// The settings, as the address has them.
    pub settings: String,
    /// The learning rate was changed by hand while it ran.
    pub rate_changed: bool,
    pub epochs: u32,
    pub progress: Progress,
    pub validation: Option<Evaluation>,
    /// What the stopwatch shows, and what it showed when training began.
    pub seconds: f64,
    pub preparing: Option<f64>,
    /// When it was kept, in milliseconds since 1970.
    pub at: f64,
}

/// See the module's documentation.
#[derive(Clone, Debug)]
pub struct KeptRun {
    pub about: About,
    pub history: History,
    pub snapshot: Vec<u8>,
}

/// The bytes of these.
///
/// Errors when the settings are too long.
pub fn encode(about: &About, history: &History, snapshot: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(snapshot.len() + 4096);
    for part in [wire::encode(about)?, history.to_bytes()] {
        bytes.extend((part.len() as u32).to_le_bytes());
        bytes.extend(part);
    }
    bytes.extend_from_slice(snapshot);
    Ok(bytes)
}

/// Back from bytes. Takes no more than twice as much memory as they, and the header's limit. The snapshot is not looked into.
///
/// Errors when a part is cut short or is none.
pub fn decode(bytes: &[u8]) -> Result<KeptRun> {
    let mut rest = bytes;
    let mut part = || {
        let (len, after) = rest.split_first_chunk::<4>()?;
        let (part, after) = after.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        rest = after;
        Some(part)
    };
    let cut = || Error::Malformed { what: WHAT.into(), reason: "it ends too soon".into() };
    let about: About = wire::decode(part().ok_or_else(cut)?, WHAT)?;
    let history = History::from_bytes(part().ok_or_else(cut)?)?;
    Ok(KeptRun { about, history, snapshot: rest.to_vec() })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::history::Point;
    use proptest::prelude::*;

    fn kept() -> Vec<u8> {
        let mut history = History::default();
        for step in 0..5000 {
            let point = Point { step: f64::from(step), epoch: 0.5, seconds: 0.25, loss: 1.5, accuracy: 0.975 };
            history.push_training(point);
            if step % 1000 == 0 {
                history.push_validation(point);
            }
        }
        let about = About {
            settings: "layers=32&epochs=3".into(),
            rate_changed: true,
            epochs: 3,
            progress: Progress { step: 5000, ..Progress::default() },
            validation: Some(Evaluation { loss: 0.5, accuracy: 0.75 }),
            seconds: 12.5,
            preparing: Some(0.5),
            at: 1e12,
        };
        encode(&about, &history, b"snapshot").unwrap()
    }

    #[test]
    fn everything_comes_back() {
        let bytes = kept();
        let KeptRun { about, history, snapshot } = decode(&bytes).unwrap();
        assert_eq!((about.progress.step, about.seconds, &snapshot[..]), (5000, 12.5, &b"snapshot"[..]));
        assert_eq!(history.reached(), [Some(0.25), None]);
        assert_eq!(encode(&about, &history, &snapshot).unwrap(), bytes);
        assert!(decode(&bytes[..bytes.len() / 2]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn changed_bytes_are_refused_or_read(changes in proptest::collection::vec((0_usize..200, any::<u8>()), 1..6)) {
            let mut bytes = kept();
            changes.iter().for_each(|(place, byte)| bytes[*place] = *byte);
            let _ = decode(&bytes);
        }
    }
}
