//! The link to the page's server: dialled, proven, lost and dialled again.

use crdt_model::trust::{Challenge, Identity, SessionOrigin};
use jam::limits::SECOND;
use jam::{Backoff, LinkId};
use score::{LocalTime, PlayerKey, SessionId};

use crate::browser::{self, Socket, Timer};
use crate::held::{Held, Verdict};
use crate::mailbox::post;
use crate::news::{Due, News, Opening};

/// A link that lasted this long has proven itself: the next attempt comes soon again.
const PROVEN_AFTER_NANOS: i64 = 30 * SECOND;

/// The longest that a server may ask to be left alone, in milliseconds: 5 min.
const MAX_REST_MILLIS: u32 = 300_000;

/// Longest challenge in bytes that is looked at: twice what one takes.
const MAX_CHALLENGE_BYTES: usize = 256;

/// How far the link has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// There is none; a timer dials again.
    Down,
    /// The socket is being opened, or the challenge is awaited.
    Dialled,
    /// The link is up.
    Up,
}

/// What came of a message of the server.
#[derive(Debug)]
pub(super) enum Heard {
    /// Nothing to do.
    Nothing,
    /// The server has said who it is and who founded the session; answer it.
    Challenge(Challenge),
    /// A frame of the session.
    Frame(Vec<u8>),
    /// The link is of no more use.
    Useless,
}

/// The link to the server.
#[derive(Debug)]
pub(super) struct Line {
    opening: Opening,
    id: SessionId,
    url: String,
    /// Who founded the session, where that is known.
    pub(super) origin: Option<SessionOrigin>,
    last: u64,
    socket: Option<Socket>,
    stage: Stage,
    backoff: Backoff,
    since: LocalTime,
    redial: Option<Timer>,
    held: Held,
    release: Option<Timer>,
    /// How often the server was dialled in vain since it was last reached.
    pub(super) failures: u32,
}

impl Line {
    pub(super) fn new(opening: Opening, id: SessionId, server: &str, origin: Option<SessionOrigin>) -> Self {
        // http becomes ws, https becomes wss.
        let url = format!("ws{}/api/sessions/{id}/live", server.strip_prefix("http").unwrap_or_default());
        Self {
            opening,
            id,
            url,
            origin,
            last: 0,
            socket: None,
            stage: Stage::Down,
            backoff: Backoff::default(),
            since: LocalTime(0),
            redial: None,
            held: Held::default(),
            release: None,
            failures: 0,
        }
    }

    /// The link that is open or being opened.
    fn link(&self) -> LinkId {
        LinkId(self.last)
    }

    /// Dials, unless that is done already.
    pub(super) fn dial(&mut self) {
        self.redial = None;
        if self.stage != Stage::Down {
            return;
        }
        self.last += 1;
        (self.stage, self.since, self.held) = (Stage::Dialled, browser::now(), Held::default());
        let (opening, link) = (self.opening, self.link());
        let socket = Socket::open(&self.url, move |message| post(News::Heard(opening, link, message)));
        match socket {
            Ok(socket) => self.socket = Some(socket),
            Err(_) => self.lost(0),
        }
    }

    /// Dials at once where a wait is under way: something has changed for the better.
    pub(super) fn dial_soon(&mut self) {
        if self.redial.is_some() {
            self.backoff.reset();
            self.dial();
        }
    }

    /// A message has come, or the end. `None` where it is of a link that was given up.
    pub(super) fn heard(&mut self, link: LinkId, message: Option<Vec<u8>>) -> Heard {
        if link != self.link() || self.stage == Stage::Down {
            return Heard::Nothing;
        }
        let Some(bytes) = message else { return Heard::Useless };
        match self.stage {
            Stage::Dialled => match read_challenge(&bytes) {
                Some(challenge) => Heard::Challenge(challenge),
                None => Heard::Useless,
            },
            _ => match self.held.take(browser::now(), bytes) {
                Verdict::Pass(frame) => Heard::Frame(frame),
                Verdict::Held => Heard::Nothing,
                Verdict::Overflow => Heard::Useless,
            },
        }
    }

    /// Answers the challenge. The link is up.
    pub(super) fn answer(
        &mut self,
        challenge: &Challenge,
        identity: &Identity,
        origin: SessionOrigin,
    ) -> (LinkId, PlayerKey) {
        let answer = (challenge.answer(identity, self.id), origin);
        if let (Some(socket), Ok(bytes)) = (&self.socket, view::host::encode(&answer)) {
            socket.send(&bytes);
        }
        (self.stage, self.failures) = (Stage::Up, 0);
        (self.link(), challenge.server)
    }

    /// Whether the link is up, and which it is.
    pub(super) fn up(&self) -> Option<LinkId> {
        (self.stage == Stage::Up).then(|| self.link())
    }

    /// Sends a frame; false when the link is of no more use.
    pub(super) fn send(&self, link: LinkId, frame: &[u8]) -> bool {
        let is_open = link == self.link() && self.stage == Stage::Up;
        !is_open || self.socket.as_ref().is_some_and(|socket| socket.send(frame))
    }

    /// Lets no frame through until then.
    pub(super) fn pause(&mut self, link: LinkId, until: LocalTime) {
        if link == self.link() {
            self.held.pause(until);
            self.set_release();
        }
    }

    /// The next frame that was held and may pass.
    pub(super) fn next_held(&mut self) -> Option<(LinkId, Vec<u8>)> {
        let frame = self.held.next(browser::now())?;
        Some((self.link(), frame))
    }

    /// Waits for the end of a pause, if something is held.
    pub(super) fn set_release(&mut self) {
        let opening = self.opening;
        self.release =
            self.held.due().map(|due| Timer::at(due, move || post(News::Due(opening, Due::Frames))));
    }

    /// Closes the link once what was sent is through; true if it was open.
    pub(super) fn close(&mut self, link: LinkId, retry_after_millis: u32) -> bool {
        let is_open = link == self.link() && self.stage != Stage::Down;
        if is_open {
            self.lost(retry_after_millis);
        }
        is_open
    }

    /// The link is gone; it is dialled again after a wait.
    pub(super) fn lost(&mut self, retry_after_millis: u32) {
        let now = browser::now();
        if self.stage == Stage::Up && now.nanos_since(self.since) >= PROVEN_AFTER_NANOS {
            self.backoff.reset();
        }
        self.failures += u32::from(self.stage == Stage::Dialled);
        (self.stage, self.socket, self.release) = (Stage::Down, None, None);
        let place = u32::from_le_bytes(browser::random());
        let wait = self.backoff.next_wait(place).as_nanos() as i64;
        let rest = i64::from(retry_after_millis.min(MAX_REST_MILLIS)) * 1_000_000;
        let at = now.plus_nanos(wait.max(rest));
        let opening = self.opening;
        self.redial = Some(Timer::at(at, move || post(News::Due(opening, Due::Redial))));
    }
}

fn read_challenge(bytes: &[u8]) -> Option<Challenge> {
    if bytes.len() > MAX_CHALLENGE_BYTES {
        return None;
    }
    view::host::decode(bytes).ok()
}
