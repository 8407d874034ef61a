//! The session's scale and its lock.

use leptos::prelude::*;
use score::scale::{Scale, ScaleKind};

use super::icon::{self, icon};
use crate::state::App;

/// Root, kind and lock.
pub(crate) fn scale_fields(app: App) -> impl IntoView {
    let scale = app.session.scale;
    let lock = app.session.scale_lock;
    let choose = move |root: u8, kind: ScaleKind| {
        if let Some(scale) = Scale::from_parts(root, kind) {
            app.set_scale(scale);
        }
    };
    let roots = move || {
        let held = scale.get().root();
        (0..12)
            .map(|root| view! { <option value=root.to_string() selected=root == held>{root_name(root)}</option> })
            .collect_view()
    };
    let kinds = move || {
        let held = scale.get().kind();
        let option = |kind: ScaleKind| {
            view! { <option value=kind.id() selected=kind == held>{kind.id().replace('-', " ")}</option> }
        };
        ScaleKind::ALL.map(option).into_iter().collect_view()
    };
    view! {
        <span class="caption" aria-hidden="true">"Scale"</span>
        <select class="select" aria-label="Root of the scale" on:change=move |event| {
            choose(event_target_value(&event).parse().unwrap_or(0), scale.get_untracked().kind());
        }>{roots}</select>
        <select class="select kind" aria-label="Kind of scale" on:change=move |event| {
            let id = event_target_value(&event);
            let kind = ScaleKind::ALL.into_iter().find(|kind| kind.id() == id).unwrap_or_default();
            choose(scale.get_untracked().root(), kind);
        }>{kinds}</select>
        <button class="quiet square small" aria-label="Scale lock" aria-pressed=move || lock.get().to_string()
            title="Offer the scale's pitches alone" on:click=move |_| app.set_scale_lock(!lock.get_untracked())>
            {move || icon(if lock.get() { icon::LOCKED } else { icon::UNLOCKED })}
        </button>
    }
}

/// What a root is called.
pub(crate) fn root_name(root: u8) -> String {
    let scale = Scale::from_parts(root, ScaleKind::Chromatic).unwrap_or_default().to_string();
    scale.split(' ').next().unwrap_or_default().replace('#', "♯")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_named_from_c_upwards() {
        assert_eq!([0, 1, 11].map(root_name), ["C", "C♯", "B"]);
    }
}
