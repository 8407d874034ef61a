//! How a link begins and ends.

use std::collections::BTreeMap;

use score::{LocalTime, PlayerKey};
use view::{LinkPath, Role};

use crate::effect::Effect;
use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::{MAX_PEERS, MAX_REASON_BYTES, MAX_REFUSALS, MAX_SHUNNED, MILLISECOND, SHUN_NANOS};
use crate::link::{Link, Remote};
use crate::wire::{Address, Bye, Hello, Message, PROTOCOLS, Parting, WireError, negotiate};

/// How long a peer should wait before it asks for room again.
const RETRY_FULL_MILLIS: u32 = 30_000;
/// How long to wait for a program that starts again.
const RETRY_RESTART_MILLIS: u32 = 2_000;

/// Keys that are turned away for a while, for what they sent.
#[derive(Debug, Default)]
pub(crate) struct Shunned(BTreeMap<PlayerKey, LocalTime>);

impl Shunned {
    fn add(&mut self, key: PlayerKey, until: LocalTime) {
        if self.0.len() >= MAX_SHUNNED
            && let Some(soonest) = self.0.iter().min_by_key(|(_, until)| **until).map(|(key, _)| *key)
        {
            self.0.remove(&soonest);
        }
        self.0.insert(key, until);
    }

    fn until(&mut self, key: &PlayerKey, now: LocalTime) -> Option<LocalTime> {
        self.0.retain(|_, until| *until > now);
        self.0.get(key).copied()
    }
}

impl Jam {
    /// A link was opened: both ends say who they are.
    pub(crate) fn link_up(&mut self, now: LocalTime, id: LinkId, key: PlayerKey, path: LinkPath) {
        let full = self.links.len() >= self.config.limits.links;
        self.links.insert(id, Link::new(key, path, now));
        if let Some(until) = self.shunned.until(&key, now) {
            let wait = u32::try_from(until.nanos_since(now) / MILLISECOND).unwrap_or(u32::MAX);
            return self.part(id, Parting::Refused, "your last link was closed for what it sent", Some(wait));
        }
        if full {
            let reason = format!("this session has its {} links", self.config.limits.links);
            return self.part(id, Parting::Full, &reason, Some(RETRY_FULL_MILLIS));
        }
        let hello = self.hello();
        if let Some(link) = self.links.get_mut(&id) {
            link.told_presence.tell(&crate::wire::Presence { name: hello.name.clone(), cursor: None }, now);
        }
        self.send(id, &Message::Hello(hello));
    }

    fn hello(&self) -> Hello {
        Hello {
            protocols: PROTOCOLS,
            session: self.session.id(),
            origin: Some(self.session.origin()),
            key: self.config.key,
            role: self.config.role,
            archive: self.config.archive,
            name: self.presence.name.clone(),
            address: self.address.clone(),
        }
    }

    /// The other end says who it is. From here on it takes part.
    pub(crate) fn take_hello(&mut self, now: LocalTime, id: LinkId, hello: Hello) {
        let is_too_many = hello.role != Role::Archive && self.is_crowded();
        let Some(link) = self.links.get_mut(&id) else { return };
        if link.is_ready() {
            return self.refuse(now, id, "a second Hello on one link");
        }
        if hello.session != self.session.id() || hello.key != link.key {
            let what = if hello.key == link.key { "session" } else { "key" };
            let reason = format!("the link is for another {what} than it says");
            return self.part(id, Parting::Mismatch, &reason, None);
        }
        match hello.origin {
            Some(origin) if origin == self.session.origin() => {}
            Some(_) => {
                return self.part(id, Parting::Mismatch, "the session was founded by somebody else", None);
            }
            None => {
                return self.part(id, Parting::Answered, "the Hello says who founded the session", Some(0));
            }
        }
        if is_too_many {
            let reason = "this player is linked with as many others as it may; a server passes the rest on";
            return self.part(id, Parting::Full, reason, Some(RETRY_FULL_MILLIS));
        }
        // What has no version in common was refused when it was read.
        link.version = negotiate(PROTOCOLS, hello.protocols).unwrap_or(PROTOCOLS.oldest);
        link.presence.name = crate::players::bounded_name(&hello.name);
        link.remote = Some(Remote { role: hello.role, address: hello.address });
        link.clock.path_changed(now);
        let key = link.key;
        if hello.archive && self.config.role == Role::Archive {
            self.push(Effect::ArchiveWanted { by: key });
        }
        self.tell_joined(id);
        self.note_other(key);
        self.send_heads(id);
        self.send_durable(id);
        self.send_peers(id);
        self.send_timeline(id);
        self.clock_news = true;
        self.announce_linked();
    }

    /// Whether other players are to be met through a server from here on: each with each, their links would grow with the square of
    /// their number. Without a server there is no other way.
    pub(crate) fn is_crowded(&self) -> bool {
        let is_server = |link: &Link| link.remote.as_ref().is_some_and(|remote| remote.role == Role::Archive);
        let servers = self.ready_links().filter(|(_, link)| is_server(link)).count();
        let players = self.ready_links().count() - servers;
        self.config.role != Role::Archive && servers > 0 && players >= self.config.limits.direct_players
    }

