//! `/api/sessions/{id}/beats` and `/api/beats`: sessions as they were at one moment, published.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Here};
use axum::response::Response;
use crdt_model::exchange;
use crdt_model::trust::SessionOrigin;
use peer::clock::HostClock;
use score::id::{PlayerKey, SessionId};
use score::lower::lower_first_scene;
use score::program_image::write_image;
use score::{Score, UnixMillis};
use serde::Serialize;

use super::body::Sent;
use super::founding::{count, found, made, random, remix as remixed};
use super::sessions::{Remixing, json_with, session_id};
use super::site::PublicUrl;
use super::{Problem, Site};
use crate::limits::ClientAddress;
use crate::rooms::{RoomError, State};
use crate::storage::{Beat, BeatFacts, BeatId, Lineage};

/// What is known about a beat.
#[derive(Serialize)]
struct Shown {
    id: String,
    url: String,
    name: String,
    session: SessionId,
    author: PlayerKey,
    published_at: UnixMillis,
}

impl Shown {
    fn new(facts: BeatFacts, url: &PublicUrl) -> Self {
        let BeatFacts { id, session, name, author, published_at } = facts;
        Self { id: id.to_string(), url: url.at(&format!("/b/{id}")), name, session, author, published_at }
    }
}

/// The beats of a session.
#[derive(Serialize)]
struct Listed {
    beats: Vec<Shown>,
}

/// A beat of this id, if there is one.
pub(super) async fn look_up(site: &Site, id: &str) -> Result<Beat, Problem> {
    let id: BeatId =
        id.parse().map_err(|error: crate::storage::NotABeatId| Problem::missing(error.to_string()))?;
    let beat = site.storage.beat(id).await.map_err(RoomError::Storage)?;
    beat.ok_or_else(|| Problem::missing("this server has no such beat"))
}

/// The music of a beat.
pub(super) fn score_of(beat: &Beat) -> Result<Score, Problem> {
    let file = exchange::read_session_json(&beat.state);
    Ok(file.map_err(|error| RoomError::Load(error.to_string()))?.score)
}

/// `POST /api/sessions/{id}/beats`, signed: publishes the session as it is.
pub(super) async fn publish(
    Here(site): Here<Site>,
    Path(id): Path<String>,
    from: ClientAddress,
    url: PublicUrl,
    sent: Sent,
) -> Result<Response, Problem> {
    let session = session_id(&id)?;
    let author = sent.signed()?;
    let state = site.rooms().state(session).await?;
    count(&site, from)?;
    let id = BeatId(random()?);
    let facts = BeatFacts {
        id,
        session,
        name: state.score.name.clone(),
        author,
        published_at: HostClock::calendar(),
    };
    site.storage.publish(beat(facts, &state.score)).await.map_err(RoomError::Storage)?;
    Ok(made(&id.to_string(), &format!("/api/beats/{id}"), &url.at(&format!("/b/{id}"))))
}

/// What was said about the music, and its earlier versions, are not published.
fn beat(facts: BeatFacts, score: &Score) -> Beat {
    let score = Score { chat: BTreeMap::new(), versions: BTreeMap::new(), ..score.clone() };
    let mut program = Vec::new();
    write_image(&lower_first_scene(&score), &mut program);
    Beat { facts, state: exchange::write_session_json(None, &score).into_bytes(), program }
}

/// `GET /api/sessions/{id}/beats`.
pub(super) async fn list(
    Here(site): Here<Site>,
    Path(id): Path<String>,
    url: PublicUrl,
) -> Result<Json<impl Serialize>, Problem> {
    let beats = site.storage.beats_of(session_id(&id)?).await.map_err(RoomError::Storage)?;
    Ok(Json(Listed { beats: beats.into_iter().map(|facts| Shown::new(facts, &url)).collect() }))
}

/// `GET /api/beats/{id}`.
pub(super) async fn show(
    Here(site): Here<Site>,
    Path(id): Path<String>,
    url: PublicUrl,
) -> Result<Response, Problem> {
    let beat = look_up(&site, &id).await?;
    let state = String::from_utf8_lossy(&beat.state).into_owned();
    json_with(&Shown::new(beat.facts, &url), "state", &state, "public, max-age=31536000, immutable")
}

/// `POST /api/beats/{id}/remix`: a session that begins as this beat.
pub(super) async fn remix(
    Here(site): Here<Site>,
    Path(id): Path<String>,
    from: ClientAddress,
    url: PublicUrl,
    sent: Sent,
) -> Result<Response, Problem> {
    let beat = look_up(&site, &id).await?;
    let Remixing { name } = sent.json()?;
    let nobody = SessionOrigin { founder: beat.facts.author, nonce: [0; 16] };
    let state = State { origin: nobody, heads: Vec::new(), score: Arc::new(score_of(&beat)?) };
    count(&site, from)?;
    found(&site, &url, remixed(&state, Lineage::Beat(beat.facts.id), name, sent.author())).await
}
