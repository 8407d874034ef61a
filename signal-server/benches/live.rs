//! What the server takes for a busy session and for many idle ones, and what is left of one that is killed: the program itself on
//! this machine, and players around it.

#![allow(clippy::unwrap_used, reason = "a measurement that fails has nothing to say")]

#[path = "../tests/player/mod.rs"]
mod player;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crdt_model::trust::Identity;
use futures_util::SinkExt;
use jam::wire::{self, Hello, Message as Said, PROTOCOLS};
use player::{Player, dial, founded, next_frame, prove};
use score::{Edit, TrackId};
use tokio::runtime::Runtime;
use tokio_tungstenite::tungstenite::Message;
use view::Role;

const EDITORS: u8 = 10;
const EDITS_A_SECOND: u32 = 50;
const SECONDS: u32 = 20;

/// How often the server is killed, each time among [`EDITORS`] who edit.
const KILLS: u64 = 50;

/// How long they edit before the kill, and by how much longer it differs from one kill to the next.
const BEFORE_A_KILL: Duration = Duration::from_millis(700);
const SPREAD_OF_KILLS: Duration = Duration::from_millis(13);

const IDLE_SESSIONS: usize = 100;
const IDLE_LINKS_A_SESSION: usize = 10;

fn main() {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(busy());
    runtime.block_on(killed());
    runtime.block_on(idle());
}

fn figure(name: &str, value: f64, unit: &str) {
    println!("{name}\t{value}\t{unit}");
}

/// The server program; killed when dropped.
struct Program {
    child: Child,
    addr: SocketAddr,
}

