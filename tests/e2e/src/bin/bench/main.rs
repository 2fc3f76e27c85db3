//! `cargo xtask bench`: how fast the built site trains in headless Chromium, how fast the command line does, and how fast
//! others are where they are installed, as one table. Repeats take turns, so that a machine that slows down slows all of them.

mod chromium;
mod machine;
mod native;
mod peers;
mod row;
mod table;
mod workload;

use clap::Parser;
use row::Row;
use std::path::PathBuf;
use std::process::ExitCode;
use workload::{SHAPES, Workload};

/// A failure is one sentence for the person who ran it.
type Result<T = ()> = std::result::Result<T, String>;

/// Passes over the training images in a measurement: others' accuracies are known after so many.
const EPOCHS: u32 = 5;

#[derive(Parser)]
#[command(name = "cargo xtask bench", about = "Measures how fast networks train in the browser and natively, against others")]
struct Arguments {
    /// Which networks are trained
    #[arg(long, value_delimiter = ',', value_parser = Workload::parse, default_value = "h128-sig-sgd,h512-relu-adam")]
    workloads: Vec<Workload>,
    /// Train other shapes instead, in the browser: narrow, wide, deep, odd, every activation and optimizer, small and large
    /// batches
    #[arg(long, conflicts_with_all = ["workloads", "peers"])]
    shapes: bool,
    /// How often everything is measured
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    repeats: u32,
    /// Begin no further epoch of a measurement after so many seconds of training
    #[arg(long, default_value_t = 60)]
    max_seconds: u32,
    /// Measure WebGPU in the browser, too
    #[arg(long)]
    webgpu: bool,
    /// A folder with a benchmark of others (run.mjs), which then measures the browser's part; else INKLING_PEERS
    #[arg(long)]
    peers: Option<PathBuf>,
    /// Whom that benchmark measures beside ours
    #[arg(long, value_delimiter = ',', default_value = "jax-js:wasm,tfjs:wasm")]
    peer: Vec<String>,
    /// Write the table to this file, too
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Arguments {
    /// The command that measures the same, without the names of this machine's folders.
    fn command(&self, with_peers: bool) -> String {
        let mut command = format!("cargo xtask bench --repeats {}", self.repeats);
        if self.shapes {
            command += " --shapes";
        } else {
            let workloads: Vec<&str> = self.workloads.iter().map(|workload| &*workload.name).collect();
            command += &format!(" --workloads {}", workloads.join(","));
        }
        if self.webgpu {
            command += " --webgpu";
        }
        if with_peers {
            command += &format!(" --peers FOLDER --peer {}", self.peer.join(","));
        }
        command
    }
}

fn main() -> ExitCode {
    let mut arguments = Arguments::parse();
    if arguments.shapes {
        let shapes = SHAPES.map(|shape| Workload::parse(shape).expect("a test reads each"));
        arguments.workloads = shapes.into();
    }
    match measure(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> Result {
    let peers = arguments.peers.clone().or_else(|| std::env::var_os("INKLING_PEERS").map(PathBuf::from));
    // Others know the named workloads.
    let peers = peers.filter(|_| !arguments.shapes);
    let probe = chromium::probe(machine::workers())?;
    let mut rows = Vec::new();
    for workload in &arguments.workloads {
        rows.push(table::dense_limit(workload, probe.gflops, machine::workers()));
    }
    if let Some(folder) = &peers {
        rows.extend(peers::measure(folder, arguments)?);
    }
    for repeat in 1..=arguments.repeats {
        for workload in &arguments.workloads {
            println!("{}, repeat {repeat} of {}", workload.name, arguments.repeats);
            if peers.is_none() {
                rows.extend(chromium::measure(workload, arguments)?);
            }
            if !arguments.shapes {
                rows.extend(native::measure(workload)?);
            }
        }
    }
    let table = format!(
        "{}\n\n{}",
        machine::describe(&probe.browser, &arguments.command(peers.is_some())),
        table::markdown(&Row::merged(rows))
    );
    println!("\n{table}");
    match &arguments.out {
        Some(file) => std::fs::write(file, table).map_err(|error| format!("cannot write {}: {error}", file.display())),
        None => Ok(()),
    }
}
