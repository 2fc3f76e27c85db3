#![no_main]

inkling_fuzz::target!("kept_run");
