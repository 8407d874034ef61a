//! Links that lead out of the app.

use std::process::{Command, Stdio};

use tauri::Url;

/// Whether a page is the app's own: nothing else is ever shown in its window.
pub(crate) fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

/// Opens a web page in the player's browser. Other kinds of links are not followed: they start programs.
pub(crate) fn open(url: &Url) {
    if !matches!(url.scheme(), "http" | "https") {
        return;
    }
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(opener);
    command.arg(url.as_str()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        // Whoever waits for it leaves no zombie behind.
        Ok(mut child) => drop(std::thread::spawn(move || child.wait())),
        Err(error) => tracing::warn!(%error, opener, "no browser opened"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_apps_own_pages_are_shown_in_its_window() {
        let own = |url: &str| is_own(&url.parse().expect("a URL"));
        assert!(own("tauri://localhost/index.html") && own("http://tauri.localhost/"));
        for other in ["https://offbeat.example", "file:///etc/passwd", "http://localhost", "data:text/html,x"]
        {
            assert!(!own(other), "{other}");
        }
    }
}