impl Program {
    fn starts(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_offbeat-server"));
        command.args(["--listen", "127.0.0.1:0", "--peer-listen", "127.0.0.1:0", "--log", "warn", "--data"]);
        command.arg(folder.join("data"));
        command.args(["--creations-per-minute", "100000", "--max-connections-per-address", "5000"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim().strip_prefix("listening on http://").unwrap().parse().unwrap();
        Self { child, addr }
    }

    /// What the program holds in memory, in MB.
    fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1_000.0
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Editors who each drag a fader in one session; how long until an edit has reached everybody else.
async fn busy() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::starts(folder.path());
    let mut editors = Box::pin(editors(&program, 1)).await;
    for editor in &mut editors {
        editor.only_notes = true;
    }
    let begin = Instant::now();
    let editing = editors.into_iter().map(|editor| tokio::spawn(edit(editor, begin)));
    let mut all = Vec::new();
    for editor in editing.collect::<Vec<_>>() {
        all.push(editor.await.unwrap());
    }
    // The earliest anybody had a change is when its author made it.
    let mut made: BTreeMap<_, Instant> = BTreeMap::new();
    for (change, at) in all.iter().flatten() {
        made.entry(*change).and_modify(|first| *first = *at.min(first)).or_insert(*at);
    }
    let took = all
        .iter()
        .flatten()
        .map(|(change, at)| at.duration_since(made[change]))
        .filter(|took| !took.is_zero());
    let mut took = took.collect::<Vec<_>>();
    took.sort_unstable();
    let at = |part: f64| took[(took.len() as f64 * part) as usize].as_secs_f64() * 1_000.0;
    figure("an edit among 10 editors at 50 edits/s, durable, at another: half within", at(0.5), "ms");
    figure("an edit among 10 editors at 50 edits/s, durable, at another: 99 % within", at(0.99), "ms");
    figure("edits that reached others in that", took.len() as f64, "edits");
}

/// Editors of one session that the server keeps.
async fn editors(program: &Program, founder: u8) -> Vec<Player> {
    let session = founded(founder, "Busy");
    let id = session.id().to_string();
    let mut ada = Player::with(Identity::from_secret(&[founder; 32]), session);
    ada.links(program.addr).await;
    ada.edits(Edit::SetSwing(1.0)).await;
    ada.until("the server has the session", Player::is_acknowledged).await;
    let mut editors = vec![ada];
    for secret in 1..EDITORS {
        let mut editor = Player::joins(program.addr, &id, 100 + secret).await;
        editor.until("an editor has the session", |editor| !editor.jam.session().is_empty()).await;
        editors.push(editor);
    }
    editors
}

/// The server is killed while ten edit, again and again: whatever it had acknowledged has to be there when it is back.
async fn killed() {
    let folder = tempfile::tempdir().unwrap();
    let (mut acknowledged, mut lost) = (0, 0);
    for kill in 0..KILLS {
        let program = Program::starts(folder.path());
        let editors = Box::pin(editors(&program, kill as u8 + 1)).await;
        let id = editors[0].jam.session().id().to_string();
        let begin = Instant::now();
        let saying = editors.into_iter().zip(1..).map(|(editor, who)| tokio::spawn(say(editor, who, begin)));
        let saying = saying.collect::<Vec<_>>();
        let at = begin + BEFORE_A_KILL + SPREAD_OF_KILLS * kill as u32;
        tokio::time::timeout_at(at.into(), std::future::pending::<()>()).await.unwrap_err();
        drop(program);
        let mut said = Vec::new();
        for editor in saying {
            said.extend(editor.await.unwrap());
        }
        let program = Program::starts(folder.path());
        let mut cleo = Player::joins(program.addr, &id, 200).await;
        cleo.until("Cleo has what the server has", |cleo| {
            !cleo.jam.session().is_empty() && cleo.is_in_sync()
        })
        .await;
        let heard: BTreeSet<u64> = cleo.heard().into_iter().collect();
        acknowledged += said.len();
        lost += said.iter().filter(|number| !heard.contains(number)).count();
    }
    figure("kills of the server among 10 editors at 50 edits/s", KILLS as f64, "kills");
    figure("edits that were acknowledged before those kills", acknowledged as f64, "edits");
    figure("edits of those that were lost", lost as f64, "edits");
    assert_eq!(lost, 0, "an acknowledged edit was lost");
}

/// Says a number fifty times a second until the link breaks. What was acknowledged by then.
async fn say(mut editor: Player, who: u64, begin: Instant) -> Vec<u64> {
    let mut said = Vec::new();
    let mut next = begin;
    while editor.is_linked() {
        editor.says(who * 1_000_000 + said.len() as u64).await;
        said.push(who * 1_000_000 + said.len() as u64);
        next += Duration::from_secs(1) / EDITS_A_SECOND;
        while editor.is_linked() && editor.turn_by(Some(next)).await {}
    }
    let waiting = editor.jam.view().connection.unacknowledged as usize;
    said.truncate(said.len().saturating_sub(waiting));
    said
}

type Seen = Vec<((crdt_model::trust::ActorId, u64), Instant)>;

async fn edit(mut editor: Player, begin: Instant) -> Seen {
    let tracks: Vec<TrackId> = editor.jam.session().score().tracks.keys().copied().collect();
    let mut next = begin;
    for number in 0..EDITS_A_SECOND * SECONDS {
        next += Duration::from_secs(1) / EDITS_A_SECOND;
        while editor.turn_by(Some(next)).await {}
        let volume = score::edit::TrackEdit::SetVolume((number % 100) as f32 / 100.0);
        editor.edits(Edit::Track(tracks[number as usize % tracks.len()], volume)).await;
    }
    let end = Instant::now() + Duration::from_secs(2);
    while editor.turn_by(Some(end)).await {}
    // Those made after everybody began, not the session's first.
    editor.changes.into_iter().filter(|(_, at)| *at >= begin).collect()
}

/// Links that only stand there.
async fn idle() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::starts(folder.path());
    let before = program.resident();
    let mut links = Vec::new();
    for number in 0..IDLE_SESSIONS {
        let session = founded(number as u8, "Idle");
        let mut founder = Player::with(Identity::from_secret(&[number as u8; 32]), session);
        founder.links(program.addr).await;
        founder.edits(Edit::SetSwing(1.0)).await;
        founder.until("the server has a session", Player::is_acknowledged).await;
        let origin = founder.jam.session().origin();
        for link in 0..IDLE_LINKS_A_SESSION {
            let identity = Identity::from_secret(&[100 + link as u8; 32]);
            let mut socket = dial(program.addr, &origin.id().to_string()).await.unwrap();
            prove(&mut socket, origin.id(), &identity, None).await.unwrap();
            let hello = Hello {
                protocols: PROTOCOLS,
                session: origin.id(),
                origin: Some(origin),
                key: identity.player(),
                role: Role::Editor,
                archive: false,
                name: String::new(),
                address: None,
            };
            socket.send(Message::Binary(wire::encode(&Said::Hello(hello)).into())).await.unwrap();
            // Says that it lives, as an idle browser does.
            links.push(tokio::spawn(async move {
                while let Some(frame) = next_frame(&mut socket).await {
                    if let Ok(Said::Ping(number)) = wire::decode(&frame) {
                        let pong = wire::encode(&Said::Pong(number));
                        socket.send(Message::Binary(pong.into())).await.unwrap();
                    }
                }
            }));
        }
    }
    tokio::time::timeout(Duration::from_secs(5), std::future::pending::<()>()).await.unwrap_err();
    let standing = links.iter().filter(|link| !link.is_finished()).count();
    figure("idle links that stand, to 100 sessions", standing as f64, "links");
    figure("memory of the server without a session", before, "MB");
    figure("memory of the server with those links", program.resident(), "MB");
}
