//! What was done in the session, as an interface lists it, and how the past sounds.

use crdt_model::trust::ChangeHash;
use crdt_model::{ActListing, ActSubject, EditError, LocalChange, Session};
use score::{PlayerKey, Program, UnixMillis, lower_first_scene};
use view::{About, ChangeMark, MAX_PAST_ACTS, Past, PastAct};

use crate::jam::Jam;

impl Jam {
    /// What was done in the session, the newest first. It looks at some thousand changes at most.
    pub fn acts(&mut self) -> Vec<PastAct> {
        self.session.acts(MAX_PAST_ACTS).into_iter().map(past_act).collect()
    }

    /// How a state sounded that the session was in; `None` where it is not here.
    pub fn past(&self, past: Past) -> Option<Program> {
        let heads: Vec<ChangeHash> = match past {
            Past::Version(id) => {
                let version = self.session.score().versions.get(&id)?;
                version.heads.iter().copied().map(ChangeHash).collect()
            }
            Past::With(ChangeMark(hash)) => vec![ChangeHash(hash)],
        };
        self.session.score_at(&heads).map(|score| lower_first_scene(&score))
    }
}

/// Returns the music to a state that it was in.
pub(crate) fn restore(session: &mut Session, past: Past) -> Result<Vec<LocalChange>, EditError> {
    match past {
        Past::Version(version) => session.restore(version),
        Past::With(ChangeMark(hash)) => session.restore_at(&[ChangeHash(hash)]),
    }
}

/// Takes back what a player changed from a change on.
pub(crate) fn take_back(
    session: &mut Session,
    player: PlayerKey,
    since: ChangeMark,
) -> Result<Vec<LocalChange>, EditError> {
    let before = session.heads_before(ChangeHash(since.0)).ok_or(EditError::UnknownState)?;
    session.revert_player(player, &before)
}

fn past_act(listing: ActListing) -> PastAct {
    let ActListing { first, last, by, at_seconds, subject, is_undone } = listing;
    PastAct {
        first: ChangeMark(first.0),
        last: ChangeMark(last.0),
        by,
        at: (at_seconds > 0).then(|| UnixMillis(at_seconds.saturating_mul(1_000))),
        about: match subject {
            ActSubject::Session(key) => About::Session(key),
            ActSubject::Steps(track) => About::Steps(track),
            ActSubject::Track(track, key) => About::Track(track, key),
            ActSubject::Tracks => About::Tracks,
            ActSubject::Master => About::Master,
            ActSubject::Other => About::Other,
        },
        is_undone,
    }
}
