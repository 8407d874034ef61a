//! The one task behind a desk.

use std::sync::Arc;

use score::{SessionId, TrackId};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use view::host::{Ask, AskId, MAX_EARLY_STRIKES, Playhead, Tell};
use view::{Command, Past, ViewPatch};

use super::errand::{self, Errand, Fetched};
use super::stream::Stream;
use crate::sound::Trim;
use crate::work::{Peer, PeerError, Reply, Request};

/// How many errands may be under way: more than a person can ask for before the first is done.
const MAX_ERRANDS: usize = 16;

/// How many orders may wait for the session. When full, whoever asks waits.
const MAX_ORDERS: usize = 256;

/// An order for the session that was shown when it was given.
type Ordered = (SessionId, Order);

/// What is carried out one after the other.
#[derive(Debug)]
enum Order {
    /// A command, and whom to answer.
    Command(Option<AskId>, Command),
    /// How this player alone hears the session.
    Ears(Vec<u8>),
    /// A key of this player.
    Strike { track: TrackId, pitch: i8, velocity: Option<f32> },
    /// How the player trims the sound of this machine.
    Trim(Trim),
}

/// What is shown, and by whom it is told.
#[derive(Debug)]
struct Shown {
    session: SessionId,
    replies: Stream,
}

/// Whether the session that is shown is heard here.
#[derive(Debug, Default)]
struct Hearing {
    is_wanted: bool,
    replies: Option<Stream>,
    /// Whether there is a device, or it is known that there is none.
    is_there: bool,
    /// Whether the session is to play as soon as it can be heard here.
    wants_play: bool,
    /// Keys that wait for the device.
    early: Vec<Order>,
}

/// The state of a desk.
#[derive(Debug)]
pub(super) struct Actor {
    peer: Arc<Peer>,
    tells: mpsc::Sender<Tell>,
    shown: Option<Shown>,
    hearing: Hearing,
    /// How the player hears the session that is shown.
    ears: Vec<u8>,
    errands: JoinSet<Fetched>,
    orders: mpsc::Sender<Ordered>,
}

impl Actor {
    pub(super) fn new(peer: Arc<Peer>, tells: mpsc::Sender<Tell>) -> Self {
        let (orders, ordered) = mpsc::channel(MAX_ORDERS);
        tokio::spawn(carry_out(peer.clone(), ordered, tells.clone()));
        let (hearing, ears, errands) = (Hearing::default(), Vec::new(), JoinSet::new());
        Self { peer, tells, shown: None, hearing, ears, errands, orders }
    }

    /// Runs until nobody asks or listens any more.
    pub(super) async fn run(mut self, mut asked: mpsc::Receiver<Ask>) {
        loop {
            tokio::select! {
                ask = asked.recv() => match ask {
                    Some(ask) => self.answer(ask).await,
                    None => return,
                },
                reply = next(self.shown.as_mut().map(|shown| &mut shown.replies)) => self.show(reply).await,
                reply = next(self.hearing.replies.as_mut()) => self.hear(reply).await,
                Some(fetched) = self.errands.join_next() => match fetched {
                    Ok(fetched) => self.take(fetched).await,
                    Err(error) => self.fail(&format!("this has crashed: {error}")).await,
                },
                () = self.tells.closed() => return,
            }
        }
    }

