//! What an interface asks and is told, with real sessions behind it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::sync::Arc;
use std::time::Duration;

use peer::Peer;
use peer::desk::Desk;
use peer::net::NetConfig;
use score::{Beats, Edit, PlayerKey, SessionId};
use tokio::sync::mpsc;
use view::host::{Ask, AskId, SessionListing, Tell};
use view::{Command, Playing, View, ViewPatch};

struct Screen {
    desk: Desk,
    told: mpsc::Receiver<Tell>,
}

fn peer_at(home: &tempfile::TempDir) -> Arc<Peer> {
    let bind = Some("127.0.0.1:0".parse().unwrap());
    Arc::new(Peer::at(home.path(), NetConfig { bind, ..NetConfig::default() }))
}

impl Screen {
    fn on(peer: &Arc<Peer>) -> Self {
        let (desk, told) = Desk::open(peer.clone());
        Self { desk, told }
    }

    async fn ask(&self, ask: Ask) {
        assert!(self.desk.ask(ask).await);
    }

    /// The next thing told that is looked for; what comes before it is passed over.
    async fn hears<T>(&mut self, wanted: impl Fn(Tell) -> Option<T>) -> T {
        loop {
            let tell = self.told.recv().await.expect("the desk is open");
            if let Some(found) = wanted(tell) {
                return found;
            }
        }
    }

    async fn opened(&mut self) -> (SessionId, PlayerKey, View) {
        let (session, me) = self
            .hears(|tell| match tell {
                Tell::Opened { session, me } => Some((session, me)),
                Tell::Failed(reason) => panic!("{reason}"),
                _ => None,
            })
            .await;
        let view = self
            .hears(|tell| match tell {
                Tell::Patch(ViewPatch::Reset(view)) => Some(*view),
                _ => None,
            })
            .await;
        assert_eq!(view.session, session);
        (session, me, view)
    }

    async fn creates(&mut self, name: &str) -> (SessionId, PlayerKey, View) {
        self.ask(Ask::Create { name: name.to_owned() }).await;
        self.opened().await
    }

    async fn failed(&mut self) -> String {
        self.hears(|tell| match tell {
            Tell::Failed(reason) => Some(reason),
            _ => None,
        })
        .await
    }

    async fn ticket(&mut self) -> String {
        self.ask(Ask::Invite).await;
        self.hears(|tell| match tell {
            Tell::Invitation { link, ticket } => {
                assert_eq!(link, None);
                ticket
            }
            _ => None,
        })
        .await
    }

    async fn sessions(&mut self) -> Vec<SessionListing> {
        self.ask(Ask::Sessions).await;
        self.hears(|tell| match tell {
            Tell::Sessions(sessions) => Some(sessions),
            _ => None,
        })
        .await
    }
}

