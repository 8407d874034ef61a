//! The program itself: killed under load, started twice, stopped.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod player;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use player::Player;

/// How often the server is killed, unless `OFFBEAT_KILLS` says otherwise. Each time some hundred edits are on their way.
const KILLS: u64 = 10;

/// How many edits each player makes before the kill falls.
const EDITS_A_LIFE: u64 = 100;

fn kills() -> u64 {
    std::env::var("OFFBEAT_KILLS").map_or(KILLS, |kills| kills.parse().expect("OFFBEAT_KILLS is a number"))
}

/// A running server program; killed when dropped.
struct Program {
    child: Child,
    addr: SocketAddr,
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_offbeat-server"));
    command
        .args(["--listen", "127.0.0.1:0", "--peer-listen", "127.0.0.1:0", "--log", "warn", "--data"])
        .arg(data);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

impl Program {
    fn starts(data: &Path) -> Self {
        let mut child = command(data).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim().strip_prefix("listening on http://").unwrap().parse().unwrap();
        Self { child, addr }
    }

    fn is_killed(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What a player said, and how much of it the server has said is kept.
struct Speaker {
    player: Player,
    said: Vec<u64>,
}

impl Speaker {
    /// Speaks as fast as the link takes it and returns what was acknowledged when the link broke.
    async fn speaks(&mut self, life: u64, who: u64) -> Vec<u64> {
        for edit in 0..EDITS_A_LIFE {
            let number = who * 1_000_000 + life * 1_000 + edit;
            self.player.says(number).await;
            self.said.push(number);
            while self.player.is_linked() && self.player.turn_by(Some(Instant::now())).await {}
            // The first half has been acknowledged when the kill falls on the second.
            if edit == EDITS_A_LIFE / 2 {
                self.player.until("half of it is kept", Player::is_acknowledged).await;
            }
        }
        let unacknowledged = self.player.jam.view().connection.unacknowledged as usize;
        self.said[..self.said.len() - unacknowledged].to_vec()
    }
}

#[tokio::test]
async fn a_server_that_is_killed_while_two_play_has_every_acknowledged_edit() {
    let folder = tempfile::tempdir().unwrap();
    let session = player::founded(1, "Under load");
    let id = session.id().to_string();
    let ada = Player::with(crdt_model::trust::Identity::from_secret(&[1; 32]), session);
    let mut ada = Speaker { player: ada, said: Vec::new() };
    let mut acknowledged = Vec::new();
    for life in 0..kills() {
        let mut program = Program::starts(folder.path());
        ada.player.links(program.addr).await;
        ada.player.says(life).await;
        ada.said.push(life);
        ada.player.until("the server has what Ada has", Player::is_acknowledged).await;
        let mut ben = Speaker { player: Player::joins(program.addr, &id, 2).await, said: Vec::new() };
        ben.player.until("Ben has the session", |ben| !ben.jam.session().is_empty()).await;
        let (of_ada, of_ben) = tokio::join!(ada.speaks(life, 1), ben.speaks(life, 2));
        program.is_killed();

        let mut program = Program::starts(folder.path());
        let mut cleo = Player::joins(program.addr, &id, 3).await;
        // Whatever the server holds, it has announced with its first heads.
        cleo.until("Cleo has what the server has", |cleo| {
            !cleo.jam.session().is_empty() && cleo.is_in_sync()
        })
        .await;
        let heard = cleo.heard();
        let lost = of_ada.iter().chain(&of_ben).filter(|said| !heard.contains(said)).collect::<Vec<_>>();
        assert!(lost.is_empty(), "life {life}: {lost:?} were acknowledged and are gone");
        acknowledged.push((of_ada.len(), of_ben.len()));
        program.is_killed();
    }
    let in_each_life = |(ada, ben): &(usize, usize)| *ada > 0 && *ben as u64 > EDITS_A_LIFE / 2;
    assert!(acknowledged.iter().all(in_each_life), "too little to tell anything: {acknowledged:?}");
}

#[test]
fn a_second_server_on_one_folder_refuses_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let first = Program::starts(folder.path());
    let second = command(folder.path()).stderr(Stdio::piped()).output().unwrap();
    let why = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success());
    assert!(why.contains(&format!("process {}", first.child.id())), "{why}");
    assert!(
        why.contains("another server") && why.contains("--data") || why.contains("another folder"),
        "{why}"
    );
    assert!(second.stdout.is_empty());
}
