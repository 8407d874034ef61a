//! What a request is told that cannot be carried out: a problem document, RFC 9457.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::limits::TooOften;
use crate::rooms::RoomError;
use crate::storage::StorageError;

const CONTENT_TYPE: &str = "application/problem+json";

/// When to ask again that has no room at the moment.
const COME_BACK: Duration = Duration::from_secs(2);

/// Why a request was not carried out. Every answer of the interface for programs that is no success is one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    kind: &'static str,
    detail: String,
    retry_after: Option<u64>,
}

/// The document's members.
#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
}

impl Problem {
    /// A problem of this kind, in one word of small letters and hyphens, and what to say of it: what was wrong, what is allowed,
    /// what to do.
    pub fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self { status, kind, detail: detail.into(), retry_after: None }
    }

    /// A request that cannot be understood.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// Something that is not there.
    pub fn missing(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "missing", detail)
    }

    /// A write without a player's signature, or with one that does not hold.
    pub fn unproven(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unproven", detail)
    }

    /// A body past its bound.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    }

    /// The server cannot do it at the moment, through no fault of the request.
    pub fn unavailable(detail: impl Into<String>, retry_after: Duration) -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail);
        Self { retry_after: Some(retry_after.as_secs().max(1)), ..problem }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What is wrong, to read.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<TooOften> for Problem {
    fn from(refused: TooOften) -> Self {
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-often", refused.to_string());
        Self { retry_after: Some(refused.seconds()), ..problem }
    }
}

/// What goes wrong inside is logged, and told without its details.
impl From<RoomError> for Problem {
    fn from(error: RoomError) -> Self {
        let detail = error.to_string();
        match error {
            RoomError::Missing | RoomError::Empty => Self::missing(detail),
            RoomError::Refused(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", detail),
            RoomError::Storage(StorageError::TooLong(_)) => Self::too_large(detail),
            RoomError::TooManyOpen | RoomError::Closed => Self::unavailable(detail, COME_BACK),
            RoomError::Storage(_) | RoomError::Load(_) | RoomError::Random(_) => {
                tracing::error!(%error, "a request failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "this went wrong at the server")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Body {
            r#type: format!("urn:offbeat:problem:{}", self.kind),
            title: self.status.canonical_reason().unwrap_or("Problem"),
            status: self.status.as_u16(),
            detail: &self.detail,
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = (self.status, [(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_problem_says_its_kind_status_and_when_to_come_back() {
        let refused = TooOften { retry_after: Duration::from_millis(1_500) };
        let response = Problem::from(refused).into_response();
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
        assert_eq!(response.headers()[header::CONTENT_TYPE], CONTENT_TYPE);
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let body = serde_json::from_slice::<serde_json::Value>(&body).unwrap();
        assert_eq!(body["type"], "urn:offbeat:problem:too-often");
        assert_eq!(body["title"], "Too Many Requests");
        assert_eq!(body["status"], 429);
        assert!(body["detail"].as_str().unwrap().contains("try again in 2 s"));
    }
}
