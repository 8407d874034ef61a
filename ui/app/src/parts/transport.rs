//! The transport: play, where the music is, how fast it goes.

use leptos::prelude::*;
use view::Playing;

use super::go_to;
use super::icon::{self, icon};
use super::number::{Number, number};
use crate::browser;
use crate::later;
use crate::model::number::{Range, decimal, tapped_tempo};
use crate::playhead::{LEVEL_ID, POSITION_ID};
use crate::state::App;

/// Taps that a tempo is read from; older ones are forgotten.
const MAX_TAPS: usize = 6;
/// A pause after which tapping begins anew, in milliseconds: slower than any tempo.
const TAP_PAUSE_MILLIS: f64 = 3_000.0;

/// The transport.
pub(crate) fn transport(app: App) -> impl IntoView {
    view! {
        <section class="transport" aria-label="Transport">
            {play(app)} {hold(app)}
            <output class="position" id=POSITION_ID role="timer" aria-label="Position" aria-live="off" title="Bar, beat, step: click to go to another (B)"
                on:click=move |_| go_to::open(app)>"1.1.1"</output>
            <div class="figure-group">{tempo(app)} {tap(app)}</div>
            <div class="figure-group">{swing(app)}</div>
            <div class="figure-group">{move || later::of(app).map(|later| (later.meter)(app))}</div>
            <div class="figure-group">{move || later::of(app).map(|later| (later.scale)(app))}</div>
            <div class="figure-group">{move || later::of(app).map(|later| (later.repeat)(app))} {metronome(app)}</div>
            <div class="gap"></div>
            <div class="master" role="group" aria-label="Master">
                <div class="meter" aria-hidden="true"><div id=LEVEL_ID></div></div>
                {level(app)}
            </div>
        </section>
    }
}

/// Plays for everybody, joins those who play, or stops.
fn play(app: App) -> impl IntoView {
    let label = move || match (app.is_playing(), app.hears_music()) {
        (_, true) => "Stop",
        (true, _) => "Join the music",
        _ => "Play",
    };
    view! {
        <button class="play" class:playing=move || app.hears_music() class:joins=move || label() == "Join the music"
            title="Play, stop (Space)" aria-label=label aria-busy=move || app.ui.is_starting.get().to_string()
            on:click=move |_| app.play_stop()>
            {move || icon(if app.hears_music() { icon::STOP } else { icon::PLAY })}
        </button>
    }
}

/// Holds the music; what was held goes back to the start. Who did the last of it stands beside.
fn hold(app: App) -> impl IntoView {
    let is_held = move || app.session.timeline.get().playing == Playing::Paused;
    let who = move || {
        let now = app.session.timeline.get();
        let by = now.by.filter(|by| app.session.me.get() != Some(*by));
        let did = match now.playing {
            Playing::Playing => " plays",
            Playing::Paused => " paused",
            Playing::Stopped => "",
        };
        by.filter(|_| !did.is_empty()).map(|by| app.guise(by).name + did)
    };
    view! {
        <button class="quiet square" disabled=move || app.ui.is_alone.get() || app.session.timeline.get().playing == Playing::Stopped
            title=move || if is_held() { "Back to the start" } else { "Pause" }
            aria-label=move || if is_held() { "Back to the start" } else { "Pause" }
            on:click=move |_| if untrack(is_held) { app.stop() } else { app.pause() }>
            {move || icon(if is_held() { icon::STOP } else { icon::PAUSE })}
        </button>
        <span class="caption">{who}</span>
    }
}

fn tempo(app: App) -> impl IntoView {
    let value = Signal::derive(move || app.session.tempo.get().bpm());
    view! {
        <span class="caption" aria-hidden="true">"Tempo"</span>
        {number(app, Number {
            label: "Tempo".into(),
            range: Range::TEMPO,
            unit: " BPM",
            value,
            set: Callback::new(move |(bpm, hand)| app.set_tempo(bpm, hand)),
        })}
    }
}

fn tap(app: App) -> impl IntoView {
    let taps = StoredValue::new(Vec::<f64>::new());
    let on_tap = move |_| {
        let now = browser::now();
        taps.update_value(|taps| {
            if taps.last().is_some_and(|last| now - last > TAP_PAUSE_MILLIS) {
                taps.clear();
            }
            taps.push(now);
            if taps.len() > MAX_TAPS {
                taps.remove(0);
            }
        });
        if let Some(bpm) = taps.with_value(|taps| tapped_tempo(taps)) {
            app.set_tempo(bpm, None);
        }
    };
    view! { <button class="quiet" aria-label="Tap the tempo" title="Tap in time" on:click=on_tap>"tap"</button> }
}

fn swing(app: App) -> impl IntoView {
    let value = Signal::derive(move || f64::from(app.session.swing.get()));
    view! {
        <span class="caption" aria-hidden="true">"Swing"</span>
        {number(app, Number {
            label: "Swing".into(),
            range: Range::PERCENT,
            unit: " %",
            value,
            set: Callback::new(move |(percent, hand)| app.set_swing(percent, hand)),
        })}
    }
}

/// A click for this player alone.
fn metronome(app: App) -> impl IntoView {
    let clicks = app.ui.clicks;
    view! {
        <button class="quiet square small" aria-label="Metronome" aria-pressed=move || clicks.get().to_string()
            title="Metronome, only you (K)" on:click=move |_| app.toggle_metronome()>
            {icon(icon::METRONOME)}
        </button>
    }
}

/// How loud this player listens; the others hear no difference.
fn level(app: App) -> impl IntoView {
    let level = app.ui.level;
    let set = move |value: f32| app.set_my_master_level(value);
    let percent = move || (level.get() * 100.0).round();
    view! {
        <label class="fader" title="How loud you listen">
            {icon(icon::SPEAKER)}
            <input type="range" min="0" max="100" aria-label="Master level" prop:value=move || percent().to_string()
                style=move || format!("--fill:{}%", percent())
                on:input=move |event| set(decimal(&event_target_value(&event)).unwrap_or(100.0) as f32 / 100.0)
                on:dblclick=move |_| set(1.0)/>
        </label>
    }
}
