//! What a server does for a session: keep it, hand out links to it, publish it.

use std::sync::Arc;
use std::time::Duration;

use crdt_model::trust::Identity;
use score::id::SessionId;
use tokio::time::timeout;

use super::PeerError;
use super::owner::Owner;
use super::request::Reply;
use crate::server::{ServerAddress, ServerClient, ServerError};
use crate::session::{Opening, SessionHandle};

/// How long a server may take until it holds all of a session: a long history over a slow line.
const AGREE_WITHIN: Duration = Duration::from_mins(1);

/// How others come to a session. Asks no server, so that it is said at once, or within half a second where a relay is on its way.
pub(super) async fn invitation(owner: &Arc<Owner>, session: SessionId) -> Result<Reply, PeerError> {
    let link = owner.home().servers(session).first().map(|server| server.link(session));
    let ticket = async {
        let handle = owner.online(Opening::Here(session)).await?;
        owner.ticket(&handle).await
    };
    match ticket.await {
        Ok(ticket) => Ok(Reply::Invitation { link, ticket: Some(ticket.to_string()) }),
        Err(PeerError::Net(_)) if link.is_some() => Ok(Reply::Invitation { link, ticket: None }),
        Err(error) => Err(error),
    }
}

/// Has a server keep a session, and waits until it has all of it.
pub(super) async fn archive(
    owner: &Arc<Owner>,
    session: SessionId,
    server: &str,
) -> Result<Reply, PeerError> {
    let known = owner.home().servers(session).into_iter().next();
    let server = match (server.trim(), known, owner.usual_server()) {
        ("", Some(known), _) => known,
        ("", None, Some(usual)) => usual.parse()?,
        ("", None, None) => return Err(ServerError::Unnamed.into()),
        (named, ..) => named.parse()?,
    };
    let client = ServerClient::at(server.clone())?;
    // Asked before it is remembered: what does not answer, or is no Offbeat server, is a slip of the hand.
    client.description().await?;
    let handle = owner.online(Opening::Here(session)).await?;
    owner.keep_at(server, &handle).await?;
    agreed(&client, &handle).await?;
    // Says that the server knows the session by its link, too.
    client.session(session).await?;
    invitation(owner, session).await
}

/// Publishes a session as it is at this moment.
pub(super) async fn publish(owner: &Arc<Owner>, session: SessionId) -> Result<Reply, PeerError> {
    let servers = owner.home().servers(session);
    let server: ServerAddress = servers.into_iter().next().ok_or(ServerError::Unkept)?;
    let client = ServerClient::at(server)?;
    let handle = owner.online(Opening::Here(session)).await?;
    agreed(&client, &handle).await?;
    let by = Identity::from_secret(owner.home().secret());
    Ok(Reply::Link(client.publish(session, &by).await?))
}

/// Waits until a server that keeps the session holds all of it.
async fn agreed(client: &ServerClient, handle: &SessionHandle) -> Result<(), PeerError> {
    let key = client.description().await?.key()?;
    let server = client.server().to_string();
    let mut unreached = handle.unreached();
    tokio::select! {
        agreed = timeout(AGREE_WITHIN, handle.agreed(key)) => match agreed {
            Ok(agreed) => Ok(agreed?),
            Err(_) => Err(ServerError::Behind { server }.into()),
        },
        Ok(failed) = unreached.wait_for(|unreached| unreached.contains_key(&key)) => {
            let reason = failed.get(&key).cloned().unwrap_or_default();
            Err(ServerError::Unlinked { server, reason }.into())
        }
    }
}
