//! `offbeat doctor`

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use peer::clock::HostClock;
use peer::home::Names;
use peer::net::{ClockReading, Net, NetConfig, Ticket};
use peer::server::ServerClient;
use peer::sound::{Output, SoundError, Trim, default_output_name};
use peer::work::player_at;
use score::SessionId;
use serde::Serialize;

use crate::arguments::Doctor;
use crate::desk::Desk;
use crate::failure::{Failure, Outcome};
use crate::output;

/// How long a device may take to tell its latency: it is believed after a second.
const LATENCY_WITHIN: Duration = Duration::from_secs(4);

/// How often it is looked whether it has.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Good,
    /// Something does not work here, and the rest does.
    Limited,
    /// Something is broken.
    Broken,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    state: State,
    says: String,
}

impl Finding {
    fn good(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, state: State::Good, says: says.into() }
    }

    fn limited(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, state: State::Limited, says: says.into() }
    }

    fn broken(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, state: State::Broken, says: says.into() }
    }
}

pub(super) async fn run(desk: &mut Desk, doctor: &Doctor) -> Outcome {
    let mut findings = Vec::new();
    match home(desk).await {
        Ok((found, names)) => {
            findings.extend(found);
            findings.push(identity(desk));
            findings.extend(sessions(desk, &names).await);
        }
        Err(Failure::Usage(error)) => return Err(Failure::Usage(error)),
        Err(Failure::Failed(error)) => findings.push(Finding::broken("home", format!("{error:#}"))),
        Err(failure) => return Err(failure),
    }
    let trim = trim(desk).await;
    findings.push(tokio::task::spawn_blocking(move || sound(trim)).await?);
    findings.extend(network(desk).await);
    if let Some(with) = &doctor.with {
        findings.push(time(desk, with).await);
    }
    report(&findings, doctor.json)
}

fn report(findings: &[Finding], json: bool) -> Outcome {
    if json {
        output::print_json(&findings)?;
    } else {
        let line = |finding: &Finding| {
            let mark = match finding.state {
                State::Good => "ok     ",
                State::Limited => "limited",
                State::Broken => "BROKEN ",
            };
            format!("{mark}  {:<9} {}\n", finding.what, finding.says)
        };
        output::print(&findings.iter().map(line).collect::<String>())?;
    }
    match findings.iter().filter(|finding| finding.state == State::Broken).count() {
        0 => Ok(()),
        1 => Err(Failure::Failed(anyhow::anyhow!("one thing is broken; see above"))),
        count => Err(Failure::Failed(anyhow::anyhow!("{count} things are broken; see above"))),
    }
}

async fn home(desk: &mut Desk) -> Outcome<(Option<Finding>, Names)> {
    let names = desk.names().await?;
    let peer = desk.peer()?;
    let folder = peer.home().display().to_string();
    let owner =
        if peer.own().await?.is_some() { "" } else { "; another Offbeat has it open and does the work" };
    Ok((Some(Finding::good("home", format!("{folder}{owner}"))), names))
}

fn identity(desk: &mut Desk) -> Finding {
    let home = desk.peer().map(|peer| peer.home().to_owned());
    match home.map(|home| player_at(&home)) {
        Ok(Ok(Some(key))) => Finding::good("identity", format!("player {key}")),
        Ok(Ok(None)) => {
            Finding::broken("identity", "there is none; restore the file `identity` from a backup")
        }
        Ok(Err(error)) => Finding::broken("identity", error.to_string()),
        Err(failure) => Finding::broken("identity", format!("{failure:?}")),
    }
}

/// Opens every session: its store is read and checked from end to end.
async fn sessions(desk: &mut Desk, names: &Names) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut whole = 0;
    for (session, name) in names.iter() {
        match desk.score(session).await {
            Ok(_) if was_damaged(desk, session) => findings.push(Finding::limited(
                "sessions",
                format!(
                    "{}: the end of its log was damaged and has been set aside beside it, as `cut-0` and so on; what \
                     stood before it is here, and joining another player brings back the rest",
                    name.unwrap_or("a session"),
                ),
            )),
            Ok(_) => whole += 1,
            Err(Failure::Failed(error) | Failure::Usage(error)) => {
                let name = name.unwrap_or("a session");
                findings.push(Finding::broken(
                    "sessions",
                    format!("{name}: {error:#}; export it from another player's copy"),
                ));
            }
            Err(Failure::OutputClosed) => {}
        }
    }
    let says = match whole {
        0 => "none yet; `offbeat new` makes one".to_owned(),
        1 => "1, whole".to_owned(),
        count => format!("{count}, all whole"),
    };
    findings.insert(0, Finding::good("sessions", says));
    findings
}

/// Whether opening a session has ever had to set a damaged end of its log aside.
fn was_damaged(desk: &mut Desk, session: SessionId) -> bool {
    let folder = desk.peer().map(|peer| peer::home::session_folder(peer.home(), session));
    folder.is_ok_and(|folder| folder.join("cut-0").exists())
}

