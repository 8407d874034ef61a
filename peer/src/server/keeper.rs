//! Keeping a session linked with a server, wherever that is at the moment.

use std::sync::Arc;
use std::time::Duration;

use jam::Backoff;
use score::id::PlayerKey;
use tokio::time::timeout;

use super::{ServerAddress, ServerClient};
use crate::net::Net;
use crate::session::{SessionError, SessionHandle};
use crate::work::PeerError;

/// How long a server that has said where it is may take until it is linked; then it is asked again, for it may have moved.
const LINK_WITHIN: Duration = Duration::from_secs(15);

/// Keeps a session linked with a server and has it kept there, until the session closes.
///
/// Where the server is, and by which key it goes, it says itself each time the link is gone: it may have been restarted
/// elsewhere. One that does not answer is asked again for ever, and the player is told once.
pub(crate) async fn keep_linked(server: ServerAddress, handle: SessionHandle, net: Arc<Net>) {
    let Ok(client) = ServerClient::at(server.clone()) else { return };
    let mut backoff = Backoff::default();
    let mut is_told = false;
    loop {
        match link(&client, &handle, &net).await {
            Ok(key) => {
                let mut linked = handle.linked();
                if timeout(LINK_WITHIN, linked.wait_for(|linked| linked.contains(&key))).await.is_ok() {
                    if std::mem::take(&mut is_told) {
                        handle.notice(format!("The server {server} is back.")).await.ok();
                    }
                    backoff.reset();
                    if linked.wait_for(|linked| !linked.contains(&key)).await.is_err() {
                        return;
                    }
                }
            }
            Err(PeerError::Session(SessionError::Closed)) => return,
            Err(error) if !std::mem::replace(&mut is_told, true) => {
                let notice = format!("{error}. Play on: what you make is sent there when it answers.");
                handle.notice(notice).await.ok();
            }
            Err(_) => {}
        }
        tokio::time::sleep(backoff.next_wait(getrandom::u32().unwrap_or(u32::MAX / 2))).await;
    }
}

/// Has the session dial the server where it says it is. Returns its key.
async fn link(client: &ServerClient, handle: &SessionHandle, net: &Net) -> Result<PlayerKey, PeerError> {
    let description = client.description().await?;
    let addr = description.endpoint_addr()?;
    // Without a relay the direct addresses may do.
    if let Err(error) = net.use_server(&client.server().to_string(), description.address_discovery).await {
        tracing::debug!(%error, "no relay");
    }
    handle.reach_server(addr).await?;
    Ok(description.key()?)
}
