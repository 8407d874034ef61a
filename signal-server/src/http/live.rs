//! `GET /api/sessions/{id}/live`: a browser's link.

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Path, State as Here};
use axum::response::Response;
use jam::limits::MAX_FRAME_BYTES;

use super::sessions::session_id;
use super::{Problem, Site};
use crate::carriers::websocket;
use crate::limits::ClientAddress;

/// How much of a link is read ahead, in bytes: idle links by the thousand cost this much each.
const READ_AHEAD: usize = 4 << 10;

/// How many bytes of frames are gathered before they are written: an edit has some hundred.
const WRITE_TOGETHER: usize = 16 << 10;

/// Upgrades to a WebSocket; what happens on it is the carrier's affair.
pub(super) async fn link(
    Here(site): Here<Site>,
    Path(id): Path<String>,
    from: ClientAddress,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let session = session_id(&id)?;
    let upgrade =
        upgrade.map_err(|rejection| Problem::malformed(format!("this is a WebSocket: {rejection}")))?;
    let door = site.door.clone();
    Ok(upgrade
        .read_buffer_size(READ_AHEAD)
        .write_buffer_size(WRITE_TOGETHER)
        .max_write_buffer_size(WRITE_TOGETHER + 2 * MAX_FRAME_BYTES)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .on_upgrade(move |socket| websocket::serve(socket, session, from, door)))
}
