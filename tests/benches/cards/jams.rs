//! Two players whose sound cards run at speeds of their own, natively and in a page.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use tests::{
    Card, Page, Player, Running, Server, Sound, Spreads, calendar, eventually, pass_until, recorded,
};

/// How wrong the cards are, in parts per million.
const CARDS: [i32; 2] = [80, -120];

/// How wrong the second machine's clock is: in parts per million, and by how many milliseconds it is ahead.
const CLOCK: &str = "100,3600000";

/// A browser's sound, and a device's, settle after they began.
const SETTLING: Duration = Duration::from_secs(4);

/// The bar and what sounds in it.
const BEAT: &str = "tempo 120; add-track rim; pattern rim X.X.X.X.X.X.X.X.";

/// What a player's sound comes out of.
enum Out {
    /// An emulated card.
    Card(Card),
    /// A file that is stamped in true time: the measure of what a card tells of itself.
    File,
}

impl Out {
    fn card(number: usize) -> Result<Self> {
        Ok(Self::Card(Card::insert(CARDS[number])?))
    }

    fn starts(&self, player: &Player, clock: &str, arguments: &[&str]) -> Result<Running> {
        let mut command = player.command();
        match self {
            Self::Card(card) => command.env("PULSE_SERVER", card.pulse().address()),
            Self::File => command.env("OFFBEAT_SOUND_FILE", format!("0,{}", file(player).display())),
        };
        command.args(arguments).env("OFFBEAT_CLOCK_SKEW", clock);
        Running::start(command)
    }

    /// Takes a card out: one to which nobody plays any more takes nothing, and waits.
    fn sounds(self, player: &Player) -> Result<Vec<i64>> {
        match self {
            Self::Card(card) => card.sounds(),
            Self::File => recorded(&file(player)),
        }
    }
}

fn file(player: &Player) -> PathBuf {
    player.home().join("sound")
}

/// Two native players with cards.
pub(crate) fn two_natives(seconds: u64) -> Result<Spreads> {
    natives(Out::card(0)?, Out::card(1)?, seconds)
}

/// A native player with a card, and one whose sound is a file.
pub(crate) fn native_and_file(seconds: u64) -> Result<Spreads> {
    natives(Out::card(0)?, Out::File, seconds)
}

/// A page in Chromium, and a native player with a card.
pub(crate) fn page_and_native(seconds: u64) -> Result<Spreads> {
    page_and(Out::card(0)?, seconds)
}

/// A page in Chromium, and a native player whose sound is a file.
pub(crate) fn page_and_file(seconds: u64) -> Result<Spreads> {
    page_and(Out::File, seconds)
}

fn natives(first: Out, second: Out, seconds: u64) -> Result<Spreads> {
    let (ada, ben) = (Player::arrives()?, Player::arrives()?);
    let session = ada.says(&["new", "Cards"])?;
    ada.says(&["edit", &session, BEAT])?;
    let mut host = first.starts(&ada, "0", &["host", &session, "--play", "--stats"])?;
    let mut guest = second.starts(&ben, CLOCK, &["join", &host.ticket()?, "--play", "--stats"])?;
    for player in [&host, &guest] {
        plays(player)?;
    }
    let (from, to) = listen(seconds)?;
    let spreads = Spreads::of(&[first.sounds(&ada)?, second.sounds(&ben)?], from, to);
    guest.stops()?;
    host.stops()?;
    Ok(spreads)
}

/// The page comes by its link.
fn page_and(other: Out, seconds: u64) -> Result<Spreads> {
    let card = Card::insert(CARDS[1])?;
    let (server, ada) = (Server::starts()?, Player::arrives()?);
    let session = ada.says(&["new", "Cards"])?;
    ada.says(&["edit", &session, BEAT])?;
    ada.says(&["archive", &session, "--server", server.url()])?;
    let mut native = other.starts(&ada, CLOCK, &["host", &session, "--play", "--stats"])?;
    plays(&native)?;
    let page = Page::chromium("card", Sound::At(card.pulse()))?;
    page.opens(&server.page_of(&session))?;
    page.clicks("button", "^join the music$")?;
    page.plays_on()?;
    let (from, to) = listen(seconds)?;
    let spreads = Spreads::of(&[card.sounds()?, other.sounds(&ada)?], from, to);
    native.stops()?;
    Ok(spreads)
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
