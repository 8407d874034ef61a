//! What the player asks for.

use crdt_model::{Act, AuthoredPatches, EditError, LocalChange, Session};
use score::{Edit, LocalTime};
use view::{Command, CommandError, Gesture, Role, ViewPatch};

use crate::effect::{Effect, Entry};
use crate::event::CommandId;
use crate::history::{restore, take_back};
use crate::jam::Jam;

impl Jam {
    pub(crate) fn command(&mut self, now: LocalTime, id: CommandId, command: Command) {
        let done = match command {
            Command::Edit(edit) => self.edit(&edit, None),
            Command::Continue(Gesture(gesture), edit) => self.edit(&edit, Some(Act(gesture))),
            Command::Undo => self.step_back(Session::undo, "there is nothing of yours to undo"),
            Command::Redo => self.step_back(Session::redo, "there is nothing to redo"),
            Command::Restore(past) => self.write(|session| restore(session, past)),
            Command::TakeBack { player, since } => self.write(|session| take_back(session, player, since)),
            Command::Replace(score) => self.write(|session| session.replace(&score)),
            Command::Play => self.play(now),
            Command::PlayOn { beat, at } => self.play_on(now, beat, at),
            Command::Pause => self.pause(now),
            Command::Stop => self.stop(now),
            Command::Seek(beat) => self.seek(now, beat),
            Command::Point(cursor) => {
                self.point(cursor);
                Ok(())
            }
            Command::Rename(name) => {
                self.rename(&name);
                Ok(())
            }
        };
        self.tempo_edited(now);
        let result = done.map_err(|message| CommandError { session: self.session.id(), message });
        self.push(Effect::Reply { id, result });
    }

    /// Undoes or redoes; `nothing` is what a player is told who has nothing to take back.
    fn step_back(
        &mut self,
        step: impl FnOnce(&mut Session) -> Result<Option<Vec<LocalChange>>, EditError>,
        nothing: &str,
    ) -> Result<(), String> {
        let mut is_done = true;
        self.write(|session| {
            let changes = step(session)?;
            is_done = changes.is_some();
            Ok(changes.unwrap_or_default())
        })?;
        if is_done { Ok(()) } else { Err(nothing.to_owned()) }
    }

    fn edit(&mut self, edit: &Edit, act: Option<Act>) -> Result<(), String> {
        self.write(|session| session.apply(edit, act).map(|change| change.into_iter().collect()))
    }

    /// Writes to the document as the player at this machine.
    fn write(
        &mut self,
        write: impl FnOnce(&mut Session) -> Result<Vec<LocalChange>, EditError>,
    ) -> Result<(), String> {
        if self.config.role == Role::Listener {
            return Err("you are listening to this session: join it as an editor to change it".to_owned());
        }
        let changes = write(&mut self.session).map_err(|error| error.to_string())?;
        for change in changes {
            self.publish(change);
        }
        Ok(())
    }

    /// A change of this player's own: to the store, to every link and to the interface at once. Sending need not wait for the
    /// store, for no actor ever writes a number twice, whatever a crash forgets.
    pub(crate) fn publish(&mut self, change: LocalChange) {
        let LocalChange { record, patches, .. } = change;
        let ticket = self.durability.made(record.voucher.actor(), record.voucher.seq, self.config.key);
        self.store(ticket, vec![Entry::Change(record.clone())]);
        self.pass_on(ticket, None, Some(vec![record]));
        self.show(self.config.key, patches);
    }

    /// Tells the interface what several authors' changes did to the score.
    pub(crate) fn show_all(&mut self, patches: Vec<AuthoredPatches>) {
        for AuthoredPatches { by, changes } in patches {
            self.show(by, changes);
        }
    }

    /// Tells the interface what is different in the score.
    pub(crate) fn show(&mut self, by: score::PlayerKey, changes: Vec<score::ScorePatch>) {
        if !changes.is_empty() {
            self.score_changed = true;
            self.push(Effect::Patch(Box::new(ViewPatch::Score { by, changes })));
        }
    }
}
