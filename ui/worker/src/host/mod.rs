//! The owner of everything in the worker: which session is shown, and by whom it is hosted.

mod answers;
mod asks;
mod elsewhere;

use std::collections::VecDeque;
use std::rc::Rc;

use view::{AskId, Command, Tell, ViewPatch};
use wasm_bindgen_futures::spawn_local;

use crate::browser::{self, Database};
use crate::mailbox::post;
use crate::news::{News, Opening};
use crate::opening::{self, Opened, Wanted, not_kept};
use crate::session::{Hosted, Surroundings};
use elsewhere::Elsewhere;

/// Most requests of the interface that wait for the database.
const MAX_EARLY_ASKS: usize = 64;

/// The player's key and the database.
#[derive(Debug)]
pub(crate) struct Begun {
    secret: [u8; 32],
    database: Option<Rc<Database>>,
    notice: Option<String>,
}

/// What is shown.
#[derive(Debug)]
enum Shown {
    /// Nothing yet.
    Nothing,
    /// A session that is on its way, and what was asked of it meanwhile.
    Opening(VecDeque<(AskId, Command)>),
    /// A session that this tab hosts.
    Here(Box<Hosted>),
    /// A session that another tab hosts.
    Elsewhere(Box<Elsewhere>),
}

/// The owner of everything.
#[derive(Debug)]
pub(crate) struct Host {
    around: Surroundings,
    /// Requests that came before the key was there; `None` once it is.
    early: Option<VecDeque<Vec<u8>>>,
    opening: Opening,
    shown: Shown,
}

impl Host {
    /// Begins with what takes a moment: the database and the player's key.
    pub(crate) fn begin(server: String) -> Self {
        spawn_local(async {
            post(News::Begun(Box::new(begin().await)));
        });
        browser::on_online(|| post(News::Online));
        let tab = opening::random_u64();
        Self {
            around: Surroundings { server, secret: [0; 32], database: None, tab },
            early: Some(VecDeque::new()),
            opening: Opening::default(),
            shown: Shown::Nothing,
        }
    }

    /// Takes in something that has happened.
    pub(crate) fn take_in(&mut self, news: News) {
        match news {
            News::Asked(bytes) => self.asked(bytes),
            News::Begun(begun) => self.begun(*begun),
            News::Listed(listings) => Self::listed(listings),
            News::Opened(opening, opened) if opening == self.opening => self.opened(*opened),
            News::TakenOver(opening, lock) if opening == self.opening => self.take_over(lock),
            News::Answered(opening, wish, answer) if opening == self.opening => self.answered(wish, answer),
            News::Heard(opening, link, message) => {
                if let Some(hosted) = self.hosted(opening)
                    && let Err(reason) = hosted.heard(link, message)
                {
                    self.give_up(reason);
                }
            }
            News::Written(opening, result) => {
                if let Some(hosted) = self.hosted(opening) {
                    hosted.written(result);
                }
            }
            News::Due(opening, due) => {
                if let Some(hosted) = self.hosted(opening) {
                    hosted.due(due);
                }
            }
            News::Tab(opening, message) if opening == self.opening => match &mut self.shown {
                Shown::Here(hosted) => hosted.tab(message),
                Shown::Elsewhere(elsewhere) => elsewhere.heard(message),
                Shown::Nothing | Shown::Opening(_) => {}
            },
            News::Online => {
                if let Shown::Here(hosted) = &mut self.shown {
                    hosted.online();
                }
            }
            // Of a session that was left.
            News::Opened(..) | News::TakenOver(..) | News::Answered(..) | News::Tab(..) => {}
        }
    }

    fn hosted(&mut self, opening: Opening) -> Option<&mut Hosted> {
        match &mut self.shown {
            Shown::Here(hosted) if opening == self.opening => Some(hosted),
            _ => None,
        }
    }

    fn begun(&mut self, begun: Begun) {
        let Begun { secret, database, notice } = begun;
        (self.around.secret, self.around.database) = (secret, database);
        if let Some(notice) = notice {
            tell(&Tell::Patch(ViewPatch::Notice(notice)));
        }
        for ask in self.early.take().into_iter().flatten() {
            self.asked(ask);
        }
    }

    /// Leaves what is shown and opens a session.
    fn open(&mut self, wanted: Wanted) {
        self.leave();
        self.shown = Shown::Opening(VecDeque::new());
        let (opening, secret, database) = (self.opening, self.around.secret, self.around.database.clone());
        spawn_local(async move {
            let opened = opening::open(wanted, secret, database).await;
            post(News::Opened(opening, Box::new(opened)));
        });
    }

    fn leave(&mut self) {
        self.opening.0 += 1;
        if let Shown::Here(hosted) = std::mem::replace(&mut self.shown, Shown::Nothing) {
            hosted.leave();
        }
    }

    fn opened(&mut self, opened: Result<Opened, String>) {
        let Shown::Opening(waiting) = std::mem::replace(&mut self.shown, Shown::Nothing) else { return };
        let around = self.around.clone();
        match opened {
            Ok(Opened::Here(here)) => {
                let hosted = Hosted::start(self.opening, around, *here);
                self.shown = Shown::Here(Box::new(hosted));
            }
            Ok(Opened::Elsewhere(id)) => match Elsewhere::watch(self.opening, id, around.tab) {
                Ok(elsewhere) => self.shown = Shown::Elsewhere(Box::new(elsewhere)),
                Err(reason) => tell(&Tell::Failed(reason)),
            },
            Err(reason) => tell(&Tell::Failed(reason)),
        }
        for (id, command) in waiting {
            self.command(id, command);
        }
    }

    /// The tab that hosted the session is gone: what it has stored is opened here.
    fn take_over(&mut self, lock: browser::Held) {
        let Shown::Elsewhere(elsewhere) = std::mem::replace(&mut self.shown, Shown::Nothing) else { return };
        let id = elsewhere.end();
        self.opening.0 += 1;
        self.shown = Shown::Opening(VecDeque::new());
        let (opening, secret, database) = (self.opening, self.around.secret, self.around.database.clone());
        spawn_local(async move {
            let opened = opening::read(id, None, secret, database, Some(lock)).await;
            post(News::Opened(opening, Box::new(opened)));
        });
    }

    /// A session cannot be had.
    fn give_up(&mut self, reason: String) {
        self.leave();
        tell(&Tell::Failed(reason));
    }
}

/// Tells the interface.
fn tell(tell: &Tell) {
    if let Ok(bytes) = view::host::encode(tell) {
        browser::post(&bytes);
    }
}

/// Opens the database and reads the player's key, or draws one. Where nothing is kept the key lives as long as the page.
async fn begin() -> Begun {
    let fresh: [u8; 32] = browser::random();
    let read = async {
        let database = Database::open().await?;
        let secret = database.secret(fresh).await?;
        Ok::<_, browser::DatabaseError>((database, secret))
    };
    match read.await {
        Ok((database, secret)) => Begun { secret, database: Some(Rc::new(database)), notice: None },
        Err(error) => Begun { secret: fresh, database: None, notice: Some(not_kept(&error.to_string())) },
    }
}
