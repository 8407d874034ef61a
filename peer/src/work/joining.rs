//! Coming to somebody's session, by a ticket or by a link.

use std::sync::Arc;
use std::time::Duration;

use crdt_model::trust::Identity;
use score::id::{PlayerKey, SessionId};
use view::ViewPatch;

use super::PeerError;
use super::hearing::heard;
use super::owner::Owner;
use super::request::Reply;
use super::serve::{Replies, reply};
use super::showing::stay;
use crate::net::Ticket;
use crate::server::{Invitation, ServerAddress, ServerClient, ServerError};
use crate::session::{Opening, SessionHandle};

/// How long a player waits without a word.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// How long the server of a ticket may take to stand in for an inviter who is out of reach.
const SERVER_WITHIN: Duration = Duration::from_secs(10);

/// Takes part in a session until whoever asks leaves, or until all of it is here.
pub(super) async fn join(
    owner: &Arc<Owner>,
    invitation: &str,
    once: bool,
    play: bool,
    replies: &Replies,
) -> Result<(), PeerError> {
    let ticket = ticket(invitation).await?;
    let opening =
        if is_own(owner, &ticket) { Opening::Here(ticket.session()) } else { Opening::Join(ticket.origin) };
    let session = ticket.session();
    let joined = async {
        if is_own(owner, &ticket) {
            join_oneself(owner, ticket.session(), once, replies).await
        } else {
            join_inviter(owner, ticket, once, replies).await
        }
    };
    Box::pin(owner.staying(session, heard(owner, play.then_some(opening), replies, joined))).await
}

/// Copies a session here and stays linked with where it came from. One that is here already is not waited for.
pub(super) async fn enter(
    owner: &Arc<Owner>,
    invitation: &str,
    replies: &Replies,
) -> Result<SessionId, PeerError> {
    let ticket = ticket(invitation).await?;
    let session = ticket.session();
    if is_own(owner, &ticket) {
        return Ok(owner.session(Opening::Here(session)).await?.id());
    }
    let was_here = owner.home().names().contains(session);
    let inviter = ticket.inviter;
    let has_server = ticket.server.is_some();
    let handle = reach(owner, ticket).await?;
    if !was_here && let Err(error) = arrived(&handle, inviter, has_server, replies).await {
        owner.leave(session).await;
        return Err(error);
    }
    Ok(session)
}

/// The ticket that an invitation is, or that the server it leads to hands out.
async fn ticket(invitation: &str) -> Result<Ticket, PeerError> {
    let (server, session) = match invitation.parse::<Invitation>()? {
        Invitation::Ticket(ticket) => return Ok(*ticket),
        Invitation::Link { server, session } => (server, session),
    };
    let client = ServerClient::at(server.clone())?;
    let kept = client.session(session).await?;
    let strange = |what: &str| ServerError::NotOffbeat { server: server.to_string(), what: what.to_owned() };
    let ticket = kept.ticket.parse::<Ticket>().map_err(|_| strange("it invites by a ticket that is none"))?;
    if ticket.session() != session {
        return Err(strange("it invites to another session than was asked for").into());
    }
    // The way by which it was found leads there, whatever the server calls itself.
    Ok(Ticket { server: Some(server.to_string()), ..ticket })
}

fn is_own(owner: &Owner, ticket: &Ticket) -> bool {
    ticket.inviter == Identity::from_secret(owner.home().secret()).player()
}

/// Opens the session and keeps it linked with the inviter, and with the server that the ticket names.
async fn reach(owner: &Arc<Owner>, ticket: Ticket) -> Result<SessionHandle, PeerError> {
    let inviter = ticket.endpoint_addr()?;
    owner.ask_relays(&inviter).await?;
    let handle = owner.online(Opening::Join(ticket.origin)).await?;
    handle.reach(inviter).await?;
    let server = ticket.server.and_then(|server| server.parse::<ServerAddress>().ok());
    if let Some(server) = server {
        // One server too many is no reason to stay away from the inviter.
        if let Err(error) = owner.keep_at(server, &handle).await {
            handle.notice(error.to_string()).await?;
        }
    }
    Ok(handle)
}

async fn join_inviter(
    owner: &Arc<Owner>,
    ticket: Ticket,
    once: bool,
    replies: &Replies,
) -> Result<(), PeerError> {
    let inviter = ticket.inviter;
    let has_server = ticket.server.is_some();
    let handle = reach(owner, ticket).await?;
    if once {
        arrived(&handle, inviter, has_server, replies).await?;
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
async fn arrived(
    handle: &SessionHandle,
    inviter: PlayerKey,
    has_server: bool,
    replies: &Replies,
) -> Result<(), PeerError> {
    let told = async {
        tokio::time::sleep(PATIENCE).await;
        let notice = "the inviter has not answered yet; trying for some seconds more".to_owned();
        reply(replies, Reply::Patch(ViewPatch::Notice(notice))).await?;
        std::future::pending().await
    };
    tokio::select! {
        synced = handle.synced() => Ok(synced?),
        reason = out_of_reach(handle, inviter, has_server) => Err(PeerError::Unreached(reason)),
        told = told => told,
    }
}

/// Returns when nobody is left who could bring the session, with the reason.
async fn out_of_reach(handle: &SessionHandle, inviter: PlayerKey, has_server: bool) -> String {
    let mut unreached = handle.unreached();
    let failed = unreached.wait_for(|unreached| unreached.contains_key(&inviter)).await;
    let reason = failed.ok().and_then(|unreached| unreached.get(&inviter).cloned()).unwrap_or_default();
    if has_server {
        tokio::time::sleep(SERVER_WITHIN).await;
    }
    reason
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
