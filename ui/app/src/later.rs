//! What loads when: the interface comes in two parts, and this is the way from the first to the second.
//!
//! The **first part** is what a visitor waits for: header, transport, grid and what plays. The **later part** is everything that
//! opens: panels, dock, editors, overlays. It is fetched once the first picture is painted, usually before anybody can have
//! clicked.
//!
//! The two are one program, split by the build (`xtask/bundle`): what only [`LATER`] leads to is the later part. So a function
//! belongs to it when, and only when, it is called through a field of [`Later`]; a direct call from the first part would bring it,
//! and all that it calls, back there. To add something that opens, give [`Later`] a field and call that field through [`of`].

use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use score::TrackId;
use web_sys::{Event, KeyboardEvent};

use crate::model::lock::Lock;
use crate::parts::{
    cursors, dock, follow, hints, home, keyboard, lane, loop_fields, meter_fields, overview, panel, reorder,
    scale_fields,
};
use crate::state::{App, Panel, Row};

/// The ways into the later part.
pub(crate) struct Later {
    /// A panel that is open.
    pub(crate) panel: fn(App, Panel) -> AnyView,
    /// The dock under the grid.
    pub(crate) dock: fn(App) -> AnyView,
    /// The lane under a track, while one is open.
    pub(crate) lane: fn(App, &Arc<Row>, Lock) -> AnyView,
    /// The others' cursors over the grid.
    pub(crate) cursors: fn(App) -> AnyView,
    /// The lines over the grid's lower edge: who is followed, what to try.
    pub(crate) notes: fn(App) -> AnyView,
    /// The transport's time signature.
    pub(crate) meter: fn(App) -> AnyView,
    /// The transport's scale.
    pub(crate) scale: fn(App) -> AnyView,
    /// The transport's stretch that repeats.
    pub(crate) repeat: fn(App) -> AnyView,
    /// A long pattern as a whole, over the grid.
    pub(crate) overview: fn(App, Memo<u16>) -> AnyView,
    /// A step of a track has changed: the overview is to show it.
    pub(crate) redraw: fn(App, TrackId),
    /// A pointer or a key on the grip of a track.
    pub(crate) grip: fn(App, TrackId, &Event),
    /// A key that is pressed.
    pub(crate) key: fn(App, &KeyboardEvent),
    /// A player's sessions.
    pub(crate) home: fn(App) -> AnyView,
}

static LATER: Later = Later {
    panel: |app, panel| panel::opened(app, panel).into_any(),
    dock: dock::dock,
    lane: |app, row, lock| lane::opened(app, row, lock).into_any(),
    cursors: |app| cursors::cursors(app).into_any(),
    notes: |app| (follow::follow(app), hints::hints(app)).into_any(),
    meter: |app| meter_fields::meter_fields(app).into_any(),
    scale: |app| scale_fields::scale_fields(app).into_any(),
    repeat: |app| loop_fields::loop_fields(app).into_any(),
    overview: |app, longest| overview::overview(app, longest).into_any(),
    redraw: overview::redraw,
    grip: reorder::happened,
    key: keyboard::pressed,
    home: |app| home::home(app).into_any(),
};

/// Where the program is split.
#[allow(clippy::unnecessary_wraps, reason = "what loads may fail to; the macro adds that")]
#[wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
fn later() -> Result<&'static Later, SplitLoaderError> {
    Ok(&LATER)
}

/// The later part, once it is there; whoever asks in a reactive place is asked again when it has come.
pub(crate) fn of(app: App) -> Option<&'static Later> {
    app.ui.later.get()
}

/// The same for whoever asks once, as it happens.
pub(crate) fn now(app: App) -> Option<&'static Later> {
    app.ui.later.get_untracked()
}

/// Loads the later part, unless it is there.
pub(crate) async fn load(app: App) {
    match later().await {
        Ok(part) => app.ui.later.set(Some(part)),
        Err(_) => app.ui.remark(
            "A part of the interface did not load. What is here plays on; reload the page to open more.",
        ),
    }
}