    async fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Sessions => self.run_errand(Errand::List).await,
            Ask::List { session, listed } => self.run_errand(Errand::SetListed(session, listed)).await,
            Ask::Create { name } => self.run_errand(Errand::Create(name)).await,
            Ask::Open(session) => self.run_errand(Errand::Show(session)).await,
            Ask::Join(invitation) => self.run_errand(Errand::Join(invitation)).await,
            Ask::Command { id, command } => self.order(id, command).await,
            Ask::Play => self.play().await,
            Ask::Acts => self.run_errand_here(Errand::Acts).await,
            Ask::Preview(past) => self.preview(past).await,
            Ask::Ears(image) => {
                self.ears.clone_from(&image);
                self.order_quietly(Order::Ears(image)).await;
            }
            Ask::Strike { track, pitch, velocity } => {
                self.strike(Order::Strike { track, pitch, velocity }).await;
            }
            Ask::Trim(micros) => self.order_quietly(Order::Trim(Trim::from_micros(micros))).await,
            Ask::Invite => self.run_errand_here(Errand::Invite).await,
            Ask::Publish => self.run_errand_here(Errand::Publish).await,
            Ask::Remix => self.run_errand_here(Errand::Remix).await,
            Ask::Export(format) => self.run_errand_here(|session| Errand::Export(session, format)).await,
            Ask::Archive { server } => {
                self.run_errand_here(|session| Errand::Archive(session, server)).await;
            }
        }
    }

    /// Begins something that may take long.
    async fn run_errand(&mut self, errand: Errand) {
        if self.errands.len() >= MAX_ERRANDS {
            return self.fail("too much is being done at once; wait for some of it").await;
        }
        self.errands.spawn(errand::run(self.peer.clone(), errand));
    }

    async fn run_errand_here(&mut self, errand: impl FnOnce(SessionId) -> Errand) {
        match &self.shown {
            Some(shown) => {
                let errand = errand(shown.session);
                self.run_errand(errand).await;
            }
            None => self.fail("no session is open; open or make one first").await,
        }
    }

    async fn order(&mut self, id: AskId, command: Command) {
        let Some(shown) = &self.shown else {
            let result = Err("no session is open; open or make one first".to_owned());
            return self.tell(Tell::Answer { id, result }).await;
        };
        // The task that takes them lives as long as this one.
        self.orders.send((shown.session, Order::Command(Some(id), command))).await.ok();
    }

    /// Orders what needs no answer; without a session it is about nothing.
    async fn order_quietly(&mut self, order: Order) {
        if let Some(shown) = &self.shown {
            self.orders.send((shown.session, order)).await.ok();
        }
    }

    /// Has the session heard, and played as soon as it is.
    async fn play(&mut self) {
        if self.hearing.is_there {
            return self.order_quietly(Order::Command(None, Command::Play)).await;
        }
        self.hearing.wants_play = self.shown.is_some();
        if self.hearing.is_wanted || self.shown.is_none() {
            self.run_errand_here(Errand::Hear).await;
        } else {
            self.listen().await;
        }
    }

    /// Has the session heard, unless it is.
    async fn listen(&mut self) {
        if self.shown.is_some() && !std::mem::replace(&mut self.hearing.is_wanted, true) {
            self.run_errand_here(Errand::Hear).await;
        }
    }

    /// Presses a key, or lets it go; those that come before there is a device wait for it.
    async fn strike(&mut self, order: Order) {
        self.listen().await;
        if self.hearing.is_there {
            self.order_quietly(order).await;
        } else if self.hearing.early.len() < MAX_EARLY_STRIKES {
            self.hearing.early.push(order);
        }
    }

    async fn preview(&mut self, past: Option<Past>) {
        if past.is_some() {
            self.listen().await;
        }
        self.run_errand_here(|session| Errand::Preview(session, past)).await;
    }

    /// Takes what an errand has brought.
    async fn take(&mut self, fetched: Fetched) {
        match fetched {
            Fetched::Nothing => {}
            Fetched::Tell(tell) => self.tell(tell).await,
            Fetched::Shown { view, me, replies } => {
                let session = view.session;
                let is_other = self.shown.as_ref().is_none_or(|shown| shown.session != session);
                self.shown = Some(Shown { session, replies });
                if is_other {
                    (self.hearing, self.ears) = (Hearing::default(), Vec::new());
                    self.tell(Tell::Playhead(Playhead::default())).await;
                }
                self.tell(Tell::Opened { session, me }).await;
                self.tell(Tell::Patch(ViewPatch::Reset(view))).await;
            }
            Fetched::Again { session, replies } => {
                self.shown = Some(Shown { session, replies });
                self.order_quietly(Order::Ears(self.ears.clone())).await;
            }
            Fetched::Heard { session, replies } => {
                let is_shown = self.shown.as_ref().is_some_and(|shown| shown.session == session);
                if is_shown && self.hearing.is_wanted && self.hearing.replies.is_none() {
                    self.hearing.replies = Some(replies);
                }
            }
        }
    }

    async fn show(&mut self, reply: Result<Option<Reply>, PeerError>) {
        match reply {
            Ok(Some(Reply::View(view))) => self.tell(Tell::Patch(ViewPatch::Reset(view))).await,
            Ok(Some(Reply::Patch(patch))) => self.tell(Tell::Patch(patch)).await,
            Ok(Some(Reply::Transport(transport))) => self.tell(Tell::Transport(transport)).await,
            Ok(Some(_)) => {}
            Ok(None) => {
                // The process that kept the session open has ended: this one takes its place.
                if let Some(shown) = self.shown.take() {
                    self.run_errand(Errand::ShowAgain(shown.session)).await;
                }
            }
            Err(error) => {
                self.shown = None;
                self.fail(&error.to_string()).await;
            }
        }
    }

    async fn hear(&mut self, reply: Result<Option<Reply>, PeerError>) {
        match reply {
            Ok(Some(Reply::Playhead(playhead))) => {
                self.hearing.is_there = true;
                for order in std::mem::take(&mut self.hearing.early) {
                    self.order_quietly(order).await;
                }
                if std::mem::take(&mut self.hearing.wants_play) {
                    self.order_quietly(Order::Command(None, Command::Play)).await;
                }
                self.tell(Tell::Playhead(playhead)).await;
            }
            Ok(Some(_)) => {}
            Ok(None) => {
                (self.hearing.replies, self.hearing.is_there) = (None, false);
                if self.hearing.is_wanted {
                    self.run_errand_here(Errand::Hear).await;
                }
            }
            Err(error) => {
                self.hearing = Hearing::default();
                self.fail(&error.to_string()).await;
                self.tell(Tell::Playhead(Playhead::default())).await;
            }
        }
    }

    async fn fail(&self, reason: &str) {
        self.tell(Tell::Failed(reason.to_owned())).await;
    }

    /// An interface that is gone wants to hear nothing; the loop notices that for itself.
    async fn tell(&self, tell: Tell) {
        self.tells.send(tell).await.ok();
    }
}

/// The next reply of something that may not be going on.
async fn next(replies: Option<&mut Stream>) -> Result<Option<Reply>, PeerError> {
    match replies {
        Some(replies) => replies.next().await,
        None => std::future::pending().await,
    }
}

/// Carries orders out one after the other, and tells how each went.
async fn carry_out(peer: Arc<Peer>, mut ordered: mpsc::Receiver<Ordered>, tells: mpsc::Sender<Tell>) {
    while let Some((session, order)) = ordered.recv().await {
        let (id, request) = match order {
            Order::Command(id, command) => (id, Request::Command { session, command }),
            Order::Ears(image) => (None, Request::Ears { session, image }),
            Order::Strike { track, pitch, velocity } => {
                (None, Request::Strike { session, track, pitch, velocity })
            }
            Order::Trim(trim) => (None, Request::Trim(trim)),
        };
        let result = peer.ask_one(request).await.map(|_| ()).map_err(|error| error.to_string());
        let told = match (id, result) {
            (Some(id), result) => tells.send(Tell::Answer { id, result }).await,
            (None, Err(reason)) => tells.send(Tell::Failed(reason)).await,
            (None, Ok(())) => Ok(()),
        };
        if told.is_err() {
            return;
        }
    }
}
