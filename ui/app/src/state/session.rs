//! The session that is shown.

mod refreshing;

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use score::catalogue::{ParamIndex, Parameter};
use score::meter::LoopRegion;
use score::scale::Scale;
use score::score::{Parent, Version};
use score::track::{EffectSettings, EffectValue};
use score::{Beats, Meter, PlayerKey, SceneId, SessionId, Tempo, TrackId, VersionId};
use view::{AskId, Connection, Cursor, Guise, Player, Timeline, View, ViewPatch};

use super::Row;
use crate::model::pending::Pending;
use crate::model::touched::{Place, touched};

/// The session as signals, with what the host said last behind them.
pub(crate) struct Session {
    truth: StoredValue<Option<View>>,
    pending: StoredValue<Pending>,
    scene: StoredValue<SceneId>,
    every_row: StoredValue<BTreeMap<TrackId, Arc<Row>>>,
    /// Which session.
    pub(crate) id: RwSignal<Option<SessionId>>,
    /// This player.
    pub(crate) me: RwSignal<Option<PlayerKey>>,
    /// The session's name.
    pub(crate) name: RwSignal<String>,
    /// What it is a remix of.
    pub(crate) parent: RwSignal<Option<Parent>>,
    /// The tempo.
    pub(crate) tempo: RwSignal<Tempo>,
    /// 0..=100 percent.
    pub(crate) swing: RwSignal<f32>,
    /// The time signature.
    pub(crate) meter: RwSignal<Meter>,
    /// The scale of the melodic grid.
    pub(crate) scale: RwSignal<Scale>,
    /// Whether the melodic grid offers the scale's pitches alone.
    pub(crate) scale_lock: RwSignal<bool>,
    /// The stretch that repeats, if one does.
    pub(crate) loop_region: RwSignal<Option<LoopRegion>>,
    /// The tracks in the players' order.
    pub(crate) rows: RwSignal<Vec<Arc<Row>>>,
    /// Who is here, wherever they point.
    pub(crate) players: RwSignal<Vec<Player>>,
    /// How each of them looks.
    pub(crate) guises: RwSignal<BTreeMap<PlayerKey, Guise>>,
    /// Where the others point.
    pub(crate) cursors: RwSignal<BTreeMap<PlayerKey, Cursor>>,
    /// How it is connected.
    pub(crate) connection: RwSignal<Connection>,
    /// The settings of the master's effects.
    pub(crate) master: RwSignal<EffectSettings>,
    /// This player's own settings of the master's effects, over the shared ones.
    pub(crate) my_master: RwSignal<BTreeMap<ParamIndex, f32>>,
    /// The named versions.
    pub(crate) versions: RwSignal<BTreeMap<VersionId, Version>>,
    /// Counts what the host has said of the music.
    pub(crate) revision: RwSignal<u32>,
    /// Whether there is something to undo, and to redo.
    pub(crate) history: RwSignal<(bool, bool)>,
    /// Whether it plays, and who made it so.
    pub(crate) timeline: RwSignal<Timeline>,
}

impl Session {
    /// No session yet.
    pub(crate) fn new() -> Self {
        Self {
            truth: StoredValue::new(None),
            pending: StoredValue::new(Pending::default()),
            scene: StoredValue::new(SceneId::from_random(0)),
            every_row: StoredValue::new(BTreeMap::new()),
            id: RwSignal::new(None),
            me: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            parent: RwSignal::new(None),
            tempo: RwSignal::new(Tempo::default()),
            swing: RwSignal::new(0.0),
            meter: RwSignal::new(Meter::default()),
            scale: RwSignal::new(Scale::default()),
            scale_lock: RwSignal::new(false),
            loop_region: RwSignal::new(None),
            rows: RwSignal::new(Vec::new()),
            players: RwSignal::new(Vec::new()),
            guises: RwSignal::new(BTreeMap::new()),
            cursors: RwSignal::new(BTreeMap::new()),
            connection: RwSignal::new(Connection::default()),
            master: RwSignal::new(EffectSettings::new()),
            my_master: RwSignal::new(BTreeMap::new()),
            versions: RwSignal::new(BTreeMap::new()),
            revision: RwSignal::new(0),
            history: RwSignal::new((false, false)),
            timeline: RwSignal::new(Timeline::default()),
        }
    }

    /// The scene whose patterns are shown.
    pub(crate) fn scene(&self) -> SceneId {
        self.scene.get_value()
    }

    /// What the host said last of the music, as bytes.
    pub(crate) fn encoded_score(&self) -> Option<Vec<u8>> {
        self.truth.with_value(|truth| view::host::encode(&truth.as_ref()?.score).ok())
    }

    /// Where the music begins: at the loop, or at the first step.
    pub(crate) fn start(&self) -> Beats {
        let region = self.truth.with_value(|truth| truth.as_ref().and_then(|view| view.score.loop_region));
        region.map_or(Beats::ZERO, |region| Beats::from_steps(i64::from(region.first())))
    }

    /// The row of a track.
    pub(crate) fn row(&self, id: TrackId) -> Option<Arc<Row>> {
        self.every_row.with_value(|rows| rows.get(&id).cloned())
    }

