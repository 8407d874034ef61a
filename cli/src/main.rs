//! `offbeat`: a full peer for the terminal.
//!
//! A composition root: it reads the command line, asks the home for what the command needs, and shows the answer. Everything
//! that happens in a session happens in the crates below.
//!
//! - `arguments` is the command line, with its help.
//! - `desk` gets work done on a home, whether this process owns it or another one does; `commands` are written against its
//!   answers alone, so that each works the same beside a running `host`.
//! - `words` reads the edits of `offbeat edit`; `source` reads any file that can be imported; `sound_file` and `whole_file` write
//!   files that appear whole or not at all.
//! - `samples` brings samples into the home and loads them. Files of samples are decoded by this program in a process of its
//!   own, which is why `main` asks first whether it is one.
//! - `demo` lets two players jam on this machine, and shows it.
//!
//! Results go to stdout, all else to stderr. The exit code is 0 when it is done, 1 when it could not be done and 2 when the
//! command line could not be understood; every failure is one sentence that says what, where, and what to do. The program
//! never panics on purpose, and says that it is a bug when it does.
//!
//! ```text
//! $ offbeat new "Rainy Tuesday"
//! mfrggzdfmztwq2lknnwg23tp
//! $ offbeat edit rainy 'add-track kick; pattern kick X...x...X..o....'
//! $ offbeat render rainy --out rainy.wav
//! blake3 8d5e…
//! ```

mod arguments;
mod commands;
mod crash;
mod demo;
mod desk;
mod failure;
mod home_folder;
mod logging;
mod output;
mod samples;
mod signals;
mod sound_file;
mod source;
mod whole_file;
mod words;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome};

fn main() -> ExitCode {
    if let Some(code) = peer::samples::decode_if_asked() {
        return code;
    }
    let arguments = Arguments::parse();
    crash::guard(|| match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    })
}

fn run(arguments: Arguments) -> Outcome {
    logging::start().map_err(Failure::Usage)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(commands::run(arguments))
}
