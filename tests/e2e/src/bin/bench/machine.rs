//! Where and when it was measured.

use std::fs;
use std::process::Command;
use std::thread;

/// How many cores there are.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// How many workers train in a page that asks for no number: a core each, at most four.
pub fn workers() -> usize {
    cores().min(4)
}

/// The lines above the table: date, processor, browser, and the command.
pub fn describe(browser: &str, command: &str) -> String {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor(&information).unwrap_or("an unnamed processor");
    format!("{}: {processor}, {} cores; {browser}, headless. `{command}`", date(), cores())
}

fn processor(information: &str) -> Option<&str> {
    let line = information.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(':').map(|(_, name)| name.trim())
}

/// The day, in UTC.
fn date() -> String {
    let said = Command::new("date").args(["-u", "+%Y-%m-%d"]).output();
    said.map_or_else(|_| "undated".to_string(), |said| String::from_utf8_lossy(&said.stdout).trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_has_a_name() {
        assert_eq!(processor("processor\t: 0\nmodel name\t: Fast 9000 @ 3 GHz\nflags: a"), Some("Fast 9000 @ 3 GHz"));
        assert_eq!(processor(""), None);
    }
}
