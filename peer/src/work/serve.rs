//! Carrying out requests, whoever they come from.

use std::sync::Arc;
use std::time::Duration;

use crdt_model::trust::Identity;
use score::id::SessionId;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use view::{Command, ViewPatch};

use super::owner::Owner;
use super::request::{Listing, Reply, Request};
use super::{MAX_WAITING_REPLIES, PeerError};
use crate::home::Asked;
use crate::net::Ticket;
use crate::session::{Opening, SessionHandle};

/// How long a player waits without a word.
const PATIENCE: Duration = Duration::from_millis(1_500);

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
            let score = owner.score(session).await?;
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

/// The sessions of the home. One whose name the index has lost is looked into for it.
async fn list(owner: &Arc<Owner>) -> Vec<Listing> {
    let mut listings = Vec::new();
    for (session, name) in owner.home().names().iter() {
        let mut name = name.map(str::to_owned);
        if name.is_none()
            && let Ok(score) = owner.score(session).await
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
    let hosted = async {
        let handle = owner.online(Opening::Here(session)).await?;
        let ticket = owner.ticket(&handle).await?;
        reply(replies, Reply::Ticket(ticket.to_string())).await?;
        stay(&handle, replies).await
    };
    heard(owner, play.then_some(Opening::Here(session)), hosted).await
}

/// Has a session heard, from the first moment on, for as long as some work on it goes on.
async fn heard(
    owner: &Arc<Owner>,
    opening: Option<Opening>,
    work: impl Future<Output = Result<(), PeerError>>,
) -> Result<(), PeerError> {
    let Some(opening) = opening else { return work.await };
    let handle = owner.playing(opening).await?;
    let done = work.await;
    handle.play(false).await?;
    done
}

async fn join(
    owner: &Arc<Owner>,
    ticket: &str,
    once: bool,
    play: bool,
    replies: &Replies,
) -> Result<(), PeerError> {
    let ticket = ticket.parse::<Ticket>()?;
    if ticket.inviter == Identity::from_secret(owner.home().secret()).player() {
        let session = ticket.origin.id();
        let joined = join_oneself(owner, session, once, replies);
        return heard(owner, play.then_some(Opening::Here(session)), joined).await;
    }
    let origin = ticket.origin;
    heard(owner, play.then_some(Opening::Join(origin)), join_inviter(owner, ticket, once, replies)).await
}

async fn join_inviter(
    owner: &Arc<Owner>,
    ticket: Ticket,
    once: bool,
    replies: &Replies,
) -> Result<(), PeerError> {
    let inviter = ticket.endpoint_addr()?;
    let handle = owner.online(Opening::Join(ticket.origin)).await?;
    handle.reach(inviter).await?;
    if once {
        reached(&handle, replies).await?;
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
    tokio::try_join!(synced, stay(&handle, replies)).map(|_| ())
}

/// Waits until all is here, or the inviter has proven out of reach. Who waits for long is told what for.
async fn reached(handle: &SessionHandle, replies: &Replies) -> Result<(), PeerError> {
    let told = async {
        tokio::time::sleep(PATIENCE).await;
        let notice = "the inviter has not answered yet; trying for some seconds more".to_owned();
        reply(replies, Reply::Patch(ViewPatch::Notice(notice))).await?;
        std::future::pending().await
    };
    let mut unreached = handle.unreached();
    tokio::select! {
        synced = handle.synced() => Ok(synced?),
        Ok(reason) = unreached.wait_for(Option::is_some) => {
            Err(PeerError::Unreached(reason.clone().unwrap_or_default()))
        }
        told = told => told,
    }
}

/// Joins by this player's own invitation: nobody has to be reached, for the session is here or nowhere.
async fn join_oneself(
    owner: &Arc<Owner>,
    session: SessionId,
    once: bool,
    replies: &Replies,
) -> Result<(), PeerError> {
    let handle = owner.online(Opening::Here(session)).await?;
    reply(replies, Reply::Session(session)).await?;
    if once {
        handle.saved().await?;
        return reply(replies, Reply::Synced).await;
    }
    stay(&handle, replies).await
}

/// Shows a session until whoever watches has left.
async fn stay(handle: &SessionHandle, replies: &Replies) -> Result<(), PeerError> {
    tokio::select! {
        shown = show(handle, replies) => shown,
        () = replies.closed() => Ok(()),
    }
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
