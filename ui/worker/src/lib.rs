//! A page's host: sessions in a web worker.
//!
//! The interface runs on the page's main thread and knows no session; it sends [`view::Ask`]s and shows [`view::Tell`]s. This worker
//! is the other end of that channel, as a native process is for the desktop's window. It drives one [`jam::Jam`] and carries out its
//! effects with what a browser has: a WebSocket to the page's own server, IndexedDB for what must survive, timeouts for deadlines.
//!
//! ```text
//!   interface ── Ask ──▶┌──────┐── Tell ─────────▶ interface, and other tabs' interfaces
//!   server ──── frame ─▶│ Host │── frame ────────▶ server
//!   IndexedDB ─ done ──▶│  jam │── transaction ──▶ IndexedDB
//!                       └──────┘
//! ```
//!
//! # Who owns what
//! One `Host` owns everything, and everything that happens reaches it as one `News` after another (`mailbox`): the browser calls
//! back on one thread. A session that is left takes its socket, timers and lock with it; news of it is of an earlier `Opening` and is
//! passed over.
//!
//! # What survives
//! The player's key is drawn once and kept; a session's changes are kept as they are made, and count as saved when the browser says that
//! their transaction is complete. Every opening writes under an actor and under keys of its own, so that neither a reload nor a second
//! tab can write what another has written. Where the browser keeps nothing, one plays and edits all the same and is told so.
//!
//! # Several tabs
//! A key is online once. The first tab that opens a session takes a Web Lock and hosts it; later ones pass commands on to it over a
//! `BroadcastChannel` and show what it shows. When it ends, the browser gives the lock to the next, which opens what was stored.
//! Without Web Locks (a page that is neither on HTTPS nor local) tabs stand beside each other, each with its own link; what they keep
//! is merged when it is read.
//!
//! # What is not here
//! Sound: the page's worklet plays the programs that are told. Peers: a page can be dialled by nobody, so the server passes on.

mod batch;
mod browser;
mod destination;
mod held;
mod host;
mod kept;
mod mailbox;
mod news;
mod opening;
mod remark;
mod session;
mod signed;
mod tabs;

pub use mailbox::{receive, start};
