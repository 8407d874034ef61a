//! What the server is asked for besides the link: invitations, publishing, remixes.

use score::score::Parent;
use score::{Score, SessionId};
use view::Tell;
use wasm_bindgen_futures::spawn_local;

use super::Hosted;
use crate::browser::{self, Answer};
use crate::mailbox::post;
use crate::news::{News, Opening, Wish};
use crate::remark;

impl Hosted {
    /// The interface wishes for something of the server.
    pub(crate) fn wish(&mut self, wish: Wish) {
        self.wishes.push(wish);
        self.fulfil_wishes();
    }

    /// Asks for what can be asked for: to publish or remix, the server must first have all that is here.
    pub(super) fn fulfil_wishes(&mut self) {
        let has_all = self.connection.unacknowledged == 0;
        let is_linked = self.line.up().is_some();
        let (now, later): (Vec<Wish>, Vec<Wish>) =
            std::mem::take(&mut self.wishes).into_iter().partition(|wish| match wish {
                Wish::Publish | Wish::Remix => !is_linked || has_all,
                Wish::Invite | Wish::Look => true,
            });
        self.wishes = later;
        for wish in now {
            match wish {
                Wish::Publish if !is_linked => {
                    self.tell_all(&Tell::Failed(remark::OFFLINE_PUBLISH.to_owned()));
                }
                Wish::Remix if !is_linked => post(News::Answered(self.opening, wish, Err(String::new()))),
                wish => ask(self.opening, wish, &self.around.server, self.around.secret, self.id),
            }
        }
    }

    /// The session as a remix begins; `None` while nothing of it is here.
    pub(crate) fn remixed(&self) -> Option<Score> {
        let session = self.jam.as_ref().filter(|_| self.is_shown)?.session();
        let heads: Vec<String> = session.heads().iter().map(ToString::to_string).collect();
        let score = session.score();
        let parent = Parent { id: self.id.to_string(), heads: heads.join(","), name: score.name.clone() };
        Some(Score { parent: Some(parent), ..score.clone() })
    }

    /// Whether something of the session is here and shown.
    pub(crate) fn is_shown(&self) -> bool {
        self.is_shown
    }
}

/// Asks the server.
pub(crate) fn ask(opening: Opening, wish: Wish, server: &str, secret: [u8; 32], id: SessionId) {
    let server = server.to_owned();
    spawn_local(async move {
        let identity = crdt_model::trust::Identity::from_secret(&secret);
        let path = format!("/api/sessions/{id}");
        let answer: Result<Answer, String> = match wish {
            Wish::Publish => browser::post_signed(&identity, &server, &format!("{path}/beats"), "{}").await,
            Wish::Remix => browser::post_signed(&identity, &server, &format!("{path}/remix"), "{}").await,
            Wish::Invite | Wish::Look => browser::get(&server, &path).await,
        };
        post(News::Answered(opening, wish, answer));
    });
}
