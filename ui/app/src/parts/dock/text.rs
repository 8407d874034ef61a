//! Every pattern as its line of text: typed, pasted and copied, live both ways.

use std::sync::Arc;

use leptos::prelude::*;
use score::Pattern;
use score::notation::{read_pattern, read_tracks, write_pattern, write_tracks};
use view::Gesture;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Event, HtmlInputElement};

use crate::browser;
use crate::model::fault::{Fault, fault};
use crate::parts::icon::{self, icon};
use crate::parts::instruments::tint;
use crate::state::{App, Row};

/// The tab.
pub(super) fn text(app: App) -> AnyView {
    let rows = app.session.rows;
    let all = move |_| {
        let patterns: Vec<(String, Pattern)> = rows.with_untracked(|rows| {
            rows.iter().map(|row| (row.name.get_untracked(), row.pattern())).collect()
        });
        let text = write_tracks(patterns.iter().map(|(name, pattern)| (name.as_str(), pattern)));
        copied(app, &text, "All patterns are copied; paste them into a chat.");
    };
    view! {
        <div class="lines">
            <div class="lines-bar">
                <button class="choice" on:click=all>"Copy all"</button>
                <span class="hint">"X loud, x usual, o soft, _ tied, . off; locks in braces: {5: pitch=3, chance=50}. Paste one line, or all of them."</span>
            </div>
            <For each=move || rows.get() key=|row| row.id children=move |row| line(app, &row)/>
        </div>
    }
    .into_any()
}

fn copied(app: App, text: &str, said: &'static str) {
    browser::copy(text, move |done| {
        app.ui.remark(if done {
            said
        } else {
            "This browser does not let the page copy; select the text instead."
        });
    });
}

/// A pattern that follows every one of its steps.
fn followed(row: &Row) -> Pattern {
    let length = row.length.get();
    for cell in (0..length).filter_map(|number| row.cell(number)) {
        cell.track();
    }
    row.pattern()
}

fn line(app: App, row: &Arc<Row>) -> impl IntoView + use<> {
    let input = NodeRef::<leptos::html::Input>::new();
    let wrong = RwSignal::new(None::<Fault>);
    let typed = RwSignal::new(String::new());
    // What is typed between two rests of the focus is one act.
    let hand = StoredValue::new(None::<Gesture>);
    let pattern = row.clone();
    Effect::new(move |_| {
        let (Some(input), pattern) = (input.get(), followed(&pattern)) else { return };
        let shown = input.value();
        // What means the same stays as it was typed, and what is being mended is not taken away.
        let is_same = read_pattern(&shown).is_ok_and(|read| same(&read, &pattern));
        let is_focused =
            browser::document().active_element().is_some_and(|active| active.is_same_node(Some(&input)));
        if !(is_same || is_focused && wrong.with_untracked(Option::is_some)) {
            let text = write_pattern(&pattern);
            input.set_value(&text);
            typed.set(text);
            wrong.set(None);
        }
    });
    let (id, name, title) = (row.id, row.name.clone(), row.name.clone());
    let tint = tint(row);
    let on_input = move |event: Event| {
        let text = event_target_value(&event);
        match read_pattern(&text) {
            Ok(pattern) => {
                wrong.set(None);
                let gesture = hand.get_value().unwrap_or_else(|| app.gesture());
                hand.set_value(Some(gesture));
                app.write_pattern(id, pattern, Some(gesture));
            }
            Err(error) => wrong.set(Some(fault(&text, &error))),
        }
        typed.set(text);
    };
    let leave = move |_| hand.set_value(None);
    let row = row.clone();
    let copy = move |_| {
        copied(app, &format!("{}: {}", row.name.get_untracked(), write_pattern(&row.pattern())), "Copied");
    };
    let error_id = format!("wrong-{id}");
    let describes = error_id.clone();
    view! {
        <div class="line" style=tint>
            <span class="line-name" aria-hidden="true">{move || title.get()}</span>
            <div class="line-field" class:wrong=move || wrong.with(Option::is_some)>
                <div class="line-marks" aria-hidden="true">{move || marks(&typed.get(), wrong.get().as_ref())}</div>
                <input type="text" spellcheck="false" autocomplete="off" autocapitalize="off" node_ref=input
                    aria-label=move || format!("Pattern of {}", name.get())
                    aria-invalid=move || wrong.with(Option::is_some).to_string() aria-describedby=describes
                    on:input=on_input on:blur=leave on:paste=move |event| pasted(app, &event) on:scroll=move |event| scrolled(&event)/>
            </div>
            <button class="quiet square" aria-label="Copy the line" title="Copy the line" on:click=copy>{icon(icon::COPY)}</button>
            <p class="line-wrong" id=error_id role="status">{move || wrong.get().map(|wrong| wrong.says)}</p>
        </div>
    }
}

/// Whether two patterns play the same: what lies past the length has no place in a line.
fn same(read: &Pattern, held: &Pattern) -> bool {
    let heard = |pattern: &Pattern| -> Vec<(u16, score::Step)> {
        pattern.steps.range(..pattern.length).map(|(number, step)| (*number, step.clone())).collect()
    };
    read.length == held.length && heard(read) == heard(held)
}

/// The line again, unseen but for the stretch that is wrong.
fn marks(text: &str, wrong: Option<&Fault>) -> Option<impl IntoView + use<>> {
    let wrong = wrong?;
    let at = |from: usize, count: usize| text.chars().skip(from).take(count).collect::<String>();
    Some(view! { {at(0, wrong.from)}<u>{at(wrong.from, wrong.count)}</u> })
}

/// The marks move with what they mark.
fn scrolled(event: &Event) {
    let Some(input) = event.current_target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    if let Some(marks) = input.previous_element_sibling() {
        marks.set_scroll_left(input.scroll_left());
    }
}

/// Lines with names go to the tracks of these names.
fn pasted(app: App, event: &ClipboardEvent) {
    let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
    if !text.contains(':') || read_pattern(&text).is_ok() {
        return;
    }
    event.prevent_default();
    let tracks = match read_tracks(&text) {
        Ok(tracks) => tracks,
        Err(error) => return app.ui.remark(format!("Nothing was pasted: {error}.")),
    };
    let hand = app.gesture();
    let rows = app.session.rows.get_untracked();
    let mut missing = Vec::new();
    for track in tracks {
        match rows.iter().find(|row| row.name.get_untracked() == track.name) {
            Some(row) => app.write_pattern(row.id, track.pattern, Some(hand)),
            None => missing.push(track.name),
        }
    }
    if !missing.is_empty() {
        app.ui.remark(format!("There is no track called {}.", missing.join(", ")));
    }
}
