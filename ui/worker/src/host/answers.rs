//! What the server has answered.

use crdt_model::trust::Identity;
use view::{Tell, ViewPatch};
use wasm_bindgen_futures::spawn_local;

use super::{Host, Shown, tell};
use crate::browser::{self, Answer};
use crate::mailbox::post;
use crate::news::{News, Wish};
use crate::opening::Wanted;
use crate::remark;

impl Host {
    /// The server has answered, or cannot be reached.
    pub(super) fn answered(&mut self, wish: Wish, answer: Result<Answer, String>) {
        match wish {
            Wish::Publish => self.published(answer),
            Wish::Remix => self.remixed(answer),
            Wish::Invite => self.invited(answer),
            Wish::Look => self.looked(answer),
        }
    }

    fn published(&self, answer: Result<Answer, String>) {
        let told = match answer {
            Ok(answer) if answer.is_ok() => match answer.text("url") {
                Some(link) => Tell::Published { link: self.whole(&link) },
                None => Tell::Failed("The server published the beat but did not say where.".to_owned()),
            },
            Ok(answer) => Tell::Failed(remark::refused("The beat was not published", &answer.problem())),
            Err(_) => Tell::Failed(remark::OFFLINE_PUBLISH.to_owned()),
        };
        tell(&told);
    }

    /// A remix is founded by the server, which counts it; without one, here.
    fn remixed(&mut self, answer: Result<Answer, String>) {
        let id = match &answer {
            Ok(answer) if answer.is_ok() => answer.text("id").and_then(|id| id.parse().ok()),
            _ => None,
        };
        let here = match &self.shown {
            Shown::Here(hosted) => hosted.remixed(),
            _ => None,
        };
        match (id, here, answer) {
            (Some(id), ..) => self.open(Wanted::Known(id)),
            (None, Some(score), Err(_)) => self.open(Wanted::Found(Box::new(score))),
            (None, _, Ok(answer)) => {
                tell(&Tell::Failed(remark::refused("There is no remix", &answer.problem())));
            }
            (None, None, Err(_)) => tell(&Tell::Failed(remark::still_trying(&self.around.server))),
        }
    }

    fn invited(&self, answer: Result<Answer, String>) {
        let id = match &self.shown {
            Shown::Here(hosted) => hosted.id,
            Shown::Elsewhere(elsewhere) => elsewhere.id,
            Shown::Nothing | Shown::Opening(_) => return,
        };
        let told = match answer {
            Ok(answer) if answer.is_ok() => Tell::Invitation {
                link: Some(format!("{}/s/{id}", self.around.server)),
                ticket: answer.text("ticket").filter(|ticket| !ticket.is_empty()),
            },
            // It has not got it yet: a link would lead nowhere.
            Ok(_) => Tell::Invitation { link: None, ticket: None },
            Err(_) => Tell::Failed(format!(
                "{} cannot be reached, so nobody could follow an invitation. Try again when the page is connected.",
                self.around.server
            )),
        };
        tell(&told);
    }

    /// A session of which nothing is here could not be linked: does the server not have it, or is it away?
    fn looked(&mut self, answer: Result<Answer, String>) {
        match answer {
            Ok(answer) if answer.status == 404 => {
                let reason = match &self.shown {
                    Shown::Here(hosted) => hosted.unknown(),
                    _ => remark::UNKNOWN_SESSION,
                };
                self.give_up(reason.to_owned());
            }
            Ok(_) => {}
            Err(_) => tell(&Tell::Patch(ViewPatch::Notice(remark::still_trying(&self.around.server)))),
        }
    }

    /// Asks the server for a remix of something that is not open here.
    pub(super) fn remix_of(&self, path: String) {
        let (opening, server, secret) = (self.opening, self.around.server.clone(), self.around.secret);
        spawn_local(async move {
            let identity = Identity::from_secret(&secret);
            let answer = browser::post_signed(&identity, &server, &format!("/api/{path}"), "{}").await;
            post(News::Answered(opening, Wish::Remix, answer));
        });
    }

    fn whole(&self, link: &str) -> String {
        if link.starts_with('/') { format!("{}{link}", self.around.server) } else { link.to_owned() }
    }
}
