//! What a page's thread has done since the page was opened.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::Page;

/// Time that a page's thread was busy.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// With scripts, styles and layout.
    pub rendering: Duration,
    /// With anything, painting and input included.
    pub everything: Duration,
}

impl Page {
    /// What the page's thread has done so far; Chromium's alone.
    ///
    /// # Errors
    /// When the browser is another.
    pub fn work(&self) -> Result<Work> {
        self.wire.chromium("Performance.enable", json!({}))?;
        let answer = self.wire.chromium("Performance.getMetrics", json!({}))?;
        let metrics = answer["metrics"].as_array().context("there are metrics")?;
        let seconds = |name: &str| {
            let found = metrics.iter().find(|metric| metric["name"] == name);
            found.and_then(|metric| metric["value"].as_f64()).with_context(|| format!("no {name}"))
        };
        let rendering =
            seconds("ScriptDuration")? + seconds("LayoutDuration")? + seconds("RecalcStyleDuration")?;
        let everything = Duration::from_secs_f64(seconds("TaskDuration")?);
        Ok(Work { rendering: Duration::from_secs_f64(rendering), everything })
    }
}
