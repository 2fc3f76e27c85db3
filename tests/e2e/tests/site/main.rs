//! The built site, used as a person would use it.

mod address;
mod backend;
mod drawing;
mod files;
mod hosting;
mod library;
mod race;
mod training;
