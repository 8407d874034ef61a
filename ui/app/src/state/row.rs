//! A track as the grid shows it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use score::catalogue::ParamIndex;
use score::pattern::{MAX_STEPS, Pattern};
use score::track::EffectSettings;
use score::{SceneId, Step, Track, TrackColour, TrackId};

use crate::model::lock::Lock;
use crate::model::touched::Facet;

/// A track with a signal for everything that is drawn by itself.
#[derive(Debug)]
pub(crate) struct Row {
    /// Which track.
    pub(crate) id: TrackId,
    /// Its name.
    pub(crate) name: ArcRwSignal<String>,
    /// Its instrument's id.
    pub(crate) instrument: ArcRwSignal<String>,
    /// Its fader, 0..=1.
    pub(crate) volume: ArcRwSignal<f32>,
    /// Left -1 to right 1.
    pub(crate) pan: ArcRwSignal<f32>,
    /// The shared mix's mute.
    pub(crate) mute: ArcRwSignal<bool>,
    /// Whether this player hears it alone.
    pub(crate) solo: ArcRwSignal<bool>,
    /// Whether this player does not hear it.
    pub(crate) my_mute: ArcRwSignal<bool>,
    /// How loud this player hears it, on top of the shared mix, 0..=1.
    pub(crate) my_level: ArcRwSignal<f32>,
    /// This player's own effect settings, over the shared ones.
    pub(crate) my_effects: ArcRwSignal<BTreeMap<ParamIndex, f32>>,
    /// The settings of its instrument.
    pub(crate) params: ArcRwSignal<BTreeMap<String, f64>>,
    /// The settings of its effects.
    pub(crate) effects: ArcRwSignal<EffectSettings>,
    /// In semitones.
    pub(crate) transpose: ArcRwSignal<i8>,
    /// 0..=100 percent.
    pub(crate) swing: ArcRwSignal<f32>,
    /// Whether one-shots are cut at the end of their step.
    pub(crate) gate: ArcRwSignal<bool>,
    /// Choke group, 1..=8, or 0.
    pub(crate) choke: ArcRwSignal<u8>,
    /// Its colour; `None` for that of its instrument's family.
    pub(crate) colour: ArcRwSignal<Option<TrackColour>>,
    /// Steps that play.
    pub(crate) length: ArcRwSignal<u16>,
    /// Whether it is past the tracks that play.
    pub(crate) parked: ArcRwSignal<bool>,
    /// Which lane is open under it.
    pub(crate) lane: ArcRwSignal<Option<Lock>>,
    cells: Vec<ArcRwSignal<Step>>,
}

impl Row {
    /// A row that shows a track's pattern in a scene.
    pub(crate) fn new(id: TrackId, track: &Track, scene: SceneId) -> Self {
        let pattern = track.pattern(scene);
        let step = |number| ArcRwSignal::new(pattern.step(number).cloned().unwrap_or_default());
        Self {
            id,
            name: ArcRwSignal::new(track.name.clone()),
            instrument: ArcRwSignal::new(track.instrument.clone()),
            volume: ArcRwSignal::new(track.volume),
            pan: ArcRwSignal::new(track.pan),
            mute: ArcRwSignal::new(track.mute),
            solo: ArcRwSignal::new(false),
            my_mute: ArcRwSignal::new(false),
            my_level: ArcRwSignal::new(1.0),
            my_effects: ArcRwSignal::new(BTreeMap::new()),
            params: ArcRwSignal::new(track.params.clone()),
            effects: ArcRwSignal::new(track.effects.clone()),
            transpose: ArcRwSignal::new(track.transpose),
            swing: ArcRwSignal::new(track.swing),
            gate: ArcRwSignal::new(track.gate),
            choke: ArcRwSignal::new(track.choke),
            colour: ArcRwSignal::new(track.colour),
            length: ArcRwSignal::new(pattern.length),
            parked: ArcRwSignal::new(false),
            lane: ArcRwSignal::new(None),
            cells: (0..MAX_STEPS).map(step).collect(),
        }
    }

    /// The signal of a step, if there is such a step.
    pub(crate) fn cell(&self, number: u16) -> Option<&ArcRwSignal<Step>> {
        self.cells.get(usize::from(number))
    }

    /// A step as it is shown.
    pub(crate) fn step(&self, number: u16) -> Step {
        self.cell(number).map(GetUntracked::get_untracked).unwrap_or_default()
    }

    /// The pattern as it is shown, with what lies past its length.
    pub(crate) fn pattern(&self) -> Pattern {
        let steps = (0..).zip(&self.cells).map(|(number, cell)| (number, cell.get_untracked()));
        let steps = steps.filter(|(_, step)| !step.is_blank());
        Pattern { length: self.length.get_untracked(), steps: steps.collect() }
    }

    /// Shows a property as the track has it.
    pub(crate) fn refresh(&self, facet: Facet, track: &Track) {
        match facet {
            Facet::Name => show(&self.name, track.name.clone()),
            Facet::Instrument => show(&self.instrument, track.instrument.clone()),
            Facet::Volume => show(&self.volume, track.volume),
            Facet::Pan => show(&self.pan, track.pan),
            Facet::Mute => show(&self.mute, track.mute),
            Facet::Transpose => show(&self.transpose, track.transpose),
            Facet::Swing => show(&self.swing, track.swing),
            Facet::Gate => show(&self.gate, track.gate),
            Facet::Choke => show(&self.choke, track.choke),
            Facet::Colour => show(&self.colour, track.colour),
            Facet::Params => show(&self.params, track.params.clone()),
            Facet::Effects => show(&self.effects, track.effects.clone()),
        }
    }

    /// Shows a step as the track has it.
    pub(crate) fn refresh_cell(&self, number: u16, track: &Track, scene: SceneId) {
        if let Some(cell) = self.cell(number) {
            show(cell, track.pattern(scene).step(number).cloned().unwrap_or_default());
        }
    }
}

/// Sets a signal if that changes it, so that nothing is drawn twice.
pub(crate) fn show<T: PartialEq + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|held| *held != value) {
        signal.set(value);
    }
}
