//! What every request may need.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use crdt_model::trust::SessionOrigin;
use peer::net::{Net, Ticket};
use tokio::sync::Semaphore;

use super::template::Template;
use crate::carriers::Door;
use crate::limits::Limits;
use crate::rooms::Rooms;
use crate::storage::Storage;

/// How many bodies with a session's state are read at once, each at its longest held in memory; the others wait for their turn.
const MAX_LARGE_BODIES: usize = 8;

/// What every request may need. Clones are handles to it.
#[derive(Clone, Debug)]
pub struct Site(Arc<Parted>);

/// The parts of a [`Site`].
#[derive(Debug)]
pub struct Parted {
    /// The way in for links, and through it the sessions.
    pub door: Door,
    /// What is kept.
    pub storage: Arc<dyn Storage>,
    /// The bounds.
    pub limits: Limits,
    /// Where native peers dial.
    pub net: Arc<Net>,
    /// The UDP port that tells endpoints their public address, where there is one.
    pub address_discovery: Option<u16>,
    /// How others reach the server, where that is configured.
    pub url: Option<String>,
    /// Whether the server speaks TLS itself.
    pub speaks_tls: bool,
    /// The page that everything is shown in.
    pub(super) template: Template,
    /// Room in memory for bodies that bring a session's state.
    pub(super) large_bodies: Semaphore,
}

impl Site {
    /// Puts the parts together.
    pub fn new(
        door: Door,
        storage: Arc<dyn Storage>,
        limits: Limits,
        net: Arc<Net>,
        address_discovery: Option<u16>,
        (url, speaks_tls): (Option<String>, bool),
    ) -> Self {
        let template = Template::embedded();
        let large_bodies = Semaphore::new(MAX_LARGE_BODIES);
        Self(Arc::new(Parted {
            door,
            storage,
            limits,
            net,
            address_discovery,
            url,
            speaks_tls,
            template,
            large_bodies,
        }))
    }

    /// The sessions.
    pub(super) fn rooms(&self) -> &Rooms {
        &self.door.rooms
    }

    /// An invitation to a session by the server itself, as text.
    pub(super) fn ticket(&self, origin: SessionOrigin, url: &PublicUrl) -> String {
        Ticket::new(origin, &self.net.addr(), Some(url.0.clone())).to_string()
    }
}

impl Deref for Site {
    type Target = Parted;

    fn deref(&self) -> &Parted {
        &self.0
    }
}

/// How whoever asks reaches the server: as it is configured, or else as they did.
#[derive(Clone, Debug)]
pub(super) struct PublicUrl(pub(super) String);

impl PublicUrl {
    /// The address of something here.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The host and port.
    pub(super) fn authority(&self) -> &str {
        self.0.split_once("://").map_or(self.0.as_str(), |(_, authority)| authority)
    }

    pub(super) fn of(site: &Site, parts: &Parts) -> Self {
        if let Some(url) = &site.url {
            return Self(url.clone());
        }
        let scheme = if site.speaks_tls { "https" } else { "http" };
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        // Whatever stands there ends up in links and headers, the content policy among them: it has to be a host and nothing else.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
        let is_host = |host: &&str| {
            host.parse::<Authority>().is_ok() && host.bytes().all(is_plain) && host.len() <= 255
        };
        Self(format!("{scheme}://{}", host.filter(is_host).unwrap_or("localhost")))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PublicUrl
where
    Site: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&Site::from_ref(state), parts))
    }
}
