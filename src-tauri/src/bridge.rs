//! What the interface and this process say to each other: [`view::host`] over Tauri's bridge.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use peer::Peer;
use peer::desk::Desk;
use tauri::State;
use tauri::ipc::{Channel, InvokeBody, InvokeResponseBody, Request};
use tokio::sync::{Mutex, mpsc};
use view::host::{Ask, Tell, decode, encode};

use crate::last_session;
use crate::pace::Pace;

/// The process behind the window.
#[derive(Debug)]
pub(crate) struct Bridge {
    home: PathBuf,
    peer: Arc<Peer>,
    /// What the window's first interface shows; later ones show what the last did.
    first: Mutex<Option<Ask>>,
    desk: Mutex<Option<Desk>>,
}

impl Bridge {
    /// A bridge to a peer. `first` is asked for the interface before it asks for anything itself.
    pub(crate) fn new(home: PathBuf, peer: Arc<Peer>, first: Option<Ask>) -> Self {
        Self { home, peer, first: Mutex::new(first), desk: Mutex::new(None) }
    }

    /// Asks for the interface; `false` while there is none.
    pub(crate) async fn ask(&self, ask: Ask) -> bool {
        match &*self.desk.lock().await {
            Some(desk) => desk.ask(ask).await,
            None => false,
        }
    }

    /// Opens a desk for an interface that has just started, which may have been reloaded.
    async fn open(&self) -> mpsc::Receiver<Tell> {
        let (desk, told) = Desk::open(self.peer.clone());
        let first = self.first.lock().await.take().or_else(|| last(&self.home));
        if let Some(first) = first {
            desk.ask(first).await;
        }
        *self.desk.lock().await = Some(desk);
        told
    }

    /// Ends what is under way, says farewell to the peers and makes everything durable.
    pub(crate) async fn close(&self) {
        if let Some(desk) = self.desk.lock().await.take() {
            desk.close().await;
        }
        if let Err(error) = self.peer.close().await {
            tracing::error!(%error, "not everything could be saved");
        }
    }
}

/// What the window shows when nobody says: the session that it showed last. At a first start the interface itself knows what to
/// show.
fn last(home: &Path) -> Option<Ask> {
    last_session::read(home).map(Ask::Open)
}

/// The interface asks something: bytes of an [`Ask`].
#[tauri::command]
pub(crate) async fn ask(request: Request<'_>, bridge: State<'_, Bridge>) -> Result<(), String> {
    let InvokeBody::Raw(bytes) = request.body() else { return Err("requests are bytes".to_owned()) };
    let ask = decode::<Ask>(bytes).map_err(|error| format!("this is no request: {error}"))?;
    if bridge.ask(ask).await { Ok(()) } else { Err("the app is closing".to_owned()) }
}

/// The interface listens from here on: bytes of [`Tell`]s.
#[tauri::command]
pub(crate) async fn listen(
    channel: Channel<InvokeResponseBody>,
    bridge: State<'_, Bridge>,
) -> Result<(), String> {
    let told = bridge.open().await;
    tokio::spawn(carry(told, channel, bridge.home.clone()));
    Ok(())
}

/// Carries what is told to the window, until one of the two ends is gone.
async fn carry(mut told: mpsc::Receiver<Tell>, channel: Channel<InvokeResponseBody>, home: PathBuf) {
    let mut pace = Pace::new();
    while let Some(tell) = told.recv().await {
        if let Tell::Opened { session, .. } = &tell {
            last_session::write(&home, *session);
        }
        let Ok(bytes) = encode(&tell) else { continue };
        pace.turn().await;
        if channel.send(InvokeResponseBody::Raw(bytes)).is_err() {
            return;
        }
    }
}
