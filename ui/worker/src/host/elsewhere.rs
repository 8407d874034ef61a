//! A session that another tab hosts: its interface is shown here too.

use std::collections::BTreeSet;

use score::SessionId;
use view::{AskId, Command, Past, Tell};
use wasm_bindgen_futures::spawn_local;

use super::tell;
use crate::browser::{self, Channel, Patience, Taken};
use crate::mailbox::post;
use crate::news::{News, Opening};
use crate::tabs::{self, Tab, TabMessage};

/// A session that another tab hosts.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    pub(crate) id: SessionId,
    tab: Tab,
    channel: Channel,
    /// Commands that the other tab has not answered.
    open: BTreeSet<AskId>,
    /// Ends the wait for the lock with this.
    _patience: Option<Patience>,
}

impl Elsewhere {
    /// Watches the session, and waits for the tab that hosts it to end.
    ///
    /// # Errors
    /// When this browser lets tabs not speak with each other.
    pub(super) fn watch(opening: Opening, id: SessionId, tab: Tab) -> Result<Self, String> {
        let name = tabs::name(id);
        let heard = move |bytes: Vec<u8>| {
            if let Ok(message) = view::host::decode(&bytes) {
                post(News::Tab(opening, message));
            }
        };
        let channel = Channel::open(&name, heard).map_err(|_| {
            "This session is open in another tab, and this browser lets tabs not speak with each other: go on there, or close it."
                .to_owned()
        })?;
        let patience = Patience::new();
        let signal = patience.as_ref().map(Patience::signal);
        spawn_local(async move {
            if let Some(signal) = signal
                && let Taken::Ours(lock) = browser::take(&name, Some(signal)).await
            {
                post(News::TakenOver(opening, lock));
            }
        });
        let elsewhere = Self { id, tab, channel, open: BTreeSet::new(), _patience: patience };
        elsewhere.send(&TabMessage::Watching(tab));
        Ok(elsewhere)
    }

    /// Passes a command on.
    pub(super) fn command(&mut self, id: AskId, command: Command) {
        self.open.insert(id);
        self.send(&TabMessage::Command { from: self.tab, id, command });
    }

    /// Wants to know what was done.
    pub(super) fn list_acts(&self) {
        self.send(&TabMessage::Acts(self.tab));
    }

    /// Wants to hear the past, or the session again.
    pub(super) fn preview(&self, past: Option<Past>) {
        self.send(&TabMessage::Preview(self.tab, past));
    }

    /// Another tab speaks.
    pub(super) fn heard(&mut self, message: TabMessage) {
        match message {
            TabMessage::Hosting => self.send(&TabMessage::Watching(self.tab)),
            TabMessage::Tell { to, tell } if to.is_none_or(|to| to == self.tab) => {
                if let Ok(Tell::Answer { id, .. }) = view::host::decode(&tell) {
                    self.open.remove(&id);
                }
                browser::post(&tell);
            }
            TabMessage::Tell { .. }
            | TabMessage::Watching(_)
            | TabMessage::Command { .. }
            | TabMessage::Acts(_)
            | TabMessage::Preview(..) => {}
        }
    }

    /// The other tab is gone. What it has not answered it may have done or not.
    pub(super) fn end(self) -> SessionId {
        for id in self.open {
            let result =
                Err("The tab that held the session was closed; look whether this was done.".to_owned());
            tell(&Tell::Answer { id, result });
        }
        self.id
    }

    fn send(&self, message: &TabMessage) {
        if let Ok(bytes) = view::host::encode(message) {
            self.channel.send(&bytes);
        }
    }
}
