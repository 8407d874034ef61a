//! Carrying out what the session asks for.

use jam::{Effect, Jam, LinkId};
use score::program_image::write_image;
use view::{Tell, Thumbnail, ViewPatch};

use super::Hosted;
use crate::browser::Timer;
use crate::mailbox::post;
use crate::news::{Due, News};

impl Hosted {
    /// Does all that the session asks for, and what has become possible by it.
    pub(super) fn carry_out(&mut self) {
        while let Some(effect) = self.jam.as_mut().and_then(Jam::next_effect) {
            self.carry_out_one(effect);
        }
        self.show_once_there();
        self.keeper.flush();
        self.fulfil_wishes();
        self.set_deadline();
    }

    fn carry_out_one(&mut self, effect: Effect) {
        match effect {
            Effect::Send { link, frame } => self.send(link, &frame),
            Effect::Datagram { link, frame, asks } => {
                if let (Some(number), Some(jam)) = (asks, &mut self.jam) {
                    jam.asked(link, number, crate::browser::now());
                }
                self.send(link, &frame);
            }
            Effect::Pause { link, until } => self.line.pause(link, until),
            Effect::Close { link, reason, retry_after_millis } => {
                if self.line.close(link, retry_after_millis.unwrap_or(0)) && retry_after_millis.is_none() {
                    self.notice(format!("The server: {reason}."));
                }
            }
            Effect::Store { ticket, entries } => {
                if let Some(notice) = self.keeper.keep(ticket, &entries) {
                    self.notice(notice);
                }
            }
            Effect::Patch(patch) => self.patch(*patch),
            Effect::Transport(transport) => {
                if self.is_shown {
                    self.tell_listeners(&Tell::Transport(transport));
                }
            }
            Effect::Program(program) => {
                self.program.clear();
                write_image(&program, &mut self.program);
                if self.is_shown {
                    self.tell_listeners(&Tell::Program(self.program.clone()));
                }
            }
            Effect::Reply { id, result } => {
                if let Some((asker, id)) = self.answers.remove(&id) {
                    let result = result.map_err(|error| error.message);
                    self.tell(asker, &Tell::Answer { id, result });
                }
            }
            // A page can be dialled by nobody and dials nobody but its server, is no server itself, and what was refused is the
            // sender's trouble.
            Effect::KnownPeers(_) | Effect::ArchiveWanted { .. } | Effect::Refused { .. } => {}
        }
    }

    fn patch(&mut self, patch: ViewPatch) {
        match &patch {
            ViewPatch::Connection(connection) => self.connection = connection.clone(),
            ViewPatch::Score { .. } => self.describe(),
            _ => {}
        }
        if self.is_shown || matches!(patch, ViewPatch::Notice(_)) {
            self.tell_all(&Tell::Patch(patch));
        }
    }

    /// Keeps the name and the picture with which the session is listed.
    fn describe(&mut self) {
        if let Some(score) = self.jam.as_ref().map(|jam| jam.session().score()) {
            self.keeper.describe(&score.name, Thumbnail::of(score));
        }
    }

    fn send(&mut self, link: LinkId, frame: &[u8]) {
        if !self.line.send(link, frame) {
            self.line.lost(0);
            if let Some(jam) = &mut self.jam {
                jam.handle(crate::browser::now(), jam::Event::LinkDown { link });
            }
        }
    }

    /// A session that was joined is shown when something of it has arrived.
    fn show_once_there(&mut self) {
        if self.is_shown || self.jam.as_ref().is_none_or(|jam| jam.session().is_empty()) {
            return;
        }
        self.is_shown = true;
        self.describe();
        self.show_all(None);
        let watching: Vec<_> = self.watching.iter().copied().collect();
        for tab in watching {
            self.show_all(Some(tab));
        }
        while let Some((asker, id, command)) = self.waiting.pop_front() {
            self.command(asker, id, command);
        }
    }

    fn set_deadline(&mut self) {
        let due = self.jam.as_ref().and_then(Jam::next_deadline);
        if self.deadline.as_ref().map(Timer::due) == due {
            return;
        }
        let opening = self.opening;
        self.deadline = due.map(|at| Timer::at(at, move || post(News::Due(opening, Due::Session))));
    }
}
