//! Who is here.

use leptos::prelude::*;
use view::{Command, LinkPath, Player, Role};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

use crate::browser::edges_of_target;
use crate::model::guise::{colours, initials, player_name};
use crate::model::link_state::{milliseconds, path_word};
use crate::state::{App, Panel};

/// Most faces in the header; the others are a number.
const MAX_FACES: usize = 5;

/// A person with the colour that they have here.
fn people(app: App) -> Vec<(Player, u8)> {
    app.session.players.with(|players| {
        let colours = colours(players);
        let mut people: Vec<(Player, u8)> = players
            .iter()
            .filter(|player| player.role != Role::Archive)
            .map(|player| (player.clone(), colours.get(&player.key).copied().unwrap_or(0)))
            .collect();
        people.sort_by_key(|(player, _)| !player.me);
        people
    })
}

/// The faces in the header.
pub(crate) fn avatars(app: App) -> impl IntoView {
    let faces = move || {
        people(app).into_iter().take(MAX_FACES).map(|(player, colour)| face(&player, colour)).collect_view()
    };
    let others = move || people(app).len().saturating_sub(MAX_FACES);
    let label = move || {
        let names: Vec<String> = people(app).iter().map(|(player, _)| named(player)).collect();
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

fn face(player: &Player, colour: u8) -> impl IntoView + use<> {
    let name = player_name(player);
    view! {
        <span class="avatar" class:me=player.me style=format!("--who:var(--player-{colour})") title=named(player)>
            {initials(&name)}
        </span>
    }
}

fn named(player: &Player) -> String {
    let name = player_name(player);
    if player.me { format!("{name} (you)") } else { name }
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
        people(app)
            .into_iter()
            .map(|(player, colour)| {
                let role = if player.role == Role::Listener { "listens" } else { "plays" };
                let about = way(&player).map_or_else(|| role.to_owned(), |way| format!("{role} · {way}"));
                let name = if player.me {
                    own_name(app, &player).into_any()
                } else {
                    view! { <span class="who">{player_name(&player)}</span> }.into_any()
                };
                view! { <li>{face(&player, colour)} {name} <span class="hint">{about}</span></li> }
            })
            .collect_view()
    };
    view! { <ul class="people">{lines}</ul> }
}

fn own_name(app: App, player: &Player) -> impl IntoView + use<> {
    let name = player_name(player);
    view! {
        <input class="field" type="text" aria-label="Your name" maxlength="32" autocomplete="off" spellcheck="false" prop:value=name
            on:keydown=|event: KeyboardEvent| {
                if event.key() == "Enter"
                    && let Some(input) = event.current_target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
                {
                    input.blur().ok();
                }
            }
            on:change=move |event| app.command(&[], Command::Rename(event_target_value(&event)))/>
    }
}
