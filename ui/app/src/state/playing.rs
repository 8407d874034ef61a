//! Playing, pausing, stopping: for everybody, and the hearing of it on this machine.

use leptos::prelude::*;
use view::{Command, Playing, Transport};

use super::App;
use crate::host;

impl App {
    /// Whether there is music: everybody's, or what is played here before the session is there.
    pub(crate) fn is_playing(self) -> bool {
        self.ui.is_alone.get() || self.session.timeline.get().playing == Playing::Playing
    }

    /// Whether this player hears it.
    pub(crate) fn hears_music(self) -> bool {
        self.is_playing() && self.ui.is_heard.get()
    }

    /// Plays, or joins those who play; stops where it is heard.
    pub(crate) fn play_stop(self) {
        if untrack(move || self.hears_music()) { self.stop() } else { self.play() }
    }

    fn play(self) {
        self.ui.is_starting.set(true);
        host::hear(Box::new(move |is_heard| {
            self.ui.is_starting.set(false);
            if is_heard {
                self.ui.is_heard.set(true);
                self.begin();
            }
        }));
    }

    /// The engine stands: the session plays from here on, or this page alone until its session is there.
    fn begin(self) {
        if self.has_session() {
            self.command(&[], Command::Play);
        } else if !self.ui.is_alone.get_untracked() {
            host::play_alone(self.session.tempo.get_untracked(), self.session.start());
            self.ui.is_alone.set(true);
        }
        self.ui.say("Playing");
    }

    /// Stops, for everybody, and returns to the start.
    pub(crate) fn stop(self) {
        self.end_alone();
        if self.has_session() {
            self.command(&[], Command::Stop);
        }
        self.ui.say("Stopped");
    }

    /// Holds the music where it is, for everybody.
    pub(crate) fn pause(self) {
        if self.has_session() {
            self.command(&[], Command::Pause);
            self.ui.say("Paused");
        }
    }

    /// What is played here alone ends.
    pub(crate) fn end_alone(self) {
        if self.ui.is_alone.get_untracked() {
            self.ui.is_alone.set(false);
            host::transport(&Transport::stopped());
        }
    }

    /// The session is there: what is heard here already becomes what all hear, unless somebody plays.
    pub(crate) fn play_on(self) {
        if self.ui.is_alone.get_untracked()
            && let Some((beat, at)) = host::alone_since()
        {
            self.command(&[], Command::PlayOn { beat, at });
        }
    }

    /// The host says where the music is. What is heard here alone goes on until the session plays.
    pub(crate) fn moved(self, transport: Option<Transport>) {
        let transport = transport.unwrap_or_else(Transport::stopped);
        if transport.playing == Playing::Playing {
            self.ui.is_alone.set(false);
        }
        if !self.ui.is_alone.get_untracked() {
            host::transport(&transport);
        }
    }

    /// Whether there is a session to play with others.
    fn has_session(self) -> bool {
        self.ui.is_open.get_untracked() && !untrack(move || self.ui.is_beat())
    }
}
