//! All that components share.

use std::ops::Deref;

use leptos::prelude::*;
use score::Edit;
use view::{Ask, AskId, Command, Gesture};

use super::{Session, Ui};
use crate::host;
use crate::model::touched::Place;

/// The session and the interface around it: one for as long as the page lives, so that every closure can hold it for nothing.
#[derive(Clone, Copy)]
pub(crate) struct App(&'static Shared);

/// What every copy of an [`App`] leads to.
pub(crate) struct Shared {
    /// What is shown of the music.
    pub(crate) session: Session,
    /// What is open, playing and pointed at.
    pub(crate) ui: Ui,
    next_ask: StoredValue<u32>,
    next_gesture: StoredValue<u32>,
}

impl Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        self.0
    }
}

impl App {
    /// An interface around no session yet.
    pub(crate) fn new(ui: Ui) -> Self {
        let (next_ask, next_gesture) = (StoredValue::new(0), StoredValue::new(0));
        Self(Box::leak(Box::new(Shared { session: Session::new(), ui, next_ask, next_gesture })))
    }

    /// Names a movement of this player's hand.
    pub(crate) fn gesture(self) -> Gesture {
        Gesture(next(self.next_gesture))
    }

    /// Makes an edit that is shown in these places already.
    pub(crate) fn edit(self, places: &[Place], gesture: Option<Gesture>, edit: Edit) {
        let command = match gesture {
            Some(hand) => Command::Continue(hand, edit),
            None => Command::Edit(edit),
        };
        self.command(places, command);
    }

    /// Sends a command whose effect is shown in these places already.
    pub(crate) fn command(self, places: &[Place], command: Command) {
        let id = AskId(next(self.next_ask));
        self.session.predict(places, id);
        if !host::ask(&Ask::Command { id, command }) {
            self.session.answered(id, false);
            self.ui.remark("The session is still on its way; try again in a moment.");
        }
    }

    /// Whether the session can be edited here; says why when it cannot.
    pub(crate) fn may_edit(self) -> bool {
        let is_beat = self.ui.page.with_untracked(|page| matches!(page, view::Page::Beat { .. }));
        if is_beat {
            self.ui.remark("A published beat stays as it is. Remix it to make it yours.");
        }
        !is_beat
    }
}

fn next(counter: StoredValue<u32>) -> u32 {
    counter
        .try_update_value(|held| {
            *held = held.wrapping_add(1);
            *held
        })
        .unwrap_or_default()
}
