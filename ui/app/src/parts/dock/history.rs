//! What was done, by whom and when; named versions; and the way back.

use leptos::prelude::*;
use score::edit::Edit;
use score::text::{MAX_LABEL_CHARS, clean_name};
use score::{PlayerKey, UnixMillis, VersionId};
use view::{About, Ask, ChangeMark, Command, Guise, Past, PastAct};

use crate::model::guise::{colour, isolated};
use crate::model::past::{act_words, ago};
use crate::state::App;
use crate::{browser, host};

/// How long the list waits after something was done, in milliseconds: a movement of the hand is many changes.
const SETTLING_MILLIS: i32 = 400;

/// The tab.
pub(super) fn history(app: App) -> AnyView {
    on_cleanup(move || hear(app, None));
    refresh_when_something_is_done(app);
    view! {
        <div class="history">
            {versions(app)}
            <section class="acts-list" aria-label="What was done">
                <h3>"What was done"</h3>
                <ul>{move || app.ui.dock.acts.with(|acts| acts.iter().map(|act| line(app, act)).collect_view())}</ul>
            </section>
        </div>
    }
    .into_any()
}

/// Whoever does something changes what can be undone, or the score; the list is asked for when that has settled.
fn refresh_when_something_is_done(app: App) {
    let is_due = StoredValue::new(false);
    app.ask(&Ask::Acts);
    Effect::new(move |was: Option<()>| {
        app.session.revision.track();
        app.session.history.track();
        if was.is_some() && is_due.try_get_value() == Some(false) {
            is_due.set_value(true);
            browser::after(SETTLING_MILLIS, move || {
                if is_due.try_update_value(|due| *due = false).is_some() {
                    app.ask(&Ask::Acts);
                }
            });
        }
    });
}

/// Hears a state of the past, or the session again.
fn hear(app: App, past: Option<Past>) {
    if app.ui.dock.heard.get_untracked() != past {
        if past.is_some() {
            app.listen();
        }
        app.ui.dock.heard.set(past);
        app.ask(&Ask::Preview(past));
    }
}

fn versions(app: App) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let save = move || {
        let name = clean_name(&name.get_untracked(), MAX_LABEL_CHARS);
        let named = if name.is_empty() {
            format!("Version {}", app.session.versions.with_untracked(|held| held.len() + 1))
        } else {
            name
        };
        let Some(by) = app.session.me.get_untracked().filter(|_| app.may_edit()) else { return };
        let at = UnixMillis(js_sys::Date::now() as i64);
        app.edit(
            &[],
            None,
            Edit::SaveVersion { id: VersionId::from_random(host::random()), name: named, by, at },
        );
    };
    let lines = move || {
        let mut held: Vec<_> = app.session.versions.get().into_iter().collect();
        held.sort_by_key(|(id, version)| std::cmp::Reverse((version.at, *id)));
        held.into_iter()
            .map(|(id, version)| {
                let about = format!("{} · {}", isolated(&who(app, version.by).name), ago(version.at.0, js_sys::Date::now() as i64));
                view! { <li>{mark(app, version.by)}<span class="act-words">{version.name.clone()}</span><span class="hint">{about}</span>{ways(app, Past::Version(id), &version.name)}</li> }
            })
            .collect_view()
    };
    view! {
        <section class="versions" aria-label="Versions">
            <h3>"Versions"</h3>
            <form class="copy-line" on:submit=move |event| {
                event.prevent_default();
                save();
                name.set(String::new());
            }>
                <input class="field" type="text" maxlength="64" autocomplete="off" aria-label="Name of the version" placeholder="Name this state"
                    prop:value=name on:input=move |event| name.set(event_target_value(&event))/>
                <button class="plain" type="submit">"Save version"</button>
            </form>
            <ul>{lines}</ul>
        </section>
    }
}

/// To hear a state privately, and to return to it.
fn ways(app: App, past: Past, name: &str) -> impl IntoView + use<> {
    let is_heard = move || app.ui.dock.heard.get() == Some(past);
    let (hears, returns) = (format!("Hear {name}"), format!("Restore {name}"));
    view! {
        <button class="choice" aria-pressed=move || is_heard().to_string() class:held=is_heard aria-label=hears title="Only you hear it"
            on:click=move |_| hear(app, Some(past).filter(|_| !is_heard()))>{move || if is_heard() { "Hearing" } else { "Hear" }}</button>
        <button class="choice" aria-label=returns title="For everyone; undo takes it back" on:click=move |_| {
            hear(app, None);
            if app.may_edit() {
                app.command(&[], Command::Restore(past));
            }
        }>"Restore"</button>
    }
}

/// How a player looks; whoever is not here now has a colour all the same.
fn who(app: App, key: PlayerKey) -> Guise {
    let mut guise =
        app.session.guises.with(|guises| guises.get(&key).cloned()).unwrap_or_else(|| Guise::alone(key));
    if app.session.me.get() == Some(key) {
        "you".clone_into(&mut guise.name);
    }
    guise
}

fn mark(app: App, key: PlayerKey) -> impl IntoView {
    view! { <span class="act-dot" style=move || colour(&who(app, key)) aria-hidden="true"></span> }
}

fn line(app: App, act: &PastAct) -> impl IntoView + use<> {
    let track = match &act.about {
        About::Steps(track) | About::Track(track, _) => {
            app.session.row(*track).map(|row| row.name.get_untracked())
        }
        _ => None,
    };
    let words = act_words(&act.about, track.as_deref());
    let (by, since) = (act.by, act.first);
    let when = act.at.map(|at| format!(" · {}", ago(at.0, js_sys::Date::now() as i64))).unwrap_or_default();
    let about = move || format!("{}{when}", isolated(&who(app, by).name));
    let is_mine = app.session.me.get_untracked() == Some(by);
    let past = Past::With(act.last);
    view! {
        <li class:undone=act.is_undone>
            {mark(app, by)}
            <span class="act-words">{words.clone()}</span>
            <span class="hint">{about}{act.is_undone.then_some(" · taken back")}</span>
            {ways(app, past, &words)}
            {(!is_mine).then(|| view! {
                <button class="choice" title="Take back what this player did from here on, where it still holds"
                    on:click=move |_| take_back(app, by, since)>"Take back from here"</button>
            })}
        </li>
    }
}

fn take_back(app: App, player: PlayerKey, since: ChangeMark) {
    if app.may_edit() {
        app.command(&[], Command::TakeBack { player, since });
        app.ui.remark(format!(
            "What {} did from there on is taken back. Undo brings it again.",
            isolated(&who(app, player).name)
        ));
    }
}
