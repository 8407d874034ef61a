//! Who is here by hearsay: a server tells each of its links who else is linked with it.
//!
//! A server tells of those who are linked with it, and other servers of the same session of those alone: so what is heard of
//! somebody goes at most two links far, and ends when the link ends that it came on.

use std::collections::BTreeMap;

use score::{LocalTime, PlayerKey};
use view::Role;

use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::{ARRIVAL_NANOS, MAX_OTHERS, MAX_OTHERS_PER_MESSAGE, PRESENCE_INTERVAL_NANOS};
use crate::link::Link;
use crate::players::bounded;
use crate::wire::{Message, Others, Person};

/// Whom a server tells of.
#[derive(Debug, Default)]
pub(crate) struct People {
    here: BTreeMap<PlayerKey, Here>,
    /// Counts everything that was ever different.
    version: u64,
}

#[derive(Debug)]
struct Here {
    person: Person,
    /// Whether they are linked with us, and not with another server.
    is_direct: bool,
    version: u64,
}

/// Whom a link was told of.
#[derive(Debug)]
pub(crate) struct ToldOthers {
    /// The version of each that it heard.
    told: BTreeMap<PlayerKey, u64>,
    /// The version of all that it heard; `None` while it has not heard all.
    complete: Option<u64>,
    /// With whom the next message begins, so that those late in the order have their turn.
    next: PlayerKey,
    at: LocalTime,
}

impl People {
    /// Whether nobody is here.
    pub(crate) fn is_empty(&self) -> bool {
        self.here.is_empty()
    }

    /// Notes how somebody is now; `None` when they are gone.
    fn note(&mut self, key: PlayerKey, now: Option<(Person, bool)>) {
        let before = self.here.get(&key).map(|here| (&here.person, here.is_direct));
        if before == now.as_ref().map(|(person, is_direct)| (person, *is_direct)) {
            return;
        }
        self.version += 1;
        match now {
            Some((person, is_direct)) => {
                self.here.insert(key, Here { person, is_direct, version: self.version });
            }
            None => {
                self.here.remove(&key);
            }
        }
    }
}

impl ToldOthers {
    pub(crate) fn new(now: LocalTime) -> Self {
        let at = now.plus_nanos(-PRESENCE_INTERVAL_NANOS);
        Self { told: BTreeMap::new(), complete: Some(0), next: PlayerKey([0; 32]), at }
    }

    /// Whom it is to be told of may be different.
    pub(crate) fn look_again(&mut self) {
        self.complete = None;
    }

    /// When the other end may and should hear of `people`.
    pub(crate) fn due(&self, people: &People) -> Option<LocalTime> {
        (people.version > 0 && self.complete != Some(people.version))
            .then(|| self.at.plus_nanos(PRESENCE_INTERVAL_NANOS))
    }

    /// What the other end has not heard, as much as goes into one message; `wanted` says of whom it is to hear at all.
    fn news(&mut self, people: &People, wanted: impl Fn(&PlayerKey, &Here) -> bool) -> Others {
        let mut others = Others::default();
        self.told.retain(|key, _| {
            let stays = people.here.get(key).is_some_and(|here| wanted(key, here));
            if !stays && others.gone.len() < MAX_OTHERS {
                others.gone.push(*key);
            }
            stays
        });
        let mut complete = true;
        let first = self.next;
        for (key, here) in people.here.range(first..).chain(people.here.range(..first)) {
            if !wanted(key, here) || self.told.get(key) == Some(&here.version) {
                continue;
            }
            if others.here.len() == MAX_OTHERS_PER_MESSAGE {
                self.next = *key;
                complete = false;
                break;
            }
            self.told.insert(*key, here.version);
            others.here.push((*key, here.person.clone()));
        }
        self.complete = complete.then_some(people.version);
        others
    }
}

impl Jam {
    /// A server looks again at one player: whether they are here, and how.
    pub(crate) fn note_other(&mut self, key: PlayerKey) {
        if self.config.role != Role::Archive {
            return;
        }
        let person = |link: &Link| {
            let role = link.remote.as_ref()?.role;
            Some(Person { role, presence: link.presence.clone() }).filter(|_| role != Role::Archive)
        };
        let direct = self.links.values().filter(|link| link.key == key).find_map(person);
        let heard = || self.links.values().find_map(|link| link.others.get(&key).cloned());
        let now = direct.map(|person| (person, true)).or_else(|| heard().map(|person| (person, false)));
        self.people.note(key, now);
    }

