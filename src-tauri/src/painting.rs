//! Who paints the window.

use tauri::WebviewWindow;

/// Where the graphics processors are that programs may compute with.
#[cfg(target_os = "linux")]
const RENDER_NODES: &str = "/dev/dri";

/// Has the processor paint where there is nothing else: the webview would imitate a graphics processor there, which takes 100 MB and
/// paints no sooner.
#[cfg(target_os = "linux")]
pub(crate) fn settle(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    if has_render_node(RENDER_NODES.as_ref()) {
        return Ok(());
    }
    window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

/// Whether there is a graphics processor.
#[cfg(target_os = "linux")]
fn has_render_node(folder: &std::path::Path) -> bool {
    let is_node = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with("renderD");
    std::fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(is_node))
}

/// Every other system's webview knows by itself.
#[cfg(not(target_os = "linux"))]
pub(crate) fn settle(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_graphics_processor_is_a_node_to_render_with() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_render_node(&folder.path().join("absent")));
        std::fs::write(folder.path().join("card0"), "").unwrap();
        assert!(!has_render_node(folder.path()));
        std::fs::write(folder.path().join("renderD128"), "").unwrap();
        assert!(has_render_node(folder.path()));
    }
}
