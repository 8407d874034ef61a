//! The messages, their kinds, and their bodies.

use crdt_model::trust::limits::{MAX_ACTOR_CHANGES, MAX_ACTORS};
use crdt_model::trust::{
    ActorId, ChangeHash, Coverage, Have, Lineage, Proof, Record, SessionOrigin, WholeDocument,
};
use score::{PlayerKey, SessionId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use view::Role;

use super::presence::{Others, Presence, first};
use super::version::Protocols;
use super::{Clock, Part, WireError, bounded};
use crate::limits::{
    MAX_ADDRESS_BYTES, MAX_BATCH_CHANGES, MAX_BODY_BYTES, MAX_FRAME_BYTES, MAX_NAME_BYTES, MAX_PEERS,
    MAX_REASON_BYTES,
};
use crate::timeline::SignedTimeline;

/// Everything that one replica says to another.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "messages are read and handled one at a time, never kept")]
pub enum Message {
    /// The first message on every link, from both ends.
    Hello(Hello),
    /// The last one: why the link closes.
    Bye(Bye),
    /// One edit, as it is made.
    Change(Record),
    /// These changes, and all earlier ones of their actors, are durable at the sender.
    Ack(Vec<(ActorId, u64)>),
    /// What the sender's document ends at.
    Heads(Heads),
    /// What the sender holds of each actor: "send me what I lack".
    Have(Have),
    /// Some of the changes that the other end lacks, in causal order.
    Changes(Changes),
    /// What vouches for changes that follow.
    Vouchers(Vec<Coverage>),
    /// A whole session with its vouchers, for a replica that is empty.
    Document(WholeDocument),
    /// A part of a message that is longer than a frame.
    Part(Part),
    /// Where others can be reached.
    Peers(Vec<(PlayerKey, Address)>),
    /// An actor wrote two changes with one number.
    Proof(Proof),
    /// The hashes of one actor's changes, so that the other end can see where two histories of it part.
    Lineage(Lineage),
    /// The sender's name and cursor.
    Presence(Presence),
    /// A sign of life that wants an answer.
    Ping(u32),
    /// The answer, with the ping's number.
    Pong(u32),
    /// What everybody plays.
    Timeline(SignedTimeline),
    /// What clocks read, and what shared time is.
    Clock(Clock),
    /// Whom the sender is linked with, so that nobody passes on to them what the sender sends them itself.
    Linked(Vec<PlayerKey>),
    /// One more batch or part of what was asked for is wanted: another one was digested.
    More,
    /// Who else is linked with the sender, a server.
    Others(Others),
}

/// What the first byte of a frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "each is the kind of the message of its name")]
pub enum Kind {
    Hello = 0,
    Bye = 1,
    Change = 2,
    Ack = 3,
    Heads = 4,
    Have = 5,
    Changes = 6,
    Vouchers = 7,
    Document = 8,
    Part = 9,
    Peers = 10,
    Proof = 11,
    Lineage = 12,
    FirstPresence = 13,
    Ping = 14,
    Pong = 15,
    Timeline = 17,
    Clock = 19,
    Linked = 20,
    More = 21,
    FirstOthers = 22,
    Presence = 23,
    Others = 24,
}

impl Kind {
    const ALL: [Self; 23] = [
        Self::Hello,
        Self::Bye,
        Self::Change,
        Self::Ack,
        Self::Heads,
        Self::Have,
        Self::Changes,
        Self::Vouchers,
        Self::Document,
        Self::Part,
        Self::Peers,
        Self::Proof,
        Self::Lineage,
        Self::FirstPresence,
        Self::Ping,
        Self::Pong,
        Self::Timeline,
        Self::Clock,
        Self::Linked,
        Self::More,
        Self::FirstOthers,
        Self::Presence,
        Self::Others,
    ];

    /// The kind that a frame says it is.
    ///
    /// # Errors
    /// [`WireError::Empty`] or [`WireError::UnknownKind`].
    pub fn of(frame: &[u8]) -> Result<Self, WireError> {
        let &first = frame.first().ok_or(WireError::Empty)?;
        Self::ALL.into_iter().find(|&kind| kind as u8 == first).ok_or(WireError::UnknownKind(first))
    }

    /// The kind's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hello => "Hello",
            Self::Bye => "Bye",
            Self::Change => "Change",
            Self::Ack => "Ack",
            Self::Heads => "Heads",
            Self::Have => "Have",
            Self::Changes => "Changes",
            Self::Vouchers => "Vouchers",
            Self::Document => "Document",
            Self::Part => "Part",
            Self::Peers => "Peers",
            Self::Proof => "Proof",
            Self::Lineage => "Lineage",
            Self::FirstPresence | Self::Presence => "Presence",
            Self::Ping => "Ping",
            Self::Pong => "Pong",
            Self::Timeline => "Timeline",
            Self::Clock => "Clock",
            Self::Linked => "Linked",
            Self::More => "More",
            Self::FirstOthers | Self::Others => "Others",
        }
    }

    /// The longest message of this kind; where that is more than a frame, it may travel in parts.
    pub const fn max_bytes(self) -> usize {
        const LONGEST_LINE: usize = MAX_ACTOR_CHANGES as usize * 32;
        const VOUCHERS: usize = 1 << 10;
        match self {
            Self::Document => MAX_BODY_BYTES,
            // One voucher may name all the changes of its actor that fell out, one change may take a batch for itself.
            Self::Vouchers => MAX_FRAME_BYTES + LONGEST_LINE,
            Self::Changes | Self::Have => 2 * MAX_FRAME_BYTES,
            Self::Proof => 2 * LONGEST_LINE + VOUCHERS,
            Self::Lineage => LONGEST_LINE + VOUCHERS,
            // A change of the largest size and its voucher are a little longer than a frame.
            Self::Change => MAX_FRAME_BYTES + VOUCHERS,
            _ => MAX_FRAME_BYTES,
        }
    }
}

