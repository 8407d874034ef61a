//! `offbeat host` and `offbeat join`

use peer::net::Ticket;
use peer::server::Invitation;
use peer::sound::Trim;
use peer::work::{Replies, Reply, Request};
use view::{View, ViewPatch};

use super::connection::Watch;
use super::stats::Stats;
use crate::arguments::{Host, Join};
use crate::desk::Desk;
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::signals::Stop;

pub(super) async fn host(desk: &mut Desk, host: &Host) -> Outcome {
    let session = desk.find(&host.session).await?;
    trim(desk, host.trim_ms).await?;
    stay_on(desk, &Request::Host { session, play: host.play }, host.stats).await
}

pub(super) async fn join(desk: &mut Desk, join: Join) -> Outcome {
    check(&join.ticket)?;
    let Join { ticket, once, play, stats, trim_ms } = join;
    trim(desk, trim_ms).await?;
    stay_on(desk, &Request::Join { ticket, once, play }, stats).await
}

/// Keeps by how much the sound of this machine is to be trimmed, where that was said.
async fn trim(desk: &mut Desk, trim: Option<Trim>) -> Outcome {
    if let Some(trim) = trim {
        desk.ask_one(Request::Trim(trim)).await?;
    }
    Ok(())
}

/// Tells a text that is no invitation, which is a slip of the hand, from one that cannot be used.
fn check(ticket: &str) -> Outcome {
    match ticket.parse::<Invitation>() {
        Ok(_) => Ok(()),
        Err(error) if error.is_understood() => Err(error.into()),
        Err(error) => Err(Failure::usage(error)),
    }
}

/// Keeps a request up until it is done or the player ends it. When another process was carrying it out and ends, it moves
/// to whoever owns the home next, which may be this one.
async fn stay_on(desk: &mut Desk, request: &Request, stats: bool) -> Outcome {
    let mut stop = Stop::listen()?;
    let mut told = Told { stats: stats.then(Stats::new), ..Told::default() };
    loop {
        let mut replies = tokio::select! {
            asked = desk.ask(request.clone()) => asked?,
            () = stop.asked() => return Ok(()),
        };
        tokio::select! {
            shown = told.show(&mut replies) => shown?,
            () = stop.asked() => return Ok(()),
        }
        if told.is_done(request) {
            return Ok(());
        }
        output::note("the Offbeat that kept the session open has ended; taking over");
    }
}

/// Prints an invitation, with a word about one that nobody can follow.
fn invite(ticket: &str) -> Outcome {
    output::print_line(&format!("ticket {ticket}"))?;
    if ticket.parse::<Ticket>().is_ok_and(|ticket| ticket.addresses.is_empty()) {
        output::note(
            "this machine has no network address, so the ticket leads nowhere; connect it, then host again",
        );
    }
    Ok(())
}

/// What the player was told.
#[derive(Default)]
struct Told {
    session: bool,
    synced: bool,
    is_alone_said: bool,
    watch: Watch,
    stats: Option<Stats>,
}

impl Told {
    /// Tells the player what is heard back, until nothing more is.
    async fn show(&mut self, replies: &mut Replies) -> Outcome {
        loop {
            let Some(reply) = self.next(replies).await? else { return Ok(()) };
            match reply {
                Reply::Ticket(ticket) => invite(&ticket)?,
                Reply::Session(id) if !std::mem::replace(&mut self.session, true) => {
                    output::print_line(&id.to_string())?;
                }
                Reply::Synced if !std::mem::replace(&mut self.synced, true) => {
                    output::note("the session is here and saved");
                }
                Reply::View(view) => {
                    self.view(&view);
                    self.say_if_alone();
                }
                Reply::Patch(patch) => self.patch(patch),
                Reply::Playhead(playhead) => {
                    if let Some(stats) = &mut self.stats {
                        stats.playhead(playhead);
                    }
                }
                _ => {}
            }
        }
    }

    /// The next reply; meanwhile figures are printed, if they are wanted.
    async fn next(&mut self, replies: &mut Replies) -> Outcome<Option<Reply>> {
        let Some(stats) = &mut self.stats else { return Ok(replies.next().await?) };
        // A reply that has half arrived is not to be dropped for a line of figures.
        let mut reply = std::pin::pin!(replies.next());
        loop {
            tokio::select! {
                reply = &mut reply => return Ok(reply?),
                printed = stats.print_next() => printed?,
            }
        }
    }

    fn view(&mut self, view: &View) {
        self.watch.players.clone_from(&view.players);
        self.connection(&view.connection);
        self.timeline(view.timeline);
    }

    fn timeline(&mut self, timeline: view::Timeline) {
        if let Some(stats) = &mut self.stats {
            stats.timeline(timeline);
        }
    }

    /// A guest who is not linked at once should know that it is being tried.
    fn say_if_alone(&mut self) {
        if self.session && !self.synced && !std::mem::replace(&mut self.is_alone_said, true) {
            output::note("looking for the inviter until they answer; Ctrl-C ends");
        }
    }

    fn patch(&mut self, patch: ViewPatch) {
        match patch {
            ViewPatch::Notice(notice) => output::note(&notice),
            ViewPatch::Passing { name, came, .. } => {
                output::note(&format!("{name} {}", if came { "joined" } else { "left" }));
            }
            ViewPatch::Players(players) => self.watch.players = players,
            ViewPatch::Connection(connection) => self.connection(&connection),
            ViewPatch::Reset(view) => self.view(&view),
            ViewPatch::Timeline(timeline) => self.timeline(timeline),
            ViewPatch::Score { .. } | ViewPatch::History { .. } => {}
        }
    }

    fn connection(&mut self, connection: &view::Connection) {
        output::notes(&self.watch.changes(connection));
        if let Some(stats) = &mut self.stats {
            stats.connection(connection);
        }
    }

    /// Whether the request has ended because there is nothing more to do.
    fn is_done(&self, request: &Request) -> bool {
        matches!(request, Request::Join { once: true, .. }) && self.session
    }
}
