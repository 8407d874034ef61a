//! Who is here.

use leptos::prelude::*;

use crate::parts::people::list;
use crate::state::App;

/// The tab.
pub(super) fn people(app: App) -> AnyView {
    view! { <div class="dock-people">{list(app)}</div> }.into_any()
}
