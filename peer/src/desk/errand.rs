//! What may take long, and is done beside everything else.

use std::sync::Arc;

use score::default_name::default_name;
use score::starter::starter;
use score::text::{MAX_SESSION_NAME_CHARS, clean_name};
use score::{PlayerKey, SessionId};
use view::host::Tell;
use view::{ExportFormat, Past, View};

use super::exporting;
use super::stream::Stream;
use crate::home::HomeError;
use crate::work::{Peer, PeerError, Reply, Request, player_at};

/// Something to do.
#[derive(Debug)]
pub(super) enum Errand {
    List,
    SetListed(SessionId, bool),
    Create(String),
    Show(SessionId),
    /// As before, when the process that showed it has ended.
    ShowAgain(SessionId),
    Join(String),
    Hear(SessionId),
    Acts(SessionId),
    Preview(SessionId, Option<Past>),
    Invite(SessionId),
    Publish(SessionId),
    Remix(SessionId),
    Archive(SessionId, String),
    Export(SessionId, ExportFormat),
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Fetched {
    Nothing,
    Tell(Tell),
    Shown { view: Box<View>, me: PlayerKey, replies: Stream },
    Again { session: SessionId, replies: Stream },
    Heard { session: SessionId, replies: Stream },
}

/// Does it. What cannot be done is told.
pub(super) async fn run(peer: Arc<Peer>, errand: Errand) -> Fetched {
    let fetched = fetch(&peer, errand).await;
    fetched.unwrap_or_else(|error| Fetched::Tell(Tell::Failed(error.to_string())))
}

async fn fetch(peer: &Peer, errand: Errand) -> Result<Fetched, PeerError> {
    match errand {
        Errand::List => list(peer, Request::Gallery).await,
        Errand::SetListed(session, listed) => list(peer, Request::SetListed { session, listed }).await,
        Errand::Create(name) => {
            let score = Box::new(starter(&usable_name(&name), random()));
            found(peer, Request::CreateFrom(score)).await
        }
        Errand::Remix(session) => found(peer, Request::Remix(session)).await,
        Errand::Join(invitation) => found(peer, Request::Enter { invitation }).await,
        Errand::Show(session) => show(peer, session).await,
        Errand::ShowAgain(session) => {
            let replies = Stream::of(peer.ask(Request::Show(session)).await?);
            Ok(Fetched::Again { session, replies })
        }
        Errand::Hear(session) => {
            let replies = Stream::of(peer.ask(Request::Hear(session)).await?);
            Ok(Fetched::Heard { session, replies })
        }
        Errand::Acts(session) => tell(peer, Request::Acts(session)).await,
        Errand::Preview(session, past) => {
            peer.ask_one(Request::Preview { session, past }).await?;
            Ok(Fetched::Nothing)
        }
        Errand::Invite(session) => tell(peer, Request::Invite(session)).await,
        Errand::Publish(session) => tell(peer, Request::Publish(session)).await,
        Errand::Export(session, format) => {
            let place = exporting::write(peer, session, format).await?;
            Ok(Fetched::Tell(Tell::Exported { place }))
        }
        Errand::Archive(session, server) => tell(peer, Request::Archive { session, server }).await,
    }
}

async fn list(peer: &Peer, request: Request) -> Result<Fetched, PeerError> {
    match peer.ask_one(request).await? {
        Reply::Gallery(listings) => Ok(Fetched::Tell(Tell::Sessions(listings))),
        _ => Err(misunderstood()),
    }
}

/// Has a session come to be here, and shows it.
async fn found(peer: &Peer, request: Request) -> Result<Fetched, PeerError> {
    let mut replies = peer.ask(request).await?;
    // Words on the way there have no session to be shown with.
    while let Some(reply) = replies.next().await? {
        if let Reply::Session(session) = reply {
            return show(peer, session).await;
        }
    }
    Err(misunderstood())
}

/// Waits for the view, for what cannot be opened must not take the place of what is shown.
async fn show(peer: &Peer, session: SessionId) -> Result<Fetched, PeerError> {
    let mut replies = Stream::of(peer.ask(Request::Show(session)).await?);
    let Some(Reply::View(view)) = replies.next().await? else { return Err(misunderstood()) };
    let me = player_at(peer.home())?.ok_or_else(misunderstood)?;
    Ok(Fetched::Shown { view, me, replies })
}

async fn tell(peer: &Peer, request: Request) -> Result<Fetched, PeerError> {
    match peer.ask_one(request).await? {
        Reply::Invitation { link, ticket } => Ok(Fetched::Tell(Tell::Invitation { link, ticket })),
        Reply::Acts(acts) => Ok(Fetched::Tell(Tell::Acts(acts))),
        Reply::Link(link) => Ok(Fetched::Tell(Tell::Published { link })),
        _ => Err(misunderstood()),
    }
}

fn misunderstood() -> PeerError {
    HomeError::Protocol("an answer to something else".to_owned()).into()
}

/// A name that a session can have: the given one, or one that is made up.
fn usable_name(given: &str) -> String {
    let name = clean_name(given, MAX_SESSION_NAME_CHARS);
    if name.is_empty() { default_name(random()) } else { name }
}

/// From the operating system; where that gives none, a name and a seed like any other.
fn random() -> u64 {
    getrandom::u64().unwrap_or_default()
}
