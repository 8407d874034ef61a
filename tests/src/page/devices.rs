//! What a page is looked at on, and how.

use anyhow::Result;
use serde_json::json;

use super::Page;

/// A screen that the page fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// A large one.
    Desktop,
    /// A small computer's.
    Laptop,
    /// Held upright.
    Tablet,
    /// A small one, touched.
    Phone,
}

/// What the system prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
}

impl Screen {
    /// Width and height in pixels of the page.
    pub fn size(self) -> (u32, u32) {
        match self {
            Self::Desktop => (1_920, 1_080),
            Self::Laptop => (1_366, 768),
            Self::Tablet => (820, 1_180),
            Self::Phone => (360, 740),
        }
    }

    /// Whether it is touched.
    fn is_touched(self) -> bool {
        matches!(self, Self::Tablet | Self::Phone)
    }
}

impl Page {
    /// Has the page fill a screen; Chromium's alone.
    ///
    /// # Errors
    /// When the browser is another.
    pub fn is_on(&self, screen: Screen) -> Result<()> {
        let (width, height) = screen.size();
        let is_touched = screen.is_touched();
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_touched});
        self.wire.chromium("Emulation.setDeviceMetricsOverride", metrics)?;
        self.wire.chromium("Emulation.setTouchEmulationEnabled", json!({"enabled": is_touched})).map(drop)
    }

    /// Has the page follow a system that prefers this theme, and nothing that moves; Chromium's alone.
    ///
    /// # Errors
    /// When the browser is another.
    pub fn prefers(&self, theme: Theme) -> Result<()> {
        let theme = if theme == Theme::Dark { "dark" } else { "light" };
        let features = json!([
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.wire.chromium("Emulation.setEmulatedMedia", json!({"features": features})).map(drop)
    }
}
