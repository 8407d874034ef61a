//! Bringing the signals of a session up to date, place by place, so that nothing is drawn twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use score::TrackId;
use score::pattern::MAX_STEPS;
use score::track::MAX_TRACKS;
use view::{Player, View, guises};

use super::Session;
use crate::model::touched::{Facet, Place};
use crate::state::Row;
use crate::state::row::show as show_arc;

const FACETS: [Facet; 12] = [
    Facet::Name,
    Facet::Instrument,
    Facet::Volume,
    Facet::Pan,
    Facet::Mute,
    Facet::Transpose,
    Facet::Swing,
    Facet::Gate,
    Facet::Choke,
    Facet::Colour,
    Facet::Params,
    Facet::Effects,
];

/// What is shown of the session as a whole.
const SESSION: [Place; 13] = [
    Place::Name,
    Place::Tempo,
    Place::Swing,
    Place::Meter,
    Place::Scale,
    Place::ScaleLock,
    Place::Loop,
    Place::Players,
    Place::Connection,
    Place::Master,
    Place::Versions,
    Place::History,
    Place::Timeline,
];

impl Session {
    /// Draws a place anew, unless what is shown there is ahead of the host.
    pub(super) fn refresh_unless_pending(&self, place: Place) {
        if self.pending.try_update_value(|pending| pending.shows(place)) == Some(true) {
            self.truth.with_value(|truth| {
                if let Some(view) = truth {
                    self.refresh(place, view);
                }
            });
        }
    }

    fn refresh(&self, place: Place, view: &View) {
        let score = &view.score;
        match place {
            Place::Everything => self.refresh_everything(view),
            Place::Name => show(self.name, score.name.clone()),
            Place::Tempo => show(self.tempo, score.tempo),
            Place::Swing => show(self.swing, score.swing),
            Place::Meter => show(self.meter, score.meter),
            Place::Scale => show(self.scale, score.scale),
            Place::ScaleLock => show(self.scale_lock, score.scale_lock),
            Place::Loop => show(self.loop_region, score.loop_region),
            Place::Order => self.refresh_order(view),
            Place::Track(id) => {
                self.refresh_track(id, view);
                self.refresh_order(view);
            }
            Place::Facet(id, facet) => {
                if let (Some(row), Some(track)) = (self.row(id), score.tracks.get(&id)) {
                    row.refresh(facet, track);
                }
            }
            Place::Length(id) => {
                if let (Some(row), Some(track)) = (self.row(id), score.tracks.get(&id)) {
                    show_arc(&row.length, track.pattern(self.scene()).length);
                }
            }
            Place::Cell(id, number) => {
                if let (Some(row), Some(track)) = (self.row(id), score.tracks.get(&id)) {
                    row.refresh_cell(number, track, self.scene());
                }
            }
            Place::Players => self.refresh_players(&view.players),
            Place::Connection => show(self.connection, view.connection.clone()),
            Place::Master => show(self.master, score.master.clone()),
            Place::Versions => show(self.versions, score.versions.clone()),
            Place::History => show(self.history, (view.can_undo, view.can_redo)),
            Place::Timeline => show(self.timeline, view.timeline),
        }
    }

    /// A cursor moves often, and what does not show cursors need not be drawn anew.
    fn refresh_players(&self, players: &[Player]) {
        show(self.guises, guises(players));
        show(self.players, players.iter().map(|player| Player { cursor: None, ..player.clone() }).collect());
        let mut cursors = BTreeMap::new();
        for player in players.iter().filter(|player| !player.me) {
            if let Some(cursor) = player.cursor {
                cursors.insert(player.key, cursor);
            }
        }
        show(self.cursors, cursors);
    }

    fn refresh_everything(&self, view: &View) {
        self.scene.set_value(view.score.first_scene());
        show(self.id, Some(view.session));
        // It is written when the session is founded, and never again.
        show(self.parent, view.score.parent.clone());
        for place in SESSION {
            self.refresh_unless_pending_in(place, view);
        }
        self.every_row.update_value(|rows| rows.retain(|id, _| view.score.tracks.contains_key(id)));
        for &id in view.score.tracks.keys() {
            self.refresh_track(id, view);
        }
        self.refresh_order(view);
    }

    fn refresh_unless_pending_in(&self, place: Place, view: &View) {
        if self.pending.try_update_value(|pending| pending.shows(place)) == Some(true) {
            self.refresh(place, view);
        }
    }

    /// Makes the row of a track, or brings it up to date.
    fn refresh_track(&self, id: TrackId, view: &View) {
        let Some(track) = view.score.tracks.get(&id) else { return };
        if self.row(id).is_none() {
            let row = Arc::new(Row::new(id, track, self.scene()));
            self.every_row.update_value(|rows| _ = rows.insert(id, row));
            return;
        }
        let facets = FACETS.into_iter().map(|facet| Place::Facet(id, facet));
        let cells = (0..MAX_STEPS).map(|number| Place::Cell(id, number));
        for place in facets.chain([Place::Length(id)]).chain(cells) {
            self.refresh_unless_pending_in(place, view);
        }
    }

    fn refresh_order(&self, view: &View) {
        let order: Vec<TrackId> = view.score.tracks_in_order().into_iter().map(|(id, _)| id).collect();
        let rows: Vec<Arc<Row>> = order.iter().filter_map(|&id| self.row(id)).collect();
        for (place, row) in rows.iter().enumerate() {
            show_arc(&row.parked, place >= MAX_TRACKS);
        }
        let is_same = self.rows.with_untracked(|shown| {
            shown.len() == rows.len() && shown.iter().zip(&rows).all(|(a, b)| Arc::ptr_eq(a, b))
        });
        if !is_same {
            self.rows.set(rows);
        }
    }
}

/// Sets a signal if that changes it, so that nothing is drawn twice.
fn show<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|held| *held != value) {
        signal.set(value);
    }
}
