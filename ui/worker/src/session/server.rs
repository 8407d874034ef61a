//! What comes from the server, and what follows from it.

use crdt_model::Session;
use crdt_model::trust::Challenge;
use jam::{Event, LinkId};
use view::LinkPath;

use super::Hosted;
use super::line::Heard;
use crate::news::Wish;
use crate::opening::nonce;
use crate::remark;

impl Hosted {
    /// A message of the server, or the end of its link. An error is why the session cannot be had at all.
    ///
    /// # Errors
    /// Where the server does not have a session of which nothing is here.
    pub(crate) fn heard(&mut self, link: LinkId, message: Option<Vec<u8>>) -> Result<(), String> {
        match self.line.heard(link, message) {
            Heard::Nothing => self.line.set_release(),
            Heard::Challenge(challenge) => self.challenged(&challenge)?,
            Heard::Frame(bytes) => self.handle(Event::Frame { link, bytes }),
            Heard::Useless => {
                let was_up = self.line.up().is_some();
                self.line.lost(0);
                if was_up {
                    self.handle(Event::LinkDown { link });
                }
                if !self.is_shown && self.line.failures == 1 {
                    // A refused socket does not say why; a request does.
                    self.wish(Wish::Look);
                }
            }
        }
        Ok(())
    }

    /// A pause is over: what was held passes, until the session asks for the next pause.
    pub(super) fn pass_held(&mut self) {
        while let Some((link, bytes)) = self.line.next_held() {
            self.handle(Event::Frame { link, bytes });
        }
        self.line.set_release();
    }

    /// What a player is told of a session of which neither end has anything. Who founded it is known by a ticket alone.
    pub(crate) fn unknown(&self) -> &'static str {
        if self.line.origin.is_some() { remark::PLAYERS_TICKET } else { remark::UNKNOWN_SESSION }
    }

    /// Proves the player's key. What the server says of the session lets one join that knows its id alone.
    fn challenged(&mut self, challenge: &Challenge) -> Result<(), String> {
        let theirs = challenge.origin.filter(|origin| origin.id() == self.id);
        let is_here = self.jam.as_ref().is_some_and(|jam| !jam.session().is_empty());
        if theirs.is_none() && !is_here {
            return Err(self.unknown().to_owned());
        }
        let Some(origin) = self.line.origin.or(theirs) else {
            return Err(remark::UNKNOWN_SESSION.to_owned());
        };
        self.line.origin = Some(origin);
        if self.jam.is_none() {
            self.open(Session::join(self.identity(), nonce(), origin));
        }
        let (link, key) = self.line.answer(challenge, &self.identity(), origin);
        self.handle(Event::LinkUp { link, key, path: LinkPath::Server });
        Ok(())
    }
}
