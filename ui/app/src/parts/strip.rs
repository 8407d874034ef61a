//! The left end of a row: which track it is, and how it sounds among the others.

use std::sync::Arc;

use leptos::prelude::*;
use score::edit::TrackEdit;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

use super::icon::{self, icon};
use super::lane;
use super::number::{Number, number};
use crate::browser::edges_of_target;
use crate::later;
use crate::model::number::{Range, decimal};
use crate::state::acts::instrument_name;
use crate::state::{App, Panel, Row};

/// The id of the field with a track's name.
pub(crate) fn name_id(track: score::TrackId) -> String {
    format!("name-{track}")
}

/// The left end of a row.
pub(crate) fn strip(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let id = row.id;
    let instrument = row.instrument.clone();
    let (of, held) = (row.name.clone(), row.instrument.clone());
    // What is read on it belongs to what it is called.
    let label = move || format!("Instrument of {}: {}", of.get(), instrument_name(&held.get()));
    let gripped = move |event: &web_sys::Event| {
        if let Some(later) = later::now(app) {
            (later.grip)(app, id, event);
        }
    };
    let (lane, of_lane) = (row.lane.clone(), row.clone());
    view! {
        <div class="strip" role="rowheader" aria-label=named(row, "")>
            <button class="grip" aria-label=named(row, "Move ") title="Drag to move the track (Alt ↑ ↓ in the grid)"
                on:pointerdown=move |event| gripped(&event) on:pointermove=move |event| gripped(&event)
                on:pointerup=move |event| gripped(&event) on:pointercancel=move |event| gripped(&event)
                on:keydown=move |event| gripped(&event)>
                {icon(icon::GRIP)}
            </button>
            <div class="titles">
                {name(app, row)}
                <div class="subtitle">
                    <button class="instrument" aria-haspopup="dialog" aria-label=label title="Change the instrument"
                        on:click=move |event| app.ui.toggle(Panel::Instruments(Some(id)), edges_of_target(&event))>
                        {move || instrument_name(&instrument.get())}
                    </button>
                    {notes(row)}
                </div>
            </div>
            {switches(app, row)}
            {mix(app, row)}
            {length(app, row)}
            <button class="quiet square more" aria-label=named(row, "Lane of ") aria-pressed=move || lane.get().is_some().to_string()
                title="Lane under the track (L)" on:click=move |_| lane::toggle(&of_lane)>
                {icon(icon::LANE)}
            </button>
            <button class="quiet square more" aria-haspopup="dialog" aria-label=named(row, "More for ") title="More"
                on:click=move |event| app.ui.toggle(Panel::Track(id), edges_of_target(&event))>
                {icon(icon::MORE)}
            </button>
        </div>
    }
}

/// What is unusual about the track, in a few signs.
fn notes(row: &Arc<Row>) -> impl IntoView + use<> {
    let (parked, transpose, swing) = (row.parked.clone(), row.transpose.clone(), row.swing.clone());
    let words = move || {
        let (by, percent) = (transpose.get(), swing.get().round());
        let transposed = if by == 0 { String::new() } else { format!("{by:+} ") };
        if percent > 0.0 { format!("{transposed}~{percent} %") } else { transposed }
    };
    view! {
        {move || parked.get().then(|| view! {
            <span class="parked-note" title="A session plays sixteen tracks. Remove one above, or move this one up, to hear it.">"parked"</span>
        })}
        <span class="signs" title="Transposition and swing of the track">{words}</span>
    }
}

/// The track's name behind a word, as it changes.
fn named(row: &Arc<Row>, before: &'static str) -> impl Fn() -> String + Clone + Send + use<> {
    let name = row.name.clone();
    move || format!("{before}{}", name.get())
}

fn name(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let (id, name) = (row.id, row.name.clone());
    let (shown, held) = (name.clone(), name);
    let leave = move |event: &web_sys::Event| {
        if let Some(input) =
            event.current_target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        {
            input.set_value(&held.get_untracked());
            input.blur().ok();
        }
    };
    let after = leave.clone();
    view! {
        <input class="track-name" type="text" id=name_id(id) spellcheck="false" autocomplete="off"
            aria-label=named(row, "Name of ") prop:value=move || shown.get() readonly=move || app.ui.is_beat()
            on:change=move |event| {
                app.rename_track(id, &event_target_value(&event));
                after(&event);
            }
            on:keydown=move |event: KeyboardEvent| match event.key().as_str() {
                "Enter" => {
                    app.rename_track(id, &event_target_value(&event));
                    leave(&event);
                }
                "Escape" => leave(&event),
                _ => {}
            }/>
    }
}