/// The first message of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The versions of the protocol that the sender speaks.
    pub protocols: Protocols,
    /// The session that the link is for.
    pub session: SessionId,
    /// Who founded it, and with which nonce. `None` from a peer that knows the id alone: it is told, and comes back.
    pub origin: Option<SessionOrigin>,
    /// The sender, who is the one that the carrier authenticated.
    pub key: PlayerKey,
    /// What the sender wants to do.
    pub role: Role,
    /// Asks a server to keep the session for good.
    pub archive: bool,
    /// What the player is called; empty for the default.
    #[serde(deserialize_with = "bounded::text::<MAX_NAME_BYTES, _>")]
    pub name: String,
    /// Where the sender can be reached, for other players.
    pub address: Option<Address>,
}

/// A network address, in the words of whoever opens links: opaque here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address(#[serde(deserialize_with = "bounded::bytes::<MAX_ADDRESS_BYTES, _>")] pub Vec<u8>);

/// Why a link closes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bye {
    /// What kind of reason.
    pub parting: Parting,
    /// The reason, to read.
    #[serde(deserialize_with = "bounded::text::<MAX_REASON_BYTES, _>")]
    pub reason: String,
    /// How long to wait before linking again, in milliseconds.
    pub retry_after_millis: Option<u32>,
}

/// The kinds of reasons to close a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Parting {
    /// The player left.
    Leaving,
    /// The program is about to start again.
    Restarting,
    /// The other end sent what it may not.
    Refused,
    /// No protocol version is common to both.
    Version,
    /// The link is for another session, or from another peer, than it said.
    Mismatch,
    /// There is no room for another link.
    Full,
    /// Nothing was heard for too long.
    Silent,
    /// The other end asked who founded the session, and was told.
    Answered,
}

/// What a document ends at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    /// The changes that nothing builds on yet, sorted. Actors are linear, so there are no more heads than actors.
    #[serde(deserialize_with = "bounded::list::<MAX_ACTORS, _, _>")]
    pub changes: Vec<ChangeHash>,
    /// A hash over the equivocation proofs in force.
    pub proofs: [u8; 16],
}

/// Changes on their way to a replica that lacks them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Automerge change chunks in causal order; the vouchers that cover them have gone before.
    #[serde(deserialize_with = "bounded::list::<MAX_BATCH_CHANGES, _, _>")]
    pub changes: Vec<Vec<u8>>,
    /// How many more are to come; after the batch that says 0 all is there.
    pub left: u32,
}

