//! Making sessions on request.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use score::score::Parent;
use score::text::MAX_SESSION_NAME_CHARS;
use score::{PlayerKey, Score};
use serde::Serialize;

use super::site::PublicUrl;
use super::{Problem, Site};
use crate::limits::ClientAddress;
use crate::metrics::Refusal;
use crate::rooms::{Beginning, RoomError, State};
use crate::storage::Lineage;

/// What a remix's name ends with.
const REMIX: &str = " (remix)";

/// Something that was made.
#[derive(Serialize)]
struct Made<'a> {
    id: &'a str,
    url: &'a str,
}

/// Answers that something was made.
pub(super) fn made(id: &str, api: &str, url: &str) -> Response {
    let body = axum::Json(Made { id, url });
    (StatusCode::CREATED, [(header::LOCATION, api)], body).into_response()
}

/// Counts one more thing made against the address that asks for it.
pub(super) fn count(site: &Site, from: ClientAddress) -> Result<(), Problem> {
    site.door.creations.check(from).map_err(|refused| {
        site.door.metrics.refuse(Refusal::Rate);
        refused.into()
    })
}

/// Founds a session and says where it is.
pub(super) async fn found(site: &Site, url: &PublicUrl, beginning: Beginning) -> Result<Response, Problem> {
    let length = beginning.score.name.chars().count();
    if length > MAX_SESSION_NAME_CHARS {
        let detail = format!("a name of {length} characters; at most {MAX_SESSION_NAME_CHARS} are allowed");
        return Err(RoomError::Refused(detail).into());
    }
    let session = site.rooms().found(beginning).await?;
    let id = session.to_string();
    Ok(made(&id, &format!("/api/sessions/{id}"), &url.at(&format!("/s/{id}"))))
}

/// What a remix begins with: the music, without what was said about it.
pub(super) fn remix(
    state: &State,
    lineage: Lineage,
    name: Option<String>,
    owner: Option<PlayerKey>,
) -> Beginning {
    let score = Score::clone(&state.score);
    let heads = state.heads.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let parent = Parent { id: lineage.to_string(), heads, name: score.name.clone() };
    let name = name.unwrap_or_else(|| {
        let kept = MAX_SESSION_NAME_CHARS - REMIX.len();
        score.name.trim_end_matches(REMIX).chars().take(kept).chain(REMIX.chars()).collect()
    });
    Beginning { score: Score { name, parent: Some(parent), ..score }, owner, parent: Some(lineage) }
}

/// A random number from the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| RoomError::Random(error.to_string()))?;
    Ok(bytes)
}
