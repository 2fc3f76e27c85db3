#![no_main]

inkling_fuzz::target!("model_file");