fn named(name: &str) -> Command {
    Command::Edit(Edit::SetName(name.to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_session_plays_at_once_and_carries_commands_out_in_order() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::on(&peer_at(&home));
    let (_, me, mut view) = screen.creates("").await;
    assert!(!view.score.name.is_empty() && view.score.tracks.len() == 4);
    assert!(view.players.iter().any(|player| player.me && player.key == me));
    for number in 0..200 {
        let command = named(&format!("take {number}"));
        screen.ask(Ask::Command { id: AskId(number), command }).await;
    }
    let mut answered = Vec::new();
    while answered.len() < 200 || view.score.name != "take 199" {
        match screen.told.recv().await.unwrap() {
            Tell::Answer { id, result } => {
                result.unwrap();
                answered.push(id.0);
            }
            Tell::Patch(patch) => view.apply(patch),
            _ => {}
        }
    }
    assert!(answered.is_sorted());
    screen.ask(Ask::Command { id: AskId(7), command: Command::Edit(Edit::SetSwing(f32::NAN)) }).await;
    let refused = screen.hears(|tell| match tell {
        Tell::Answer { id: AskId(7), result } => Some(result),
        _ => None,
    });
    assert!(refused.await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_the_newest_first_and_remixes_know_where_they_come_from() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::on(&peer_at(&home));
    let (house, ..) = screen.creates("House").await;
    screen.ask(Ask::Remix).await;
    let (remix, _, view) = screen.opened().await;
    assert_eq!(view.score.name, "House remix");
    assert_eq!(view.score.parent.unwrap().id, house.to_string());
    let names: Vec<_> = screen.sessions().await.into_iter().map(|listing| listing.name).collect();
    assert_eq!(names, ["House remix", "House"]);
    screen.ask(Ask::Open(house)).await;
    assert_eq!(screen.opened().await.0, house);
    assert_ne!(house, remix);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_leads_to_the_same_music() {
    let (hers, his) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut ada, mut ben) = (Screen::on(&peer_at(&hers)), Screen::on(&peer_at(&his)));
    let (house, _, view) = ada.creates("House").await;
    ben.ask(Ask::Join(ada.ticket().await)).await;
    let (joined, _, his_view) = ben.opened().await;
    assert_eq!((joined, his_view.score), (house, view.score));
    ben.ask(Ask::Command { id: AskId(1), command: named("Ours") }).await;
    ada.hears(|tell| match tell {
        Tell::Patch(ViewPatch::Score { changes, .. }) if !changes.is_empty() => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_told_and_the_music_stays() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::on(&peer_at(&home));
    for ask in [Ask::Invite, Ask::Publish, Ask::Remix, Ask::Play] {
        screen.ask(ask).await;
        assert!(screen.failed().await.contains("no session is open"));
    }
    let (house, ..) = screen.creates("House").await;
    for (ask, words) in [
        (Ask::Open(SessionId([9; 16])), "is not here"),
        (Ask::Join("house".to_owned()), "neither a ticket nor a link"),
        (Ask::Join("http://127.0.0.1:1/s/aaaqeayeaudaocajbifqydiob4".to_owned()), "does not answer"),
        (Ask::Archive { server: "http://127.0.0.1:1".to_owned() }, "does not answer"),
        (Ask::Archive { server: "ftp://example".to_owned() }, "is no address of a server"),
        (Ask::Publish, "archive it first"),
    ] {
        screen.ask(ask).await;
        let reason = screen.failed().await;
        assert!(reason.contains(words), "{reason}");
    }
    assert_eq!(screen.sessions().await.len(), 1);
    screen.ask(Ask::Command { id: AskId(1), command: named("Still here") }).await;
    screen.hears(|tell| matches!(tell, Tell::Answer { result: Ok(()), .. }).then_some(())).await;
    screen.ask(Ask::Open(house)).await;
    assert_eq!(screen.opened().await.2.score.name, "Still here");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_playhead_moves_while_the_session_plays_and_rests_after() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::on(&peer_at(&home));
    screen.creates("House").await;
    screen.ask(Ask::Play).await;
    let moving = |tell| match tell {
        Tell::Playhead(playhead) if playhead.is_playing && playhead.beat > score::Beats::ZERO => Some(()),
        _ => None,
    };
    screen.hears(moving).await;
    screen.ask(Ask::Command { id: AskId(1), command: Command::Stop }).await;
    let rests = |tell| match tell {
        Tell::Playhead(playhead) if !playhead.is_playing => Some(playhead.beat),
        _ => None,
    };
    assert_eq!(screen.hears(rests).await, score::Beats::ZERO, "stopping returns to the start");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interface_that_does_not_read_gets_everything_anew_in_the_end() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::on(&peer_at(&home));
    let (house, ..) = screen.creates("House").await;
    let writer = peer_at(&home);
    for round in 0..25 {
        let edit = |number| named(&format!("{round} {number}"));
        let commands = (0..100).map(edit).collect();
        writer.ask_one(peer::work::Request::Edit { session: house, commands }).await.unwrap();
    }
    writer
        .ask_one(peer::work::Request::Edit { session: house, commands: vec![named("last")] })
        .await
        .unwrap();
    let is_last = |tell| match tell {
        Tell::Patch(ViewPatch::Reset(view)) => Some(view.score.name == "last"),
        _ => None,
    };
    while !screen.hears(is_last).await {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_works_through_the_process_that_owns_the_home_and_goes_on_without_it() {
    let home = tempfile::tempdir().unwrap();
    let first = peer_at(&home);
    first.own().await.unwrap().unwrap();
    let second = peer_at(&home);
    let mut screen = Screen::on(&second);
    let (house, ..) = screen.creates("House").await;
    screen.ask(Ask::Command { id: AskId(1), command: named("Through the first") }).await;
    screen.hears(|tell| matches!(tell, Tell::Answer { result: Ok(()), .. }).then_some(())).await;
    Arc::into_inner(first).unwrap().close().await.unwrap();
    let name = screen.hears(|tell| match tell {
        Tell::Patch(ViewPatch::Reset(view)) => Some(view.score.name),
        _ => None,
    });
    assert_eq!(name.await, "Through the first");
    screen.ask(Ask::Command { id: AskId(2), command: named("Alone") }).await;
    screen.hears(|tell| matches!(tell, Tell::Answer { id: AskId(2), result: Ok(()) }).then_some(())).await;
    let listed = screen.sessions().await;
    assert_eq!((listed[0].session, listed[0].name.as_str()), (house, "Alone"));
    screen.desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_moves_on_closes_the_session_before_unless_another_shows_it() {
    let home = tempfile::tempdir().unwrap();
    let peer = peer_at(&home);
    let owner = peer.own().await.unwrap().unwrap();
    let (mut here, mut there) = (Screen::on(&peer), Screen::on(&peer));
    let (first, ..) = here.creates("First").await;
    there.ask(Ask::Open(first)).await;
    there.opened().await;
    let (second, ..) = here.creates("Second").await;
    assert!(owner.is_open(first).await && owner.is_open(second).await);
    there.ask(Ask::Open(second)).await;
    there.opened().await;
    let closed = async {
        let mut again = tokio::time::interval(Duration::from_millis(20));
        while owner.is_open(first).await {
            again.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), closed).await.expect("the first session closes");
    assert!(owner.is_open(second).await);
    // What was made in it is there when it is opened again.
    here.ask(Ask::Open(first)).await;
    assert_eq!(here.opened().await.2.score.name, "First");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interface_is_told_where_the_music_is_whether_it_hears_it_or_not() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::on(&peer_at(&home));
    screen.creates("Told").await;
    let transport = |tell| match tell {
        Tell::Transport(transport) => Some(transport),
        _ => None,
    };
    assert_eq!(screen.hears(transport).await, None, "nobody ever played");
    screen.ask(Ask::Command { id: AskId(1), command: Command::Play }).await;
    let told = screen.hears(transport).await.unwrap();
    assert_eq!(told.playing, Playing::Playing);
    // By a clock that read 0 as this was told, the music begins a moment later.
    let begins = told.segments.last().unwrap().from.0;
    assert!((0..1_000_000_000).contains(&begins), "{begins} ns");
    screen.ask(Ask::Command { id: AskId(2), command: Command::Seek(Beats::from_beats(40)) }).await;
    loop {
        let told = screen.hears(transport).await.unwrap();
        if told.segments.last().unwrap().beat == Beats::from_beats(40) {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_has_the_session_heard_and_starts_no_music() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::on(&peer_at(&home));
    let (_, _, view) = screen.creates("Keys").await;
    let track = *view.score.tracks.keys().next().unwrap();
    screen.ask(Ask::Strike { track, pitch: 0, velocity: Some(0.8) }).await;
    let heard = screen
        .hears(|tell| match tell {
            Tell::Playhead(playhead) if playhead.is_heard => Some(playhead),
            Tell::Patch(ViewPatch::Timeline(timeline)) => panic!("{timeline:?}"),
            _ => None,
        })
        .await;
    assert!(!heard.is_playing);
}
