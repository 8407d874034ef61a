//! Who is here, and where they point.

use score::{LocalTime, PlayerKey};
use view::{Connection, Cursor, Player, Role};

use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::MAX_NAME_CHARS;
use crate::wire::{Message, Presence};

/// A player's name without control characters, cut to its longest.
pub(crate) fn bounded_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect()
}

/// What a notice calls a player: the name, or the start of the key.
fn called(key: &PlayerKey, name: &str) -> String {
    if name.is_empty() { format!("Player {}", &key.to_string()[..6]) } else { name.to_owned() }
}

impl Jam {
    /// Everybody with an open link, and the player at this machine, by key. A key that has several links is one player.
    pub(crate) fn players(&self) -> Vec<Player> {
        let me = Player {
            key: self.config.key,
            name: self.presence.name.clone(),
            role: self.config.role,
            cursor: self.presence.cursor,
            me: true,
        };
        let mut players: Vec<Player> = core::iter::once(me).chain(self.others()).collect();
        players.sort_by_key(|player| (player.key, !player.me));
        players.dedup_by_key(|player| player.key);
        players
    }

    fn others(&self) -> impl Iterator<Item = Player> {
        self.links.values().filter_map(|link| {
            let role = link.remote.as_ref()?.role;
            let Presence { name, cursor } = link.presence.clone();
            Some(Player { key: link.key, name, role, cursor, me: false })
        })
    }

    /// How the session is connected.
    pub(crate) fn connection(&self) -> Connection {
        let mut links: Vec<view::Link> = self
            .ready_links()
            .map(|(_, link)| view::Link {
                key: link.key,
                path: link.path,
                round_trip_micros: link.pings.round_trip_micros,
                in_sync: link.their_heads.is_some() && link.pull.is_idle(),
            })
            .collect();
        links.sort_by_key(|link| link.key);
        Connection {
            links,
            unacknowledged: self.durability.unacknowledged(),
            unsaved: self.durability.unsaved(),
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
    }

    /// Says that somebody came, unless another link of theirs is open.
    pub(crate) fn notice_joined(&mut self, id: LinkId) {
        self.notice_passing(id, "joined");
    }

    /// Says that somebody went, unless another link of theirs is open.
    pub(crate) fn notice_left(&mut self, id: LinkId) {
        self.notice_passing(id, "left");
    }

    fn notice_passing(&mut self, id: LinkId, verb: &str) {
        let Some(link) = self.links.get(&id) else { return };
        let is_person = link.remote.as_ref().is_some_and(|remote| remote.role != Role::Archive);
        let elsewhere = self.ready_links().any(|(other, held)| other != id && held.key == link.key);
        if is_person && !elsewhere {
            let text = format!("{} {verb}.", called(&link.key, &link.presence.name));
            self.notice(text);
        }
    }
}
