//! Who is here, and where they point.

use std::collections::BTreeMap;

use score::pattern::MAX_STEPS;
use score::text::clean_name;
use score::{LocalTime, PlayerKey};
use view::{Connection, Cursor, Player, Role, Selected, ViewPatch, guise_among};

use crate::effect::Effect;
use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::{MAX_NAME_CHARS, MAX_SELECTED_TRACKS};
use crate::shared::SharedClock;
use crate::wire::{Message, Presence};

/// A player's name as it may be shown, cut to its longest.
pub(crate) fn bounded_name(name: &str) -> String {
    clean_name(name, MAX_NAME_CHARS)
}

/// What another peer says of a player, as far as a pattern reaches.
pub(crate) fn bounded(presence: &Presence) -> Presence {
    let cursor = presence.cursor.filter(|cursor| cursor.step < MAX_STEPS);
    let within = |cursor: Cursor| Cursor { selected: cursor.selected.and_then(reachable), ..cursor };
    Presence { name: bounded_name(&presence.name), cursor: cursor.map(within) }
}

/// A selection as far as patterns and tracks reach.
fn reachable(selected: Selected) -> Option<Selected> {
    let Selected { step, steps, tracks, .. } = selected;
    let steps = steps.min(MAX_STEPS.checked_sub(step)?);
    let tracks = tracks.min(MAX_SELECTED_TRACKS);
    (steps > 0 && tracks > 0).then_some(Selected { steps, tracks, ..selected })
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
        link.presence = bounded(presence);
        let key = link.key;
        self.note_other(key);
    }

    /// Says that somebody came, unless they were here.
    pub(crate) fn tell_joined(&mut self, id: LinkId) {
        self.tell_linked_passing(id, true);
    }

    /// Says that somebody went, unless they are still here in another way.
    pub(crate) fn tell_left(&mut self, id: LinkId) {
        self.tell_linked_passing(id, false);
    }

    fn tell_linked_passing(&mut self, id: LinkId, came: bool) {
        let Some(link) = self.links.get(&id) else { return };
        let is_person = link.remote.as_ref().is_some_and(|remote| remote.role != Role::Archive);
        let linked = self.ready_links().any(|(other, held)| other != id && held.key == link.key);
        let heard = self.links.values().any(|other| other.others.contains_key(&link.key));
        if is_person && !linked && !heard {
            let (key, name) = (link.key, link.presence.name.clone());
            self.tell_passing(key, &name, came);
        }
    }

    /// Says that somebody came or went, by the name that they have among those who are here.
    pub(crate) fn tell_passing(&mut self, key: PlayerKey, name: &str, came: bool) {
        if self.config.role == Role::Archive {
            return;
        }
        let mut players = self.players();
        if players.iter().all(|player| player.key != key) {
            let presence = Presence { name: name.to_owned(), cursor: None };
            players.push(player(key, Role::Editor, &presence));
        }
        let name = guise_among(&players, key).name;
        self.push(Effect::Patch(Box::new(ViewPatch::Passing { key, name, came })));
    }
}
