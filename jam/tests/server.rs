//! A server, and players who are linked with it alone.

#![allow(clippy::unwrap_used, reason = "test code")]

mod room;

use crdt_model::trust::Identity;
use jam::limits::{MAX_RELAYED_CHANGES, SECOND};
use jam::wire::{self, Kind, Message, Parting};
use jam::{CommandId, Config, Effect, Event, LinkId, Ticket};
use room::Room;
use score::{Edit, PlayerKey, TrackId};
use view::{Command, Cursor, LinkPath, Player, Selected, ViewPatch};

/// The server's place in the room.
const SERVER: usize = 2;

/// Two players, and a server that both are linked with.
fn star() -> Room {
    let mut room = unlinked();
    room.link(0, SERVER);
    room.link(1, SERVER);
    room.pass(SECOND);
    room
}

fn unlinked() -> Room {
    Room::with(3, Some(Identity::from_secret(&[3; 32]).player()))
}

fn swing(room: &Room, jam: usize) -> f32 {
    room.jams[jam].session().score().swing
}

/// The last write that a jam asked for.
fn last_write(room: &Room, jam: usize) -> Ticket {
    let tickets = room.effects.iter().filter_map(|(by, effect)| match effect {
        Effect::Store { ticket, .. } if *by == jam => Some(*ticket),
        _ => None,
    });
    tickets.max().unwrap()
}

fn point(room: &mut Room, jam: usize, step: u16) {
    let scene = room.jams[jam].session().score().first_scene();
    let cursor = Cursor { scene, track: TrackId::from_random(1), step, selected: None };
    room.tell(jam, Event::Command { id: CommandId(0), command: Command::Point(Some(cursor)) });
}

/// The other player, as a jam shows them.
fn seen(room: &Room, jam: usize) -> Vec<Player> {
    room.jams[jam].view().players.into_iter().filter(|player| !player.me).collect()
}

/// Who came and who went, as a jam said it.
fn passings(room: &Room, jam: usize) -> Vec<(PlayerKey, bool)> {
    let passing = |(by, effect): &(usize, Effect)| match effect {
        Effect::Patch(patch) if *by == jam => match &**patch {
            ViewPatch::Passing { key, came, .. } => Some((*key, *came)),
            _ => None,
        },
        _ => None,
    };
    room.effects.iter().filter_map(passing).collect()
}

#[test]
fn a_server_passes_a_change_on_and_acknowledges_it_once_it_is_durable() {
    let mut room = star();
    room.edit(0, Edit::SetSwing(0.5));
    room.slow_disk = Some(SERVER);
    room.sent.clear();
    room.edit(0, Edit::SetSwing(40.0));
    room.edit(0, Edit::SetSwing(41.0));
    room.pass(6 * SECOND);
    assert_eq!(room.count(Kind::Change), 2, "they went to the server alone");
    assert!(swing(&room, 1) < 1.0, "nor did the heads that it announces make anybody fetch them");
    assert_eq!(room.jams[0].view().connection.unacknowledged, 2);
    let upto = last_write(&room, SERVER);
    room.tell(SERVER, Event::Stored { upto: Ticket(upto.0 - 1) });
    assert_eq!((room.count(Kind::Change), room.jams[0].view().connection.unacknowledged), (3, 1));
    room.tell(SERVER, Event::Stored { upto });
    assert_eq!((room.count(Kind::Change), room.jams[0].view().connection.unacknowledged), (4, 0));
    assert!(room.agree());
}

#[test]
fn who_catches_up_with_a_server_is_sent_what_is_durable_and_nothing_twice() {
    let mut room = unlinked();
    room.link(0, SERVER);
    room.slow_disk = Some(SERVER);
    room.edit(0, Edit::SetSwing(40.0));
    room.sent.clear();
    room.link(1, SERVER);
    room.pass(6 * SECOND);
    assert!(room.jams[1].session().is_empty() || swing(&room, 1) < 1.0);
    let upto = last_write(&room, SERVER);
    room.tell(SERVER, Event::Stored { upto });
    room.pass(6 * SECOND);
    assert!(room.agree());
    let server_sent_change =
        room.sent.iter().filter(|(_, by, frame)| *by == SERVER && frame[0] == Kind::Change as u8).count();
    let in_batches =
        room.sent.iter().filter(|(_, by, frame)| *by == SERVER && frame[0] == Kind::Changes as u8);
    assert!(server_sent_change + in_batches.count() <= 2, "the session, and the edit once");
}

#[test]
fn a_long_batch_is_announced_when_it_is_durable_and_fetched() {
    let mut room = star();
    let link = LinkId(0);
    for end in [0, SERVER] {
        room.tell(end, Event::LinkDown { link });
    }
    (0..=MAX_RELAYED_CHANGES).for_each(|n| room.edit(0, Edit::SetSwing(n as f32)));
    room.slow_disk = Some(SERVER);
    room.link(0, SERVER);
    assert!(swing(&room, SERVER) > 1.0 && swing(&room, 1) < 1.0);
    let upto = last_write(&room, SERVER);
    room.slow_disk = None;
    room.tell(SERVER, Event::Stored { upto });
    room.pass(3 * SECOND);
    assert!(room.agree());
}

