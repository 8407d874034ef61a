//! Why an announcement or a question is turned away.

use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::signature::Unsigned;
use crate::http::Problem;
use crate::limits::TooOften;
use crate::metrics::Refusal;

/// Why the server does not take what a player says, or has no answer.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryRefusal {
    /// The key in the path is none.
    #[error("the path names no key in z-base-32: {0}")]
    Key(String),
    /// The session's id in the path is none.
    #[error("{0}")]
    Session(String),
    /// An address record cannot be read, or its signature does not hold.
    #[error("this is no address record of that key: {0}")]
    Record(String),
    /// An announcement cannot be read.
    #[error("this is no announcement: {0}")]
    Announcement(String),
    /// A request is not signed as it has to be.
    #[error(transparent)]
    Unsigned(#[from] Unsigned),
    /// Something newer is known.
    #[error("something newer is known of this player; is its clock set back?")]
    Older,
    /// Nothing is known of a player.
    #[error("nothing is known of this player's address")]
    NoRecord,
    /// An address announces too often, or a session has as many players as are listed.
    #[error(transparent)]
    TooOften(#[from] TooOften),
    /// The body is too long, or did not arrive.
    #[error(transparent)]
    Body(#[from] BytesRejection),
}

impl DiscoveryRefusal {
    /// What the metrics count it as.
    pub(super) fn counted_as(&self) -> Refusal {
        match self {
            Self::TooOften(_) => Refusal::Rate,
            Self::Unsigned(_) => Refusal::Unproven,
            Self::Body(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
            _ => Refusal::Malformed,
        }
    }
}

impl From<DiscoveryRefusal> for Problem {
    fn from(refusal: DiscoveryRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            DiscoveryRefusal::TooOften(too_often) => too_often.into(),
            DiscoveryRefusal::Unsigned(_) => Self::unproven(detail),
            DiscoveryRefusal::Older => Self::new(StatusCode::CONFLICT, "older", detail),
            DiscoveryRefusal::NoRecord => Self::missing(detail),
            DiscoveryRefusal::Body(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Self::too_large(detail)
            }
            _ => Self::malformed(detail),
        }
    }
}

impl IntoResponse for DiscoveryRefusal {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
