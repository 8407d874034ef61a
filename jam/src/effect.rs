//! What a session asks of its host.

use std::collections::VecDeque;
use std::sync::Arc;

use crdt_model::trust::{Proof, Record, WholeDocument};
use score::{LocalTime, PlayerKey, Program};
use view::{CommandError, Transport, ViewPatch};

use crate::event::{CommandId, LinkId, Ticket};
use crate::limits::MAX_QUEUED_EFFECTS;
use crate::wire::Address;

/// Something that the host is to do. Effects are carried out in order; those on different links, the store, the interface and
/// the engine need not wait for each other.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send a frame, preceded by its length where the carrier keeps no boundaries.
    ///
    /// The host bounds what waits for a slow reader, and closes the link when that is full: reconnecting catches up.
    Send {
        /// On which link.
        link: LinkId,
        /// At most [`MAX_FRAME_BYTES`](crate::limits::MAX_FRAME_BYTES).
        frame: Arc<[u8]>,
    },
    /// Send a small frame that is of no use if it comes late: it may be lost, and overtake others. A carrier that knows no such
    /// thing sends it as any other frame.
    Datagram {
        /// On which link.
        link: LinkId,
        /// At most [`MAX_DATAGRAM_BYTES`](crate::limits::MAX_DATAGRAM_BYTES).
        frame: Arc<[u8]>,
        /// The number of the question in it, if it is one: say with [`Jam::asked`](crate::Jam::asked) when it left.
        asks: Option<u32>,
    },
    /// Read nothing from a link until then: it sent more than its share.
    Pause {
        /// Which link.
        link: LinkId,
        /// When to read on.
        until: LocalTime,
    },
    /// Close a link once what was sent on it is through. No `LinkDown` is expected for it.
    Close {
        /// Which link.
        link: LinkId,
        /// Why, to read.
        reason: String,
        /// How long to wait before linking again, if that is known.
        retry_after_millis: Option<u32>,
    },
    /// Make durable, and answer with [`Event::Stored`](crate::Event::Stored).
    Store {
        /// The name of this write.
        ticket: Ticket,
        /// What to write, in this order.
        entries: Vec<Entry>,
    },
    /// Show.
    Patch(Box<ViewPatch>),
    /// Play.
    Program(Box<Program>),
    /// Where the music is by this machine's clock, from here on: for the engine. `None` where nobody ever played.
    Transport(Option<Transport>),
    /// Answer the interface.
    Reply {
        /// The request.
        id: CommandId,
        /// Whether it was carried out. `Ok` means done here, not durable, not delivered.
        result: Result<(), CommandError>,
    },
    /// Players of this session and where they can be reached: link with them.
    KnownPeers(Vec<(PlayerKey, Address)>),
    /// A player asks this server to keep the session for good.
    ArchiveWanted {
        /// Who asks.
        by: PlayerKey,
    },
    /// A message was refused. For the log: names the link, never the session.
    Refused {
        /// On which link.
        link: LinkId,
        /// What was wrong.
        reason: String,
    },
}

/// Something to keep.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A change and its voucher.
    Change(Record),
    /// An equivocation proof.
    Proof(Box<Proof>),
    /// The whole session, proofs and all: it stands for everything written before it.
    Snapshot(Box<WholeDocument>),
}

/// Effects that wait for the host.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    queue: VecDeque<Effect>,
    dropped: u64,
}

impl Effects {
    pub(crate) fn push(&mut self, effect: Effect) {
        if self.queue.len() < MAX_QUEUED_EFFECTS {
            self.queue.push_back(effect);
        } else {
            self.dropped += 1;
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Effect> {
        self.queue.pop_front()
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }
}
