//! A native peer's link: one QUIC stream, by the server's own endpoint.
//!
//! The connection proves the peer's key. Its first frame is a `Hello` that names the session; one that is not here begins to be
//! kept when the peer asks for that and says who founded it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jam::wire::{self, Bye, Hello, Message, Parting};
use peer::clock::HostClock;
use peer::net::{Datagrams, Incoming, Link, Net};
use tokio::sync::{Semaphore, oneshot};

use super::{Accepted, Door, NewLink, Outgoing};
use crate::limits::{ClientAddress, TooOften};
use crate::metrics::{Carrier, Refusal};
use crate::rooms::RoomError;

/// How long a peer may take to say which session its link is for.
const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// How many links may at once be waited on for that.
const MAX_NAMELESS_LINKS: usize = 256;

/// Why a peer's link does not begin.
#[derive(Debug, thiserror::Error)]
enum Unlinked {
    #[error(transparent)]
    Room(#[from] RoomError),
    /// It brings more sessions than it may.
    #[error(transparent)]
    TooOften(#[from] TooOften),
}

/// Takes in links until the endpoint is closed.
pub async fn accept(net: Arc<Net>, door: Door) {
    let nameless = Arc::new(Semaphore::new(MAX_NAMELESS_LINKS));
    while let Some(link) = net.accept().await {
        let Ok(permit) = nameless.clone().try_acquire_owned() else {
            door.metrics.refuse(Refusal::Connection);
            link.outgoing.abort("too many links at once");
            continue;
        };
        let door = door.clone();
        tokio::spawn(async move {
            let Some(_place) = door.place() else {
                return link.outgoing.abort("this server has as many links as it can");
            };
            let linked = introduce(link, &door).await;
            drop(permit);
            if let Some((accepted, incoming, datagrams)) = linked {
                tokio::select! {
                    () = read(incoming, &accepted) => {}
                    () = read_datagrams(datagrams, &accepted, door.rooms.clock()) => {}
                }
            }
        });
    }
}

/// Brings a link to the room of the session that its first frame names.
async fn introduce(mut link: Link, door: &Door) -> Option<(Accepted, Incoming, Datagrams)> {
    let first = tokio::time::timeout(HELLO_WITHIN, link.incoming.next()).await;
    let Ok(Ok(Some(frame))) = first else {
        link.outgoing.abort("no Hello");
        return None;
    };
    let Ok(Message::Hello(hello)) = wire::decode(&frame) else {
        door.metrics.refuse(Refusal::Malformed);
        link.outgoing.abort("a link begins with a Hello of a version known here");
        return None;
    };
    let outgoing = link.outgoing.clone();
    let (accepted, accepting) = oneshot::channel();
    let new = NewLink {
        key: link.remote,
        carrier: Carrier::Quic,
        outgoing: Outgoing::Stream(link.outgoing),
        first: Some(frame),
        accepted,
    };
    if let Err(unlinked) = bring(new, &hello, outgoing.address(), door).await {
        door.metrics.refuse(if matches!(unlinked, Unlinked::TooOften(_)) {
            Refusal::Rate
        } else {
            Refusal::Link
        });
        refuse(&outgoing, &unlinked);
        return None;
    }
    Some((accepting.await.ok()?, link.incoming, link.datagrams))
}

async fn bring(link: NewLink, hello: &Hello, from: Option<SocketAddr>, door: &Door) -> Result<(), Unlinked> {
    if door.rooms.origin(hello.session).await?.is_none() {
        let origin = hello.origin.filter(|origin| hello.archive && origin.id() == hello.session);
        let origin = origin.ok_or(RoomError::Missing)?;
        door.creations.check(from.map(ClientAddress::of))?;
        door.rooms.adopt(origin).await?;
    }
    Ok(door.rooms.link(hello.session, link).await?)
}

/// Says why there is no link. What is queued still goes out when the link is dropped.
fn refuse(outgoing: &peer::net::Outgoing, unlinked: &Unlinked) {
    let (parting, reason, retry) = match unlinked {
        Unlinked::Room(RoomError::Missing) => {
            let reason = "this server does not have the session; ask it to keep it (`offbeat archive`)";
            (Parting::Mismatch, reason.to_owned(), None)
        }
        Unlinked::TooOften(refused) => {
            let seconds = u32::try_from(refused.seconds()).unwrap_or(u32::MAX);
            (Parting::Full, refused.to_string(), Some(seconds.saturating_mul(1_000)))
        }
        Unlinked::Room(error) => (Parting::Full, error.to_string(), Some(30_000)),
    };
    let bye = Bye { parting, reason, retry_after_millis: retry };
    outgoing.send(wire::encode(&Message::Bye(bye)).into()).ok();
}

async fn read(mut incoming: Incoming, accepted: &Accepted) {
    loop {
        accepted.may_read().await;
        let frame = incoming.next().await.unwrap_or_else(|error| {
            tracing::debug!(%error, "a link has broken");
            None
        });
        if !accepted.hand_on(frame).await {
            return;
        }
    }
}

/// Hands on what comes beside the frames. That it has ended says the stream's end, which is read as well.
async fn read_datagrams(mut datagrams: Datagrams, accepted: &Accepted, clock: HostClock) {
    while let Some((bytes, came)) = datagrams.next(&clock).await {
        accepted.hand_on_datagram(bytes, came);
    }
    std::future::pending::<()>().await;
}
