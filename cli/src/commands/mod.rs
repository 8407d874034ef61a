//! One file per command: what it asks of the home, and how it shows the answer.

mod connection;
mod doctor;
mod edit;
mod export;
mod import;
mod keeping;
mod list;
mod new;
mod online;
mod remix;
mod render;
mod show;
mod stats;

use crate::arguments::{Arguments, Command};
use crate::demo;
use crate::desk::Desk;
use crate::failure::Outcome;

/// Carries a command out.
pub(crate) async fn run(arguments: Arguments) -> Outcome {
    if let Command::Demo(demo) = arguments.command {
        return demo::run(demo, arguments.home).await;
    }
    let mut desk = Desk::of(arguments.home);
    let done = match arguments.command {
        Command::New(new) => new::run(&mut desk, new).await,
        Command::Import(import) => import::run(&mut desk, import).await,
        Command::List(list) => list::run(&mut desk, &list).await,
        Command::Show(show) => show::run(&mut desk, &show).await,
        Command::Edit(edit) => edit::run(&mut desk, edit).await,
        Command::Render(render) => render::run(&mut desk, render).await,
        Command::Host(host) => online::host(&mut desk, &host).await,
        Command::Join(join) => online::join(&mut desk, join).await,
        Command::Archive(archive) => keeping::archive(&mut desk, archive).await,
        Command::Publish(publish) => keeping::publish(&mut desk, &publish).await,
        Command::Remix(remix) => remix::run(&mut desk, remix).await,
        Command::Export(export) => export::run(&mut desk, &export).await,
        Command::Doctor(doctor) => doctor::run(&mut desk, &doctor).await,
        Command::Demo(_) => Ok(()),
    };
    // What was begun is finished whether the command succeeded or not.
    let closed = desk.close().await;
    done.and(closed)
}
