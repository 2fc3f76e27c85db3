//! `cargo xtask bench`: builds the site, and hands over to the `bench` program of `tests/e2e`, which knows browsers.

use crate::process::{self, Result};
use crate::{site, system};

/// `arguments` are that program's.
pub fn run(arguments: &[String]) -> Result {
    if !arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        system::ensure_browser()?;
        site::build(site::Profile::Release)?;
    }
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--package", "inkling-e2e", "--bin", "bench", "--"]).args(arguments);
    process::run(cargo.env("INKLING_PKG", site::folder()).env("CHROMEDRIVER", system::chromedriver()?))
}
