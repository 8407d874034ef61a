//! Who is here.

use leptos::prelude::*;
use view::{Guise, LinkPath, Player, Role};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

use crate::browser::edges_of_target;
use crate::model::guise::{colour, shape};
use crate::model::link_state::{milliseconds, path_word};
use crate::state::{App, Panel};

/// Most faces in the header; the others are a number.
const MAX_FACES: usize = 5;

/// A person, with how they look here.
fn people(app: App) -> Vec<(Player, Guise)> {
    app.session.players.with(|players| {
        let those =
            |me: bool| players.iter().filter(move |player| player.role != Role::Archive && player.me == me);
        those(true).chain(those(false)).map(|player| (player.clone(), app.guise(player.key))).collect()
    })
}

/// The faces in the header.
pub(crate) fn avatars(app: App) -> impl IntoView {
    let faces =
        move || people(app).iter().take(MAX_FACES).map(|(player, guise)| face(player, guise)).collect_view();
    let others = move || people(app).len().saturating_sub(MAX_FACES);
    let label = move || {
        let names: Vec<String> = people(app).iter().map(|(player, guise)| named(player, guise)).collect();
        format!("Players: {}", names.join(", "))
    };
    view! {
        <button class="avatars" aria-label=label aria-haspopup="dialog"
            hidden=move || app.session.players.with(Vec::is_empty)
            on:click=move |event| app.ui.toggle(Panel::People, edges_of_target(&event))>
            {faces}
            {move || (others() > 0).then(|| view! { <span class="avatar more">{format!("+{}", others())}</span> })}
        </button>
    }
}

/// A player's small picture: two letters on their colour, in their shape. The style sheet writes them: they are no text to read.
pub(crate) fn face(player: &Player, guise: &Guise) -> impl IntoView + use<> {
    view! {
        <span class=shape(guise) class:me=player.me style=colour(guise) title=named(player, guise) aria-hidden="true"
            data-initials=guise.initials()></span>
    }
}

fn named(player: &Player, guise: &Guise) -> String {
    let name = &guise.name;
    if player.me { format!("{name} (you)") } else { name.clone() }
}

/// The list behind the faces.
pub(crate) fn list(app: App) -> impl IntoView {
    let way = move |player: &Player| {
        app.session.connection.with(|connection| {
            let link = connection.links.iter().find(|link| link.key == player.key);
            link.map(|link| format!("{}, {}", path_word(link.path), milliseconds(link.round_trip_micros)))
                .or_else(|| {
                    (!player.me && connection.links.iter().any(|link| link.path == LinkPath::Server))
                        .then(|| "by the server".to_owned())
                })
        })
    };
    let lines = move || {
        let others = people(app).into_iter().filter(|(player, _)| !player.me);
        others
            .map(|(player, guise)| {
                let role = role(&player);
                let about = way(&player).map_or_else(|| role.to_owned(), |way| format!("{role} · {way}"));
                let name = guise.name.clone();
                let follow = follow_button(app, player.key, &guise);
                view! {
                    <li>{face(&player, &guise)} <bdi class="who">{name}</bdi> <span class="hint">{about}</span> {follow}</li>
                }
            })
            .collect_view()
    };
    view! { <ul class="people">{own_line(app)} {lines}</ul> }
}

fn role(player: &Player) -> &'static str {
    if player.role == Role::Listener { "listens" } else { "plays" }
}

/// This player's line. It stays while the others' are drawn anew, as often as a delay changes: somebody may be typing in it.
fn own_line(app: App) -> impl IntoView {
    let me = Memo::new(move |_| people(app).into_iter().find(|(player, _)| player.me));
    let name = Memo::new(move |_| me.with(|me| me.as_ref().map(|(_, guise)| guise.name.clone())));
    let picture = move || me.get().map(|(player, guise)| face(&player, &guise));
    let about = move || me.with(|me| me.as_ref().map(|(player, _)| role(player)));
    view! { <li>{picture} {own_name(app, name)} <span class="hint">{about}</span></li> }
}

fn follow_button(app: App, key: score::PlayerKey, guise: &Guise) -> impl IntoView + use<> {
    let is_followed = move || app.ui.following.get() == Some(key);
    view! {
        <button class="plain small" aria-label=format!("Follow {}", guise.name) title="Keep their step in view"
            aria-pressed=move || is_followed().to_string() on:click=move |_| app.follow(key)>
            {move || if is_followed() { "Following" } else { "Follow" }}
        </button>
    }
}

fn own_name(app: App, name: Memo<Option<String>>) -> impl IntoView {
    view! {
        <input class="field" type="text" aria-label="Your name" autocomplete="off" spellcheck="false" prop:value=move || name.get().unwrap_or_default()
            on:keydown=|event: KeyboardEvent| {
                if event.key() == "Enter"
                    && let Some(input) = event.current_target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
                {
                    input.blur().ok();
                }
            }
            on:change=move |event| app.rename_me(&event_target_value(&event))/>
    }
}