    /// Tells a link who else is here, if it should know and was not told within the last tenth of a second.
    pub(crate) fn tell_others(&mut self, now: LocalTime, id: LinkId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        if link.told_others.due(&self.people).is_none_or(|due| due > now) {
            return;
        }
        let is_server = link.remote.as_ref().is_some_and(|remote| remote.role == Role::Archive);
        let (its_key, linked) = (link.key, &link.linked);
        let wanted = |key: &PlayerKey, here: &Here| {
            *key != its_key && !linked.contains(key) && (here.is_direct || !is_server)
        };
        let others = link.told_others.news(&self.people, wanted);
        if others != Others::default() {
            link.told_others.at = now;
            self.send(id, &Message::Others(others));
        }
    }

    /// A server says who else is here.
    pub(crate) fn take_others(&mut self, now: LocalTime, id: LinkId, others: Others) {
        let Some(link) = self.links.get(&id) else { return };
        if link.remote.as_ref().is_none_or(|remote| remote.role != Role::Archive) {
            return self.refuse(now, id, "word of other players, which servers alone give");
        }
        // Whom a server tells of at once was here before the link was: to list them all would be no news.
        let is_news = now.nanos_since(link.opened) > ARRIVAL_NANOS;
        for key in others.gone {
            self.forget_other(id, key);
        }
        for (key, person) in others.here {
            self.hear_of_other(id, key, &person, is_news);
        }
    }

    fn forget_other(&mut self, id: LinkId, key: PlayerKey) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let Some(person) = link.others.remove(&key) else { return };
        if !self.is_here(&key) {
            self.tell_passing(key, &person.presence.name, false);
        }
        self.note_other(key);
    }

    fn hear_of_other(&mut self, id: LinkId, key: PlayerKey, person: &Person, is_news: bool) {
        if person.role == Role::Archive || key == self.config.key {
            return;
        }
        let was_here = self.is_here(&key);
        let Some(link) = self.links.get_mut(&id) else { return };
        if link.others.len() >= MAX_OTHERS && !link.others.contains_key(&key) {
            return;
        }
        let presence = bounded(&person.presence);
        link.others.insert(key, Person { role: person.role, presence: presence.clone() });
        if !was_here && is_news {
            self.tell_passing(key, &presence.name, true);
        }
        self.note_other(key);
    }

    /// Whether somebody has a link with us, or is heard of.
    pub(crate) fn is_here(&self, key: &PlayerKey) -> bool {
        self.links.values().any(|link| link.others.contains_key(key) || (link.is_ready() && link.key == *key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Presence;

    fn people(count: u8) -> People {
        let mut people = People::default();
        (1..=count).for_each(|n| people.note(PlayerKey([n; 32]), Some((Person::default(), true))));
        people
    }

    #[test]
    fn everyone_has_a_turn_however_often_the_first_ones_move() {
        let mut people = people(200);
        let mut told = ToldOthers::new(LocalTime(0));
        for round in 0..4 {
            let others = told.news(&people, |_, _| true);
            assert!(others.here.len() <= MAX_OTHERS_PER_MESSAGE);
            (1..=MAX_OTHERS_PER_MESSAGE as u8).for_each(|n| {
                let presence = Presence { name: format!("{round}"), cursor: None };
                people.note(PlayerKey([n; 32]), Some((Person { presence, ..Person::default() }, true)));
            });
        }
        assert_eq!(told.told.len(), 200);
    }

    #[test]
    fn what_is_not_different_is_not_told() {
        let mut people = people(3);
        let mut told = ToldOthers::new(LocalTime(0));
        assert_eq!(told.news(&people, |_, _| true).here.len(), 3);
        people.note(PlayerKey([1; 32]), Some((Person::default(), true)));
        assert_eq!(told.due(&people), None);
        people.note(PlayerKey([2; 32]), None);
        assert!(told.due(&people).is_some());
        let news = told.news(&people, |_, _| true);
        assert_eq!((news.here.len(), news.gone), (0, vec![PlayerKey([2; 32])]));
    }
}
