//! The curves of filter and equaliser.

use leptos::prelude::*;
use score::catalogue::{EffectSlot, parameter};

use super::slot::Chain;
use crate::model::response::{Eq, Filter, path};
use crate::state::App;

const WIDTH: f64 = 144.0;
const HEIGHT: f64 = 56.0;
/// Decibels from the middle to either edge.
const REACH: f64 = 24.0;

/// What a slot does to each frequency, where that is what it is about.
pub(super) fn curve(app: App, chain: Chain, slot: EffectSlot) -> Option<AnyView> {
    let value =
        move |id: &str| parameter(id).map_or_else(|| Signal::stored(0.0), |row| chain.value(app, row));
    let line: Box<dyn Fn() -> String + Send> = match slot {
        EffectSlot::Filter => {
            let held = ["filter.mode", "filter.slope", "filter.cutoff", "filter.resonance"].map(value);
            Box::new(move || {
                let [mode, slope, cutoff, resonance] = held.map(|signal| signal.get());
                let filter = Filter { mode, slope, cutoff, resonance };
                path(WIDTH, HEIGHT, REACH, |hertz| filter.decibels(hertz))
            })
        }
        EffectSlot::Eq => {
            let gains = ["eq.low_gain", "eq.mid_gain", "eq.high_gain"].map(value);
            let frequencies = ["eq.low_frequency", "eq.mid_frequency", "eq.high_frequency"].map(value);
            let q = value("eq.mid_q");
            Box::new(move || {
                let of = |held: [Signal<f32>; 3]| held.map(|signal| signal.get());
                let eq = Eq { gains: of(gains), frequencies: of(frequencies), q: q.get() };
                path(WIDTH, HEIGHT, REACH, |hertz| eq.decibels(hertz))
            })
        }
        _ => return None,
    };
    Some(
        view! {
            <svg class="curve" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                <path class="curve-middle" d=format!("M0 {0}H{WIDTH}", HEIGHT / 2.0)/>
                <path class="curve-line" d=line/>
            </svg>
        }
        .into_any(),
    )
}
