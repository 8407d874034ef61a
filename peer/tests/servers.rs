//! Servers as a player's program meets them: strange ones, absent ones, and one that keeps a session.
//!
//! Whole sessions with the real server are tested in `tests`; here it is played by an HTTP port that answers what a test
//! says, and by a second player who has the session open as an archive would.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use peer::Peer;
use peer::net::NetConfig;
use peer::server::{ServerAddress, ServerClient};
use peer::session::{Opening, SessionHandle};
use peer::work::{Owner, Reply, Request};
use score::Edit;
use score::id::SessionId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use view::{Command, LinkPath};

/// Status and body by path.
type Answers = Arc<Mutex<BTreeMap<String, (u16, Vec<u8>)>>>;

/// An HTTP port that answers by path; everything else is 404.
struct Port {
    address: String,
    answers: Answers,
}

impl Port {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answers = Answers::default();
        let known = answers.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let known = known.clone();
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    let mut buffer = [0; 4096];
                    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                        let Ok(count @ 1..) = stream.read(&mut buffer).await else { return };
                        request.extend_from_slice(&buffer[..count]);
                    }
                    let line = String::from_utf8_lossy(&request).into_owned();
                    let path = line.split(' ').nth(1).unwrap_or_default();
                    let answer = known.lock().unwrap().get(path).cloned();
                    let (status, body) = answer.unwrap_or((404, b"not found".to_vec()));
                    let head = format!(
                        "HTTP/1.1 {status} .\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                        body.len()
                    );
                    stream.write_all(head.as_bytes()).await.ok();
                    stream.write_all(&body).await.ok();
                });
            }
        });
        Self { address, answers }
    }

    fn answers(&self, path: &str, status: u16, body: impl Into<Vec<u8>>) {
        self.answers.lock().unwrap().insert(path.to_owned(), (status, body.into()));
    }

    fn client(&self) -> ServerClient {
        ServerClient::at(self.address.parse::<ServerAddress>().unwrap()).unwrap()
    }
}

struct Player {
    _home: tempfile::TempDir,
    peer: Peer,
    owner: Arc<Owner>,
}

impl Player {
    async fn arrives() -> Self {
        let home = tempfile::tempdir().unwrap();
        let bind = Some("127.0.0.1:0".parse().unwrap());
        let peer = Peer::at(home.path(), NetConfig { bind, ..NetConfig::default() });
        let owner = peer.own().await.unwrap().unwrap();
        Self { _home: home, peer, owner }
    }

    async fn founds(&self, name: &str) -> SessionHandle {
        self.owner.session(Opening::Found(name.to_owned())).await.unwrap()
    }

