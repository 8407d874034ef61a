//! Two and three jams on in-memory links, one behaviour at a time.

#![allow(clippy::unwrap_used, reason = "test code")]

mod room;

use jam::limits::{DEAD_LINK_NANOS, MAX_REFUSALS, MILLISECOND, SECOND};
use jam::wire::{self, Kind, Message};
use jam::{CommandId, Effect, Event, LinkId};
use room::Room;
use score::{Edit, TrackId};
use view::{Command, Cursor, LinkPath, Role, ViewPatch};

#[test]
fn a_joiner_gets_the_session_and_is_up_to_date_at_once() {
    let mut room = Room::new(2);
    (0..100).for_each(|n| room.edit(0, Edit::SetSwing(f32::from(n as u8))));
    room.link(0, 1);
    assert!(room.agree() && !room.jams[1].session().is_empty());
    assert!(room.jams[1].view().connection.links[0].in_sync);
}

#[test]
fn a_link_is_in_sync_only_once_the_other_end_has_said_what_it_holds() {
    let mut room = Room::new(2);
    room.edit(0, Edit::SetSwing(10.0));
    let (id, key) = (LinkId(0), room.jams[0].session().player());
    room.links.push((0, 1));
    room.tell(1, Event::LinkUp { link: id, key, path: LinkPath::Direct });
    // The founder is deaf to the link so far, and its greeting comes without what it holds.
    let hello = Message::Hello(wire::Hello {
        protocols: wire::PROTOCOLS,
        session: room.jams[0].session().id(),
        origin: Some(room.jams[0].session().origin()),
        key,
        role: Role::Editor,
        archive: false,
        name: String::new(),
        address: None,
    });
    room.tell(1, Event::Frame { link: id, bytes: wire::encode(&hello) });
    let in_sync = |room: &Room| room.jams[1].view().connection.links[0].in_sync;
    assert!(!in_sync(&room), "nothing is known of the other end");
    let heads = Message::Heads(wire::Heads::default());
    room.tell(1, Event::Frame { link: id, bytes: wire::encode(&heads) });
    assert!(in_sync(&room), "an empty replica has nothing to give");
}

#[test]
fn a_long_history_comes_to_a_joiner_as_one_document() {
    let mut room = Room::new(2);
    (0..600).for_each(|n: u32| room.edit(0, Edit::SetSwing((n % 100) as f32)));
    room.link(0, 1);
    assert_eq!(room.count(Kind::Document), 1);
    assert!(room.agree());
}

#[test]
fn one_edit_is_one_message_on_each_link_and_reaches_those_behind_others() {
    let mut line = Room::new(3);
    line.link(0, 1);
    line.link(1, 2);
    line.pass(3 * SECOND);
    line.sent.clear();
    line.edit(0, Edit::SetSwing(40.0));
    assert_eq!(line.count(Kind::Change), 2, "one on each of two links in a row");
    assert!(line.agree());

    let mut triangle = Room::new(3);
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
        triangle.link(a, b);
    }
    triangle.pass(3 * SECOND);
    triangle.sent.clear();
    triangle.edit(0, Edit::SetSwing(40.0));
    assert_eq!(triangle.count(Kind::Change), 2, "from the author to both, and passed on by nobody");
    assert!(triangle.agree());
    assert_eq!(triangle.jams[0].view().connection.unacknowledged, 0);
}

#[test]
fn offline_edits_merge_and_are_acknowledged() {
    let mut room = Room::new(2);
    let link = room.link(0, 1);
    for jam in [0, 1] {
        room.tell(jam, Event::LinkDown { link });
    }
    room.edit(0, Edit::SetName("Ours".into()));
    room.edit(1, Edit::SetSwing(33.0));
    assert_eq!(room.jams[1].view().connection.unacknowledged, 1);
    room.link(0, 1);
    assert!(room.agree());
    assert_eq!(room.jams[1].view().connection.unacknowledged, 0);
}

