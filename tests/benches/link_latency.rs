//! From an edit in one process to the view of another, over the loopback: two whole peers with homes on the disk and the
//! real network between them. Both read one machine's calendar clock, so the times are one way, not half a round trip.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use peer::Peer;
use peer::net::{NetConfig, Ticket};
use peer::session::{Opening, SessionHandle};
use peer::work::Owner;
use tests::{figure, painting, percentile_millis};
use tokio::time::{Instant, MissedTickBehavior, interval};
use view::Command;

/// In the environment of the process that watches: the invitation.
const GUEST: &str = "OFFBEAT_BENCH_GUEST";

const EDITS: usize = 2_000;

/// Made and not counted.
const WARM_UP: usize = 200;

/// Between two edits: what a link may keep up for as long as it likes.
const PACE: Duration = Duration::from_millis(1_000 / jam::limits::LINK_MESSAGES_PER_SECOND as u64);

#[tokio::main]
async fn main() -> Result<()> {
    match std::env::var(GUEST) {
        Ok(ticket) => watch(&ticket).await,
        Err(_) => measure().await,
    }
}

fn calendar() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

async fn arrive(home: &tempfile::TempDir) -> Result<(Peer, Arc<Owner>)> {
    let config = NetConfig { bind: Some("127.0.0.1:0".parse()?), ..NetConfig::default() };
    let peer = Peer::at(home.path(), config);
    let owner = peer.own().await?.context("the home is fresh")?;
    Ok((peer, owner))
}

/// Joins, and tells of each edit when it was seen.
async fn watch(ticket: &str) -> Result<()> {
    let home = tempfile::tempdir()?;
    let (peer, owner) = arrive(&home).await?;
    let ticket: Ticket = ticket.parse()?;
    let session = owner.online(Opening::Join(ticket.origin)).await?;
    session.reach(ticket.endpoint_addr()?).await?;
    session.synced().await?;
    let (mut view, mut patches) = session.subscribe().await?;
    println!("ready");
    let mut seen = Vec::with_capacity(WARM_UP + EDITS);
    while seen.len() < WARM_UP + EDITS {
        view.apply((*patches.recv().await?).clone());
        let now = calendar();
        while seen.len() < WARM_UP + EDITS && painting::shows(seen.len(), &view.score) {
            seen.push(now);
        }
    }
    let mut out = std::io::stdout().lock();
    for at in seen {
        writeln!(out, "{}", at.as_nanos())?;
    }
    out.flush()?;
    drop(session);
    Ok(peer.close().await?)
}

async fn measure() -> Result<()> {
    let home = tempfile::tempdir()?;
    let (peer, owner) = arrive(&home).await?;
    let session = owner.session(Opening::Found("Bench".to_owned())).await?;
    for edit in painting::beginning(&session.score().await?) {
        session.command(Command::Edit(edit)).await?;
    }
    let session = owner.online(Opening::Here(session.id())).await?;
    let (mut guest, told) = Guest::invited(&owner.ticket(&session).await?.to_string())?;
    let (made, mut saved) = tokio::spawn(edit(session.clone())).await??;
    let seen = tokio::task::spawn_blocking(move || told.take_seen()).await??;
    let mut late: Vec<Duration> =
        made.iter().zip(&seen).map(|(made, seen)| seen.saturating_sub(*made)).skip(WARM_UP).collect();
    anyhow::ensure!(late.len() == EDITS, "the guest saw {} of {EDITS} edits", late.len());
    figure("an edit to the other process's view, p50", percentile_millis(&mut late, 50), "ms");
    figure("an edit to the other process's view, p99", percentile_millis(&mut late, 99), "ms");
    figure("an edit to the other process's view, longest", percentile_millis(&mut late, 100), "ms");
    figure("an edit to saved, p50", percentile_millis(&mut saved, 50), "ms");
    figure("an edit to saved, p99", percentile_millis(&mut saved, 99), "ms");
    guest.0.wait()?;
    drop(session);
    Ok(peer.close().await?)
}

/// Makes the edits at their pace. When each was made, and how long each took to be saved.
async fn edit(session: SessionHandle) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let score = session.score().await?;
    let (mut made, mut saved) = (Vec::new(), Vec::new());
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 0..WARM_UP + EDITS {
        let edit = Command::Edit(painting::painted(number, &score));
        pace.tick().await;
        made.push(calendar());
        let started = Instant::now();
        session.command(edit).await?;
        session.saved().await?;
        if number >= WARM_UP {
            saved.push(started.elapsed());
        }
    }
    Ok((made, saved))
}

/// The process that watches.
struct Guest(Child);

struct Told(BufReader<std::process::ChildStdout>);

impl Guest {
    /// Starts it and waits until it holds the session.
    fn invited(ticket: &str) -> Result<(Self, Told)> {
        let mut guest = Process::new(std::env::current_exe()?)
            .env(GUEST, ticket)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut told = Told(BufReader::new(guest.stdout.take().context("its output is piped")?));
        let guest = Self(guest);
        let line = told.line()?;
        anyhow::ensure!(line == "ready", "the guest said `{line}`");
        Ok((guest, told))
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        // It has ended by itself, unless something failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Told {
    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    fn take_seen(mut self) -> Result<Vec<Duration>> {
        (0..WARM_UP + EDITS).map(|_| Ok(Duration::from_nanos(self.line()?.parse()?))).collect()
    }
}
