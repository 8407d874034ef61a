//! The demo's stage: two players, their link, and where the music is.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use peer::net::NetConfig;
use peer::samples::SampleStore;
use peer::session::{Opening, Playhead, SessionHandle};
use peer::work::{Owner, Peer};
use score::{Beats, Score, TrackId};
use tempfile::TempDir;
use tokio::sync::watch;
use view::Command;

use super::grid::{FLASH_FRAMES, Flash, Grid};
use super::picture::{Picture, PlayerLine};
use super::player::{Edited, Player};
use crate::failure::{Failure, Outcome};

/// What the players are called.
const NAMES: [&str; 2] = ["Ada", "Ben"];

/// Between two edits: a beat, the players taking turns.
const BETWEEN_EDITS: i64 = 1_000_000;

/// How long the players may take to find each other, or to have each other's last edits: a thousand times what it takes.
const MEET_WITHIN: Duration = Duration::from_secs(15);

/// Digits of a hash that are shown.
const SHOWN_DIGITS: usize = 8;

/// Two players at one session.
pub(super) struct Stage {
    players: [Player; 2],
    playhead: watch::Receiver<Playhead>,
    /// The beat that was last heard, kept while the music is stopped.
    beat: Beats,
    flashes: BTreeMap<(TrackId, u16), Flash>,
    frame: u64,
    turns: i64,
    seats: [Seat; 2],
}

/// A peer and the folder it lives in, which goes with it.
struct Seat {
    peer: Peer,
    owner: Arc<Owner>,
    _home: TempDir,
}

impl Seat {
    /// A seat in a home that has these samples.
    async fn take(samples: &[Vec<u8>]) -> Outcome<Self> {
        let home = tempfile::Builder::new().prefix("offbeat-demo").tempdir()?;
        let store = SampleStore::at(home.path());
        samples.iter().try_for_each(|sample| store.put(sample).map(|_| ()))?;
        let bind = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let peer = Peer::at(home.path(), NetConfig { bind, ..NetConfig::default() });
        let owner =
            peer.own().await?.ok_or_else(|| anyhow!("somebody else uses {}", home.path().display()))?;
        Ok(Self { peer, owner, _home: home })
    }
}

impl Stage {
    /// Two peers in homes of their own: one founds the session, the other joins it by ticket. Then the music starts.
    pub(super) async fn set(score: Score, samples: &[Vec<u8>]) -> Outcome<Self> {
        let seats = [Seat::take(samples).await?, Seat::take(samples).await?];
        let [host, guest] = [&seats[0].owner, &seats[1].owner];
        let founded = host.session(Opening::FoundFrom(Box::new(score))).await?;
        let hosted = host.online(Opening::Here(founded.id())).await?;
        let ticket = host.ticket(&hosted).await?;
        let joined = guest.online(Opening::Join(ticket.origin)).await?;
        joined.reach(ticket.endpoint_addr()?).await?;
        let met = tokio::time::timeout(MEET_WITHIN, joined.synced()).await;
        met.map_err(|_| {
            anyhow!("the two players do not reach each other; is this machine's loopback network up?")
        })??;
        Self::begin(seats, hosted, joined).await
    }

    async fn begin(seats: [Seat; 2], hosted: SessionHandle, joined: SessionHandle) -> Outcome<Self> {
        let playhead = hosted.playhead();
        hosted.hear().await?;
        hosted.command(Command::Play).await?;
        let seed = || getrandom::u64();
        let players =
            [Player::at(hosted, NAMES[0], seed()?).await?, Player::at(joined, NAMES[1], seed()?).await?];
        let flashes = BTreeMap::new();
        Ok(Self { players, playhead, beat: Beats::ZERO, flashes, frame: 0, turns: 0, seats })
    }

    /// One moment of the jam: whoever's turn it is edits, both look.
    pub(super) async fn go_on(&mut self) -> Outcome {
        self.frame += 1;
        let playhead = self.playhead.borrow().clone();
        if playhead.is_playing {
            self.beat = playhead.beat;
        }
        let turn = self.beat.0.div_euclid(BETWEEN_EDITS);
        if playhead.is_playing && turn > self.turns {
            self.turns = turn;
            self.players[turn.rem_euclid(2) as usize].act().await?;
        }
        // The second player's look tells when an edit has crossed the link.
        self.players[0].look().await?;
        let edited = self.players[1].look().await?;
        self.flash(&edited);
        Ok(())
    }