    /// What a parameter of a track is set to, as the session holds it.
    pub(crate) fn parameter(&self, track: TrackId, row: &'static Parameter) -> f64 {
        let set = self.truth.with_value(|truth| {
            let track = truth.as_ref()?.score.tracks.get(&track)?;
            match (track.params.get(row.id), track.effects.get(row.id)) {
                (Some(number), _) | (None, Some(EffectValue::Number(number))) => Some(*number),
                (None, Some(EffectValue::Text(text))) => row.parse(text).ok().map(f64::from),
                (None, None) => None,
            }
        });
        set.unwrap_or_else(|| f64::from(row.default))
    }

    /// Takes in what the host says.
    pub(crate) fn apply(&self, patch: ViewPatch) {
        let places = touched(self.scene(), &patch);
        if matches!(patch, ViewPatch::Score { .. } | ViewPatch::Reset(_)) {
            self.revision.update(|revision| *revision = revision.wrapping_add(1));
        }
        let has_view = self.truth.try_update_value(|truth| match (truth, patch) {
            (Some(view), patch) => {
                view.apply(patch);
                true
            }
            (truth, ViewPatch::Reset(view)) => {
                *truth = Some(*view);
                true
            }
            // Nothing is shown yet that it could change.
            _ => false,
        });
        if has_view == Some(true) {
            for place in places {
                self.refresh_unless_pending(place);
            }
        }
    }

    /// These places show what a request will have made of them.
    pub(crate) fn predict(&self, places: &[Place], ask: AskId) {
        self.pending.update_value(|pending| pending.predict(places, ask));
    }

    /// A request was answered.
    pub(crate) fn answered(&self, ask: AskId, is_ok: bool) {
        let stale = self.pending.try_update_value(|pending| pending.answered(ask, is_ok)).unwrap_or_default();
        for place in stale {
            self.refresh_unless_pending(place);
        }
    }

    /// Another session is shown from here on.
    pub(crate) fn leave(&self) {
        self.truth.set_value(None);
        self.my_master.update(BTreeMap::clear);
        self.pending.update_value(Pending::clear);
    }
}

#[cfg(test)]
mod tests {
    use score::edit::PatternRef;
    use score::patch::TrackField;
    use score::{ScorePatch, Step, starter};

    use super::*;
    use crate::state::row::show as show_arc;

    fn shown() -> (Session, View, Arc<Row>) {
        let view = View {
            session: SessionId([1; 16]),
            score: starter("Fuzzy Penguin", 7),
            players: Vec::new(),
            connection: Connection::default(),
            can_undo: false,
            can_redo: false,
            timeline: view::Timeline::default(),
        };
        let session = Session::new();
        session.apply(ViewPatch::Reset(Box::new(view.clone())));
        let row = session.rows.get_untracked()[0].clone();
        (session, view, row)
    }

    fn by_someone(change: ScorePatch) -> ViewPatch {
        ViewPatch::Score { by: PlayerKey([9; 32]), changes: vec![change] }
    }

    fn step(session: &Session, row: &Row, number: u16, step: Step) -> ViewPatch {
        let at = PatternRef { track: row.id, scene: session.scene() };
        by_someone(ScorePatch::Step(at, number, Box::new(step)))
    }

    #[test]
    fn a_session_is_shown_with_its_tracks_in_order() {
        let (session, _, row) = shown();
        assert_eq!(session.name.get_untracked(), "Fuzzy Penguin");
        assert_eq!(row.name.get_untracked(), "kick");
        assert!(row.step(0).on && !row.step(1).on);
    }

    #[test]
    fn patches_before_the_whole_view_change_nothing() {
        let (_, _, row) = shown();
        let session = Session::new();
        session.apply(step(&session, &row, 1, Step::active()));
        assert!(session.rows.get_untracked().is_empty());
    }

    #[test]
    fn a_prediction_stays_until_its_answer_and_a_refusal_takes_it_back() {
        let (session, _, row) = shown();
        show_arc(row.cell(1).unwrap(), Step::active());
        session.predict(&[Place::Cell(row.id, 1)], AskId(1));
        session.apply(step(&session, &row, 1, Step::default()));
        assert!(row.step(1).on, "what came before the player's edit is not shown");
        session.answered(AskId(1), false);
        assert!(!row.step(1).on);
    }

    #[test]
    fn a_whole_view_keeps_rows_and_predictions() {
        let (session, mut view, row) = shown();
        show_arc(row.cell(1).unwrap(), Step::active());
        session.predict(&[Place::Cell(row.id, 1)], AskId(1));
        view.score.name = "Other".to_owned();
        session.apply(ViewPatch::Reset(Box::new(view)));
        assert!(Arc::ptr_eq(&row, &session.rows.get_untracked()[0]));
        assert!(row.step(1).on);
        assert_eq!(session.name.get_untracked(), "Other");
    }

    #[test]
    fn a_removed_track_leaves_the_grid_and_may_come_back() {
        let (session, _, row) = shown();
        let deleted = |value| by_someone(ScorePatch::Track(row.id, TrackField::Deleted(value)));
        session.apply(deleted(true));
        assert_eq!(session.rows.get_untracked().len(), 3);
        session.apply(deleted(false));
        assert!(Arc::ptr_eq(&row, &session.rows.get_untracked()[0]));
    }
}
