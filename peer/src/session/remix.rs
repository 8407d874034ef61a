//! A session as the beginning of another.

use crdt_model::Session;
use score::Score;
use score::score::Parent;
use score::text::{MAX_SESSION_NAME_CHARS, clean_name};

/// What a remix's name ends in.
const SUFFIX: &str = " remix";

/// The session as it is now, under a name that tells it from the one it was made from, and knowing that one.
pub(super) fn remix(session: &Session) -> Score {
    let score = session.score();
    let heads: Vec<String> = session.heads().iter().map(ToString::to_string).collect();
    let parent = Parent { id: session.id().to_string(), heads: heads.join(","), name: score.name.clone() };
    let name = score.name.strip_suffix(SUFFIX).unwrap_or(&score.name);
    let room = MAX_SESSION_NAME_CHARS - SUFFIX.len();
    let name = format!("{}{SUFFIX}", clean_name(name, room));
    Score { name, parent: Some(parent), ..score.clone() }
}
