//! Showing a session to somebody, and being there for others meanwhile.

use std::sync::Arc;

use score::id::SessionId;
use score::time::LocalTime;
use tokio::sync::broadcast::error::RecvError;
use view::{Transport, ViewPatch};

use super::PeerError;
use super::hearing::heard;
use super::owner::Owner;
use super::request::Reply;
use super::serve::{Replies, reply};
use crate::session::{Opening, SessionHandle};

/// Shows a session, online where that is possible.
pub(super) async fn show(owner: &Arc<Owner>, session: SessionId, replies: &Replies) -> Result<(), PeerError> {
    let handle = owner.session(Opening::Here(session)).await?;
    // Who looks at it wants to find it again.
    owner.home().set_listed(session, true)?;
    if let Err(error) = owner.online(Opening::Here(session)).await {
        handle.notice(format!("{error}. You play alone until it works.")).await?;
    }
    stay(&handle, replies).await
}

/// Shows a session, and tells how others come to it.
pub(super) async fn host(
    owner: &Arc<Owner>,
    session: SessionId,
    play: bool,
    replies: &Replies,
) -> Result<(), PeerError> {
    let hosted = async {
        let handle = owner.online(Opening::Here(session)).await?;
        let ticket = owner.ticket(&handle).await?;
        reply(replies, Reply::Ticket(ticket.to_string())).await?;
        stay(&handle, replies).await
    };
    heard(owner, play.then_some(Opening::Here(session)), replies, hosted).await
}

/// Shows a session until whoever watches has left.
pub(super) async fn stay(handle: &SessionHandle, replies: &Replies) -> Result<(), PeerError> {
    tokio::select! {
        shown = watch(handle, replies) => shown,
        () = replies.closed() => Ok(()),
    }
}

async fn watch(handle: &SessionHandle, replies: &Replies) -> Result<(), PeerError> {
    loop {
        let (view, mut patches) = handle.subscribe().await?;
        let mut transport = handle.transport();
        reply(replies, Reply::View(Box::new(view))).await?;
        transport.mark_changed();
        loop {
            tokio::select! {
                patch = patches.recv() => match patch {
                    Ok(patch) => reply(replies, Reply::Patch(ViewPatch::clone(&patch))).await?,
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return Ok(()),
                },
                Ok(()) = transport.changed() => {
                    let held = transport.borrow_and_update().clone();
                    reply(replies, Reply::Transport(as_told(handle, held))).await?;
                }
            }
        }
    }
}

/// Where the music is by a clock that reads 0 now: whoever is told knows no clock of this process.
fn as_told(handle: &SessionHandle, transport: Option<Transport>) -> Option<Transport> {
    let LocalTime(now) = handle.clock().now();
    transport.map(|transport| transport.by_clock_ahead(-now))
}
