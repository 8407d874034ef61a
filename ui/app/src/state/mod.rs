//! What the interface shows, as signals: one for each place that is drawn by itself.

pub(crate) mod acts;
pub(crate) mod app;
pub(crate) mod clipboard;
pub(crate) mod dock;
pub(crate) mod ears;
pub(crate) mod exporting;
pub(crate) mod patterns;
pub(crate) mod playing;
pub(crate) mod row;
pub(crate) mod selecting;
pub(crate) mod session;
pub(crate) mod session_acts;
pub(crate) mod step_acts;
pub(crate) mod tells;
pub(crate) mod together;
pub(crate) mod ui;

pub(crate) use app::App;
pub(crate) use dock::{Dock, Tab};
pub(crate) use row::Row;
pub(crate) use session::Session;
pub(crate) use ui::{Anchor, Panel, Ui};
