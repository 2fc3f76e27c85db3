//! The graphics device that tests run on: whatever adapter there is, on Linux without one Mesa's lavapipe.

use inkling::Error;
use inkling::backend::Gpu;
use std::io::Write;
use std::sync::OnceLock;
use std::time::Instant;

/// The device, or a line on the terminal that says that the test was skipped; with INKLING_REQUIRE_GPU=1 a failure instead.
pub fn gpu() -> Option<Gpu> {
    match pollster::block_on(Gpu::new(clock)) {
        Ok(gpu) => Some(gpu),
        Err(why) if std::env::var("INKLING_REQUIRE_GPU").is_ok_and(|value| value == "1") => {
            panic!("INKLING_REQUIRE_GPU is set, but: {why}")
        }
        Err(why) => {
            skip(&why);
            None
        }
    }
}

/// Says on the terminal that the test was skipped.
pub fn skip(why: &Error) {
    // Not eprintln!, which is captured when a test passes.
    let test = std::thread::current().name().unwrap_or("a test").to_string();
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {why}");
}

/// Seconds.
fn clock() -> f64 {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed().as_secs_f64()
}
