//! Carrying out requests, whoever they come from.

use std::sync::Arc;

use score::id::SessionId;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use view::Command;

use super::owner::Owner;
use super::request::{Listing, Reply, Request};
use super::{MAX_WAITING_REPLIES, PeerError};
use crate::home::Asked;
use crate::net::Ticket;
use crate::session::{Opening, SessionHandle};

/// Where answers go.
type Replies = mpsc::Sender<Reply>;

/// Begins a request; the answers arrive on the channel that is returned. When that is dropped, so is the work.
pub(super) fn begin(owner: Arc<Owner>, request: Request) -> mpsc::Receiver<Reply> {
    let (replies, receiver) = mpsc::channel(MAX_WAITING_REPLIES);
    tokio::spawn(async move {
        if let Err(error) = carry_out(&owner, request, &replies).await {
            replies.send(Reply::Failed(error.to_string())).await.ok();
        }
    });
    receiver
}

/// Carries out what another process asks for over the local socket, until it has its answers or hangs up.
pub(super) async fn serve(owner: Arc<Owner>, request: Request, mut asked: Asked) {
    if !matches!(asked.take().await, Ok(true)) {
        return;
    }
    let mut replies = begin(owner, request);
    loop {
        let reply = tokio::select! {
            reply = replies.recv() => reply,
            () = asked.gone() => return,
        };
        let Some(reply) = reply else { return };
        if !matches!(asked.answer(&reply).await, Ok(true)) {
            return;
        }
    }
}

async fn carry_out(owner: &Arc<Owner>, request: Request, replies: &Replies) -> Result<(), PeerError> {
    match request {
        Request::List => reply(replies, Reply::Sessions(list(owner).await)).await,
        Request::Create { name } => create(owner, Opening::Found(name), replies).await,
        Request::CreateFrom(score) => create(owner, Opening::FoundFrom(score), replies).await,
        Request::Score(session) => {
            let score = owner.session(Opening::Here(session)).await?.score().await?;
            reply(replies, Reply::Score(Box::new(score))).await
        }
        Request::Automerge(session) => {
            let bytes = owner.session(Opening::Here(session)).await?.automerge().await?;
            reply(replies, Reply::Automerge(bytes)).await
        }
        Request::Edit { session, commands } => edit(owner, session, commands, replies).await,
        Request::Host { session, play } => host(owner, session, play, replies).await,
        Request::Join { ticket, once, play } => join(owner, &ticket, once, play, replies).await,
    }
}

/// Sends an answer. Somebody who no longer listens wants nothing more, which is no error.
async fn reply(replies: &Replies, answer: Reply) -> Result<(), PeerError> {
    replies.send(answer).await.ok();
    Ok(())
}

/// The sessions of the home. One whose name the index has lost is opened for it.
async fn list(owner: &Arc<Owner>) -> Vec<Listing> {
    let mut listings = Vec::new();
    for (session, name) in owner.home().names().iter() {
        let mut name = name.map(str::to_owned);
        if name.is_none()
            && let Ok(handle) = owner.session(Opening::Here(session)).await
            && let Ok(score) = handle.score().await
        {
            name = Some(score.name);
        }
        listings.push(Listing { session, name });
    }
    listings
}

async fn create(owner: &Arc<Owner>, opening: Opening, replies: &Replies) -> Result<(), PeerError> {
    let handle = owner.session(opening).await?;
    // It was durable before it had a handle; this waits until it is also in the index.
    handle.saved().await?;
    reply(replies, Reply::Session(handle.id())).await
}

async fn edit(
    owner: &Arc<Owner>,
    session: SessionId,
    commands: Vec<Command>,
    replies: &Replies,
) -> Result<(), PeerError> {
    let handle = owner.session(Opening::Here(session)).await?;
    for command in commands {
        let done = handle.command(command).await;
        if done.is_err() {
            // What was done before it stays done, and is to be as safe as if nothing had been refused.
            handle.saved().await?;
            done?;
        }
    }
    handle.saved().await?;
    reply(replies, Reply::Done).await
}

async fn host(
    owner: &Arc<Owner>,
    session: SessionId,
    play: bool,
    replies: &Replies,
) -> Result<(), PeerError> {
    let handle = owner.online(Opening::Here(session)).await?;
    let ticket = owner.ticket(&handle).await?;
    reply(replies, Reply::Ticket(ticket.to_string())).await?;
    stay(&handle, play, replies).await
}

async fn join(
    owner: &Arc<Owner>,
    ticket: &str,
    once: bool,
    play: bool,
    replies: &Replies,
) -> Result<(), PeerError> {
    let ticket = ticket.parse::<Ticket>()?;
    let inviter = ticket.endpoint_addr()?;
    let handle = owner.online(Opening::Join(ticket.origin)).await?;
    handle.reach(inviter).await?;
    if once {
        let mut unreached = handle.unreached();
        tokio::select! {
            synced = handle.synced() => synced?,
            Ok(reason) = unreached.wait_for(Option::is_some) => {
                return Err(PeerError::Unreached(reason.clone().unwrap_or_default()));
            }
        }
    }
    reply(replies, Reply::Session(handle.id())).await?;
    let synced = async {
        handle.synced().await?;
        handle.saved().await?;
        reply(replies, Reply::Synced).await
    };
    if once {
        return synced.await;
    }
    tokio::try_join!(synced, stay(&handle, play, replies)).map(|_| ())
}

/// Shows a session until whoever watches has left.
async fn stay(handle: &SessionHandle, play: bool, replies: &Replies) -> Result<(), PeerError> {
    if play {
        handle.play(true).await?;
    }
    let shown = tokio::select! {
        shown = show(handle, replies) => shown,
        () = replies.closed() => Ok(()),
    };
    if play {
        handle.play(false).await?;
    }
    shown
}

async fn show(handle: &SessionHandle, replies: &Replies) -> Result<(), PeerError> {
    loop {
        let (view, mut patches) = handle.subscribe().await?;
        reply(replies, Reply::View(Box::new(view))).await?;
        loop {
            match patches.recv().await {
                Ok(patch) => reply(replies, Reply::Patch((*patch).clone())).await?,
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return Ok(()),
            }
        }
    }
}
