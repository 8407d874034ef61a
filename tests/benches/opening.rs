//! How long a session takes to open, from a store on the disk: to the first sound by its checkpoint, and to its whole
//! history; and how much of the disk it takes.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use audio_engine::Transport;
use peer::Peer;
use peer::net::NetConfig;
use peer::session::{Opening, SessionHandle};
use peer::work::Owner;
use score::{Beats, Frames, SessionId};
use tests::{figure, painting};
use view::Command;

/// Edits of the sessions that are opened.
const SIZES: [usize; 2] = [10_000, 100_000];

/// Each figure is the median of so many openings.
const OPENINGS: usize = 5;

/// Frames of a usual block of a sound device.
const BLOCK: usize = 512;

#[tokio::main]
async fn main() -> Result<()> {
    for edits in SIZES {
        Box::pin(measure(edits)).await?;
    }
    Ok(())
}

async fn own(home: &Path) -> Result<(Peer, Arc<Owner>)> {
    let peer = Peer::at(home, NetConfig::default());
    let owner = peer.own().await?.context("nobody else is at this home")?;
    Ok((peer, owner))
}

async fn measure(edits: usize) -> Result<()> {
    let home = tempfile::tempdir()?;
    let killed = tempfile::tempdir()?;
    let (peer, owner) = own(home.path()).await?;
    let handle = owner.session(Opening::Found("Bench".to_owned())).await?;
    paint(&handle, edits).await?;
    let session = handle.id();
    // What a kill at this moment would leave behind.
    copy(home.path(), killed.path())?;
    drop(handle);
    peer.close().await?;
    let per_edit = |home: &Path| Ok::<_, anyhow::Error>(size(&home.join("sessions"))? as f64 / edits as f64);
    figure(
        &format!("{edits} edits on the disk, as they were made"),
        per_edit(killed.path())?,
        "bytes per edit",
    );
    figure(&format!("{edits} edits on the disk, closed"), per_edit(home.path())?, "bytes per edit");

    let mut sounds = Vec::new();
    let mut loads = Vec::new();
    for _ in 0..OPENINGS {
        sounds.push(Box::pin(first_sound(home.path(), session)).await?);
        loads.push(load(home.path(), session, edits).await?);
    }
    let name = format!("{edits} edits opened");
    figure(&format!("{name}, to the first sound by checkpoint"), median_millis(sounds), "ms");
    figure(&format!("{name}, to the whole history, closed before"), median_millis(loads), "ms");
    // Once only: closing writes the history anew.
    let load = load(killed.path(), session, edits).await?;
    figure(&format!("{name}, to the whole history, killed before"), load.as_secs_f64() * 1e3, "ms");
    Ok(())
}

/// Makes the edits, and waits until they are safe.
async fn paint(session: &SessionHandle, edits: usize) -> Result<()> {
    for edit in painting::beginning(&session.score().await?) {
        session.command(Command::Edit(edit)).await?;
    }
    let score = session.score().await?;
    for number in 0..edits {
        session.command(Command::Edit(painting::painted(number, &score))).await?;
    }
    Ok(session.saved().await?)
}

/// From nothing open to a block with sound in it.
async fn first_sound(home: &Path, session: SessionId) -> Result<Duration> {
    let started = Instant::now();
    let (peer, owner) = own(home).await?;
    let score = owner.preview(session).context("closing leaves a checkpoint")?;
    let program = score::lower::lower_first_scene(&score);
    let (mut control, mut processor) = audio_engine::engine();
    let transport = Transport::playing(program.tempo, Beats::ZERO, Frames(0));
    control.set_program(program);
    control.set_transport(transport);
    let (mut left, mut right) = ([0.0; BLOCK], [0.0; BLOCK]);
    let sounded = (0..100).any(|_| {
        processor.process(&mut left, &mut right);
        left.iter().any(|&sample| sample != 0.0)
    });
    let took = started.elapsed();
    ensure!(sounded, "a second of silence");
    drop(owner);
    peer.close().await?;
    Ok(took)
}

/// From nothing open to a session that can be edited.
async fn load(home: &Path, session: SessionId, edits: usize) -> Result<Duration> {
    let started = Instant::now();
    let (peer, owner) = own(home).await?;
    let handle = owner.session(Opening::Here(session)).await?;
    let score = handle.score().await?;
    let took = started.elapsed();
    ensure!(painting::shows(edits - 1, &score), "the last edit is there");
    drop((handle, owner));
    peer.close().await?;
    Ok(took)
}

fn median_millis(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e3
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (kind, target) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            std::fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Bytes of all files in a folder.
fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.metadata()?;
        bytes += if found.is_dir() { size(&entry.path())? } else { found.len() };
    }
    Ok(bytes)
}
