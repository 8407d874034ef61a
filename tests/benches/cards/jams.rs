//! Two players whose sound cards run at speeds of their own, natively and in a page.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tests::{Card, Page, Player, Running, Server, Sound, Spreads, calendar, eventually, pass_until};

/// How wrong the cards are, in parts per million.
const CARDS: [i32; 2] = [80, -120];

/// How wrong the second machine's clock is: in parts per million, and by how many milliseconds it is ahead.
const CLOCK: &str = "100,3600000";

/// A browser's sound, and a device's, settle after they began.
const SETTLING: Duration = Duration::from_secs(4);

/// The bar and what sounds in it.
const BEAT: &str = "tempo 120; add-track rim; pattern rim X.X.X.X.X.X.X.X.";

/// Two native players, each with a clock and a card of their own.
///
/// # Errors
/// When one does not start.
pub(crate) fn two_natives(seconds: u64) -> Result<Spreads> {
    let cards = [Card::insert(CARDS[0])?, Card::insert(CARDS[1])?];
    let (ada, ben) = (Player::arrives()?, Player::arrives()?);
    let session = ada.says(&["new", "Cards"])?;
    ada.says(&["edit", &session, BEAT])?;
    let mut host = starts(&ada, &cards[0], "0", &["host", &session, "--play", "--stats"])?;
    let mut guest = starts(&ben, &cards[1], CLOCK, &["join", &host.ticket()?, "--play", "--stats"])?;
    for player in [&host, &guest] {
        plays(player)?;
    }
    let (from, to) = listen(seconds)?;
    let spreads = compared(cards, from, to);
    guest.stops()?;
    host.stops()?;
    spreads
}

/// A page in Chromium, and a native player who has joined by its link.
///
/// # Errors
/// When one does not start, or the interface has not been built into the server.
pub(crate) fn page_and_native(seconds: u64) -> Result<Spreads> {
    let cards = [Card::insert(CARDS[0])?, Card::insert(CARDS[1])?];
    let (server, ada) = (Server::starts()?, Player::arrives()?);
    let session = ada.says(&["new", "Cards"])?;
    ada.says(&["edit", &session, BEAT])?;
    ada.says(&["archive", &session, "--server", server.url()])?;
    let mut native = starts(&ada, &cards[0], CLOCK, &["host", &session, "--play", "--stats"])?;
    plays(&native)?;
    let page = Page::chromium("card", Sound::At(cards[1].pulse()))?;
    page.opens(&server.page_of(&session))?;
    page.clicks("button", "^join the music$")?;
    page.plays_on()?;
    let (from, to) = listen(seconds)?;
    let spreads = compared(cards, from, to);
    native.stops()?;
    spreads
}

fn starts(player: &Player, card: &Card, clock: &str, arguments: &[&str]) -> Result<Running> {
    let mut command = player.command();
    command.args(arguments).env("PULSE_SERVER", card.pulse().address()).env("OFFBEAT_CLOCK_SKEW", clock);
    Running::start(command)
}

/// Waits until the music plays, and its device is believed.
fn plays(player: &Running) -> Result<()> {
    eventually("music", || {
        let line = player.stats()?;
        let is_there = line["playing"] == true && !line["sound"]["latency_us"].is_null();
        Ok(is_there.then_some(()))
    })
}

/// The music of real devices takes real time. From when until when it is compared, in nanoseconds since 1970.
fn listen(seconds: u64) -> Result<(i64, i64)> {
    let begin = Instant::now() + SETTLING;
    pass_until(begin);
    let from = calendar()?;
    pass_until(begin + Duration::from_secs(seconds));
    Ok((from, calendar()?))
}

/// Takes the cards out before the players leave: one to which nobody plays takes nothing, and waits.
fn compared(cards: [Card; 2], from: i64, to: i64) -> Result<Spreads> {
    let heard =
        cards.into_iter().map(Card::sounds).collect::<Result<Vec<_>>>().context("cards that played")?;
    Ok(Spreads::of(&heard, from, to))
}
