//! What leaves the machine through a sound device is, bit for bit, what the engine renders without one.
//!
//! The device is a null sink of a PulseAudio that this test starts for itself. A player runs in a process of its own,
//! because cpal finds the server through the environment; hence the test's own `main`, which runs either as the test
//! or as that player. Where PulseAudio is not installed the test says so and is not run.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};
use peer::clock::HostClock;
use peer::sound::Output;
use score::id::{SceneId, TrackId};
use score::pattern::Pattern;
use score::score::Scene;
use score::step::Step;
use score::time::{Beats, Frames};
use score::{Program, Score, Track};
use tempfile::TempDir;

/// Present in the environment of the process that plays.
const PLAYER: &str = "OFFBEAT_TEST_PLAYER";

/// When the music begins, on the engine's counter: after the device has settled.
const START_FRAME: u64 = 24_000;

/// How often a test that needs some seconds of unbroken sound is tried: a machine that is busy with other tests may
/// not fill the device's buffer of 21 ms in time, and the sound of that moment is lost.
const ATTEMPTS: usize = 8;

/// Samples that are compared in one piece, a twentieth of a second of both channels: a gap, of which a busy machine has more than one in
/// four seconds, spoils the pieces that it falls into, which another take has to have. All of them are to be heard.
const PIECE: usize = 2 * 2_400;

/// How far ahead a piece is looked for: less than a beat.
const REACH: usize = 8 * PIECE;

fn main() {
    if std::env::var_os(PLAYER).is_some() {
        return play();
    }
    let mut arguments = Arguments::from_args();
    // Two players at once would take each other's time.
    arguments.test_threads = Some(1);
    let tests = vec![
        Trial::test("a_machine_without_a_sound_server_stays_silent_and_says_so", || {
            a_machine_without_a_sound_server_stays_silent_and_says_so(folder()?.path());
            Ok(())
        }),
        Trial::test("the_device_plays_exactly_what_the_engine_renders", || {
            with_server(the_device_plays_exactly_what_the_engine_renders)
        }),
        Trial::test("frames_are_heard_when_the_device_says_so", || {
            with_server(|server| tried(|| frames_are_heard_when_the_device_says_so(server)))
        }),
    ];
    libtest_mimic::run(&arguments, tests).exit();
}

fn folder() -> Result<TempDir, Failed> {
    tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}").into())
}

/// Runs a test against a sound server of its own.
fn with_server(test: impl Fn(&Server)) -> Result<(), Failed> {
    if !["pulseaudio", "pactl", "parec"].into_iter().all(is_installed) {
        println!("NOT RUN HERE: pulseaudio and pulseaudio-utils are not installed");
        return Ok(());
    }
    let folder = folder()?;
    let server = Server::start(folder.path());
    test(&server);
    Ok(())
}

fn tried(test: impl Fn() -> Result<(), String>) {
    let failures = (0..ATTEMPTS).map_while(|_| test().err()).collect::<Vec<_>>();
    assert!(failures.len() < ATTEMPTS, "{failures:#?}");
}

