//! The keys, from the table that binds them.

use leptos::prelude::*;

use crate::model::keys::{LINES, Scope};

/// The overlay's lines.
pub(crate) fn shortcuts() -> impl IntoView {
    let part = |title: &'static str, scope: Scope| {
        let lines = LINES.iter().filter(move |line| line.scope == scope).map(|line| {
            view! { <div class="shortcut"><dt><kbd>{line.keys}</kbd></dt><dd>{line.says}</dd></div> }
        });
        view! { <section><h3>{title}</h3><dl>{lines.collect_view()}</dl></section> }
    };
    view! {
        <div class="shortcuts">
            {part("In the grid", Scope::Grid)}
            <div class="stacked">
            {part("Everywhere", Scope::Everywhere)}
            {part("In a lane", Scope::Lane)}
            </div>
            <section>
                <h3>"With the pointer"</h3>
                <dl>
                    <div class="shortcut"><dt>"Click, drag"</dt><dd>"switch steps, paint"</dd></div>
                    <div class="shortcut"><dt>"Drag up, down"</dt><dd>"velocity; with Alt pitch; of all that is selected"</dd></div>
                    <div class="shortcut"><dt>"Ctrl click"</dt><dd>"select, or leave out"</dd></div>
                    <div class="shortcut"><dt>"Shift click"</dt><dd>"select up to here; edit the step where nothing is selected"</dd></div>
                    <div class="shortcut"><dt>"Alt drag, drag beside the steps"</dt><dd>"select a rectangle"</dd></div>
                    <div class="shortcut"><dt>"Drag on the ruler"</dt><dd>"repeat a stretch; double click plays on"</dd></div>
                    <div class="shortcut"><dt>"Right click, long press"</dt><dd>"edit the step"</dd></div>
                    <div class="shortcut"><dt>"Wheel, drag, double click"</dt><dd>"on a number: nudge, change, reset"</dd></div>
                </dl>
            </section>
        </div>
    }
}
