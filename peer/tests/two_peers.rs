//! Two players with homes of their own, linked over the loopback: what one does the other has.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::sync::Arc;

use peer::Peer;
use peer::net::NetConfig;
use peer::session::{Opening, SessionHandle};
use peer::work::{Owner, Reply, Request};
use score::id::SessionId;
use score::{Edit, Score};
use view::{Command, ViewPatch};

struct Player {
    home: tempfile::TempDir,
    peer: Peer,
    owner: Arc<Owner>,
}

fn loopback() -> NetConfig {
    NetConfig { bind: Some("127.0.0.1:0".parse().unwrap()), ..NetConfig::default() }
}

impl Player {
    async fn arrives() -> Self {
        let home = tempfile::tempdir().unwrap();
        let peer = Peer::at(home.path(), loopback());
        let owner = peer.own().await.unwrap().unwrap();
        Self { home, peer, owner }
    }

    async fn founds(&self, name: &str) -> SessionHandle {
        let handle = self.owner.session(Opening::Found(name.to_owned())).await.unwrap();
        self.owner.online(Opening::Here(handle.id())).await.unwrap()
    }

    async fn joins(&self, host: &Self, session: &SessionHandle) -> SessionHandle {
        let ticket = host.owner.ticket(session).await.unwrap();
        let handle = self.owner.online(Opening::Join(ticket.origin)).await.unwrap();
        handle.reach(ticket.endpoint_addr().unwrap()).await.unwrap();
        handle.synced().await.unwrap();
        handle
    }
}

fn swing(percent: u16) -> Command {
    Command::Edit(Edit::SetSwing(f32::from(percent)))
}

