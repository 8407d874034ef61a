//! Three quiet lines for a first minute, one after the other. Each ends by itself when the player has done what it says.

use leptos::prelude::*;
use view::Page;

use super::icon::{self, icon};
use crate::browser;
use crate::state::{App, Panel};

/// Under which name the browser keeps which of them are over.
const KEPT_AS: &str = "offbeat-hints";

/// What they say, in their order.
const HINTS: [&str; 3] = [
    "Press Space or the round button to hear the beat.",
    "Click a step to change the beat; drag up or down on it for how loud it is.",
    "Press Invite: whoever opens the link plays with you.",
];

/// The line that is due, where the player is new.
pub(crate) fn hints(app: App) -> impl IntoView {
    let kept = browser::kept(KEPT_AS).and_then(|text| text.parse().ok()).unwrap_or(0_u8);
    let over = RwSignal::new(kept);
    let end = move |hint: usize| {
        let now = over.get_untracked() | 1 << hint;
        if now != over.get_untracked() {
            over.set(now);
            browser::keep(KEPT_AS, &now.to_string());
        }
    };
    Effect::new(move |_| {
        let done = [
            app.hears_music(),
            app.session.history.get().0,
            app.ui.panel.with(|panel| matches!(panel, Some(Panel::Invite))),
        ];
        (0..HINTS.len()).filter(|&hint| done[hint]).for_each(end);
    });
    let due = move || {
        let is_session = app.ui.page.with(|page| matches!(page, Page::Session(_))) && app.ui.is_open.get();
        (0..HINTS.len()).find(|hint| is_session && over.get() >> hint & 1 == 0)
    };
    let due = Memo::new(move |_| due());
    move || {
        due.get().map(|hint| {
            view! {
                <aside class="hint-line" aria-label="Hint">
                    <span>{HINTS[hint]}</span>
                    <button class="quiet square" aria-label="Dismiss the hint" title="Dismiss" on:click=move |_| end(hint)>
                        {icon(icon::CLOSE)}
                    </button>
                </aside>
            }
        })
    }
}
