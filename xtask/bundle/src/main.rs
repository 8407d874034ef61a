//! Puts together what a browser loads, from compiled modules and the files of `ui/`.
//!
//! `cargo xtask web` compiles the modules and runs this program; it is a package of its own so that `xtask` itself stays
//! light. Out comes one folder that a server serves as it is:
//!
//! | path | is |
//! |---|---|
//! | `index.html` | the page's template; a server puts what it knows at `<!--ready-->` |
//! | `service-worker.js` | keeps the interface on a visitor's machine |
//! | `assets/<name>-<hash>.<extension>` | everything else, under names that say their contents, so that they may be kept for ever |
//! | `assets/….br`, `assets/….gz` | the same, compressed |
//! | `desktop/` | the interface alone, as the desktop app embeds it |
//!
//! Files refer to each other by their plain names ([`assets`]); the names are replaced here. The sizes are reported, and a part
//! that has outgrown its budget is an error ([`report`]).

mod assets;
mod bindings;
mod compress;
mod folder;
mod parts;
mod report;
mod split;

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;

/// Puts together what a browser loads.
#[derive(Parser)]
struct Arguments {
    /// A compiled module; once for each.
    #[arg(long = "module")]
    modules: Vec<PathBuf>,
    /// The folder of the interface's sources.
    #[arg(long)]
    sources: PathBuf,
    /// The folder to write.
    #[arg(long)]
    to: PathBuf,
    /// For development: quick, larger, and held to no budget.
    #[arg(long)]
    dev: bool,
}

fn main() -> anyhow::Result<()> {
    let Arguments { modules, sources, to, dev } = Arguments::parse();
    let parts = parts::read(&modules, &sources)?;
    let digest = folder::digest(&parts, dev);
    if folder::is_current(&to, &digest) {
        return Ok(());
    }
    let assets = parts::assets(parts, dev)?;
    let mut named = assets::name(assets)?;
    assets::write_build(&mut named, &digest);
    let cannot_write = || format!("cannot write {}", to.display());
    let making = to.with_extension(format!("making-{}", std::process::id()));
    let written = folder::write(&making, &named, dev).with_context(cannot_write)?;
    let (table, outgrown) = report::report(&written);
    println!("{table}");
    if outgrown.is_none() || dev {
        folder::mark_current(&making, &digest)?;
    }
    folder::replace(&making, &to).with_context(cannot_write)?;
    match outgrown {
        Some(outgrown) if !dev => anyhow::bail!(outgrown),
        _ => Ok(()),
    }
}
