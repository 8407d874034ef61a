//! Playing, pausing, stopping: for everybody, and the hearing of it on this machine.

use leptos::prelude::*;
use score::Beats;
use view::{Command, Playing, Transport};

use super::App;
use crate::model::beat_clock::position;
use crate::{host, playhead};

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

    /// Hears what is played on this machine from here on, within the player's click; nothing begins to play by it.
    pub(crate) fn listen(self) {
        if !self.ui.is_heard.get_untracked() {
            host::listen(Box::new(move |is_heard| {
                if is_heard {
                    self.ui.is_heard.set(true);
                }
            }));
        }
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
        self.ui.moves.set(());
    }

    /// Goes on from another beat, for everybody; what stands stands there from then on.
    pub(crate) fn seek(self, beat: Beats) {
        let beat = beat.max(Beats::ZERO);
        if self.has_session() {
            self.command(&[], Command::Seek(beat));
        } else if self.ui.is_alone.get_untracked() {
            host::play_alone(self.session.tempo.get_untracked(), beat);
        } else {
            return;
        }
        let place = position(beat.0 as f64, self.session.meter.get_untracked());
        self.ui.say(format!("The music goes to {place}"));
    }

    /// Goes so many bars on or, below 0, back: to where a bar begins.
    pub(crate) fn seek_bars(self, by: i64) {
        let bar = self.session.meter.get_untracked().bar().0;
        let beat = playhead::beat(self) as i64;
        self.seek(Beats((beat.div_euclid(bar) + by) * bar));
    }

    /// Whether there is a session to play with others.
    fn has_session(self) -> bool {
        self.ui.is_open.get_untracked() && !untrack(move || self.ui.is_beat())
    }
}
