//! Play, stop, pause, seek; and what others press.

use score::{Beats, LocalTime, SharedTime, Tempo};
use view::{Playing, Role};

use super::{SignedTimeline, State, Timeline};
use crate::event::LinkId;
use crate::jam::Jam;
use crate::limits::{MAX_LAMPORT_LEAP, MAX_LEAD_NANOS, MAX_PLAYED_ALONE_NANOS, MIN_LEAD_NANOS};
use crate::wire::Message;

impl Jam {
    /// Starts, where nothing plays. Whoever presses play while others play joins in by hearing it.
    pub(crate) fn play(&mut self, now: LocalTime) -> Result<(), String> {
        if self.shown_timeline().playing == Playing::Playing {
            return Ok(());
        }
        self.may_conduct()?;
        let beat = match (self.timeline.playing(), self.shared_time(now)) {
            (Playing::Paused, Some(shared_now)) => self.timeline.beat_at(shared_now),
            _ => self.start(),
        };
        self.play_alone(now, beat, now.plus_nanos(self.lead_nanos()));
        Ok(())
    }

    /// Starts where the player hears it already: the music is at `beat` at a moment of this machine's clock.
    pub(crate) fn play_on(&mut self, now: LocalTime, beat: Beats, at: LocalTime) -> Result<(), String> {
        if self.shown_timeline().playing == Playing::Playing {
            return Ok(());
        }
        self.may_conduct()?;
        let at = at.max(now.plus_nanos(-MAX_PLAYED_ALONE_NANOS)).min(now.plus_nanos(MAX_LEAD_NANOS));
        self.play_alone(now, beat, at);
        Ok(())
    }

    /// Stops and returns to the start.
    pub(crate) fn stop(&mut self, now: LocalTime) -> Result<(), String> {
        self.may_conduct()?;
        self.timeline.alone = None;
        self.stand(now, State::Stopped, Some(self.start()));
        Ok(())
    }

    /// Stands where the music is.
    pub(crate) fn pause(&mut self, now: LocalTime) -> Result<(), String> {
        self.may_conduct()?;
        self.end_alone(now);
        if self.timeline.is_playing() {
            self.stand(now, State::Paused, None);
        }
        Ok(())
    }

    /// Goes on from another beat, or stands there.
    pub(crate) fn seek(&mut self, now: LocalTime, beat: Beats) -> Result<(), String> {
        self.may_conduct()?;
        if beat < Beats::ZERO {
            return Err("there is nothing before the first beat: seek to 0 or later".to_owned());
        }
        self.end_alone(now);
        self.found_epoch(now);
        let Some(shared_now) = self.shared_time(now) else { return Ok(()) };
        match self.timeline.segments.tempo_at(shared_now).filter(|_| self.timeline.is_playing()) {
            Some(before) => {
                let tempo = self.session.score().tempo;
                let at = shared_now.plus_nanos(self.lead_nanos());
                self.write_timeline(State::Playing { tempo, before: Some(before) }, beat, at);
            }
            None => self.stand(now, State::Paused, Some(beat)),
        }
        Ok(())
    }

    fn may_conduct(&self) -> Result<(), String> {
        if self.config.role == Role::Listener {
            return Err(
                "you are listening to this session: join it as an editor to start and stop it".to_owned()
            );
        }
        Ok(())
    }

    fn stand(&mut self, now: LocalTime, state: State, beat: Option<Beats>) {
        let Some(shared_now) = self.shared_time(now) else { return };
        let beat = beat.unwrap_or_else(|| self.timeline.beat_at(shared_now));
        self.write_timeline(state, beat, shared_now);
    }

    /// Where stopping returns to: the start of the loop, or of the song.
    fn start(&self) -> Beats {
        self.session
            .score()
            .loop_region
            .map_or(Beats::ZERO, |region| Beats::from_steps(i64::from(region.first())))
    }

    /// How far ahead a start has to lie so that everyone hears of it before: twice the longest known way.
    pub(crate) fn lead_nanos(&self) -> i64 {
        let delays = self.ready_links().filter_map(|(_, link)| link.clock.least_delay_nanos());
        delays.max().unwrap_or(0).saturating_mul(2).clamp(MIN_LEAD_NANOS, MAX_LEAD_NANOS)
    }

    /// Writes the timeline as the player at this machine, and tells everyone.
    pub(crate) fn write_timeline(&mut self, state: State, beat_origin: Beats, time_origin: SharedTime) {
        let Some(epoch) = self.shared.as_ref().map(|shared| shared.epoch) else { return };
        let lamport =
            self.timeline.register.as_ref().map_or(0, |register| register.lamport).saturating_add(1);
        let timeline = Timeline { epoch, state, beat_origin, time_origin };
        let signed = SignedTimeline::new(timeline, lamport, self.session.id(), self.session.identity());
        self.enter_timeline(signed, None);
    }