    /// Answers as a server's description that leads to this player.
    async fn describe(&self, port: &Port, handle: &SessionHandle) {
        let ticket = self.owner.ticket(handle).await.unwrap();
        let addresses: Vec<String> =
            ticket.endpoint_addr().unwrap().ip_addrs().map(ToString::to_string).collect();
        let key = data_encoding::HEXLOWER.encode(&ticket.inviter.0);
        port.answers("/api/server", 200, format!(r#"{{"key":"{key}","addresses":{addresses:?}}}"#));
        let kept = format!(r#"{{"ticket":"{ticket}","url":"/s/{}"}}"#, handle.id());
        port.answers(&format!("/api/sessions/{}", handle.id()), 200, kept);
    }
}

/// An answer that leads to nobody: a server that answers over HTTP, and cannot be dialled.
fn describe_nobody(port: &Port) {
    let key = data_encoding::HEXLOWER.encode(iroh::SecretKey::from_bytes(&[77; 32]).public().as_bytes());
    port.answers("/api/server", 200, format!(r#"{{"key":"{key}","addresses":[]}}"#));
}

fn named(name: &str) -> Vec<Command> {
    vec![Command::Edit(Edit::SetName(name.to_owned()))]
}

/// Waits until the session is linked by this way: a link is known to lead to a server a moment after it is open.
async fn is_linked_by(handle: &SessionHandle, path: LinkPath) {
    let (mut view, mut patches) = handle.subscribe().await.unwrap();
    let linked = async {
        while view.connection.links.first().is_none_or(|link| link.path != path) {
            view.apply((*patches.recv().await.unwrap()).clone());
        }
    };
    tokio::time::timeout(Duration::from_secs(30), linked).await.expect("a link by this way");
}

#[tokio::test]
async fn what_is_no_offbeat_server_is_told_from_one_that_refuses() {
    let session = SessionId([7; 16]);
    let place = format!("/api/sessions/{session}");
    let port = Port::open().await;
    let client = port.client();
    let words = async || client.session(session).await.unwrap_err().to_string();
    assert!(words().await.contains("not an Offbeat server"), "{}", words().await);
    port.answers("/api/server", 200, "<html>hello</html>");
    assert!(words().await.contains("not an Offbeat server"));
    port.answers("/api/server", 200, r#"{"key":"00","addresses":[]}"#);
    assert!(words().await.contains(&format!("has no session {session}")), "{}", words().await);
    port.answers(&place, 429, "{\"detail\":\"too often:\\n wait 5 s\"}");
    assert!(words().await.ends_with("refuses: too often: wait 5 s"), "{}", words().await);
    port.answers(&place, 500, "<html>oops</html>");
    assert!(words().await.contains("it answers 500"), "{}", words().await);
    port.answers(&place, 200, vec![b' '; (32 << 20) + 1]);
    assert!(words().await.contains("longer than"), "{}", words().await);
    port.answers(&place, 200, r#"{"ticket":5}"#);
    assert!(words().await.contains("its answer is something else"), "{}", words().await);
}

#[tokio::test]
async fn a_server_whose_ticket_leads_elsewhere_is_not_followed() {
    let (ada, ben, port) = (Player::arrives().await, Player::arrives().await, Port::open().await);
    let house = ada.founds("House").await;
    ada.describe(&port, &house).await;
    let other = SessionId([7; 16]);
    let ticket = ada.owner.ticket(&house).await.unwrap();
    port.answers(&format!("/api/sessions/{other}"), 200, format!(r#"{{"ticket":"{ticket}"}}"#));
    let invitation = format!("{}/s/{other}", port.address);
    let refused = ben.peer.ask_one(Request::Enter { invitation }).await.unwrap_err().to_string();
    assert!(refused.contains("invites to another session"), "{refused}");
    assert_eq!(ben.owner.home().names().iter().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_into_the_session_and_is_remembered() {
    let (server, ben, port) = (Player::arrives().await, Player::arrives().await, Port::open().await);
    let kept = server.founds("House").await;
    server.owner.online(Opening::Here(kept.id())).await.unwrap();
    server.describe(&port, &kept).await;
    let invitation = format!("{}/s/{}", port.address, kept.id());
    let entered = ben.peer.ask_one(Request::Enter { invitation: invitation.clone() }).await.unwrap();
    assert!(matches!(entered, Reply::Session(session) if session == kept.id()));
    let his = ben.owner.online(Opening::Here(kept.id())).await.unwrap();
    assert_eq!(his.score().await.unwrap().name, "House");
    is_linked_by(&his, LinkPath::Server).await;
    let invited = ben.peer.ask_one(Request::Invite(kept.id())).await.unwrap();
    let Reply::Invitation { link, ticket } = invited else { panic!("{invited:?}") };
    assert_eq!(link.as_deref(), Some(invitation.as_str()));
    let ticket = ticket.unwrap().parse::<peer::net::Ticket>().unwrap();
    assert_eq!(ticket.server.as_deref(), Some(port.address.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_later_and_moves_is_found_and_has_everything_in_the_end() {
    let (ada, server, port) = (Player::arrives().await, Player::arrives().await, Port::open().await);
    let house = ada.founds("House").await;
    let archive = server.owner.online(Opening::Join(house.origin())).await.unwrap();
    let request = Request::Archive { session: house.id(), server: port.address.clone() };
    let refused = ada.peer.ask_one(request.clone()).await.unwrap_err().to_string();
    assert!(refused.contains("not an Offbeat server"), "{refused}");
    assert_eq!(ada.owner.home().servers(house.id()), []);

    server.describe(&port, &archive).await;
    let Reply::Invitation { link, .. } = ada.peer.ask_one(request).await.unwrap() else { panic!("no link") };
    assert_eq!(link, Some(format!("{}/s/{}", port.address, house.id())));
    assert_eq!(archive.score().await.unwrap(), house.score().await.unwrap());

    // The server goes; the session plays on; another one stands at the same address later.
    server.peer.close().await.unwrap();
    port.answers("/api/server", 503, "");
    let edit = Request::Edit { session: house.id(), commands: named("Made alone") };
    assert!(matches!(ada.peer.ask_one(edit).await.unwrap(), Reply::Done));
    let moved = Player::arrives().await;
    let archive = moved.owner.online(Opening::Join(house.origin())).await.unwrap();
    moved.describe(&port, &archive).await;
    archive.synced().await.unwrap();
    assert_eq!(archive.score().await.unwrap().name, "Made alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn players_whom_a_server_introduces_are_linked_directly_without_a_link_to_the_server() {
    let (ada, ben, port) = (Player::arrives().await, Player::arrives().await, Port::open().await);
    let hers = ada.founds("House").await;
    ada.owner.online(Opening::Here(hers.id())).await.unwrap();
    describe_nobody(&port);
    // What the server has been told of Ada, beside somebody who is nowhere.
    let ticket = ada.owner.ticket(&hers).await.unwrap();
    let places: Vec<String> = ticket.endpoint_addr().unwrap().ip_addrs().map(ToString::to_string).collect();
    let nowhere = score::PlayerKey(*iroh::SecretKey::from_bytes(&[78; 32]).public().as_bytes());
    let listed = format!(
        r#"{{"peers":[{{"player":"{nowhere}","addresses":["127.0.0.1:9"]}},{{"player":"{}","addresses":{places:?}}}]}}"#,
        ticket.inviter
    );
    port.answers(&format!("/api/sessions/{}/peers", hers.id()), 200, listed);
    // Ben's invitation names a place where Ada is no longer, and the server.
    let lost = peer::net::Ticket {
        addresses: vec![peer::net::Address::Direct("127.0.0.1:9".parse().unwrap())],
        server: Some(port.address.clone()),
        ..ticket
    };
    // Words on the way there may come first.
    let mut replies = ben.peer.ask(Request::Enter { invitation: lost.to_string() }).await.unwrap();
    while !matches!(replies.next().await.unwrap(), Some(Reply::Session(session)) if session == hers.id()) {}
    let his = ben.owner.online(Opening::Here(hers.id())).await.unwrap();
    assert_eq!(his.score().await.unwrap().name, "House");
    is_linked_by(&his, LinkPath::Direct).await;
}
