//! What was done in the session, and how it sounded.

use jam::Jam;
use score::Program;
use score::program_image::write_image;
use view::{ALONE_AHEAD_NANOS, Past, Tell, Transport};

use super::{Asker, Hosted};
use crate::browser;

impl Hosted {
    /// Tells what was done.
    pub(crate) fn list_acts(&mut self, to: Asker) {
        let acts = self.jam.as_mut().map(Jam::acts).unwrap_or_default();
        self.tell(to, &Tell::Acts(acts));
    }

    /// Has an interface play a state that the session was in, or the session again.
    pub(crate) fn preview(&mut self, asker: Asker, past: Option<Past>) {
        let Some(past) = past else {
            if self.previews.remove(&asker) {
                self.tell(asker, &Tell::Program(self.program.clone()));
                self.tell(asker, &Tell::Transport(self.jam.as_ref().and_then(Jam::transport)));
            }
            return;
        };
        let Some(program) = self.jam.as_ref().and_then(|jam| jam.past(past)) else {
            let reason = "That state has not arrived here yet; wait for the others to be linked.";
            return self.tell(asker, &Tell::Failed(reason.to_owned()));
        };
        self.previews.insert(asker);
        let mut image = Vec::new();
        write_image(&program, &mut image);
        self.tell(asker, &Tell::Program(image));
        self.tell(asker, &Tell::Transport(Some(self.apart(&program))));
    }

    /// Where the music of the past is that is played from here on: it has a tempo of its own.
    fn apart(&self, program: &Program) -> Transport {
        let shared = self.jam.as_ref().and_then(Jam::transport).unwrap_or_else(Transport::stopped);
        shared.apart(program.tempo, program.start(), browser::now().plus_nanos(ALONE_AHEAD_NANOS))
    }

    /// Tells what is to be heard to everybody who does not hear the past.
    pub(super) fn tell_listeners(&self, tell: &Tell) {
        if self.previews.is_empty() {
            return self.tell_all(tell);
        }
        let watching = self.watching.iter().map(|tab| Some(*tab));
        for asker in watching.chain([None]).filter(|asker| !self.previews.contains(asker)) {
            self.tell(asker, tell);
        }
    }
}
