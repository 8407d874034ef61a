//! The chain of effects of a track or the master, in the order in which the sound goes through it.

use leptos::prelude::*;
use score::catalogue::EffectSlot;

use super::mixer::whose;
use super::slot::{Chain, slot};
use super::target;
use crate::state::App;

/// The tab.
pub(super) fn effects(app: App) -> AnyView {
    let track = target::track(app);
    let (is_master, is_mine) = (app.ui.dock.is_master, app.ui.dock.is_mine);
    let chain = Memo::new(move |_| match track.get() {
        Some(track) if !is_master.get() => {
            Some(if is_mine.get() { Chain::Mine(track) } else { Chain::Shared(track) })
        }
        _ => Some(if is_mine.get() { Chain::MyMaster } else { Chain::Master }),
    });
    view! {
        <div class="effects">
            {whose(app)}
            <div class="chain">
                {move || chain.get().map(|chain| EffectSlot::ALL.map(|part| slot(app, chain, part)).collect_view())}
            </div>
        </div>
    }
    .into_any()
}
