//! What a teacher's link shows of the page: `?hide=seed,backend&lock=lr&panel=judge&embed=chart`. Knows no browser, so it is
//! tested natively; `web::page::panels` applies it.

use crate::settings::NAMES;
use crate::{Error, Result};

/// Every panel: `data-panel` in index.html, its name in the address. The test of the locales holds index.html to this list.
pub const PANELS: [&str; 16] = [
    "draw",
    "result",
    "train",
    "chart",
    "network",
    "my-digits",
    "data",
    "build",
    "settings",
    "runs",
    "diagnosis",
    "inside",
    "time",
    "judge",
    "robustness",
    "how",
];

/// Which panels and settings a link names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageView {
    /// Panels and settings that are not shown.
    pub hide: Vec<&'static str>,
    /// Settings that can't be changed; `build` and `settings` stand for all in that panel.
    pub lock: Vec<&'static str>,
    /// Panels that are open from the beginning.
    pub panel: Vec<&'static str>,
    /// If there are any: these panels are the whole page.
    pub embed: Vec<&'static str>,
}

/// The parameters' names in the address.
const PARAMETERS: [&str; 4] = ["hide", "lock", "panel", "embed"];

impl PageView {
    /// The view that an address's parameters say. A name that is none is left out and reported, of each parameter the first one.
    pub fn from_address(parameters: &[(String, String)]) -> (PageView, Vec<Error>) {
        let (mut view, mut errors) = (PageView::default(), Vec::new());
        for name in PARAMETERS {
            let Some((_, value)) = parameters.iter().find(|(key, _)| key == name) else { continue };
            for word in value.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                let list = view.list(name);
                match known(name, word) {
                    Ok(word) if list.contains(&word) => {}
                    Ok(word) => list.push(word),
                    // A sentence each would be a page of them, and an address can hold a million.
                    Err(_) if errors.iter().any(|error| concerns(error, name)) => {}
                    Err(error) => errors.push(error),
                }
            }
        }
        (view, errors)
    }

    /// Parameters for an address that leads to this view.
    pub fn to_address(&self) -> Vec<(&'static str, String)> {
        let lists = [&self.hide, &self.lock, &self.panel, &self.embed];
        PARAMETERS
            .into_iter()
            .zip(lists)
            .filter(|(_, list)| !list.is_empty())
            .map(|(name, list)| (name, list.join(",")))
            .collect()
    }

    /// Whether setting `name` can't be changed.
    pub fn locks(&self, name: &str) -> bool {
        let panel = match name {
            "data" => name,
            _ if BUILD.contains(&name) => "build",
            _ => "settings",
        };
        self.lock.iter().any(|locked| *locked == name || *locked == panel)
    }

    fn list(&mut self, name: &str) -> &mut Vec<&'static str> {
        match name {
            "hide" => &mut self.hide,
            "lock" => &mut self.lock,
            "panel" => &mut self.panel,
            _ => &mut self.embed,
        }
    }
}

fn concerns(error: &Error, parameter: &str) -> bool {
    matches!(error, Error::Setting { name, .. } if name == parameter)
}

/// The settings of the panel `build`; the data set has a panel of its own, and the others are in `settings`.
const BUILD: [&str; 4] = ["layers", "activation", "initializer", "l2"];

fn known(parameter: &str, word: &str) -> Result<&'static str> {
    let names = || match parameter {
        "hide" => PANELS.iter().chain(&NAMES),
        "lock" => ["build", "settings"].iter().chain(&NAMES),
        _ => PANELS.iter().chain(&[]),
    };
    names().find(|name| **name == word).copied().ok_or_else(|| Error::Setting {
        name: parameter.into(),
        value: word.into(),
        allowed: names().copied().collect::<Vec<_>>().join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(query: &[(&str, &str)]) -> (PageView, Vec<Error>) {
        PageView::from_address(&query.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect::<Vec<_>>())
    }

    #[test]
    fn a_link_leads_back_to_itself() {
        let query = [("hide", "seed,how"), ("lock", "lr,build"), ("panel", "robustness"), ("embed", "chart")];
        let (view, errors) = view(&query);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(view.to_address(), query.map(|(name, value)| (name, value.to_string())));
        assert_eq!(PageView::default().to_address(), []);
    }

    #[test]
    fn what_is_no_name_is_reported_and_left_out() {
        let (view, errors) = view(&[("hide", "nothing, how"), ("panel", "lr"), ("lock", "how"), ("lr", "0.5")]);
        assert_eq!(view, PageView { hide: vec!["how"], ..PageView::default() });
        let said: Vec<_> =
            errors.iter().map(|error| matches!(error, Error::Setting { value, .. } if value == "nothing")).collect();
        assert_eq!(said, [true, false, false], "only settings can be locked, only panels opened: {errors:?}");
    }

    #[test]
    fn no_panel_is_called_as_a_setting_is() {
        // But for the panel that is all about one setting.
        let shared: Vec<_> = PANELS.into_iter().filter(|panel| NAMES.contains(panel)).collect();
        assert_eq!(shared, ["data"], "`hide` can't tell them apart");
    }

    #[test]
    fn a_panel_locks_its_settings() {
        let (view, _) = view(&[("lock", "build,seed")]);
        let locked: Vec<_> = NAMES.into_iter().filter(|name| view.locks(name)).collect();
        assert_eq!(locked, ["layers", "activation", "initializer", "l2", "seed"]);
        assert!(!view.locks("data"));
        for lock in ["data", "settings"] {
            let (view, _) = super::tests::view(&[("lock", lock)]);
            assert_eq!((view.locks("data"), view.locks("lr")), (lock == "data", lock == "settings"));
        }
    }
}
