//! The project's own tasks, as `cargo xtask <command>`.
//!
//! Everything a contributor or a build machine has to do stands here, in Rust, so that it is one command on a
//! fresh machine and the same command everywhere:
//!
//! | command | does |
//! |---|---|
//! | `run`   | sets the machine up, builds a server and the desktop app, and opens a session that both share |
//! | `test`  | sets the machine up and runs every check and every test; what `.ci/run` calls |
//! | `tidy`  | checks the conventions that neither the compiler nor clippy knows ([`tidy`]) |
//! | `web`   | builds what runs in a browser, with whichever WebAssembly toolchain the machine has |
//! | `rtsan` | runs the engine's audio half under LLVM's sanitizer of real time |
//! | `dist sounds` | makes the listening page: every instrument with a player and a spectrogram |
//! | `dist deb` | makes the Debian package of the desktop app and the terminal program |
//! | `bench` | runs the benchmarks and prints (or records) one table |
//!
//! `xtask` never knows what Offbeat is: it depends on no other crate of the workspace, so that it builds in
//! seconds and still works when the product does not compile. It installs system packages (saying so first)
//! and never a Rust toolchain: that choice is the machine owner's.

mod bench;
mod dist;
mod metadata;
mod process;
mod rtsan;
mod run;
mod setup;
mod test;
mod tidy;
mod web;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

/// Tasks of the Offbeat workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up the machine, build Offbeat, start a server, and open the desktop app on a session that the server keeps. With no
    /// display, print the link and stay on. `run -- demo` opens the jam of two players in the terminal instead.
    Run {
        /// After `--`: `demo` and what is handed to `offbeat demo`, or else what is handed to the desktop app.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Set up the machine and run every check and every test.
    Test {
        /// Leave out the documentation examples and the tests that need a release build.
        #[arg(long)]
        quick: bool,
    },
    /// Check the project's conventions: layering, sizes, names, forbidden calls, links, licences.
    Tidy,
    /// Build what runs in a browser, into `ui/dist`.
    Web {
        /// Quick to build, larger, and held to no budget: for development.
        #[arg(long)]
        dev: bool,
    },
    /// Run the engine's audio half under `RealtimeSanitizer`.
    Rtsan,
    /// Make something to publish.
    Dist {
        #[command(subcommand)]
        what: dist::What,
    },
    /// Run the benchmarks in release builds and print their figures as one table.
    Bench {
        /// Run only the bench of this name.
        name: Option<String>,
        /// Write the table to docs/benchmarks.md too; only for a whole run.
        #[arg(long, conflicts_with = "name")]
        record: bool,
    },
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> anyhow::Result<()> {
    let root = workspace_root()?;
    match task {
        Task::Run { arguments } => run::run(&root, &arguments),
        Task::Test { quick } => test::test(&root, quick),
        Task::Tidy => tidy::tidy(&root),
        Task::Web { dev } => web::build(&root, dev),
        Task::Rtsan => rtsan::rtsan(&root),
        Task::Dist { what } => dist::dist(&root, what),
        Task::Bench { name, record } => bench::bench(&root, name.as_deref(), record),
    }
}

/// The folder of the workspace's `Cargo.toml`.
///
/// Asked of cargo when the task runs, not when it was compiled: checkouts may share one target folder.
fn workspace_root() -> anyhow::Result<PathBuf> {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").context("start it as `cargo xtask <command>`")?;
    let root = Path::new(&manifest).parent().context("xtask's folder stands in the workspace's folder")?;
    Ok(root.to_path_buf())
}
