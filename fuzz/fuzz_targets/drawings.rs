#![no_main]

inkling_fuzz::target!("drawings");