/// The body of [`Message::Ack`].
#[derive(Deserialize)]
struct Ack(#[serde(deserialize_with = "bounded::list::<MAX_ACTORS, _, _>")] Vec<(ActorId, u64)>);

/// The body of [`Message::Vouchers`].
#[derive(Deserialize)]
struct Vouchers(#[serde(deserialize_with = "bounded::list::<MAX_ACTORS, _, _>")] Vec<Coverage>);

/// The body of [`Message::Peers`].
#[derive(Deserialize)]
struct Peers(#[serde(deserialize_with = "bounded::list::<MAX_PEERS, _, _>")] Vec<(PlayerKey, Address)>);

/// The body of [`Message::Linked`].
#[derive(Deserialize)]
struct Linked(#[serde(deserialize_with = "bounded::list::<MAX_PEERS, _, _>")] Vec<PlayerKey>);

/// Writes kind and body as protocol `version` has them.
pub(super) fn write(message: &Message, version: u16) -> Vec<u8> {
    match message {
        Message::Presence(body) if version == 1 => {
            with_kind(Kind::FirstPresence, &first::Presence::from(body))
        }
        Message::Others(body) if version == 1 => with_kind(Kind::FirstOthers, &first::Others::from(body)),
        Message::Hello(body) => with_kind(Kind::Hello, body),
        Message::Bye(body) => with_kind(Kind::Bye, body),
        Message::Change(body) => with_kind(Kind::Change, body),
        Message::Ack(body) => with_kind(Kind::Ack, body),
        Message::Heads(body) => with_kind(Kind::Heads, body),
        Message::Have(body) => with_kind(Kind::Have, body),
        Message::Changes(body) => with_kind(Kind::Changes, body),
        Message::Vouchers(body) => with_kind(Kind::Vouchers, body),
        Message::Document(body) => with_kind(Kind::Document, body),
        Message::Part(body) => with_kind(Kind::Part, body),
        Message::Peers(body) => with_kind(Kind::Peers, body),
        Message::Proof(body) => with_kind(Kind::Proof, body),
        Message::Lineage(body) => with_kind(Kind::Lineage, body),
        Message::Presence(body) => with_kind(Kind::Presence, body),
        Message::Ping(body) => with_kind(Kind::Ping, body),
        Message::Pong(body) => with_kind(Kind::Pong, body),
        Message::Timeline(body) => with_kind(Kind::Timeline, body),
        Message::Clock(body) => with_kind(Kind::Clock, body),
        Message::Linked(body) => with_kind(Kind::Linked, body),
        Message::More => with_kind(Kind::More, &()),
        Message::Others(body) => with_kind(Kind::Others, body),
    }
}

fn with_kind<T: Serialize>(kind: Kind, body: &T) -> Vec<u8> {
    postcard::to_extend(body, vec![kind as u8]).expect("messages are plain data, which postcard can write")
}

/// Reads a body.
pub(super) fn read(kind: Kind, body: &[u8]) -> Result<Message, WireError> {
    Ok(match kind {
        Kind::Hello => Message::Hello(read_hello(body)?),
        Kind::Bye => Message::Bye(read_some(kind, body)?.0),
        Kind::Change => Message::Change(read_all(kind, body)?),
        Kind::Ack => Message::Ack(read_all::<Ack>(kind, body)?.0),
        Kind::Heads => Message::Heads(read_all(kind, body)?),
        Kind::Have => Message::Have(read_all(kind, body)?),
        Kind::Changes => Message::Changes(read_all(kind, body)?),
        Kind::Vouchers => Message::Vouchers(read_all::<Vouchers>(kind, body)?.0),
        Kind::Document => Message::Document(read_all(kind, body)?),
        Kind::Part => Message::Part(read_all(kind, body)?),
        Kind::Peers => Message::Peers(read_all::<Peers>(kind, body)?.0),
        Kind::Proof => Message::Proof(read_all(kind, body)?),
        Kind::Lineage => Message::Lineage(read_all(kind, body)?),
        Kind::FirstPresence => Message::Presence(read_all::<first::Presence>(kind, body)?.into()),
        Kind::FirstOthers => Message::Others(read_all::<first::Others>(kind, body)?.into()),
        Kind::Presence => Message::Presence(read_all(kind, body)?),
        Kind::Ping => Message::Ping(read_all(kind, body)?),
        Kind::Pong => Message::Pong(read_all(kind, body)?),
        Kind::Timeline => Message::Timeline(read_all(kind, body)?),
        Kind::Clock => Message::Clock(read_all(kind, body)?),
        Kind::Linked => Message::Linked(read_all::<Linked>(kind, body)?.0),
        Kind::More => {
            read_all::<()>(kind, body)?;
            Message::More
        }
        Kind::Others => Message::Others(read_all(kind, body)?),
    })
}

/// Reads the versions before the rest: what follows them is only sure to be a `Hello` of ours if one is common to both.
fn read_hello(body: &[u8]) -> Result<Hello, WireError> {
    let (theirs, _) = read_some::<Protocols>(Kind::Hello, body)?;
    super::negotiate(super::PROTOCOLS, theirs)?;
    Ok(read_some(Kind::Hello, body)?.0)
}

fn read_some<T: DeserializeOwned>(kind: Kind, body: &[u8]) -> Result<(T, &[u8]), WireError> {
    let malformed =
        |error: postcard::Error| WireError::Malformed { kind: kind.name(), reason: error.to_string() };
    postcard::take_from_bytes(body).map_err(malformed)
}

fn read_all<T: DeserializeOwned>(kind: Kind, body: &[u8]) -> Result<T, WireError> {
    let (message, rest) = read_some(kind, body)?;
    if rest.is_empty() {
        Ok(message)
    } else {
        Err(WireError::Trailing { kind: kind.name(), bytes: rest.len() })
    }
}