#[test]
fn presence_is_coalesced_and_leaves_with_its_link() {
    let mut room = Room::new(2);
    let link = room.link(0, 1);
    room.pass(SECOND);
    room.sent.clear();
    let scene = room.jams[0].session().score().first_scene();
    for step in 0..100 {
        let cursor = Cursor { scene, track: TrackId::from_random(1), step, selected: None };
        room.tell(0, Event::Command { id: CommandId(0), command: Command::Point(Some(cursor)) });
        room.now = room.now.plus_nanos(10 * MILLISECOND);
    }
    room.pass(SECOND / 10);
    assert!((10..=11).contains(&room.count(Kind::Presence)), "{} in a second", room.count(Kind::Presence));
    let seen = |room: &Room| room.jams[1].view().players.iter().find(|player| !player.me).cloned();
    assert_eq!(seen(&room).unwrap().cursor.unwrap().step, 99);
    room.tell(1, Event::LinkDown { link });
    assert_eq!(seen(&room), None);
    let left = |effect: &Effect| matches!(effect, Effect::Patch(patch) if matches!(&**patch, ViewPatch::Passing { came: false, .. }));
    assert!(room.effects.iter().any(|(jam, effect)| *jam == 1 && left(effect)));
}

#[test]
fn a_hostile_link_is_named_counted_closed_and_turned_away() {
    let mut room = Room::new(2);
    let link = room.link(0, 1);
    for _ in 0..MAX_REFUSALS {
        room.tell(0, Event::Frame { link, bytes: vec![200, 1, 2, 3] });
    }
    assert_eq!(room.jams[0].metrics().refused_messages, u64::from(MAX_REFUSALS));
    let closed = |effect: &Effect| matches!(effect, Effect::Close { reason, .. } if reason.contains("unknown kind 200"));
    assert!(room.effects.iter().any(|(jam, effect)| *jam == 0 && closed(effect)));
    room.sent.clear();
    room.link(0, 1);
    let first = room.sent.iter().find(|(_, from, _)| *from == 0).unwrap();
    assert!(matches!(wire::decode(&first.2), Ok(Message::Bye(_))));
}

#[test]
fn a_flood_is_read_more_slowly() {
    let mut room = Room::new(2);
    let link = room.link(0, 1);
    let ping = wire::encode(&Message::Ping(1));
    (0..2_100).for_each(|_| room.tell(0, Event::Frame { link, bytes: ping.clone() }));
    let paused = room.effects.iter().find_map(|(_, effect)| match effect {
        Effect::Pause { until, .. } => Some(*until),
        _ => None,
    });
    assert!(paused.is_some_and(|until| until > room.now));
}

#[test]
fn a_silent_link_dies_after_fifteen_seconds() {
    let mut room = Room::new(2);
    room.link(0, 1);
    let before = room.now;
    room.now = before.plus_nanos(DEAD_LINK_NANOS);
    room.jams[0].handle(room.now, Event::Tick);
    let close = std::iter::from_fn(|| room.jams[0].next_effect())
        .find(|effect| matches!(effect, Effect::Close { .. }));
    assert!(matches!(close, Some(Effect::Close { reason, .. }) if reason.contains("nothing was heard")));
    assert!(room.jams[0].view().connection.links.is_empty());
}

#[test]
fn a_link_shows_how_well_the_other_clock_is_known() {
    let mut room = Room::new(2);
    room.link(0, 1);
    assert_eq!(room.jams[0].view().connection.links[0].clock, None);
    (0..20).for_each(|_| room.pass(15 * MILLISECOND));
    // Hosts say every other second how bytes travel; as long as it is the same way, what was learned of it stays.
    room.tell(0, Event::PathChanged { link: LinkId(0), path: view::LinkPath::Direct });
    let clock = room.jams[0].view().connection.links[0].clock.unwrap();
    assert!(clock.uncertainty_micros < 100 && clock.rate_ppb == 0, "{clock:?}");
    (0..100).for_each(|_| room.pass(SECOND));
    room.sent.clear();
    (0..100).for_each(|_| room.pass(SECOND));
    let bytes: usize = room
        .sent
        .iter()
        .filter(|(_, _, frame)| frame[0] == Kind::Clock as u8)
        .map(|sent| sent.2.len() + 4)
        .sum();
    assert!(bytes < 100 * 50, "{bytes} bytes in a hundred seconds");
}
