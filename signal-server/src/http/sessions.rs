//! `/api/sessions`: founding, reading, replacing, naming and remixing sessions.

use axum::extract::{Path, State as Here};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use crdt_model::exchange;
use score::default_name::default_name;
use score::id::SessionId;
use score::{Edit, UnixMillis};
use serde::{Deserialize, Serialize};
use view::Command;

use super::body::Sent;
use super::founding::{count, found, random, remix as remixed};
use super::site::PublicUrl;
use super::{Problem, Site};
use crate::limits::ClientAddress;
use crate::rooms::{Beginning, RoomError, State};
use crate::storage::{Facts, Lineage};

/// A session's id as the path gives it.
pub(super) fn session_id(text: &str) -> Result<SessionId, Problem> {
    text.parse().map_err(|error: score::id::IdError| Problem::missing(error.to_string()))
}

/// What a new session is asked to be. A whole session may be given instead.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    name: Option<String>,
    /// Where there are tracks the body is a session's JSON.
    tracks: Option<serde::de::IgnoredAny>,
}

/// `POST /api/sessions`: a session that begins on a beat that plays, under the name asked for, or as the JSON in the body.
pub(super) async fn create(
    Here(site): Here<Site>,
    from: ClientAddress,
    url: PublicUrl,
    sent: Sent,
) -> Result<Response, Problem> {
    let wanted: Wanted = sent.json()?;
    let score = if wanted.tracks.is_some() {
        read_state(sent.body.to_vec()).await?
    } else {
        let seed = u64::from_le_bytes(random()?);
        let name = wanted.name.filter(|name| !name.trim().is_empty());
        score::starter(&name.unwrap_or_else(|| default_name(seed)), seed)
    };
    count(&site, from)?;
    found(&site, &url, Beginning { score, owner: sent.author(), parent: None }).await
}

/// What is known about a session; its state follows as one more member.
#[derive(Serialize)]
struct Shown<'a> {
    id: SessionId,
    name: &'a str,
    url: String,
    ticket: String,
    created_at: UnixMillis,
    updated_at: UnixMillis,
    last_accessed_at: UnixMillis,
    parent: Option<String>,
    remix_count: u32,
}

/// `GET /api/sessions/{id}`.
pub(super) async fn show(
    Here(site): Here<Site>,
    Path(id): Path<String>,
    url: PublicUrl,
) -> Result<Response, Problem> {
    let session = session_id(&id)?;
    let (facts, state) = facts_and_state(&site, session).await?;
    let shown = Shown {
        id: session,
        name: &state.score.name,
        url: url.at(&format!("/s/{session}")),
        ticket: site.ticket(facts.origin, &url),
        created_at: facts.created_at,
        updated_at: facts.updated_at,
        last_accessed_at: facts.last_accessed_at,
        parent: facts.parent.map(|parent| parent.to_string()),
        remix_count: facts.remix_count,
    };
    let state = exchange::write_session_json(Some(session), &state.score);
    json_with(&shown, "state", &state, "no-store")
}

async fn facts_and_state(site: &Site, session: SessionId) -> Result<(Facts, State), Problem> {
    let facts = site.storage.facts(session).await.map_err(RoomError::Storage)?.ok_or(RoomError::Missing)?;
    Ok((facts, site.rooms().state(session).await?))
}

/// An object as JSON, with one more member that is JSON already.
pub(super) fn json_with(
    object: &impl Serialize,
    name: &str,
    member: &str,
    cache: &'static str,
) -> Result<Response, Problem> {
    let object = serde_json::to_string(object).map_err(|error| Problem::malformed(error.to_string()))?;
    let head = object.strip_suffix('}').unwrap_or(&object);
    let text = format!("{head},\"{name}\":{}}}", member.trim_end());
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, cache)];
    Ok((headers, text).into_response())
}

/// Reads a session from a file of any format that can be imported.
async fn read_state(file: Vec<u8>) -> Result<score::Score, Problem> {
    let read = tokio::task::spawn_blocking(move || exchange::import(&file)).await;
    let imported = read.map_err(|error| RoomError::Load(error.to_string()))?;
    Ok(imported.map_err(|error| Problem::malformed(error.to_string()))?.score)
}

/// `PUT /api/sessions/{id}`, signed: the session's music becomes that of the file in the body.
pub(super) async fn replace(
    Here(site): Here<Site>,
    Path(id): Path<String>,
    from: ClientAddress,
    sent: Sent,
) -> Result<StatusCode, Problem> {
    let session = session_id(&id)?;
    sent.signed()?;
    // It may be as long as a new session, and stays in the history.
    count(&site, from)?;
    let score = read_state(sent.body.to_vec()).await?;
    site.rooms().command(session, Command::Replace(Box::new(score))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a session is to be called.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Renaming {
    name: String,
}

/// `PATCH /api/sessions/{id}`, signed.
pub(super) async fn rename(
    Here(site): Here<Site>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<StatusCode, Problem> {
    let session = session_id(&id)?;
    sent.signed()?;
    if sent.body.is_empty() {
        return Err(Problem::malformed("say what to change: {\"name\": \"…\"}"));
    }
    let Renaming { name } = sent.json()?;
    site.rooms().command(session, Command::Edit(Edit::SetName(name))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a remix is to be called.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Remixing {
    pub(super) name: Option<String>,
}

/// `POST /api/sessions/{id}/remix`: a session that begins as this one is.
pub(super) async fn remix(
    Here(site): Here<Site>,
    Path(id): Path<String>,
    from: ClientAddress,
    url: PublicUrl,
    sent: Sent,
) -> Result<Response, Problem> {
    let session = session_id(&id)?;
    let Remixing { name } = sent.json()?;
    let (_, state) = facts_and_state(&site, session).await?;
    count(&site, from)?;
    found(&site, &url, remixed(&state, Lineage::Session(session), name, sent.author())).await
}
