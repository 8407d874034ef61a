//! From the command line to a window, and to a clean end.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use peer::Peer;
use peer::home::home_folder;
use peer::net::NetConfig;
use peer::work::{Reply, Request};
use tauri::{App, AppHandle, Manager, RunEvent};
use tokio::sync::mpsc;
use view::host::Ask;

use crate::arguments::Arguments;
use crate::bridge::{self, Bridge};
use crate::{logging, window};

/// Runs the app until its window closes.
///
/// # Errors
/// What stands in the way of a window, to read.
pub(crate) fn run(arguments: Arguments) -> anyhow::Result<()> {
    logging::start()?;
    let home = home_folder(arguments.home.as_deref())
        .context("there is no home folder for this user; name one with --home or OFFBEAT_HOME")?;
    // Others are told of places in it, and would look for them elsewhere.
    let home = std::path::absolute(home)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    tauri::async_runtime::set(runtime.handle().clone());
    let config = NetConfig { mdns: true, server: arguments.server, ..NetConfig::default() };
    let peer = Arc::new(Peer::at(&home, config));
    let knocks = match runtime.block_on(claim(&peer, arguments.invitation.as_deref()))? {
        Claim::Shown => return Ok(()),
        Claim::Knocks(knocks) => knocks,
    };
    if !has_display() {
        bail!("there is no display for a window; `offbeat` does the same in a terminal");
    }
    let first = arguments.invitation.map(Ask::Join);
    let window_state = tauri_plugin_window_state::Builder::default();
    let window_state = window_state.with_filename(home.join("window.json").to_string_lossy());
    let webview = home.join("webview");
    let app = tauri::Builder::default()
        .plugin(window_state.build())
        .manage(Bridge::new(home, peer, first))
        .invoke_handler(tauri::generate_handler![bridge::ask, bridge::listen])
        .setup(move |app| Ok(begin(app, &webview, knocks)?))
        .build(tauri::generate_context!())
        .context("the window does not open")?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            tauri::async_runtime::block_on(app.state::<Bridge>().close());
        }
    });
    Ok(())
}

/// Who shows what was asked for.
enum Claim {
    /// A window that is open already.
    Shown,
    /// This process; others who start it send what they were given here, where it owns the home.
    Knocks(Option<mpsc::Receiver<String>>),
}

/// Takes the home over, or hands the invitation to the window of the process that has it.
async fn claim(peer: &Peer, invitation: Option<&str>) -> anyhow::Result<Claim> {
    if let Some(owner) = peer.own().await? {
        return Ok(Claim::Knocks(Some(owner.knocks().await)));
    }
    let knock = Request::Knock(invitation.unwrap_or_default().to_owned());
    // The owner may have no window, or be ending: then there is one here.
    match peer.ask_one(knock).await {
        Ok(Reply::Done) => Ok(Claim::Shown),
        Ok(_) | Err(peer::PeerError::Failed(_)) => Ok(Claim::Knocks(None)),
        Err(error) => Err(error.into()),
    }
}

fn begin(app: &App, webview: &Path, knocks: Option<mpsc::Receiver<String>>) -> tauri::Result<()> {
    window::open(app, webview)?;
    if let Some(knocks) = knocks {
        tauri::async_runtime::spawn(answer_door(app.handle().clone(), knocks));
    }
    tauri::async_runtime::spawn(end_when_asked(app.handle().clone()));
    Ok(())
}

/// Shows what those bring who start the app again.
async fn answer_door(app: AppHandle, mut knocks: mpsc::Receiver<String>) {
    while let Some(invitation) = knocks.recv().await {
        window::raise(&app);
        if !invitation.is_empty() {
            app.state::<Bridge>().ask(Ask::Join(invitation)).await;
        }
    }
}

/// Ends as if the window were closed when the system or a terminal asks for it.
#[cfg(unix)]
async fn end_when_asked(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    app.exit(0);
}

#[cfg(not(unix))]
async fn end_when_asked(app: AppHandle) {
    if tokio::signal::ctrl_c().await.is_ok() {
        app.exit(0);
    }
}

/// Whether there is a screen. Without one the window's toolkit ends the process, with words of its own.
fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(all(unix, not(target_os = "macos")))) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