    /// Tells a newcomer where the others are, so that a third player finds the second without a server.
    fn send_peers(&mut self, id: LinkId) {
        let Some(newcomer) = self.links.get(&id).map(|link| link.key) else { return };
        let peers: Vec<_> = self
            .ready_links()
            .filter(|(_, link)| link.key != newcomer)
            .filter_map(|(_, link)| Some((link.key, link.remote.as_ref()?.address.clone()?)))
            .take(MAX_PEERS)
            .collect();
        if !peers.is_empty() {
            self.send(id, &Message::Peers(peers));
        }
    }

    /// The other end says where others are. They are dialled where there is room for more.
    pub(crate) fn take_peers(&mut self, peers: Vec<(PlayerKey, Address)>) {
        if !self.is_crowded() {
            self.push(Effect::KnownPeers(peers));
        }
    }

    /// The other end says whom it is linked with.
    pub(crate) fn take_linked(&mut self, id: LinkId, keys: Vec<PlayerKey>) {
        let Some(link) = self.links.get_mut(&id) else { return };
        link.linked = keys.into_iter().collect();
        link.told_others.look_again();
        if self.config.role == Role::Archive {
            self.announce_linked();
        }
    }

    /// Tells everyone whom we are linked with, where that is news. A server leaves out those who are linked with it alone: they
    /// pass nothing on, and nobody passes anything on to them.
    fn announce_linked(&mut self) {
        let is_server = self.config.role == Role::Archive;
        let concerned = |link: &Link| !is_server || link.linked.len() > 1;
        let mut linked: Vec<PlayerKey> =
            self.ready_links().filter(|(_, link)| concerned(link)).map(|(_, link)| link.key).collect();
        linked.sort_unstable();
        linked.dedup();
        // More than these do not link with each other: those left out get changes from us, and perhaps twice.
        linked.truncate(MAX_PEERS);
        let ids: Vec<LinkId> =
            self.ready_links().filter(|(_, link)| concerned(link)).map(|(id, _)| id).collect();
        for id in ids {
            let Some(link) = self.links.get_mut(&id) else { continue };
            if link.told_linked != linked {
                link.told_linked.clone_from(&linked);
                self.send(id, &Message::Linked(linked.clone()));
            }
        }
    }

    /// The carrier lost a link.
    pub(crate) fn link_down(&mut self, id: LinkId) {
        self.tell_left(id);
        let Some(link) = self.links.remove(&id) else { return };
        if link.is_ready() {
            self.clock_news = true;
            self.note_other(link.key);
            self.forget_timeline_of_nobody();
            self.announce_linked();
        }
        for key in link.others.into_keys() {
            self.note_other(key);
        }
    }

    /// The other end closes.
    pub(crate) fn take_bye(&mut self, id: LinkId, bye: &Bye) {
        let Bye { reason, retry_after_millis, .. } = bye;
        self.close(id, format!("the other end closed the link: {reason}"), *retry_after_millis);
    }

    /// Says why, and closes.
    pub(crate) fn part(
        &mut self,
        id: LinkId,
        parting: Parting,
        reason: &str,
        retry_after_millis: Option<u32>,
    ) {
        let mut end = reason.len().min(MAX_REASON_BYTES);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        let bye = Bye { parting, reason: reason[..end].to_owned(), retry_after_millis };
        self.send(id, &Message::Bye(bye));
        self.close(id, reason.to_owned(), retry_after_millis);
    }

    fn close(&mut self, id: LinkId, reason: String, retry_after_millis: Option<u32>) {
        self.push(Effect::Close { link: id, reason, retry_after_millis });
        self.link_down(id);
    }

    /// Names and counts a message that was not taken. Too many of them close the link.
    pub(crate) fn refuse(&mut self, now: LocalTime, id: LinkId, reason: &str) {
        self.metrics.refused_messages += 1;
        self.push(Effect::Refused { link: id, reason: reason.to_owned() });
        let Some(link) = self.links.get_mut(&id) else { return };
        link.refusals += 1;
        if link.refusals >= MAX_REFUSALS || !link.is_ready() {
            let key = link.key;
            self.metrics.hostile_links += 1;
            self.shunned.add(key, now.plus_nanos(SHUN_NANOS));
            let wait = u32::try_from(SHUN_NANOS / MILLISECOND).unwrap_or(u32::MAX);
            self.part(id, Parting::Refused, reason, Some(wait));
        }
    }

    /// Bytes that are no message. A version that nobody here speaks is no offence, but the end of the link.
    pub(crate) fn refuse_bytes(&mut self, now: LocalTime, id: LinkId, error: &WireError) {
        match error {
            WireError::Version { .. } => self.part(id, Parting::Version, &error.to_string(), None),
            _ => self.refuse(now, id, &error.to_string()),
        }
    }

    /// Tells everyone that this replica goes.
    pub(crate) fn leave(&mut self, parting: Parting) {
        let retry = (parting == Parting::Restarting).then_some(RETRY_RESTART_MILLIS);
        let ids: Vec<LinkId> = self.links.keys().copied().collect();
        for id in ids {
            self.part(id, parting, "the session was closed here", retry);
        }
    }
}
