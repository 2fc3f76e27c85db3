//! What the project is made of: licences, sources and known weaknesses of all crates (deny.toml says what is allowed), and known
//! weaknesses of the tools that npm brings.

use crate::process::{self, Result};
use crate::tools;

/// Errors when a crate has a licence, a source or a known weakness that deny.toml does not allow.
pub fn crates() -> Result {
    let tools = tools::ensure(tools::DENY)?;
    process::run(tools.command("cargo-deny")?.args(["check", "licenses", "bans", "sources"]))?;
    let checked = process::output(tools.command("cargo-deny")?.args(["check", "advisories"]));
    // The list of weaknesses is on GitHub, which not every network reaches.
    unless_out_of_reach("the crates' known weaknesses", checked, "failed to fetch advisory database")
}

/// Errors when a tool that npm brings has a known weakness that is more than low.
pub fn npm() -> Result {
    tools::ensure(tools::SITE)?;
    tools::ensure(tools::SITE_JUDGE)?;
    tools::axe()?;
    for folder in tools::npm_folders()? {
        let checked = process::output(process::npm().args(["audit", "--audit-level=moderate", "--prefix"]).arg(&folder));
        unless_out_of_reach("npm's known weaknesses", checked, "audit endpoint returned an error")?;
    }
    Ok(())
}

/// Where GitHub runs the suite, everything is in reach; elsewhere it is said what could not be checked.
fn unless_out_of_reach(what: &str, checked: Result<String>, sign: &str) -> Result {
    match checked {
        Err(said) if said.contains(sign) && std::env::var_os("GITHUB_ACTIONS").is_none() => {
            println!("NOT CHECKED: {what}, because their list can't be fetched from here. GitHub's workflow checks them.");
            Ok(())
        }
        checked => checked.map(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_list_that_cannot_be_fetched_is_no_failure() {
        assert_eq!(unless_out_of_reach("x", Ok(String::new()), "no list"), Ok(()));
        assert_eq!(unless_out_of_reach("x", Err("failed: weakness".into()), "no list"), Err("failed: weakness".into()));
        let out_of_reach = unless_out_of_reach("x", Err("failed: no list".into()), "no list");
        assert_eq!(out_of_reach.is_ok(), std::env::var_os("GITHUB_ACTIONS").is_none());
    }
}