/// By how much the sound of this home is trimmed; nothing where another process would have to be asked.
async fn trim(desk: &mut Desk) -> Trim {
    let Ok(peer) = desk.peer() else { return Trim::default() };
    peer.own().await.ok().flatten().map_or_else(Trim::default, |owner| *owner.home().trim().borrow())
}

/// Opens the default device as `--play` would, has it play silence until it tells how late it is, and closes it again.
fn sound(trim: Trim) -> Finding {
    if default_output_name().is_none() {
        return Finding::limited("sound", SoundError::NoDevice.to_string());
    }
    let (_control, processor) = audio_engine::engine();
    match Output::open(Box::new(processor), peer::clock::HostClock::start()) {
        Ok(mut output) => {
            let latency = latency(&mut output);
            let says = format!("{} at {} Hz, {}", output.device(), output.rate(), delay(latency, trim));
            if latency.is_some() { Finding::good("sound", says) } else { Finding::limited("sound", says) }
        }
        Err((error, _)) => Finding::limited("sound", error.to_string()),
    }
}

/// What a device says of its latency once it has played for a while; `None` for one that takes no sound.
fn latency(output: &mut Output) -> Option<Duration> {
    let deadline = Instant::now() + LATENCY_WITHIN;
    while Instant::now() < deadline && !output.is_lost() {
        if let Some(latency) = output.latency() {
            return Some(latency);
        }
        // The audio thread tells nobody when it knows.
        std::thread::sleep(LOOK_AGAIN_AFTER);
    }
    None
}

/// In words, how late sound is.
fn delay(latency: Option<Duration>, trim: Trim) -> String {
    let millis = |micros: f64| format!("{:.1} ms", micros / 1_000.0);
    let latency = match latency {
        Some(latency) => format!(
            "heard {} after it is asked for, which is made up for",
            millis(latency.as_micros() as f64)
        ),
        None => "but it does not play: nothing is heard of it yet".to_owned(),
    };
    match trim.micros() {
        0 => latency,
        micros => {
            format!("{latency}; trimmed by {} more (`offbeat host --trim-ms`)", millis(f64::from(micros)))
        }
    }
}

/// Opens an endpoint as `host` would.
async fn network(desk: &mut Desk) -> Vec<Finding> {
    let owner = match desk.peer() {
        Ok(peer) => peer.own().await.ok().flatten(),
        Err(_) => None,
    };
    let Some(owner) = owner else {
        return vec![Finding::good("network", "in use by the Offbeat that has this home open; ask there")];
    };
    let mut findings = Vec::new();
    match Net::bind(owner.home().secret(), &NetConfig::default()).await {
        Ok(net) => {
            let mut addresses: Vec<String> = net.addr().ip_addrs().map(ToString::to_string).collect();
            addresses.sort();
            net.close().await;
            findings.push(if addresses.is_empty() {
                Finding::limited("network", "it opens without an address; connect this machine to a network")
            } else {
                Finding::good("network", format!("reachable at {}", addresses.join(", ")))
            });
        }
        Err(error) => findings
            .push(Finding::limited("network", format!("{error}; check the firewall; playing alone works"))),
    }
    findings.push(multicast());
    findings
}

/// Reads the clock of a player or a server, as playing together does.
async fn time(desk: &mut Desk, with: &str) -> Finding {
    match read_clock(desk, with).await {
        Ok(ClockReading { ahead_nanos, round_trip_nanos, answers, questions }) => {
            let millis = |nanos: i64| nanos as f64 / 1e6;
            let says = format!(
                "{answers} of {questions} readings of its clock; the quickest took {:.3} ms there and back, so it is known \
                 to {:.3} ms; it reads {:.3} ms more than this one",
                millis(round_trip_nanos),
                millis(round_trip_nanos) / 2.0,
                millis(ahead_nanos)
            );
            if 10 * answers >= 9 * questions {
                Finding::good("time", says)
            } else {
                Finding::limited("time", format!("{says}; many were lost on the way"))
            }
        }
        Err(error) => Finding::limited("time", format!("{error:#}")),
    }
}

async fn read_clock(desk: &mut Desk, with: &str) -> anyhow::Result<ClockReading> {
    let addr = match with.parse::<Ticket>() {
        Ok(ticket) => ticket.endpoint_addr()?,
        Err(_) => ServerClient::at(with.parse()?)?.description().await?.endpoint_addr()?,
    };
    let peer = desk.peer().map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    let Some(owner) = peer.own().await? else {
        anyhow::bail!(
            "another Offbeat has this home open; close it first, or look at `offbeat host --stats` there"
        );
    };
    let net = Net::bind(owner.home().secret(), &NetConfig::default()).await?;
    let reading = net.read_clock(addr, &HostClock::of_process()).await;
    net.close().await;
    Ok(reading?)
}

/// Whether packets to mDNS's group have a way out: without one, peers of this network are found by ticket alone.
fn multicast() -> Finding {
    let sent = UdpSocket::bind("0.0.0.0:0").and_then(|socket| socket.connect("224.0.0.251:5353"));
    match sent {
        Ok(()) => Finding::good("mdns", "players of this network can be found without a server"),
        Err(error) => Finding::limited(
            "mdns",
            format!("no way to this network's players ({error}); tickets with addresses still work"),
        ),
    }
}