/// Returns when a watcher sees what is looked for.
async fn seen(handle: &SessionHandle, wanted: impl Fn(&Score) -> bool) -> Score {
    let (mut view, mut patches) = handle.subscribe().await.unwrap();
    while !wanted(&view.score) {
        let patch: Arc<ViewPatch> = patches.recv().await.unwrap();
        view.apply((*patch).clone());
    }
    view.score
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_player_does_the_other_sees_and_both_ways() {
    let (ada, bob) = tokio::join!(Player::arrives(), Player::arrives());
    let hers = ada.founds("Fuzzy Penguin").await;
    let his = bob.joins(&ada, &hers).await;
    assert_eq!(his.score().await.unwrap(), hers.score().await.unwrap());
    for percent in 1..=50 {
        hers.command(swing(percent)).await.unwrap();
    }
    seen(&his, |score| score.swing > 49.5).await;
    his.command(Command::Edit(Edit::SetName("Cosy Walrus".to_owned()))).await.unwrap();
    seen(&hers, |score| score.name == "Cosy Walrus").await;
    hers.synced().await.unwrap();
    assert_eq!(his.score().await.unwrap(), hers.score().await.unwrap());
    let (ada, bob) = tokio::join!(ada.peer.close(), bob.peer.close());
    ada.unwrap();
    bob.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_apart_comes_together_on_the_next_link() {
    let (ada, bob) = tokio::join!(Player::arrives(), Player::arrives());
    let hers = ada.founds("apart").await;
    let his = bob.joins(&ada, &hers).await;
    let id = his.id();
    his.saved().await.unwrap();
    bob.peer.close().await.unwrap();

    hers.command(swing(20)).await.unwrap();
    let bob_again = Peer::at(bob.home.path(), loopback());
    let edit = vec![Command::Edit(Edit::SetName("alone".to_owned()))];
    let done = bob_again.ask_one(Request::Edit { session: id, commands: edit }).await.unwrap();
    assert!(matches!(done, Reply::Done));
    let bobs = bob_again.own().await.unwrap().unwrap();
    let ticket = ada.owner.ticket(&hers).await.unwrap();
    let his = bobs.online(Opening::Join(ticket.origin)).await.unwrap();
    his.reach(ticket.endpoint_addr().unwrap()).await.unwrap();
    let both = |score: &Score| score.name == "alone" && score.swing > 19.5;
    let (here, there) = tokio::join!(seen(&hers, both), seen(&his, both));
    assert_eq!(here, there);
    ada.peer.close().await.unwrap();
    bob_again.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_lost_comes_back_by_itself() {
    let (ada, bob) = tokio::join!(Player::arrives(), Player::arrives());
    let hers = ada.founds("lost and found").await;
    let his = bob.joins(&ada, &hers).await;
    // Ada's program ends and starts again on another port: her next ticket is not needed, for Bob is told by her.
    let id = hers.id();
    drop(hers);
    ada.peer.close().await.unwrap();
    his.command(swing(33)).await.unwrap();
    let again = Peer::at(ada.home.path(), loopback());
    let owner = again.own().await.unwrap().unwrap();
    let hers = owner.online(Opening::Here(id)).await.unwrap();
    let ticket = bob.owner.ticket(&his).await.unwrap();
    hers.reach(ticket.endpoint_addr().unwrap()).await.unwrap();
    seen(&hers, |score| score.swing > 32.5).await;
    again.close().await.unwrap();
    bob.peer.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_has_moved_is_reached_by_its_next_ticket() {
    let (ada, bob) = tokio::join!(Player::arrives(), Player::arrives());
    let hers = ada.founds("moved").await;
    let his = bob.joins(&ada, &hers).await;
    let id = hers.id();
    ada.peer.close().await.unwrap();
    let again = Peer::at(ada.home.path(), loopback());
    let owner = again.own().await.unwrap().unwrap();
    let hers = owner.online(Opening::Here(id)).await.unwrap();
    his.reach(owner.ticket(&hers).await.unwrap().endpoint_addr().unwrap()).await.unwrap();
    hers.command(swing(55)).await.unwrap();
    seen(&his, |score| score.swing > 54.5).await;
    again.close().await.unwrap();
    bob.peer.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_goes_on_in_time_with_or_without_a_device_and_leaves_a_picture_of_itself() {
    let ada = Player::arrives().await;
    let session = ada.founds("heard").await;
    session.command(swing(17)).await.unwrap();
    session.hear().await.unwrap();
    session.command(Command::Play).await.unwrap();
    let mut playhead = session.playhead();
    playhead.wait_for(|playhead| playhead.is_playing && playhead.beat.0 > 500_000).await.unwrap();
    session.command(Command::Pause).await.unwrap();
    let paused = playhead.wait_for(|playhead| !playhead.is_playing).await.unwrap().beat;
    assert!(paused.0 > 500_000, "a pause keeps the beat");
    session.stop_hearing().await.unwrap();
    playhead.wait_for(|playhead| !playhead.is_heard).await.unwrap();
    let (id, score) = (session.id(), session.score().await.unwrap());
    ada.peer.close().await.unwrap();
    let again = Peer::at(ada.home.path(), loopback());
    let owner = again.own().await.unwrap().unwrap();
    assert_eq!(owner.preview(id), Some(score.clone()));
    assert_eq!(owner.score(id).await.unwrap(), score);
    assert!(!owner.is_open(id).await, "the checkpoint alone has told all");
    let playing = owner.playing(Opening::Here(id)).await.unwrap();
    playing.playhead().wait_for(|playhead| playhead.is_playing).await.unwrap();
    assert_eq!(playing.score().await.unwrap(), score);
    again.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_player_is_linked_with_the_second_whom_nobody_named_to_them() {
    let (ada, bob, eve) = tokio::join!(Player::arrives(), Player::arrives(), Player::arrives());
    let hers = ada.founds("three").await;
    let his = bob.joins(&ada, &hers).await;
    let theirs = eve.joins(&ada, &hers).await;
    let (mut view, mut patches) = theirs.subscribe().await.unwrap();
    while view.connection.links.len() < 2 {
        view.apply((*patches.recv().await.unwrap()).clone());
    }
    // Ada leaves, and the other two go on.
    ada.peer.close().await.unwrap();
    his.command(swing(44)).await.unwrap();
    seen(&theirs, |score| score.swing > 43.5).await;
    bob.peer.close().await.unwrap();
    eve.peer.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_of_a_home_has_its_work_done_by_the_first() {
    let home = tempfile::tempdir().unwrap();
    let first = Peer::at(home.path(), loopback());
    let Reply::Session(session) = first.ask_one(Request::Create { name: "shared".to_owned() }).await.unwrap()
    else {
        panic!("the session's id is the answer")
    };
    // The lock is held per open file, so another `Peer` of this process is as foreign as one of another.
    let second = Peer::at(home.path(), loopback());
    assert!(second.own().await.unwrap().is_none());
    let listed = second.ask_one(Request::List).await.unwrap();
    assert!(
        matches!(&listed, Reply::Sessions(all) if all.len() == 1 && all[0].session == session),
        "{listed:?}"
    );
    second.ask_one(Request::Edit { session, commands: vec![swing(12)] }).await.unwrap();
    let Reply::Score(score) = first.ask_one(Request::Score(session)).await.unwrap() else {
        panic!("a score")
    };
    assert!(score.swing > 11.5);
    let missing = SessionId([1; 16]);
    let refused = second.ask_one(Request::Score(missing)).await.unwrap_err().to_string();
    assert!(refused.contains("is not here"), "{refused}");
    let refused = second.ask_one(Request::Edit { session, commands: vec![swing(500)] }).await.unwrap_err();
    assert!(refused.to_string().contains("500"), "{refused}");

    // A second `host` rides along, and the first leaving lets the second take over.
    let mut hosting = second.ask(Request::Host { session, play: false }).await.unwrap();
    assert!(matches!(hosting.next().await.unwrap(), Some(Reply::Ticket(_))));
    assert!(matches!(hosting.next().await.unwrap(), Some(Reply::View(_))));
    first.close().await.unwrap();
    while hosting.next().await.unwrap().is_some() {}
    let Reply::Score(score) = second.ask_one(Request::Score(session)).await.unwrap() else {
        panic!("a score")
    };
    assert!(score.swing > 11.5);
    second.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_once_syncs_and_a_host_who_is_not_there_is_said_so() {
    let (ada, bob) = tokio::join!(Player::arrives(), Player::arrives());
    let hers = ada.founds("once").await;
    let ticket = ada.owner.ticket(&hers).await.unwrap().to_string();
    let once = || Request::Join { ticket: ticket.clone(), once: true, play: false };
    let mut replies = bob.peer.ask(once()).await.unwrap();
    assert!(matches!(replies.next().await.unwrap(), Some(Reply::Session(id)) if id == hers.id()));
    assert!(matches!(replies.next().await.unwrap(), Some(Reply::Synced)));
    assert!(replies.next().await.unwrap().is_none());
    ada.peer.close().await.unwrap();

    let eve = Player::arrives().await;
    let mut replies = eve.peer.ask(once()).await.unwrap();
    let Some(Reply::Patch(view::ViewPatch::Notice(notice))) = replies.next().await.unwrap() else {
        panic!("the player is told what is waited for")
    };
    assert!(notice.contains("not answered yet"), "{notice}");
    let refused = replies.next().await.unwrap_err().to_string();
    assert!(refused.contains("could not reach"), "{refused}");
    let other = Request::Join { ticket: "offbeat9abc".to_owned(), once: true, play: false };
    let refused = eve.peer.ask_one(other).await.unwrap_err().to_string();
    assert!(refused.contains("version 9"), "{refused}");
    bob.peer.close().await.unwrap();
    eve.peer.close().await.unwrap();
    let left = std::fs::read_dir(eve.home.path().join("sessions")).unwrap().count();
    assert_eq!(left, 0, "a session that never arrived leaves nothing behind");
}
