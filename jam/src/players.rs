//! Who is here, and where they point.

use std::collections::BTreeMap;

use score::{LocalTime, PlayerKey};
use view::{Connection, Cursor, Player, Role};

use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::MAX_NAME_CHARS;
use crate::shared::SharedClock;
use crate::wire::{Message, Presence};

/// A player's name without control characters, cut to its longest.
pub(crate) fn bounded_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect()
}

/// What a notice calls a player: the name, or the start of the key.
fn called(key: &PlayerKey, name: &str) -> String {
    if name.is_empty() { format!("Player {}", &key.to_string()[..6]) } else { name.to_owned() }
}

fn player(key: PlayerKey, role: Role, presence: &Presence) -> Player {
    Player { key, name: presence.name.clone(), role, cursor: presence.cursor, me: false }
}

impl Jam {
    /// The player at this machine, everybody with an open link, and those whom a server tells of, by key. Who is known in several
    /// ways is one player, as the most direct way shows them. Whoever only keeps a copy is no person.
    pub(crate) fn players(&self) -> Vec<Player> {
        let me = Player {
            key: self.config.key,
            name: self.presence.name.clone(),
            role: self.config.role,
            cursor: self.presence.cursor,
            me: true,
        };
        let mut players = BTreeMap::new();
        for player in core::iter::once(me).chain(self.linked_players()).chain(self.others()) {
            if player.role != Role::Archive {
                players.entry(player.key).or_insert(player);
            }
        }
        players.into_values().collect()
    }

    fn linked_players(&self) -> impl Iterator<Item = Player> {
        self.links.values().filter_map(|link| {
            let role = link.remote.as_ref()?.role;
            Some(player(link.key, role, &link.presence))
        })
    }

    fn others(&self) -> impl Iterator<Item = Player> {
        let heard = self.links.values().flat_map(|link| &link.others);
        heard.map(|(&key, person)| player(key, person.role, &person.presence))
    }

    /// How the session is connected.
    pub(crate) fn connection(&self) -> Connection {
        let mut links: Vec<view::Link> = self
            .ready_links()
            .map(|(_, link)| view::Link {
                key: link.key,
                path: link.path,
                round_trip_micros: link.pings.round_trip_micros,
                clock: link.clock.shown(),
                in_sync: link.their_heads.is_some() && link.pull.is_idle(),
            })
            .collect();
        links.sort_by_key(|link| link.key);
        Connection {
            links,
            unacknowledged: self.durability.unacknowledged(),
            unsaved: self.durability.unsaved(),
            time: self.shared.as_ref().and_then(SharedClock::shown),
        }
    }

    /// The player points somewhere else. The links are told when their next presence is due.
    pub(crate) fn point(&mut self, cursor: Option<Cursor>) {
        self.presence.cursor = cursor;
    }

    /// The player takes another name.
    pub(crate) fn rename(&mut self, name: &str) {
        self.presence.name = bounded_name(name);
    }

    /// Tells a link where our player is, if it should know and was not told within the last tenth of a second.
    pub(crate) fn tell_presence(&mut self, now: LocalTime, id: LinkId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        if link.told_presence.due(&self.presence).is_some_and(|due| due <= now) {
            link.told_presence.tell(&self.presence, now);
            let message = Message::Presence(self.presence.clone());
            self.send(id, &message);
        }
    }

    pub(crate) fn take_presence(&mut self, id: LinkId, presence: &Presence) {
        let Some(link) = self.links.get_mut(&id) else { return };
        link.presence = Presence { name: bounded_name(&presence.name), cursor: presence.cursor };
        let key = link.key;
        self.note_other(key);
    }

    /// Says that somebody came, unless they were here.
    pub(crate) fn notice_joined(&mut self, id: LinkId) {
        self.notice_passing(id, "joined");
    }

    /// Says that somebody went, unless they are still here in another way.
    pub(crate) fn notice_left(&mut self, id: LinkId) {
        self.notice_passing(id, "left");
    }

    fn notice_passing(&mut self, id: LinkId, verb: &str) {
        let Some(link) = self.links.get(&id) else { return };
        let is_person = link.remote.as_ref().is_some_and(|remote| remote.role != Role::Archive);
        let linked = self.ready_links().any(|(other, held)| other != id && held.key == link.key);
        let heard = self.links.values().any(|other| other.others.contains_key(&link.key));
        if is_person && !linked && !heard {
            let (key, name) = (link.key, link.presence.name.clone());
            self.notice_passed(&key, &name, verb);
        }
    }

    /// Says that somebody came or went.
    pub(crate) fn notice_passed(&mut self, key: &PlayerKey, name: &str, verb: &str) {
        self.notice(format!("{} {verb}.", called(key, name)));
    }
}
