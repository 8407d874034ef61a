//! Native players meet through the server, and need it no longer once they have.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod served;

use std::collections::BTreeSet;
use std::sync::Arc;

use crdt_model::trust::Identity;
use peer::Peer;
use peer::net::NetConfig;
use peer::session::{Opening, SessionHandle};
use peer::work::{Owner, Reply, Request};
use score::id::SessionId;
use score::{Edit, PlayerKey};
use served::{PATIENCE, Served, eventually};
use signal_server::discovery::Peers;
use signal_server::limits::Limits;
use view::{Command, LinkPath};

/// A native player's program.
struct Player {
    home: tempfile::TempDir,
    peer: Peer,
    owner: Arc<Owner>,
}

impl Player {
    /// Starts with a home of its own, at a server if one is named.
    async fn arrives(server: Option<String>) -> Self {
        Self::at(tempfile::tempdir().unwrap(), server).await
    }

    async fn at(home: tempfile::TempDir, server: Option<String>) -> Self {
        let bind = Some("127.0.0.1:0".parse().unwrap());
        let peer = Peer::at(home.path(), NetConfig { bind, server, ..NetConfig::default() });
        let owner = peer.own().await.unwrap().unwrap();
        Self { home, peer, owner }
    }

    async fn founds(&self, name: &str) -> SessionHandle {
        let founded = self.owner.session(Opening::Found(name.to_owned())).await.unwrap();
        self.owner.online(Opening::Here(founded.id())).await.unwrap()
    }

    async fn enters(&self, invitation: String) -> SessionHandle {
        let mut replies = self.peer.ask(Request::Enter { invitation }).await.unwrap();
        // Words on the way there may come first.
        let session = loop {
            match replies.next().await.unwrap() {
                Some(Reply::Session(session)) => break session,
                Some(_) => {}
                None => panic!("the session never came"),
            }
        };
        self.owner.online(Opening::Here(session)).await.unwrap()
    }

    /// Ends, and starts again on another port.
    async fn moves(self, server: Option<String>) -> Self {
        let Self { home, peer, owner } = self;
        peer.close().await.unwrap();
        drop((peer, owner));
        Self::at(home, server).await
    }

    fn key(&self) -> PlayerKey {
        Identity::from_secret(self.owner.home().secret()).player()
    }
}

/// Waits until a session is linked with a player by a way.
async fn is_linked_with(handle: &SessionHandle, player: PlayerKey, path: LinkPath) {
    let (mut view, mut patches) = handle.subscribe().await.unwrap();
    let linked = async {
        let is_there = |link: &view::Link| link.key == player && link.path == path;
        while !view.connection.links.iter().any(is_there) {
            view.apply((*patches.recv().await.unwrap()).clone());
        }
    };
    tokio::time::timeout(PATIENCE, linked).await.expect("a link with the other player");
}

async fn name_becomes(handle: &SessionHandle, name: &str) {
    let (mut view, mut patches) = handle.subscribe().await.unwrap();
    let named = async {
        while view.score.name != name {
            view.apply((*patches.recv().await.unwrap()).clone());
        }
    };
    tokio::time::timeout(PATIENCE, named).await.expect("the other's edit");
}

async fn renames(handle: &SessionHandle, name: &str) {
    handle.command(Command::Edit(Edit::SetName(name.to_owned()))).await.unwrap();
}

/// Who has told the server that they play a session.
async fn listed(server: &Served, session: SessionId) -> BTreeSet<PlayerKey> {
    let answer = server.get(&format!("/api/sessions/{session}/peers")).await;
    let peers = serde_json::from_str::<Peers>(answer.body()).unwrap().peers;
    assert!(peers.iter().all(|peer| !peer.addresses.is_empty()), "{peers:?}");
    peers.into_iter().map(|peer| peer.player).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn players_of_an_archived_session_are_linked_directly_and_go_on_without_the_server() {
    let server = Served::with_limits(Limits::default()).await;
    let (ada, ben) = tokio::join!(Player::arrives(None), Player::arrives(None));
    let hers = ada.founds("House").await;
    let archive = Request::Archive { session: hers.id(), server: server.url() };
    let Reply::Invitation { link, .. } = ada.peer.ask_one(archive).await.unwrap() else { panic!("no link") };
    let his = ben.enters(link.unwrap()).await;
    let (ada_key, ben_key) = (ada.key(), ben.key());
    tokio::join!(
        is_linked_with(&hers, ben_key, LinkPath::Direct),
        is_linked_with(&his, ada_key, LinkPath::Direct)
    );
    eventually("both have said where they are", async || {
        (listed(&server, hers.id()).await == BTreeSet::from([ada_key, ben_key])).then_some(())
    })
    .await;
    server.stop().await;
    renames(&hers, "Without a server").await;
    name_becomes(&his, "Without a server").await;
    renames(&his, "And back").await;
    name_becomes(&hers, "And back").await;
    tokio::join!(ada.peer.close(), ben.peer.close()).0.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_leads_to_its_inviter_after_that_one_has_moved() {
    let server = Served::with_limits(Limits::default()).await;
    let (ada, ben) = tokio::join!(Player::arrives(Some(server.url())), Player::arrives(None));
    let hers = ada.founds("House").await;
    let ticket = ada.owner.ticket(&hers).await.unwrap();
    assert!(ticket.endpoint_addr().unwrap().relay_urls().next().is_some(), "{ticket:?}");
    let session = hers.id();
    drop(hers);
    // The port in the ticket is Ada's no longer, and the session is nobody's but hers.
    let ada = ada.moves(Some(server.url())).await;
    let hers = ada.owner.online(Opening::Here(session)).await.unwrap();
    assert_eq!(server.get(&format!("/api/sessions/{session}")).await.status(), 404);
    let his = ben.enters(ticket.to_string()).await;
    renames(&hers, "Found again").await;
    name_becomes(&his, "Found again").await;
    assert_eq!(server.get(&format!("/api/sessions/{session}")).await.status(), 404, "nobody asked for that");
    tokio::join!(ada.peer.close(), ben.peer.close()).0.unwrap();
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_moved_is_linked_again_with_those_who_have_an_old_address() {
    let server = Served::with_limits(Limits::default()).await;
    let (ada, ben) = tokio::join!(Player::arrives(None), Player::arrives(None));
    let hers = ada.founds("House").await;
    let archive = Request::Archive { session: hers.id(), server: server.url() };
    let Reply::Invitation { link, .. } = ada.peer.ask_one(archive).await.unwrap() else { panic!("no link") };
    let his = ben.enters(link.unwrap()).await;
    let ada_key = ada.key();
    is_linked_with(&his, ada_key, LinkPath::Direct).await;
    let session = hers.id();
    drop(hers);
    let ada = ada.moves(None).await;
    let hers = ada.owner.online(Opening::Here(session)).await.unwrap();
    renames(&hers, "Moved").await;
    name_becomes(&his, "Moved").await;
    is_linked_with(&his, ada_key, LinkPath::Direct).await;
    tokio::join!(ada.peer.close(), ben.peer.close()).0.unwrap();
    server.stop().await;
}
