//! What the interface asks for.

use std::collections::VecDeque;

use score::SessionId;
use score::default_name::default_name;
use score::starter::starter;
use view::{Ask, AskId, Command, SessionListing, Tell};
use wasm_bindgen_futures::spawn_local;

use super::{Host, MAX_EARLY_ASKS, Shown, tell};
use crate::browser::DatabaseError;
use crate::destination::{self, Destination};
use crate::kept::Listing;
use crate::mailbox::post;
use crate::news::{News, Wish};
use crate::opening::{Wanted, random_u64};
use crate::remark;
use crate::session::ask;

/// Most commands that wait for a session that is being opened.
const MAX_WAITING_COMMANDS: usize = 256;

impl Host {
    /// The interface asks.
    pub(super) fn asked(&mut self, bytes: Vec<u8>) {
        if let Some(early) = &mut self.early {
            if early.len() < MAX_EARLY_ASKS {
                early.push_back(bytes);
            }
            return;
        }
        match view::host::decode(&bytes) {
            Ok(ask) => self.carry_out(ask),
            // Both are of one build, so this is a mistake of ours.
            Err(_) => tell(&Tell::Failed(
                "The page sent something that its worker does not know; reload it.".to_owned(),
            )),
        }
    }

    fn carry_out(&mut self, ask: Ask) {
        match ask {
            Ask::Sessions => self.list(None),
            Ask::List { session, listed } => self.list(Some((session, listed))),
            Ask::Create { name } => {
                let seed = random_u64();
                let name = if name.is_empty() { default_name(seed) } else { name };
                self.open(Wanted::Found(Box::new(starter(&name, seed))));
            }
            Ask::Open(id) => self.open_known(id),
            Ask::Join(text) => self.join(&text),
            Ask::Command { id, command } => self.command(id, command),
            Ask::Acts => match &mut self.shown {
                Shown::Here(hosted) => hosted.list_acts(None),
                Shown::Elsewhere(elsewhere) => elsewhere.list_acts(),
                Shown::Nothing | Shown::Opening(_) => {}
            },
            Ask::Preview(past) => match &mut self.shown {
                Shown::Here(hosted) => hosted.preview(None, past),
                Shown::Elsewhere(elsewhere) => elsewhere.preview(past),
                Shown::Nothing | Shown::Opening(_) => {}
            },
            Ask::Invite => self.wish(Wish::Invite),
            Ask::Publish => self.wish(Wish::Publish),
            Ask::Remix => self.wish(Wish::Remix),
            Ask::Archive { server }
                if server.is_empty() || server.trim_end_matches('/') == self.around.server =>
            {
                // Every session of a page is kept by its server, once that is reached.
                self.wish(Wish::Invite);
            }
            Ask::Archive { server } => {
                tell(&Tell::Failed(remark::other_server(&server, &self.around.server)));
            }
            // The page has the engine, and makes files by itself: it says when it is ready to play.
            Ask::Play | Ask::Export(_) | Ask::Ears(_) | Ask::Strike { .. } | Ask::Trim(_) => {}
        }
    }

    fn open_known(&mut self, id: SessionId) {
        match &self.shown {
            Shown::Here(hosted) if hosted.id == id && hosted.is_shown() => hosted.show_all(None),
            _ => self.open(Wanted::Known(id)),
        }
    }

    fn join(&mut self, text: &str) {
        match destination::read(text, &self.around.server) {
            Ok(Destination::Session(id)) => self.open_known(id),
            Ok(Destination::Invited(origin)) => self.open(Wanted::Invited(origin)),
            Ok(Destination::Remix(path)) => {
                self.leave();
                self.shown = Shown::Opening(VecDeque::new());
                self.remix_of(path);
            }
            Err(reason) => tell(&Tell::Failed(reason)),
        }
    }

    pub(super) fn command(&mut self, id: AskId, command: Command) {
        match &mut self.shown {
            Shown::Here(hosted) => hosted.command(None, id, command),
            Shown::Elsewhere(elsewhere) => elsewhere.command(id, command),
            Shown::Opening(waiting) if waiting.len() < MAX_WAITING_COMMANDS => {
                waiting.push_back((id, command));
            }
            Shown::Nothing | Shown::Opening(_) => {
                tell(&Tell::Answer { id, result: Err(remark::NOTHING_OPEN.to_owned()) });
            }
        }
    }

    fn wish(&mut self, wish: Wish) {
        match &mut self.shown {
            Shown::Here(hosted) => hosted.wish(wish),
            Shown::Elsewhere(elsewhere) => {
                ask(self.opening, wish, &self.around.server, self.around.secret, elsewhere.id);
            }
            Shown::Nothing | Shown::Opening(_) => tell(&Tell::Failed(remark::NOTHING_OPEN.to_owned())),
        }
    }

    /// Reads the list, after a session was taken off it or put back, where that is asked for.
    fn list(&self, change: Option<(SessionId, bool)>) {
        let database = self.around.database.clone();
        spawn_local(async move {
            let read = async {
                let Some(database) = &database else { return Ok(Vec::new()) };
                if let Some((session, listed)) = change {
                    database.list(session, listed).await?;
                }
                database.listings().await
            };
            let listings: Result<_, DatabaseError> = read.await;
            post(News::Listed(listings.map_err(|error| error.to_string())));
        });
    }

    /// The sessions that are here, those opened last first.
    pub(super) fn listed(listings: Result<Vec<Listing>, String>) {
        match listings {
            Ok(mut listings) => {
                listings.retain(|listing| !listing.shown.is_hidden);
                listings.sort_by_key(|listing| std::cmp::Reverse(listing.opened));
                let listing = |Listing { origin, name, shown, .. }| SessionListing {
                    session: origin.id(),
                    name,
                    picture: shown.picture,
                };
                tell(&Tell::Sessions(listings.into_iter().map(listing).collect()));
            }
            Err(reason) => tell(&Tell::Failed(remark::refused("Your sessions cannot be listed", &reason))),
        }
    }
}
