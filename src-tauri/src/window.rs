//! The window.

use std::path::Path;

use tauri::webview::NewWindowResponse;
use tauri::{App, Manager, WebviewWindow, WebviewWindowBuilder};

use crate::{outside, painting};

/// Opens the window as the configuration describes it. What the webview keeps, the chosen theme for one, goes into `data`.
pub(crate) fn open(app: &App, data: &Path) -> tauri::Result<WebviewWindow> {
    let config = app.config().app.windows.first().cloned().unwrap_or_default();
    let window = WebviewWindowBuilder::from_config(app, &config)?
        .data_directory(data.to_owned())
        .on_navigation(outside::is_own)
        .on_new_window(|url, _| {
            outside::open(&url);
            NewWindowResponse::Deny
        })
        .build()?;
    painting::settle(&window)?;
    Ok(window)
}

/// Brings the window to the front.
pub(crate) fn raise(app: &impl Manager<tauri::Wry>) {
    for window in app.webview_windows().values() {
        // A window manager may refuse; the session is shown all the same.
        window.unminimize().ok();
        window.show().ok();
        window.set_focus().ok();
    }
}