#[test]
fn players_see_each_other_through_the_server_and_the_server_is_none() {
    let mut room = star();
    let keys: Vec<_> = (0..2).map(|jam| room.jams[jam].session().player()).collect();
    for (jam, other) in [(0, 1), (1, 0)] {
        let players = seen(&room, jam);
        assert_eq!(players.iter().map(|player| player.key).collect::<Vec<_>>(), [keys[other]]);
    }
    point(&mut room, 0, 7);
    room.tell(0, Event::Command { id: CommandId(0), command: Command::Rename("Ada".into()) });
    (0..3).for_each(|_| room.pass(SECOND / 10));
    let ada = seen(&room, 1).remove(0);
    assert_eq!((ada.name.as_str(), ada.cursor.unwrap().step), ("Ada", 7));
    room.sent.clear();
    (0..3).for_each(|_| room.pass(SECOND / 10));
    assert_eq!(room.count(Kind::Others), 0, "nothing is told while nobody moves");
}

#[test]
fn cursors_are_passed_on_ten_times_a_second_at_most() {
    let mut room = star();
    room.sent.clear();
    for step in 0..100 {
        point(&mut room, 0, step);
        room.pass(SECOND / 100);
    }
    assert!((8..=11).contains(&room.count(Kind::Others)), "{} in a second", room.count(Kind::Others));
    room.pass(SECOND / 10);
    room.pass(SECOND / 10);
    assert_eq!(seen(&room, 1)[0].cursor.unwrap().step, 99);
}

#[test]
fn who_is_known_directly_too_is_one_player_and_stays_when_the_server_goes() {
    let mut room = star();
    let server_link = LinkId(1);
    let direct = room.link(0, 1);
    room.pass(SECOND);
    assert_eq!(seen(&room, 1).len(), 1);
    point(&mut room, 0, 3);
    room.pass(SECOND / 10);
    assert_eq!(seen(&room, 1)[0].cursor.unwrap().step, 3, "the direct word counts");
    for end in [0, 1] {
        room.tell(end, Event::LinkDown { link: direct });
    }
    room.pass(SECOND);
    assert_eq!(seen(&room, 1).len(), 1, "the server tells of Ada again");
    room.tell(1, Event::LinkDown { link: server_link });
    assert_eq!(seen(&room, 1), []);
}

#[test]
fn who_is_linked_with_the_server_alone_is_told_nothing_of_its_links() {
    let mut room = star();
    room.sent.clear();
    let by_server = |room: &Room| {
        room.sent.iter().filter(|(_, by, frame)| *by == SERVER && frame[0] == Kind::Linked as u8).count()
    };
    assert_eq!(by_server(&room), 0);
    room.link(0, 1);
    assert_eq!(by_server(&room), 3, "both, the first of them twice, for they pass changes on to each other");
    room.pass(SECOND);
    room.sent.clear();
    room.edit(0, Edit::SetSwing(40.0));
    assert_eq!(room.count(Kind::Change), 2, "from the author to the server and to the other, and no more");
}

#[test]
fn a_player_who_leaves_the_server_is_gone_for_everyone() {
    let mut room = star();
    room.effects.clear();
    room.tell(0, Event::Leave(Parting::Leaving));
    room.pass(SECOND);
    assert_eq!(seen(&room, 1), []);
    let ada = room.jams[0].session().player();
    assert_eq!(passings(&room, 1), [(ada, false)]);
}

#[test]
fn who_comes_later_is_announced_and_who_was_here_before_is_not() {
    let mut room = unlinked();
    room.link(0, SERVER);
    room.pass(10 * SECOND);
    room.link(1, SERVER);
    room.pass(10 * SECOND);
    let (ada, ben) = (room.jams[0].session().player(), room.jams[1].session().player());
    assert_eq!(passings(&room, 0), [(ben, true)]);
    assert_eq!(passings(&room, 1), []);
    assert_eq!(seen(&room, 1)[0].key, ada, "she is shown all the same");
}

#[test]
fn a_cursor_past_every_pattern_is_no_cursor_and_a_selection_ends_where_patterns_end() {
    let mut room = star();
    point(&mut room, 0, 4_000);
    room.pass(SECOND);
    assert_eq!(seen(&room, 1)[0].cursor, None);
    let scene = room.jams[0].session().score().first_scene();
    let track = TrackId::from_random(1);
    let mut select = |step, steps| {
        let selected = Some(Selected { track, step, steps, tracks: 60_000 });
        let cursor = Cursor { scene, track, step: 0, selected };
        room.tell(0, Event::Command { id: CommandId(0), command: Command::Point(Some(cursor)) });
        room.pass(SECOND);
        seen(&room, 1)[0].cursor.unwrap().selected
    };
    assert_eq!(select(120, 60_000), Some(Selected { track, step: 120, steps: 8, tracks: 64 }));
    assert_eq!(select(200, 1), None);
}

