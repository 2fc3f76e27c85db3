//! What the tests need from the operating system: a browser with its driver, a software GPU, fonts.
//!
//! On Debian and Ubuntu missing packages are installed; elsewhere a sentence says what to install.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{self, Result};
use crate::tools;

/// One thing the tests need.
struct Need {
    what: &'static str,
    is_there: fn() -> bool,
    debian: &'static str,
    ubuntu: &'static str,
}

/// Vulkan on the CPU, for the native tests of the GPU backend.
const VULKAN: Need = Need {
    what: "a Vulkan driver for the CPU (Mesa's lavapipe)",
    is_there: || {
        // Elsewhere wgpu uses Metal or Direct3D, which the system brings along.
        !cfg!(target_os = "linux") || any_file("/usr/share/vulkan/icd.d", |name| name.starts_with("lvp_icd"))
    },
    debian: "mesa-vulkan-drivers",
    ubuntu: "mesa-vulkan-drivers",
};

const CHROMIUM: Need = Need {
    what: "Chromium or Chrome",
    is_there: || {
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        !cfg!(target_os = "linux") || names.iter().any(|name| on_path(name).is_some())
    },
    debian: "chromium",
    ubuntu: "chromium-browser",
};

const CHROMEDRIVER: Need = Need {
    what: "chromedriver",
    is_there: || chromedriver().is_ok(),
    debian: "chromium-driver",
    ubuntu: "chromium-chromedriver",
};

const FIREFOX: Need = Need {
    what: "Firefox",
    is_there: || !cfg!(target_os = "linux") || ["firefox", "firefox-esr"].iter().any(|name| on_path(name).is_some()),
    debian: "firefox-esr",
    ubuntu: "firefox",
};

const WEBKIT: Need = Need {
    what: "WebKitGTK's browser",
    is_there: || minibrowser().is_file(),
    debian: "libwebkit2gtk-4.1-0",
    ubuntu: "libwebkit2gtk-4.1-0",
};

const WEBKIT_DRIVER: Need = Need {
    what: "WebKitWebDriver",
    is_there: || on_path("WebKitWebDriver").is_some(),
    debian: "webkit2gtk-driver",
    ubuntu: "webkit2gtk-driver",
};

/// WebKitGTK's browser can't do without a screen.
const SCREEN: Need =
    Need { what: "a screen that nobody sees (Xvfb)", is_there: || on_path("Xvfb").is_some(), debian: "xvfb", ubuntu: "xvfb" };

/// Without it Chinese is a row of boxes, and its layout is not tested.
const CHINESE_FONT: Need = Need {
    what: "a font for Chinese",
    is_there: || !cfg!(target_os = "linux") || any_file("/usr/share/fonts/opentype/noto", |name| name.starts_with("NotoSansCJK")),
    debian: "fonts-noto-cjk",
    ubuntu: "fonts-noto-cjk",
};

/// Sees to it that the native tests find a GPU, if only a simulated one.
pub fn ensure_gpu() -> Result {
    ensure(&[VULKAN])
}

/// Sees to it that there is a browser that tests can drive.
pub fn ensure_browser() -> Result {
    ensure(&[CHROMIUM, CHROMEDRIVER, CHINESE_FONT])
}

/// The same for Firefox, except its driver.
pub fn ensure_firefox() -> Result {
    ensure(&[FIREFOX, CHINESE_FONT])
}

/// The same for WebKit.
pub fn ensure_webkit() -> Result {
    ensure(&[WEBKIT, WEBKIT_DRIVER, SCREEN, CHINESE_FONT])
}

/// Where Debian and Ubuntu have the browser that WebKitWebDriver starts.
fn minibrowser() -> PathBuf {
    PathBuf::from(format!("/usr/lib/{}-linux-gnu/webkit2gtk-4.1/MiniBrowser", env::consts::ARCH))
}

/// The driver: `$CHROMEDRIVER`, or the one on the PATH.
pub fn chromedriver() -> Result<PathBuf> {
    let set = env::var_os("CHROMEDRIVER").map(PathBuf::from).filter(|path| path.is_file());
    set.or_else(|| on_path("chromedriver")).ok_or_else(|| "chromedriver is not on the PATH".to_string())
}

fn ensure(needs: &[Need]) -> Result {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = missing.iter().map(|need| need.what).collect::<Vec<_>>().join(", ");
    let packages: Vec<&str> = match distribution(&fs::read_to_string("/etc/os-release").unwrap_or_default()) {
        Some(Distribution::Debian) => missing.iter().map(|need| need.debian).collect(),
        Some(Distribution::Ubuntu) => missing.iter().map(|need| need.ubuntu).collect(),
        None => return Err(format!("the tests need {what}: please install that and try again")),
    };
    println!("Installing {what} for the tests: packages {}, once.", packages.join(" "));
    apt_get(&["update"])?;
    apt_get(&[&["install", "--yes", "--no-install-recommends"], packages.as_slice()].concat())?;
    match missing.iter().find(|need| !(need.is_there)()) {
        None => Ok(()),
        Some(need) => Err(format!("{} is still missing after the installation of its package", need.what)),
    }
}

/// Runs apt-get as root, or through sudo.
fn apt_get(arguments: &[&str]) -> Result {
    let is_root = process::output(process::command("id").arg("-u"))? == "0";
    let mut command = match is_root {
        true => process::command("env"),
        false if on_path("sudo").is_some() => process::command("sudo"),
        false => return Err(format!("please run this as root: apt-get {}", arguments.join(" "))),
    };
    if !is_root {
        command.arg("env");
    }
    process::run(command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]).args(arguments))
}

#[derive(Debug, PartialEq)]
enum Distribution {
    Debian,
    Ubuntu,
}

/// Which of the two `/etc/os-release` describes, itself or as the one it derives from.
fn distribution(os_release: &str) -> Option<Distribution> {
    let value = |key: &str| os_release.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().replace('"', "");
    let names = format!("{} {}", value("ID="), value("ID_LIKE="));
    let is = |name| names.split_whitespace().any(|word| word == name);
    match (is("ubuntu"), is("debian")) {
        (true, _) => Some(Distribution::Ubuntu),
        (false, true) => Some(Distribution::Debian),
        (false, false) => None,
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    tools::find(program, env::var_os("PATH").unwrap_or_default())
}

fn any_file(folder: &str, is_it: impl Fn(&str) -> bool) -> bool {
    let entries = fs::read_dir(Path::new(folder)).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.file_name().to_str().is_some_and(&is_it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions_are_told_apart() {
        assert_eq!(distribution("NAME=\"Debian\"\nVERSION_ID=\"12\"\nID=debian\n"), Some(Distribution::Debian));
        assert_eq!(distribution("ID=ubuntu\nID_LIKE=debian\n"), Some(Distribution::Ubuntu));
        assert_eq!(distribution("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), Some(Distribution::Ubuntu));
        assert_eq!(distribution("ID=fedora\n"), None);
        assert_eq!(distribution(""), None);
    }
}
