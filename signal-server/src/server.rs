//! A server as a value: it binds, serves in tasks of its own, and stops when it is asked to.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use crdt_model::trust::Identity;
use jam::wire::Parting;
use peer::net::{Net, NetConfig, NetError};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::carriers::{Door, iroh};
use crate::config::Config;
use crate::data_folder::{DataFolder, DataFolderError};
use crate::discovery::Discovery;
use crate::http::{self, Site};
use crate::listener::{Listener, ListenerConfig};
use crate::metrics::{Exposition, Metrics};
use crate::relay::{AddressDiscovery, Relay};
use crate::rooms::Rooms;
use crate::storage::{SqliteStorage, Storage, StorageError};
use crate::tls::{self, TlsError};

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
    /// What is kept cannot be opened.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What stood in the way.
        reason: std::io::Error,
    },
    /// Native peers cannot be listened for.
    #[error(transparent)]
    Net(#[from] NetError),
}

/// A running server. One that is dropped without [`stop`](Self::stop) ends without a farewell.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    url: String,
    rooms: Rooms,
    door: Door,
    net: Arc<Net>,
    storage: Arc<dyn Storage>,
    relay: Relay,
    address_discovery: Option<AddressDiscovery>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    accepting: JoinHandle<()>,
    folder: DataFolder,
}

impl Server {
    /// Starts a server. When this returns it can be reached.
    ///
    /// # Errors
    /// When the folder is another process's, an address is taken, or something that is kept or configured cannot be used.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        tls::install_provider();
        let folder = DataFolder::claim(&config.data)?;
        let secret = folder.secret()?;
        let storage: Arc<dyn Storage> = Arc::new(open_storage(folder.database()).await?);
        let metrics = Arc::<Metrics>::default();
        let (limits, speaks_tls) = (config.limits.clone(), config.tls.is_some());
        let tls = config.tls.map(|(certificate, key)| tls::server_config(&certificate, &key)).transpose()?;

        let listening = ListenerConfig {
            tls: tls.clone(),
            limits: limits.clone(),
            trusts_forwarded: config.trusts_forwarded,
        };
        let refused = |reason| StartError::Listen { address: config.listen, reason };
        let listener = Listener::bind(config.listen, listening, metrics.clone()).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let address_discovery = match &tls {
            Some(tls) => Some(AddressDiscovery::bind(address, tls).await.map_err(refused)?),
            None => None,
        };
        // Where its UDP port is not open, peers reach the server itself through its relay, by the address that all know.
        let net = NetConfig { bind: config.peer_listen, server: config.url.clone(), ..NetConfig::default() };
        let net = Arc::new(Net::bind(&secret, &net).await?);

        let rooms = Rooms::new(storage.clone(), Identity::from_secret(&secret), &limits, metrics.clone());
        let door = Door::new(rooms.clone(), &limits, metrics.clone());
        let relay = Relay::new(&limits);
        let discovery = Discovery::new(&limits, metrics.clone());
        let port = address_discovery.as_ref().map(|discovery| discovery.local_addr().port());
        let scheme = if speaks_tls { "https" } else { "http" };
        let url = config.url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
        let site =
            Site::new(door.clone(), storage.clone(), limits, net.clone(), port, (config.url, speaks_tls));
        let router = http::router(site, others(&relay, address_discovery.as_ref(), &discovery, metrics));

        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(listener.serve(router, async { stopped.await.unwrap_or_default() }));
        let accepting = tokio::spawn(iroh::accept(net.clone(), door.clone()));
        Ok(Self {
            address,
            url,
            rooms,
            door,
            net,
            storage,
            relay,
            address_discovery,
            stop,
            serving,
            accepting,
            folder,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How others reach it: as configured, else by where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Tells everybody that it is about to start again, saves everything, and ends.
    ///
    /// # Errors
    /// When something could not be saved.
    pub async fn stop(self) -> Result<(), StorageError> {
        self.rooms.close(Parting::Restarting).await;
        self.stop.send(()).ok();
        self.door.drained().await;
        self.relay.close().await;
        if let Some(discovery) = self.address_discovery {
            discovery.close().await;
        }
        self.serving.await.ok();
        self.net.close().await;
        self.accepting.abort();
        let saved = self.storage.close().await;
        self.folder.release();
        saved
    }
}

/// What other players and whoever runs the server ask.
fn others(
    relay: &Relay,
    address_discovery: Option<&AddressDiscovery>,
    discovery: &Discovery,
    metrics: Arc<Metrics>,
) -> Router<Site> {
    let mut exposition = Exposition::default();
    exposition.add(metrics);
    exposition.add(relay.metrics().clone());
    if let Some(address_discovery) = address_discovery {
        exposition.add_as("discovery", address_discovery.metrics().clone());
    }
    relay.router().merge(discovery.router()).merge(exposition.router())
}

/// Opening may have to read what a crash has left, which takes a disk's time.
async fn open_storage(path: PathBuf) -> Result<SqliteStorage, StorageError> {
    let opened = tokio::task::spawn_blocking(move || SqliteStorage::open(&path)).await;
    opened.map_err(|error| StorageError::Database(error.to_string()))?
}