fn is_installed(tool: &str) -> bool {
    Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Four kicks and an off-beat hat: onsets that no other stretch of the music resembles.
fn program() -> Program {
    let scene = SceneId::from_random(0);
    let track = |instrument: &str, order: &str, steps: &[u16]| {
        let steps = steps.iter().map(|&step| (step, Step::active())).collect();
        let pattern = Pattern { steps, ..Pattern::default() };
        Track {
            name: instrument.to_owned(),
            instrument: instrument.to_owned(),
            order: order.to_owned(),
            patterns: [(scene, pattern)].into(),
            ..Track::default()
        }
    };
    let tracks = [
        (TrackId::from_random(1), track("kick", "a", &[0, 4, 8, 12])),
        (TrackId::from_random(2), track("hihat", "b", &[2, 7, 11, 14])),
    ];
    let scenes = [(scene, Scene::default())].into();
    let score = Score { tracks: tracks.into(), scenes, ..Score::default() };
    score::lower(&score, scene)
}

/// The player's process: plays until its input closes, telling what it sees line by line.
fn play() {
    let clock = HostClock::start();
    let (mut control, processor) = audio_engine::engine();
    control.set_program(program());
    control.set_transport(audio_engine::Transport::playing(
        program().tempo,
        Beats::ZERO,
        Frames(START_FRAME),
    ));
    let mut output = match Output::open(Box::new(processor), clock) {
        Ok(output) => output,
        Err((error, _)) => return println!("silent: {error}"),
    };
    println!("playing {} {}", output.rate(), output.device());
    // The audio thread plays by itself; this one waits to be told to end.
    std::io::stdin().read_to_end(&mut Vec::new()).expect("the test's end of the pipe");
    let anchor = output.timing().expect("the device has played");
    let next = control.report().frame.0 as f64;
    println!("settled {} ahead {}", anchor.settled, anchor.line.time_at(next).0 - clock.now().0);
    println!("nanos {} lost {} xruns {}", anchor.line.nanos_per_frame, output.is_lost(), output.xruns());
}

/// A process of this test's own, ended with it.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A PulseAudio with one null sink, and nothing of the machine's.
struct Server {
    _process: Process,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let socket = folder.join("native");
        let sink = "module-null-sink sink_name=null rate=48000 format=float32le channels=2";
        let native = format!("module-native-protocol-unix auth-anonymous=1 socket={}", socket.display());
        let process = Command::new("pulseaudio")
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--system=false"])
            .args(["--disable-shm=yes", "--load", sink, "--load", &native])
            .envs([("PULSE_RUNTIME_PATH", folder), ("XDG_RUNTIME_DIR", folder), ("HOME", folder)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pulseaudio is installed");
        let server = Self { _process: Process(process), address: format!("unix:{}", socket.display()) };
        let patience = Instant::now() + Duration::from_secs(20);
        while !server.client("pactl").arg("info").status().is_ok_and(|status| status.success()) {
            assert!(Instant::now() < patience, "pulseaudio did not start");
        }
        server
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("PULSE_SERVER", &self.address).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

fn player(server: &str) -> Process {
    let child = Command::new(std::env::current_exe().expect("this test"))
        .env(PLAYER, "1")
        .env("PULSE_SERVER", server)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the player starts");
    Process(child)
}

/// Starts a player and reads the device's sound for `seconds`, as it is played.
fn record(server: &Server, seconds: usize) -> (Process, Vec<f32>) {
    let recorder = server
        .client("parec")
        .args([
            "-d",
            "null.monitor",
            "--format=float32le",
            "--rate=48000",
            "--channels=2",
            "--latency-msec=20",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("parec is installed");
    let mut recorder = Process(recorder);
    let mut sound = recorder.0.stdout.take().expect("its output is a pipe");
    sound.read_exact(&mut [0; 8]).expect("the sink plays silence while nobody else does");
    let player = player(&server.address);
    let mut bytes = vec![0; seconds * 48_000 * 8];
    sound.read_exact(&mut bytes).expect("the sink plays on");
    let (samples, _) = bytes.as_chunks::<4>();
    (player, samples.iter().copied().map(f32::from_le_bytes).collect())
}

/// Tells the player to end and returns what it said.
fn said_by(mut player: Process) -> Vec<String> {
    drop(player.0.stdin.take());
    let output = player.0.stdout.take().expect("its output is a pipe");
    let lines = BufReader::new(output).lines().collect::<Result<Vec<_>, _>>().expect("the player's words");
    assert!(player.0.wait().expect("the player ends").success(), "{lines:?}");
    lines
}

fn a_machine_without_a_sound_server_stays_silent_and_says_so(folder: &Path) {
    let nobody = format!("unix:{}", folder.join("nobody").display());
    let said = said_by(player(&nobody));
    assert!(said[0].starts_with("silent: ") && said[0].contains("nothing is heard"), "{said:?}");
}

fn the_device_plays_exactly_what_the_engine_renders(server: &Server) {
    let bar = Beats::ZERO..Beats::from_beats(4);
    let go_on = |_| std::ops::ControlFlow::Continue(());
    let rendered = audio_engine::render(program(), bar, go_on).expect("a bar renders");
    let first = rendered.iter().position(|&sample| sample != 0.0).expect("the render sounds");
    let pieces = rendered[first..].chunks(PIECE).collect::<Vec<_>>();
    let mut missing = vec![true; pieces.len()];
    for _ in 0..ATTEMPTS {
        let (player, recorded) = record(server, 4);
        let said = said_by(player);
        assert!(said[0].starts_with("playing 48000"), "{said:?}");
        hear(&recorded, &pieces, &mut missing);
        if missing.iter().all(|missing| !missing) {
            return;
        }
    }
    panic!("pieces of the render never left the device: {missing:?}");
}

/// Strikes off the pieces that a take holds, one after the other.
fn hear(recorded: &[f32], pieces: &[&[f32]], missing: &mut [bool]) {
    let mut heard = recorded.iter().position(|&sample| sample != 0.0).expect("the device sounds");
    for (piece, missing) in pieces.iter().zip(missing) {
        // What a gap has taken or put in is looked past, but not a whole beat: there the music is like itself.
        let reach = &recorded[heard..(heard + REACH).min(recorded.len())];
        if let Some(at) = reach.windows(piece.len()).position(|window| is_same(window, piece)) {
            *missing = false;
            heard += at + piece.len();
        }
    }
}

/// Whether both are the same to the bit.
fn is_same(one: &[f32], other: &[f32]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.to_bits() == other.to_bits())
}

fn frames_are_heard_when_the_device_says_so(server: &Server) -> Result<(), String> {
    let (player, recorded) = record(server, 3);
    assert!(recorded.iter().any(|&sample| sample.abs() > 0.01), "the device sounds");
    let said = said_by(player);
    assert!(said[2].contains("lost false"), "{said:?}");
    let words = said[1].split(' ').collect::<Vec<_>>();
    let ahead = words[3].parse::<i64>().expect("nanoseconds");
    let is_soon = (0..200_000_000).contains(&ahead);
    if words[1] == "true" && is_soon {
        Ok(())
    } else {
        Err(format!("the next frame is heard soon: {said:?}"))
    }
}
