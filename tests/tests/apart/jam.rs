//! A jam of processes that each have a machine, a clock and a sound card of their own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use peer::net::{Address, Ticket};
use tests::{Running, Spreads, calendar, eventually, pass_until, recorded};

use super::machines::Machine;
use super::relay::{Path, Relay};

/// How the machines' clocks are wrong: how much too fast they run in parts per million, and by how many milliseconds they are ahead.
const CLOCKS: [&str; 5] = ["-50", "100,86400000", "-200,5000", "37,123456", "200,777"];

/// How much too fast their sound cards run, in parts per million.
const CARDS: [i32; 5] = [0, 40, -70, 15, 90];

/// From the moment at which all play on, this long is not compared: a second, as for every figure.
const FIRST_SECOND: i64 = 1_000_000_000;

/// What was heard, and sent.
pub struct Heard {
    pub spreads: Spreads,
    /// Bytes a second that a guest and its host sent each other in the last seconds, with the headers of all packets.
    pub wire_bytes: u64,
    /// The last line of figures that the last guest printed.
    pub figures: serde_json::Value,
}

/// Has so many players play together for so long, each guest linked with the host by a path of their own.
///
/// # Errors
/// When somebody does not start, or does not hear the others' music.
pub fn play(count: usize, path: Path, seconds: u64) -> Result<Heard> {
    let machines = (0..count).map(|number| Machine::connect(number as u8 + 1)).collect::<Result<Vec<_>>>()?;
    let host = &machines[0];
    let session = host.player.says(&["new", "Apart"])?;
    host.player.says(&["edit", &session, "tempo 120; add-track rim; pattern rim X.X.X.X.X.X.X.X."])?;
    let mut players = vec![starts(host, 0, &["host", &session, "--play", "--stats"])?];
    let ticket: Ticket = players[0].ticket()?.parse()?;
    let mut relays = Vec::new();
    for (index, guest) in machines.iter().enumerate().skip(1) {
        let port = port(&ticket, host)?;
        let to = SocketAddr::new(host.address(), port);
        let relay = Relay::start(guest.gateway(), host.gateway(), to, path, index as u64)?;
        let ticket = Ticket { addresses: vec![Address::Direct(relay.entrance())], ..ticket.clone() };
        players.push(starts(guest, index, &["join", &ticket.to_string(), "--play", "--stats"])?);
        relays.push(relay);
    }
    for player in &players {
        followed(player)?;
    }
    // The music of real machines takes real time.
    let sent = || relays.iter().map(|relay| relay.sent().iter().sum::<u64>()).max().unwrap_or(0);
    let began = calendar()?;
    let last = Duration::from_secs((seconds / 2).min(20));
    let end = Instant::now() + Duration::from_secs(seconds);
    pass_until(end.checked_sub(last).context("a moment before the end")?);
    let before = sent();
    pass_until(end);
    let wire_bytes = (sent() - before) / last.as_secs().max(1);
    let ended = calendar()?;
    let figures = players.last().context("there is a host")?.stats()?;
    for player in &mut players {
        player.stops()?;
    }
    let heard = machines.iter().map(|machine| recorded(&machine.player.home().join("sound")));
    let heard = heard.collect::<Result<Vec<_>>>()?;
    Ok(Heard { spreads: Spreads::of(&heard, began + FIRST_SECOND, ended), wire_bytes, figures })
}

fn starts(machine: &Machine, index: usize, arguments: &[&str]) -> Result<Running> {
    let place = machine.player.home().join("sound");
    let mut command = machine.offbeat();
    command.args(arguments);
    command.env("OFFBEAT_CLOCK_SKEW", CLOCKS[index % CLOCKS.len()]);
    command.env("OFFBEAT_SOUND_FILE", format!("{},{}", CARDS[index % CARDS.len()], place.display()));
    Running::start(command)
}

/// Where the host listens on its cable.
fn port(ticket: &Ticket, host: &Machine) -> Result<u16> {
    let addresses = ticket.addresses.iter();
    let mut ports = addresses.filter_map(|address| match address {
        Address::Direct(at) => (at.ip() == host.address()).then_some(at.port()),
        Address::Relay(_) => None,
    });
    ports.next().context("the ticket has the host's address")
}

/// Waits until a player's sound card is believed and shared time is known.
fn followed(player: &Running) -> Result<()> {
    eventually("music that all play", || {
        let line = player.stats()?;
        let is_ready =
            line["playing"] == true && !line["time"].is_null() && !line["sound"]["latency_us"].is_null();
        Ok(is_ready.then_some(()))
    })
}

/// Checks that the guest's packets took the way that they were to take.
pub fn went_by(heard: &Heard, path: Path) -> Result<()> {
    let links = heard.figures["links"].as_array().context("a guest is linked")?;
    let least =
        links.iter().filter_map(|link| link["least_delay_us"].as_u64()).min().context("a clock was read")?;
    let way = 2 * path.way.as_micros() as u64;
    ensure!(least >= way, "an answer came within {least} us by a way that takes {way} us");
    Ok(())
}
