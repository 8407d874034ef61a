//! A process at its home, whether it owns it or not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

use super::owner::Owner;
use super::request::{Reply, Request};
use super::{PeerError, serve};
use crate::home::{self, Answers, Home, HomeError, Reached};
use crate::net::NetConfig;

/// A process at its home.
///
/// Where nobody owns the home this process takes it over with its first request and serves those who come later;
/// otherwise it hands its requests over. Whoever asks need not know which.
#[derive(Debug)]
pub struct Peer {
    home: PathBuf,
    config: NetConfig,
    owned: Mutex<Option<Owned>>,
}

/// What the owner of a home runs.
#[derive(Debug)]
struct Owned {
    owner: Arc<Owner>,
    porter: JoinHandle<()>,
    /// Tells the porter to let nobody in any more.
    closing: mpsc::Sender<()>,
}

/// The answers to one request. Dropping them ends work that goes on until somebody leaves.
#[derive(Debug)]
pub enum Replies {
    /// From this process.
    Here(mpsc::Receiver<Reply>),
    /// From the process that owns the home.
    There {
        /// The connection.
        answers: Box<Answers>,
        /// Whether an answer has come.
        begun: bool,
    },
}

impl Replies {
    /// The next answer, or `None` after the last. For work that goes on until somebody leaves, `None` says that the process
    /// that did it has left: asked again, this one takes its place.
    ///
    /// # Errors
    /// When the work failed, or the process that did it has ended in the middle.
    pub async fn next(&mut self) -> Result<Option<Reply>, PeerError> {
        let reply = match self {
            Self::Here(replies) => replies.recv().await,
            Self::There { answers, begun } => {
                let reply = answers.next::<Reply>().await?;
                if reply.is_none() && !*begun {
                    return Err(HomeError::OwnerEnded.into());
                }
                *begun = true;
                reply
            }
        };
        match reply {
            Some(Reply::Failed(reason)) => Err(PeerError::Failed(reason)),
            reply => Ok(reply),
        }
    }
}

impl Peer {
    /// A process at the home in this folder, which is made with the first request.
    pub fn at(home: impl Into<PathBuf>, config: NetConfig) -> Self {
        Self { home: home.into(), config, owned: Mutex::default() }
    }

    /// The home's folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Has a request carried out, here or by the process that owns the home.
    ///
    /// # Errors
    /// When the home cannot be used or its owner does not answer.
    pub async fn ask(&self, request: Request) -> Result<Replies, PeerError> {
        let mut owned = self.owned.lock().await;
        if owned.is_none() {
            match Home::reach(&self.home, &request).await? {
                Reached::Answers(answers) => {
                    return Ok(Replies::There { answers: Box::new(answers), begun: false });
                }
                Reached::Claimed(home) => *owned = Some(Owned::start(*home, self.config.clone())),
            }
        }
        let owner = owned.as_ref().map(|owned| owned.owner.clone()).ok_or(HomeError::OwnerEnded)?;
        Ok(Replies::Here(serve::begin(owner, request)))
    }

    /// Has a request carried out that has one answer.
    ///
    /// # Errors
    /// When the home cannot be used, or the work fails.
    pub async fn ask_one(&self, request: Request) -> Result<Reply, PeerError> {
        self.ask(request).await?.next().await?.ok_or(PeerError::Home(HomeError::OwnerEnded))
    }

    /// Takes the home over and gives direct access to its sessions, for a program that stays. `None` when another process
    /// owns it.
    ///
    /// # Errors
    /// When the home cannot be used.
    pub async fn own(&self) -> Result<Option<Arc<Owner>>, PeerError> {
        let mut owned = self.owned.lock().await;
        if owned.is_none()
            && let Some(home) = Home::try_claim(&self.home)?
        {
            *owned = Some(Owned::start(home, self.config.clone()));
        }
        Ok(owned.as_ref().map(|owned| owned.owner.clone()))
    }

    /// Finishes what others have asked for and is short, says farewell to the peers, and makes everything durable.
    ///
    /// # Errors
    /// When something could not be saved.
    pub async fn close(&self) -> Result<(), PeerError> {
        match self.owned.lock().await.take() {
            Some(owned) => owned.close().await,
            None => Ok(()),
        }
    }
}

impl Owned {
    fn start(home: Home, config: NetConfig) -> Self {
        let owner = Arc::new(Owner::new(home, config));
        let (closing, closed) = mpsc::channel(1);
        let porter = tokio::spawn(super::porter::let_in(owner.clone(), closed));
        Self { owner, porter, closing }
    }

    async fn close(self) -> Result<(), PeerError> {
        self.closing.send(()).await.ok();
        // The porter returns when those inside have their answers.
        self.porter.await.ok();
        self.owner.close().await
    }
}

/// The player's public key of a home, if there is one yet. Works whoever owns the home.
///
/// # Errors
/// When the identity cannot be read.
pub fn player_at(home: &Path) -> Result<Option<score::id::PlayerKey>, PeerError> {
    let secret = home::read_identity(&crate::store::RealDisk, home)?;
    Ok(secret.map(|secret| crdt_model::trust::Identity::from_secret(&secret).player()))
}
