//! What an interface asks of the process that holds its sessions, and what it is told: [`view::host`] on a [`Peer`].
//!
//! A desk shows one session at a time and never waits for anything that takes long: patches go on while a server is asked or
//! a session is joined. It works the same whether this process owns the home or hands its work to the one that does, and goes
//! on when that one ends.
//!
//! What the interface is told waits in a queue. Where the interface reads too slowly the session's patches pile up behind it, and
//! past their bound they are dropped for a [`ViewPatch::Reset`](view::ViewPatch::Reset) with everything; a playhead that could not be
//! told gives way to the next.

mod actor;
mod errand;
mod exporting;
mod stream;

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use view::host::{Ask, Tell};

use crate::work::Peer;
use actor::Actor;

/// How many requests of the interface may wait. When full, whoever asks waits.
const MAX_ASKS: usize = 256;

/// How many messages may wait for the interface. When full, the desk waits, and the session's patches are dropped for a whole
/// view in the end.
const MAX_TELLS: usize = 256;

/// The desk of one interface.
#[derive(Debug)]
pub struct Desk {
    asks: mpsc::Sender<Ask>,
    actor: JoinHandle<()>,
}

impl Desk {
    /// Opens a desk, and the channel on which its interface is told things. It closes when the channel or this value is dropped.
    pub fn open(peer: Arc<Peer>) -> (Self, mpsc::Receiver<Tell>) {
        let (asks, asked) = mpsc::channel(MAX_ASKS);
        let (tells, told) = mpsc::channel(MAX_TELLS);
        let actor = tokio::spawn(Actor::new(peer, tells).run(asked));
        (Self { asks, actor }, told)
    }

    /// Has a request carried out; the answer arrives on the channel. `false` when the desk has closed.
    pub async fn ask(&self, ask: Ask) -> bool {
        self.asks.send(ask).await.is_ok()
    }

    /// Closes, and waits until what was being carried out has come to an end.
    pub async fn close(self) {
        drop(self.asks);
        self.actor.await.ok();
    }
}
