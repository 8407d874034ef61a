//! A command's way to the player's home, whichever process owns it.

use std::path::PathBuf;

use anyhow::anyhow;
use peer::home::Names;
use peer::net::NetConfig;
use peer::work::{Peer, Replies, Reply, Request, player_at};
use score::{PlayerKey, Score, SessionId};

use crate::failure::{Failure, Outcome};
use crate::home_folder::home_folder;

/// Where a command's requests go. Nothing is touched before the first.
pub(crate) struct Desk {
    wanted: Option<PathBuf>,
    peer: Option<Peer>,
}

/// A session as a player of this home sees it.
pub(crate) struct Shown {
    /// Its id.
    pub(crate) session: SessionId,
    /// What it is.
    pub(crate) score: Score,
}

impl Desk {
    /// The desk of a home: the folder given, or the player's usual one.
    pub(crate) fn of(wanted: Option<PathBuf>) -> Self {
        Self { wanted, peer: None }
    }

    /// This process at its home.
    pub(crate) fn peer(&mut self) -> Outcome<&Peer> {
        let folder = home_folder(self.wanted.as_deref())?;
        // Players of one network find each other, whatever became of the addresses in their tickets.
        let config = NetConfig { mdns: true, ..NetConfig::default() };
        Ok(self.peer.get_or_insert_with(|| Peer::at(folder, config)))
    }

    /// Has a request carried out.
    pub(crate) async fn ask(&mut self, request: Request) -> Outcome<Replies> {
        Ok(self.peer()?.ask(request).await?)
    }

    /// Has a request carried out that has one answer.
    pub(crate) async fn ask_one(&mut self, request: Request) -> Outcome<Reply> {
        Ok(self.peer()?.ask_one(request).await?)
    }

    /// Who plays at this home.
    pub(crate) fn me(&mut self) -> Outcome<PlayerKey> {
        let home = self.peer()?.home();
        player_at(home)?.ok_or_else(|| Failure::Failed(anyhow!("{} has lost its identity", home.display())))
    }

    /// Every session of the home.
    pub(crate) async fn names(&mut self) -> Outcome<Names> {
        match self.ask_one(Request::List).await? {
            Reply::Sessions(listings) => {
                Ok(listings.into_iter().map(|listing| (listing.session, listing.name)).collect())
            }
            _ => Err(misunderstood()),
        }
    }

    /// The session that a player means: by name in any case, id, or the beginning of an id.
    pub(crate) async fn find(&mut self, text: &str) -> Outcome<SessionId> {
        Ok(self.names().await?.find(text)?)
    }

    /// A session as plain data.
    pub(crate) async fn score(&mut self, session: SessionId) -> Outcome<Shown> {
        match self.ask_one(Request::Score(session)).await? {
            Reply::Score(score) => Ok(Shown { session, score: *score }),
            _ => Err(misunderstood()),
        }
    }

    /// Finishes what was begun, for others too, and gives the home back.
    pub(crate) async fn close(self) -> Outcome {
        match self.peer {
            Some(peer) => Ok(peer.close().await?),
            None => Ok(()),
        }
    }
}

/// The failure when an answer does not fit its request.
pub(crate) fn misunderstood() -> Failure {
    Failure::Failed(anyhow!("the Offbeat that owns this home answers something else; end it and try again"))
}
