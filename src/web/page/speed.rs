//! How fast this device trains, remembered from the last run, so that the next one's time can be estimated.

use super::app::App;
use super::dom;
use crate::backend::BackendKind;
use crate::choice::Why;
use crate::estimate;
use crate::web::workers_for;

const STORED: &str = "inkling-speed-";

fn key(kind: BackendKind) -> String {
    format!("{STORED}{}", kind.name())
}

impl App {
    /// Multiply-adds a second: of the last run on what will train, of the race before it, or guessed.
    pub(super) fn speed(&self) -> f64 {
        let kind = self.chosen.as_ref().map_or(BackendKind::Cpu, |chosen| chosen.backend.kind);
        let storage = dom::window().local_storage().ok().flatten();
        let remembered = storage.and_then(|storage| storage.get_item(&key(kind)).ok().flatten());
        remembered.and_then(|rate| rate.parse().ok()).filter(|rate: &f64| *rate > 0.0).unwrap_or_else(|| self.first_speed())
    }

    fn first_speed(&self) -> f64 {
        let race = self.chosen.as_ref().and_then(|chosen| if let Why::Race(race) = &chosen.why { Some(race) } else { None });
        match (race, self.settings.spec()) {
            (Some(race), Ok(spec)) => estimate::rate(&spec, race.webgpu.unwrap_or(0).max(race.cpu) as f64),
            _ => estimate::GUESS * workers_for(self.settings.workers) as f64,
        }
    }

    /// Remembers the speed of the run that is over. Where storage is off, the next estimate is the first again.
    pub(super) fn remember_speed(&self) {
        let (Some(run), Some(chosen)) = (&self.run, &self.chosen) else { return };
        let (Ok(spec), Ok(Some(storage))) = (run.settings.spec(), dom::window().local_storage()) else { return };
        let rate = estimate::rate(&spec, run.progress.samples_per_second.into());
        if rate > 0.0 {
            let _ = storage.set_item(&key(chosen.backend.kind), &format!("{rate:.0}"));
        }
    }
}