#[test]
fn only_a_server_may_tell_of_others() {
    let mut room = Room::new(2);
    let link = room.link(0, 1);
    let others = Message::Others(wire::Others::default());
    room.tell(0, Event::Frame { link, bytes: wire::encode(&others) });
    assert_eq!(room.jams[0].metrics().refused_messages, 1);
}

#[test]
fn a_listeners_change_is_refused_in_words() {
    let mut room = unlinked();
    room.edit(0, Edit::SetSwing(40.0));
    let (link, key) = (LinkId(0), room.jams[0].session().player());
    room.links.push((0, SERVER));
    room.tell(SERVER, Event::LinkUp { link, key, path: LinkPath::Server });
    let hello = wire::Hello {
        protocols: wire::PROTOCOLS,
        session: room.jams[0].session().id(),
        origin: Some(room.jams[0].session().origin()),
        key,
        role: view::Role::Listener,
        archive: true,
        name: String::new(),
        address: None,
    };
    room.tell(SERVER, Event::Frame { link, bytes: wire::encode(&Message::Hello(hello)) });
    let wanted = |(by, effect): &(usize, Effect)| {
        *by == SERVER && matches!(effect, Effect::ArchiveWanted { by } if *by == key)
    };
    assert!(room.effects.iter().any(wanted), "the host is told that the session is wanted for good");
    let record = room.effects.iter().find_map(|(by, effect)| match effect {
        Effect::Store { entries, .. } if *by == 0 => entries.iter().find_map(|entry| match entry {
            jam::Entry::Change(record) => Some(record.clone()),
            _ => None,
        }),
        _ => None,
    });
    let change = wire::encode(&Message::Change(record.unwrap()));
    room.tell(SERVER, Event::Frame { link, bytes: change });
    let refused = |(_, effect): &(usize, Effect)| matches!(effect, Effect::Refused { reason, .. } if reason.contains("listener"));
    assert!(room.effects.iter().any(refused));
    assert!(room.jams[SERVER].session().is_empty());
}

#[test]
fn a_server_that_is_full_says_so() {
    let key = Identity::from_secret(&[3; 32]).player();
    let limits = jam::Limits { links: 1, ..jam::Limits::default() };
    let mut room = Room::configured(3, |config| {
        if config.key == key { Config { limits, ..Config::server(key, config.seed) } } else { config }
    });
    room.link(0, SERVER);
    room.sent.clear();
    room.link(1, SERVER);
    let bye = room.sent.iter().find(|(_, by, _)| *by == SERVER).unwrap();
    assert!(
        matches!(wire::decode(&bye.2), Ok(Message::Bye(bye)) if bye.parting == Parting::Full && bye.reason.contains("1 link"))
    );
}

/// Players who may be linked directly with one other, and the last of whom is a server.
fn crowd(players: u8) -> Room {
    let server = Identity::from_secret(&[players + 1; 32]).player();
    let limits = jam::Limits { direct_players: 1, ..jam::Limits::default() };
    Room::configured(players + 1, |config| {
        let config = Config { limits, ..config };
        if config.key == server { Config { limits, ..Config::server(server, config.seed) } } else { config }
    })
}

fn is_turned_away(room: &Room) -> bool {
    room.sent.iter().any(|(_, _, frame)| {
        matches!(wire::decode(frame), Ok(Message::Bye(bye)) if bye.parting == Parting::Full && bye.reason.contains("server"))
    })
}

#[test]
fn one_player_too_many_edits_through_the_server() {
    let mut room = crowd(3);
    for player in 0..3 {
        room.link(player, 3);
    }
    room.link(0, 1);
    assert!(!is_turned_away(&room));
    room.link(2, 0);
    assert!(is_turned_away(&room));
    room.edit(2, Edit::SetSwing(31.0));
    room.pass(SECOND);
    assert!([0, 1].into_iter().all(|player| (swing(&room, player) - 31.0).abs() < f32::EPSILON));
}

#[test]
fn without_a_server_nobody_is_one_too_many() {
    let mut room = crowd(3);
    room.link(0, 1);
    room.link(2, 0);
    assert!(!is_turned_away(&room));
    room.edit(2, Edit::SetSwing(31.0));
    assert!((swing(&room, 1) - 31.0).abs() < f32::EPSILON);
}

#[test]
fn who_is_told_that_a_server_starts_again_knows_when_to_come_back() {
    let mut room = star();
    room.effects.clear();
    room.tell(SERVER, Event::Leave(Parting::Restarting));
    for player in [0, 1] {
        let closes = |(by, effect): &(usize, Effect)| {
            *by == player && matches!(effect, Effect::Close { retry_after_millis: Some(1..), .. })
        };
        assert!(room.effects.iter().any(closes));
    }
    room.link(0, SERVER);
    room.link(1, SERVER);
    room.edit(0, Edit::SetSwing(12.0));
    assert!(room.agree());
}