fn switches(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let (id, mute, solo) = (row.id, row.mute.clone(), row.solo.clone());
    view! {
        <div class="switches">
            <button class="switch mute" aria-label=named(row, "Mute ") title="Mute, for everyone (M)"
                aria-pressed=move || mute.get().to_string() on:click=move |_| app.toggle_mute(id)>"M"</button>
            <button class="switch solo" aria-label=named(row, "Solo ") title="Hear it alone, only you (S)"
                aria-pressed=move || solo.get().to_string() on:click=move |_| app.toggle_solo(id)>"S"</button>
        </div>
    }
}

fn mix(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let id = row.id;
    let (volume, pan) = (row.volume.clone(), row.pan.clone());
    let percent = Signal::derive(move || (volume.get() * 100.0).round());
    let side = Signal::derive(move || (pan.get() * 100.0).round());
    let hand = StoredValue::new(None);
    let gesture = move || {
        hand.get_value().or_else(|| {
            hand.set_value(Some(app.gesture()));
            hand.get_value()
        })
    };
    let released = move |_| hand.set_value(None);
    let set_volume = move |percent: f32, hand| {
        app.change_track(id, hand, TrackEdit::SetVolume(percent.clamp(0.0, 100.0) / 100.0));
    };
    let set_pan = move |percent: f32, hand| {
        app.change_track(id, hand, TrackEdit::SetPan(percent.clamp(-100.0, 100.0) / 100.0));
    };
    view! {
        <div class="mix">
            <input class="volume" type="range" min="0" max="100" title="Volume" aria-label=named(row, "Volume of ")
                prop:value=move || percent.get().to_string() style=move || format!("--fill:{}%", percent.get())
                aria-valuetext=move || format!("{} percent", percent.get())
                on:input=move |event| set_volume(typed(&event), gesture()) on:change=released
                on:dblclick=move |_| set_volume(80.0, None)
                on:wheel=move |event| { event.prevent_default(); set_volume(percent.get_untracked() - event.delta_y().signum() as f32 * 2.0, None); }/>
            <input class="pan" type="range" min="-100" max="100" title="Pan" aria-label=named(row, "Pan of ")
                prop:value=move || side.get().to_string() style=move || pan_fill(side.get())
                aria-valuetext=move || pan_words(side.get())
                on:input=move |event| set_pan(typed(&event), gesture()) on:change=released
                on:dblclick=move |_| set_pan(0.0, None)
                on:wheel=move |event| { event.prevent_default(); set_pan(side.get_untracked() - event.delta_y().signum() as f32 * 5.0, None); }/>
        </div>
    }
}

fn typed(event: &web_sys::Event) -> f32 {
    decimal(&event_target_value(event)).unwrap_or(0.0) as f32
}

/// The filled stretch of a pan: from the middle to where it stands.
fn pan_fill(side: f32) -> String {
    let at = f32::midpoint(side, 100.0);
    format!("--from:{}%;--to:{}%", at.min(50.0), at.max(50.0))
}

fn pan_words(side: f32) -> String {
    match side {
        0.0 => "centre".to_owned(),
        side if side < 0.0 => format!("{} percent left", -side),
        side => format!("{side} percent right"),
    }
}

fn length(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let id = row.id;
    view! {
        <span class="length">
            {length_field(app, row)}
            <button class="quiet square tiny" aria-haspopup="dialog" aria-label=named(row, "Lengths for ") title="Usual lengths"
                on:click=move |event| app.ui.toggle(Panel::Length(id), edges_of_target(&event))>
                {icon(icon::DOWN)}
            </button>
        </span>
    }
}

/// How many steps the pattern has, as a number.
pub(crate) fn length_field(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let (id, length) = (row.id, row.length.clone());
    let value = Signal::derive(move || f64::from(length.get()));
    let name = named(row, "Steps of ");
    number(
        app,
        Number {
            label: Signal::derive(name),
            range: Range::LENGTH,
            unit: "",
            value,
            set: Callback::new(move |(steps, hand)| app.set_length(id, steps as u16, hand)),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pan_fills_from_the_middle() {
        assert_eq!(pan_fill(0.0), "--from:50%;--to:50%");
        assert_eq!(pan_fill(-100.0), "--from:0%;--to:50%");
        assert_eq!(pan_words(-30.0), "30 percent left");
        assert_eq!(pan_words(0.0), "centre");
    }
}
