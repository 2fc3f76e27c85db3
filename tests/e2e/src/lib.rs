//! Drives the built site as a person would: a static server, chromedriver, Chromium, and a page to draw on.
//!
//! A test calls [`drive`] with its circumstances. One browser runs at a time: training takes every core, and tests that
//! compete for them would wait for each other. Whatever a test does, the page must ask no other host for anything and must
//! report no error on the console; [`drive`] sees to both.
//!
//! `INKLING_BROWSER` is `chromium` (if unset), `firefox` or `webkit`, `INKLING_PKG` the site's folder (`pkg/` of this repository
//! if unset), `CHROMEDRIVER`, `GECKODRIVER` and `WEBKITWEBDRIVER` the drivers (else the PATH's), `INKLING_AXE` axe-core's script.

#![forbid(unsafe_code)]

mod browser;
mod digits;
mod driver;
mod faults;
mod page;
mod recorder;
mod server;
mod strangers;

pub use browser::{Browser, Gpu, Mortal, Setup, drive, drive_mortal};
pub use digits::{Stroke, strokes};
pub use driver::Kind;
pub use faults::Fault;
pub use page::{LIMIT, Page, Pointer, Snapshot};
pub use recorder::Record;
pub use server::{Site, pkg};
