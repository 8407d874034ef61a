//! An open session: one task that owns a `jam` and carries out its effects.
//!
//! Letters of handles, frames of links, news of the disk and the passing of time go into the state machine one by one;
//! its effects go out to the links' queues, the store's writer, the watchers and the engine, none of which waits for
//! another. An edit is on its way to the peers while the disk still writes it; it counts as *saved* only afterwards
//! ([`SessionHandle::saved`]).
//!
//! The crash rule of the document holds here: the actor id that edits are written under lives for one opening of one
//! store by one process, because every opening draws its nonce anew and never stores it.

mod actor;
mod address;
mod dialer;
mod error;
mod handle;
mod keeper;
mod links;
mod opening;
mod picture;
mod prelude;
mod remix;
mod shelf;
mod sounding;
mod speaker;
mod stored;
mod waiting;

use std::collections::BTreeMap;
use std::sync::Arc;

use jam::{CommandId, Config, Event, Jam};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use view::Command;

pub use error::SessionError;
pub use handle::{Playhead, SessionHandle, Subscription};
pub use opening::Opening;
pub(crate) use picture::picture;

use crate::clock::HostClock;
use crate::home::Home;
use crate::net::Net;
use crate::samples::SampleStore;
use crate::store::StoreError;
use actor::Actor;
use handle::MAX_LETTERS;
use keeper::Keeper;
use links::Links;
pub use links::Unreached;
use speaker::Speaker;
use waiting::Waiting;

/// A session that runs, and the task that it runs in.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) handle: SessionHandle,
    pub(crate) task: JoinHandle<Result<(), StoreError>>,
}

/// Opens a session and starts its task. Without a network it is edited and heard on this machine alone. To `play` it is to
/// hear it at once, by its checkpoint while the history loads.
pub(crate) async fn start(
    home: Arc<Home>,
    clock: HostClock,
    net: Option<Arc<Net>>,
    opening: Opening,
    play: bool,
) -> Result<Running, SessionError> {
    let (letters, mut box_) = mpsc::channel(MAX_LETTERS);
    let (told_playhead, playhead) = watch::channel(Playhead::default());
    let (told_transport, transport) = watch::channel(None);
    let (store, trim) = (SampleStore::at(home.path()), home.trim());
    let mut speaker = Speaker::new(clock, store, letters.downgrade(), trim, told_playhead);
    if play {
        prelude::begin(&mut speaker, opening.id().and_then(|id| picture(&home, id)));
    }
    let place = home.clone();
    // A long history takes a while to load, and meanwhile this session and others play.
    let loading = tokio::task::spawn_blocking(move || opening::open(&place, opening));
    let (opened, notice) = prelude::play_during(&mut speaker, &mut box_, loading).await;
    let opened = opened.map_err(|_| SessionError::Closed).flatten();
    let opened = opened.inspect_err(|_| speaker.fall_silent())?;
    let (keeper, session) = Keeper::start(opened);
    let me = session.player();
    let origin = session.origin();
    let mut jam = Jam::open(Config::player(me, opening::random()?), session);
    if let Some((beat, at)) = speaker.end_alone() {
        let command = Command::PlayOn { beat, at };
        // No answer is waited for: where the player may not start the music, nothing is played.
        jam.handle(clock.now(), Event::Command { id: CommandId(0), command });
    }
    told_transport.send_replace(jam.transport());
    speaker.set_transport(jam.transport());
    let (told_unreached, unreached) = watch::channel(Unreached::default());
    let (links, arrivals) = Links::new(me, clock, net, told_unreached);
    let linked = links.linked();
    let actor = Actor {
        jam,
        clock,
        home,
        letters: letters.downgrade(),
        keeper,
        links,
        speaker,
        patches: actor::patches(),
        told_transport,
        answers: BTreeMap::new(),
        last_command: 0,
        waiting: Waiting::default(),
        name: String::new(),
        notice,
    };
    let task = tokio::spawn(actor.run(box_, arrivals));
    let handle = SessionHandle { origin, letters, clock, playhead, transport, linked, unreached };
    Ok(Running { handle, task })
}
