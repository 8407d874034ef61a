//! Carrying out requests, whoever they come from.

use std::sync::Arc;

use score::id::SessionId;
use tokio::sync::mpsc;
use view::{Command, SessionListing, Thumbnail};

use super::owner::Owner;
use super::request::{Listing, Reply, Request};
use super::{MAX_WAITING_REPLIES, PeerError, hearing, joining, keeping, showing};
use crate::home::Asked;
use crate::session::Opening;

/// Most sessions of a list that have a picture: each is a file that is read, some milliseconds.
const MAX_PICTURES: usize = 48;

/// Where answers go.
pub(super) type Replies = mpsc::Sender<Reply>;

/// Begins a request; the answers arrive on the channel that is returned. When that is dropped, so is the work.
pub(super) fn begin(owner: Arc<Owner>, request: Request) -> mpsc::Receiver<Reply> {
    let (replies, receiver) = mpsc::channel(MAX_WAITING_REPLIES);
    tokio::spawn(async move {
        if let Err(error) = Box::pin(carry_out(&owner, request, &replies)).await {
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
        Request::Gallery => reply(replies, Reply::Gallery(gallery(owner).await)).await,
        Request::SetListed { session, listed } => {
            owner.home().set_listed(session, listed)?;
            reply(replies, Reply::Gallery(gallery(owner).await)).await
        }
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
        Request::Command { session, command } => {
            owner.session(Opening::Here(session)).await?.command(command).await?;
            reply(replies, Reply::Done).await
        }
        Request::Knock(invitation) => {
            owner.knock(invitation).await?;
            reply(replies, Reply::Done).await
        }
        Request::Show(session) => owner.staying(session, showing::show(owner, session, replies)).await,
        Request::Hear(session) => owner.staying(session, hearing::hear(owner, session, replies)).await,
        Request::Ears { session, image } => {
            owner.session(Opening::Here(session)).await?.ears(&image).await?;
            reply(replies, Reply::Done).await
        }
        Request::Acts(session) => {
            let acts = owner.session(Opening::Here(session)).await?.acts().await?;
            reply(replies, Reply::Acts(acts)).await
        }
        Request::Preview { session, past } => {
            owner.session(Opening::Here(session)).await?.preview(past).await?;
            reply(replies, Reply::Done).await
        }
        Request::Strike { session, track, pitch, velocity } => {
            owner.session(Opening::Here(session)).await?.strike(track, pitch, velocity).await?;
            reply(replies, Reply::Done).await
        }
        Request::Trim(trim) => {
            owner.home().set_trim(trim)?;
            reply(replies, Reply::Done).await
        }
        Request::Invite(session) => reply(replies, keeping::invitation(owner, session).await?).await,
        Request::Archive { session, server } => {
            reply(replies, keeping::archive(owner, session, &server).await?).await
        }
        Request::Publish(session) => reply(replies, keeping::publish(owner, session).await?).await,
        Request::Remix(session) => {
            let remix = owner.session(Opening::Here(session)).await?.remix().await?;
            create(owner, Opening::FoundFrom(Box::new(remix)), replies).await
        }
        Request::Enter { invitation } => {
            let session = joining::enter(owner, &invitation, replies).await?;
            reply(replies, Reply::Session(session)).await
        }
        Request::Host { session, play } => {
            Box::pin(owner.staying(session, showing::host(owner, session, play, replies))).await
        }
        Request::Join { ticket, once, play } => joining::join(owner, &ticket, once, play, replies).await,
    }
}

/// Sends an answer. Somebody who no longer listens wants nothing more, which is no error.
pub(super) async fn reply(replies: &Replies, answer: Reply) -> Result<(), PeerError> {
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
        let touched_at = owner.home().touched_at(session);
        listings.push(Listing { session, name, touched_at });
    }
    listings
}

/// The sessions of the player's list, those written to last first.
async fn gallery(owner: &Arc<Owner>) -> Vec<SessionListing> {
    let mut listings = list(owner).await;
    listings.retain(|listing| owner.home().is_listed(listing.session));
    listings.sort_by_key(|listing| std::cmp::Reverse((listing.touched_at, listing.session)));
    let shown = listings.into_iter().enumerate().map(|(place, listing)| {
        let score = (place < MAX_PICTURES).then(|| owner.preview(listing.session)).flatten();
        SessionListing {
            session: listing.session,
            name: listing.name.unwrap_or_default(),
            picture: score.as_ref().map(Thumbnail::of).unwrap_or_default(),
        }
    });
    shown.collect()
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