    /// A timeline comes on a link.
    pub(crate) fn take_timeline(&mut self, now: LocalTime, id: LinkId, signed: SignedTimeline) {
        let Some(link) = self.links.get_mut(&id) else { return };
        if link.timeline.as_ref() == Some(&signed) {
            return;
        }
        let is_listener = link.remote.as_ref().is_some_and(|remote| remote.role == Role::Listener);
        if is_listener && signed.author == link.key {
            return self.refuse(
                now,
                id,
                "a listener's timeline: join the session as an editor to start and stop it",
            );
        }
        let known = self.timeline.register.as_ref().is_some_and(|register| *register == signed);
        if !known && !signed.is_genuine(self.session.id()) {
            return self.refuse(now, id, "a timeline that its author did not sign");
        }
        let Some(link) = self.links.get_mut(&id) else { return };
        link.timeline = Some(signed);
        self.consider_timeline(now, id);
    }

    /// Takes over what a link plays, if it is of our epoch and later than ours.
    pub(crate) fn consider_timeline(&mut self, now: LocalTime, id: LinkId) {
        let Some(signed) = self.links.get(&id).and_then(|link| link.timeline.clone()) else { return };
        if self.shared.as_ref().is_none_or(|shared| shared.epoch != signed.timeline.epoch) {
            return;
        }
        let ours = self.timeline.register.as_ref().map(SignedTimeline::version);
        if ours.is_some_and(|ours| signed.version() <= ours) {
            return;
        }
        if ours.is_some_and(|(lamport, _)| signed.lamport > lamport.saturating_add(MAX_LAMPORT_LEAP)) {
            return self.refuse(now, id, "a timeline with a number far ahead of ours");
        }
        self.enter_timeline(signed, Some(id));
    }

    fn enter_timeline(&mut self, signed: SignedTimeline, from: Option<LinkId>) {
        self.timeline.segments.write(&signed.timeline);
        self.timeline.register = Some(signed.clone());
        self.timeline.tempo_differs = None;
        let sender = from.and_then(|from| self.links.get(&from));
        let reached = sender.map(|link| link.linked.clone()).unwrap_or_default();
        let lacking =
            self.ready_links().filter(|(id, link)| Some(*id) != from && !reached.contains(&link.key));
        let links: Vec<LinkId> = lacking.map(|(id, _)| id).collect();
        for id in &links {
            if let Some(link) = self.links.get_mut(id) {
                link.timeline = Some(signed.clone());
            }
        }
        self.send_to(&links, &Message::Timeline(signed));
    }

    /// Sends the timeline to a link that does not have it.
    pub(crate) fn send_timeline(&mut self, id: LinkId) {
        let (Some(link), Some(register)) = (self.links.get_mut(&id), &self.timeline.register) else { return };
        let theirs = link.timeline.as_ref().filter(|theirs| theirs.timeline.epoch == register.timeline.epoch);
        if theirs.is_none_or(|theirs| theirs.version() < register.version()) {
            let register = register.clone();
            link.timeline = Some(register.clone());
            self.send(id, &Message::Timeline(register));
        }
    }

    /// Another shared time counts from here on; ours was moved by that much. What plays in it is played; where nothing does, it
    /// goes on as we played.
    pub(crate) fn epoch_changed(&mut self, now: LocalTime, moved: Option<i64>) {
        let ours = self.timeline.register.take();
        let was_playing =
            matches!(&ours, Some(signed) if matches!(signed.timeline.state, State::Playing { .. }));
        let mut segments = std::mem::take(&mut self.timeline.segments);
        let ids: Vec<LinkId> = self.ready_links().map(|(id, _)| id).collect();
        for id in ids {
            self.consider_timeline(now, id);
        }
        if self.timeline.is_playing() || !was_playing {
            return;
        }
        let (Some(moved), Some(shared_now)) = (moved, self.shared_time(now)) else { return };
        segments.moved(moved);
        let at = segments.last_origin().unwrap_or(shared_now).max(shared_now.plus_nanos(self.lead_nanos()));
        let (beat, tempo) = (segments.beat_at(at), segments.tempo_at(at));
        let before = segments.tempo_at(shared_now);
        self.timeline.segments = segments;
        self.write_timeline(State::Playing { tempo: tempo.unwrap_or(Tempo::default()), before }, beat, at);
    }

    /// "Playing" holds while a player vouches for it. A server whose last player left forgets it.
    pub(crate) fn forget_timeline_of_nobody(&mut self) {
        let is_person = |role| role != Role::Archive;
        let anyone = self
            .ready_links()
            .any(|(_, link)| link.remote.as_ref().is_some_and(|remote| is_person(remote.role)));
        if self.config.role == Role::Archive && !anyone && self.people.is_empty() {
            self.timeline = super::Timelines::default();
        }
    }
}
