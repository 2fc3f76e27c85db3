#![no_main]

inkling_fuzz::target!("own_files");