    fn flash(&mut self, edited: &[Edited]) {
        let first = self.players[0].key();
        for &(by, track, step) in edited {
            let player = usize::from(Some(by) != first);
            self.flashes.insert((track, step), Flash { player, frame: self.frame });
        }
        let frame = self.frame;
        self.flashes.retain(|_, flash| frame - flash.frame < FLASH_FRAMES);
    }

    /// Stops the music, or starts it from the beginning.
    pub(super) async fn play_or_stop(&mut self) -> Outcome {
        let is_playing = self.playhead.borrow().is_playing;
        self.turns = 0;
        let command = if is_playing { Command::Stop } else { Command::Play };
        Ok(self.players[0].handle.command(command).await?)
    }

    /// Whole bars that were heard since the start.
    pub(super) fn bars_played(&self) -> u32 {
        let bar = self.players[0].view.score.meter.bar().0.max(1);
        u32::try_from(self.beat.0.max(0) / bar).unwrap_or(u32::MAX)
    }

    /// What the terminal shows.
    pub(super) fn picture(&self, rows: usize) -> Picture<'_> {
        let playhead = self.playhead.borrow();
        let grid = Grid {
            score: &self.players[0].view.score,
            other: &self.players[1].view.score,
            beat: playhead.is_playing.then_some(self.beat),
            flashes: &self.flashes,
            frame: self.frame,
        };
        let players = [0, 1].map(|index| self.player_line(index));
        Picture {
            grid,
            players,
            sound: sound(&playhead),
            peak: playhead.levels.master.peak,
            beat: self.beat,
            rows,
        }
    }

    fn player_line(&self, index: usize) -> PlayerLine {
        let player = &self.players[index];
        PlayerLine {
            name: player.name.to_owned(),
            act: player.act.clone(),
            edits: player.edits,
            link: player.link(),
            hash: player.hash[..SHOWN_DIGITS].to_owned(),
        }
    }

    /// Whether both players hold the same at this moment.
    pub(super) fn is_agreed(&self) -> bool {
        self.players[0].hash == self.players[1].hash
    }

    /// What a line of text says of a moment at which both agree.
    pub(super) fn line(&self) -> String {
        let acts = self.players.iter().map(|player| format!("{}: {}", player.name, player.act));
        let acts = acts.collect::<Vec<_>>().join("  ");
        format!("bar {:>3}  {acts}  both hold {}", self.bars_played(), &self.players[0].hash[..SHOWN_DIGITS])
    }

    /// Waits until both hold the same, and says so.
    pub(super) async fn agree(&mut self) -> Outcome<String> {
        for player in &self.players {
            let synced = tokio::time::timeout(MEET_WITHIN, player.handle.synced()).await;
            synced.map_err(|_| {
                anyhow!("the players have lost each other; is this machine's loopback network up?")
            })??;
        }
        for player in &mut self.players {
            player.look().await?;
        }
        let [first, second] = &self.players;
        if !self.is_agreed() {
            return Err(Failure::Failed(anyhow!(
                "the replicas differ ({} and {}), which is a bug in Offbeat; please report it",
                first.hash,
                second.hash
            )));
        }
        let edits = first.edits + second.edits;
        Ok(format!("after {edits} edits both players hold the same session: blake3 {}", first.hash))
    }

    /// Ends the players' sessions and links; their homes go with them.
    pub(super) async fn clear(self) -> Outcome {
        let Self { players, seats, .. } = self;
        drop(players);
        for Seat { peer, owner, _home } in seats {
            drop(owner);
            peer.close().await?;
        }
        Ok(())
    }
}

fn sound(playhead: &Playhead) -> String {
    match &playhead.device {
        _ if !playhead.is_playing => "stopped".to_owned(),
        Some(device) => format!("playing on {device}"),
        None => "no sound device: playing silently".to_owned(),
    }
}
