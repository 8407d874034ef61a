//! What a request brings: who signed it, and its body.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{Method, StatusCode};
use score::id::PlayerKey;
use serde::de::DeserializeOwned;

use super::{Problem, Site};
use crate::discovery::signature;
use crate::metrics::Refusal;

/// A request's whole body, and the player who signed the request, if anybody did.
#[derive(Debug)]
pub(super) struct Sent {
    author: Option<PlayerKey>,
    pub(super) body: Bytes,
}

/// The headers of a signed request; one that has any of them wants to be taken as signed.
const HEADERS: [&str; 3] = ["offbeat-player", "offbeat-time", "offbeat-signature"];

impl Sent {
    /// Who signed it, or nobody.
    pub(super) fn author(&self) -> Option<PlayerKey> {
        self.author
    }

    /// Who signed it, which has to be somebody.
    pub(super) fn signed(&self) -> Result<PlayerKey, Problem> {
        self.author.ok_or_else(|| {
            Problem::unproven(
                "this has to be signed by a player's key: Offbeat-Player, Offbeat-Time, Offbeat-Signature",
            )
        })
    }

    /// The body as JSON; what is left out where there is none.
    pub(super) fn json<T: DeserializeOwned + Default>(&self) -> Result<T, Problem> {
        if self.body.is_empty() {
            return Ok(T::default());
        }
        // A list would be read as an object's values in their order.
        if self.body.trim_ascii_start().first() != Some(&b'{') {
            return Err(Problem::malformed("the body is no JSON object"));
        }
        serde_json::from_slice(&self.body).map_err(|error| {
            Problem::malformed(format!("the body is not the JSON that is expected here: {error}"))
        })
    }
}

impl FromRequest<Site> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Problem> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let headers = request.headers().clone();
        // Whoever sends slowly waits with the like: what lies in memory has a bound, however many come.
        let _room = match method {
            Method::PUT => site.large_bodies.acquire().await.ok(),
            _ => None,
        };
        let body = Bytes::from_request(request, site).await.map_err(|rejection| unread(&rejection, site))?;
        if !HEADERS.iter().any(|header| headers.contains_key(*header)) {
            return Ok(Self { author: None, body });
        }
        match signature::author(method.as_str(), &path, &headers, &body) {
            Ok(signed) => Ok(Self { author: Some(signed.player), body }),
            Err(unsigned) => {
                site.door.metrics.refuse(Refusal::Unproven);
                Err(Problem::unproven(unsigned.to_string()))
            }
        }
    }
}

fn unread(rejection: &BytesRejection, site: &Site) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        site.door.metrics.refuse(Refusal::TooLarge);
        let limits = &site.limits;
        let (body, state) = (limits.max_body_bytes, limits.max_state_bytes);
        return Problem::too_large(format!(
            "a body has at most {body} bytes, and one with a session's state {state}"
        ));
    }
    site.door.metrics.refuse(Refusal::Malformed);
    Problem::malformed(format!("the body did not arrive: {rejection}"))
}
