//! What the host tells.

use leptos::prelude::*;
use view::{Ask, Page, Tell, ViewPatch};

use super::ui::Invitation;
use super::{App, Panel};
use crate::{browser, flashes, host};

/// How long a session may look for its first link before it counts as offline, in milliseconds.
const SETTLING_MILLIS: i32 = 4_000;

impl App {
    /// Takes in what the host tells.
    pub(crate) fn told(self, tell: Tell) {
        match tell {
            Tell::Sessions(sessions) => self.ui.sessions.set(Some(sessions)),
            Tell::Opened { session, me } => self.opened(session, me),
            Tell::Patch(patch) => self.patched(patch),
            Tell::Answer { id, result } => {
                self.session.answered(id, result.is_ok());
                if let Err(reason) = result {
                    self.ui.remark(reason);
                }
            }
            Tell::Program(image) => host::program(image),
            Tell::Transport(transport) => self.moved(transport),
            Tell::Playhead(playhead) => {
                host::heard(&playhead);
                if self.ui.is_heard.get_untracked() != playhead.is_heard {
                    self.ui.is_heard.set(playhead.is_heard);
                    self.ui.is_starting.set(false);
                }
            }
            Tell::Acts(acts) => self.ui.dock.acts.set(acts),
            Tell::Invitation { link, ticket } => self.ui.invitation.set(Some(Invitation { link, ticket })),
            Tell::Published { link } => self.ui.panel.set(Some(Panel::Published(link))),
            Tell::Exported { place } => self.end_export(format!("Written to {place}")),
            Tell::Failed(reason) => self.failed(reason),
        }
    }

    fn opened(self, session: score::SessionId, me: score::PlayerKey) {
        if self.session.id.get_untracked() != Some(session) {
            self.session.leave();
            self.end_alone();
            self.ui.panel.set(None);
            self.ui.invitation.set(None);
        }
        self.session.me.set(Some(me));
        self.session.id.set(Some(session));
        self.ui.page.set(Page::Session(session));
        self.ui.is_open.set(true);
        self.ui.is_settling.set(true);
        let is_settling = self.ui.is_settling;
        browser::after(SETTLING_MILLIS, move || is_settling.set(false));
        browser::show_address(&format!("/s/{session}"));
        self.pass_ears();
        self.play_on();
    }

    fn patched(self, patch: ViewPatch) {
        match &patch {
            ViewPatch::Notice(line) => self.ui.remark(line.clone()),
            ViewPatch::Passing { key, name, came } => self.passing(*key, name, *came),
            ViewPatch::Timeline(timeline) => self.transport_changed(*timeline),
            ViewPatch::Score { by, changes } if self.session.me.get_untracked() != Some(*by) => {
                flashes::note(self, *by, changes);
            }
            _ => {}
        }
        self.session.apply(patch);
    }

    /// Where nothing is shown, the reason is all there is to show.
    fn failed(self, reason: String) {
        self.ui.exporting.set(None);
        let shows_nothing = self.session.rows.with_untracked(Vec::is_empty);
        let wants_session = self.ui.page.with_untracked(|page| matches!(page, Page::Session(_)));
        if wants_session && shows_nothing {
            self.ui.page.set(Page::Missing { reason });
        } else {
            self.ui.remark(reason);
        }
    }

    /// Goes to the list of sessions.
    pub(crate) fn go_home(self) {
        self.ui.panel.set(None);
        self.ui.page.set(Page::Home);
        browser::show_address("/");
        self.ask(&Ask::Sessions);
    }
}
