//! The built site, used as a person would use it.

mod accessibility;
mod address;
mod backend;
mod build;
mod data;
mod diagnosis;
mod drawing;
mod files;
mod hosting;
mod inside;
mod judge;
mod lessons;
mod lessons_mnist;
mod lessons_network;
mod lessons_slopes;
mod library;
mod my_digits;
mod offline;
mod race;
mod robustness;
mod runs;
mod steps;
mod teacher;
mod terms;
mod time;
mod training;
