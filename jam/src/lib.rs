//! Everything that happens in one open session, as a pure state machine.
//!
//! A [`Jam`] owns the replica of one session ([`crdt_model::Session`]) and all that is live around it: the links to other replicas,
//! who is here and where they point, what is durable and what others have acknowledged. It does no I/O and reads no clock. A
//! host hands in [`Event`]s with the time at which they happened and carries out the [`Effect`]s that come out:
//!
//! ```text
//!   interface ── Command ──▶┌─────────┐── Patch, Reply ──▶ interface
//!   carrier ──── Frame ────▶│   Jam   │── Send, Close ───▶ carrier
//!   store ────── Stored ───▶│         │── Store ─────────▶ store
//!   clock ────── Tick ─────▶└─────────┘── Program, Transport ▶ engine
//! ```
//!
//! The same code runs in the native peer, in a server and in a browser's worker, and whole sessions of many peers run in its tests,
//! with lost links, crashes and liars among them, from one seeded generator (`tests/simulator`).
//!
//! # One edit's way
//! A command becomes one change. In one step the change goes to the store, to every link, and to the interface; *saved* and
//! *delivered* are told apart and follow later ([`view::Connection`]). A change that arrives is admitted, stored, shown, and passed
//! on to links that lack it; when it is durable, its author is told.
//!
//! # Catching up
//! Links compare what their documents end at: on connecting, and with every heartbeat when it has changed. Whoever lacks something
//! says what it has and is sent the rest, in batches, no faster than it digests them. What a peer announces and does
//! not deliver is asked for ever more rarely; what was refused is not asked for again.
//!
//! # Playing together
//! Links read each other's clocks, and everyone works out from that one shared time, which is the clock of one of them. In it a
//! signed register says what everybody plays. [`Effect::Transport`] tells an engine where the music is by its machine's own
//! clock; a host only has to hand in events with the time at which they happened, as exactly as it can.
//!
//! # A server
//! The same machine with [`Config::server`]: it passes changes on once they are durable, tells players who are linked with it alone
//! of each other, and counts as nobody.
//!
//! # What a hostile peer can do
//! It can be slow, and it can waste its own link. Every list, text, queue and rate has a bound in [`limits`]; a message that is
//! refused is named and counted, too many close the link and keep its key away for a while. It cannot forge another player's
//! changes (vouchers), nor split honest replicas by writing two histories (equivocation proofs): both are
//! [`crdt_model::trust`]'s work.
//!
//! # What is not here
//! Opening links, and choosing which of two links to one peer to keep; bounding what waits for a slow reader; waiting before a
//! reconnect (how long, says [`Backoff`]); files. That is the host's. The document format is `crdt-model`'s alone.
//!
//! # Example
//! ```
//! use crdt_model::trust::Identity;
//! use crdt_model::{FoundingRandom, Session};
//! use jam::{CommandId, Config, Effect, Event, Jam};
//! use score::{Edit, LocalTime, UnixMillis};
//!
//! let identity = Identity::from_secret(&[7; 32]);
//! let config = Config { name: "Ada".into(), ..Config::player(identity.player(), [1; 32]) };
//! let (session, records) =
//!     Session::create(identity, FoundingRandom { nonce: [2; 16], seed: 3 }, "Fuzzy Penguin", UnixMillis(0))?;
//! // … make `records` durable, then:
//! let mut jam = Jam::open(config, session);
//! let command = view::Command::Edit(Edit::SetSwing(20.0));
//! jam.handle(LocalTime(0), Event::Command { id: CommandId(1), command });
//! while let Some(effect) = jam.next_effect() {
//!     match effect {
//!         Effect::Store { ticket, .. } => println!("write, and report {ticket:?} when it is durable"),
//!         Effect::Patch(patch) => println!("show {patch:?}"),
//!         other => println!("{other:?}"),
//!     }
//! }
//! # Ok::<(), crdt_model::EditError>(())
//! ```

mod agreement;
mod backoff;
mod budget;
mod clock;
mod command;
mod config;
mod durability;
mod effect;
mod event;
mod forks;
mod greeting;
mod history;
mod jam;
pub mod limits;
mod link;
mod live;
mod metrics;
mod others;
mod players;
mod pull;
mod random;
mod receive;
mod relay;
mod serve;
mod shared;
mod timeline;
pub mod wire;

pub use backoff::{Backoff, LONGEST_WAIT, SHORTEST_WAIT};
pub use clock::answer as answer_clock;
pub use config::{Config, Limits, Relay};
pub use effect::{Effect, Entry};
pub use event::{CommandId, Event, LinkId, Ticket};
pub use jam::Jam;
pub use metrics::Metrics;
pub use shared::Line;
pub use timeline::{SignedTimeline, State, Timeline};
