//! A session from text: one notation line per track, each played by the instrument that its name calls for.

use std::collections::BTreeMap;

use score::catalogue::nearest;
use score::notation::read_tracks;
use score::score::Scene;
use score::{SceneId, Score, Track, TrackId};

use super::report::Report;
use super::{ImportError, Imported, MAX_TRACKS_IN_FILE};
use crate::document::order::spread;

/// Reads a session from text.
pub(super) fn read_text(bytes: &[u8]) -> Result<Imported, ImportError> {
    let text = core::str::from_utf8(bytes).map_err(|_| ImportError::Unknown)?;
    let lines = read_tracks(text)?;
    if lines.is_empty() {
        return Err(ImportError::Unknown);
    }
    let mut report = Report::default();
    let (scene, scenes) = only_scene();
    let orders = spread(lines.len().min(MAX_TRACKS_IN_FILE));
    let mut tracks = BTreeMap::new();
    for (number, (line, order)) in lines.into_iter().zip(orders).enumerate() {
        let instrument = nearest(&line.name).id;
        let what = format!("no instrument is named in text: `{instrument}` plays it");
        report.add(&place_of(number, &line.name), "instrument", what);
        let patterns = if line.pattern.is_blank() { BTreeMap::new() } else { [(scene, line.pattern)].into() };
        let track =
            Track { name: line.name, instrument: instrument.to_owned(), order, patterns, ..Track::default() };
        tracks.insert(track_id(number), track);
    }
    Ok(Imported { score: Score { scenes, tracks, ..Score::default() }, report: report.finish() })
}

/// The one scene of a session that comes from a file without scenes.
pub(super) fn only_scene() -> (SceneId, BTreeMap<SceneId, Scene>) {
    let id = SceneId::from_random(0);
    let order = spread(1).remove(0);
    (id, [(id, Scene { name: "Scene 1".to_owned(), order, deleted: false })].into())
}

/// The id of a file's track by its place: ids need to differ within their session only.
pub(super) fn track_id(number: usize) -> TrackId {
    TrackId::from_random(score::chance::hash(&[number as u64]))
}

/// How a report calls a track.
pub(super) fn place_of(number: usize, name: &str) -> String {
    format!("track {} ({name})", number + 1)
}
