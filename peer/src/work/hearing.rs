//! Hearing a session on this machine for as long as somebody wants to.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use score::id::SessionId;
use tokio::time::MissedTickBehavior;
use view::{Command, host};

use super::PeerError;
use super::owner::Owner;
use super::request::Reply;
use super::serve::{Replies, reply};
use crate::session::{Opening, Playhead, SessionError, SessionHandle};

/// How often a playhead is told: once for each picture of a common screen.
const PLAYHEAD_EVERY: Duration = Duration::from_micros(16_667);

/// How often it is told to whoever draws nothing and wants to know how the sound fares.
const FIGURES_EVERY: Duration = Duration::from_secs(1);

/// Has a session heard and tells where the music is, the newest place to one who reads slowly.
pub(super) async fn hear(owner: &Arc<Owner>, session: SessionId, replies: &Replies) -> Result<(), PeerError> {
    let handle = owner.session(Opening::Here(session)).await?;
    handle.hear().await?;
    let done = tokio::select! {
        told = tell_playhead(&handle, PLAYHEAD_EVERY, replies) => told,
        () = replies.closed() => Ok(()),
    };
    // Nothing is heard of a session that has closed.
    handle.stop_hearing().await.ok();
    done
}

/// Tells where the music is whenever that has changed, at most so often, until the session closes.
async fn tell_playhead(handle: &SessionHandle, every: Duration, replies: &Replies) -> Result<(), PeerError> {
    let mut playhead = handle.playhead();
    let mut tick = tokio::time::interval(every);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let now = drawn(&playhead.borrow_and_update());
        reply(replies, Reply::Playhead(now)).await?;
        if playhead.changed().await.is_err() {
            return Ok(());
        }
    }
}

fn drawn(playhead: &Playhead) -> host::Playhead {
    let Playhead { is_heard, is_playing, beat, levels, device, delay, effort } = playhead.clone();
    host::Playhead { is_heard, is_playing, beat, levels, device, delay, effort }
}

/// Has a session play, and heard from the first moment on, for as long as some work on it goes on. How its sound fares is told once
/// a second.
pub(super) async fn heard(
    owner: &Arc<Owner>,
    opening: Option<Opening>,
    replies: &Replies,
    work: impl Future<Output = Result<(), PeerError>>,
) -> Result<(), PeerError> {
    let Some(opening) = opening else { return work.await };
    let handle = owner.opened_to_play(opening).await?;
    let begun = async {
        handle.hear().await?;
        match handle.command(Command::Play).await {
            Err(SessionError::Refused(reason)) => handle.notice(reason).await,
            done => done,
        }
    };
    // A session that closes ends the work by itself.
    let told = async {
        tell_playhead(&handle, FIGURES_EVERY, replies).await.ok();
        std::future::pending::<Infallible>().await
    };
    // Looking for a device must not keep others waiting.
    let both = async { tokio::join!(begun, work) };
    let (begun, done) = tokio::select! {
        both = both => both,
        never = told => match never {},
    };
    // A session that has ended is heard no more.
    handle.stop_hearing().await.ok();
    done.and(begun.map_err(PeerError::from))
}
