//! `cargo xtask run`: from a fresh checkout to a session that a window, a browser and a terminal share.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::setup::{self, Purpose};
use crate::{metadata, process, web};

/// Where the server listens: the same place each time, so that links stay good.
const LISTEN: &str = "127.0.0.1:8787";

/// Where it listens when something else does there.
const LISTEN_ELSEWHERE: &str = "127.0.0.1:0";

/// How often the programs are looked after.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Sets the machine up, builds everything in release, and opens it. The word `demo` opens the jam of two players instead.
pub(crate) fn run(root: &Path, arguments: &[String]) -> anyhow::Result<()> {
    setup::set_up(Purpose::Build)?;
    // Whoever runs this first has never seen it build.
    tell(
        "What is not built yet is built now, in release; the first time that takes a quarter of an hour or more.",
    );
    if let Some((first, rest)) = arguments.split_first()
        && first == "demo"
    {
        let mut demo = process::cargo(root);
        demo.args(["run", "--release", "--package", "cli", "--bin", "offbeat", "--", "demo"]).args(rest);
        return become_program(demo);
    }
    tell("1 of 3: what runs in a browser");
    web::build(root, false)?;
    tell("2 of 3: the server, the desktop app and the terminal program");
    let mut build = process::cargo(root);
    build.args(["build", "--release", "--package", "signal-server", "--package", "src-tauri"]);
    build.args(["--package", "cli"]);
    process::run(build)?;
    tell("3 of 3: a server, and a session that it keeps");
    let programs = metadata::target_folder(root)?.join("release");
    let stop = asked_to_stop()?;
    let data = data_folder()?;
    let mut server = Server::start(&programs, &data)?;
    let link = shared_session(&programs, &data, &server.url).inspect_err(|_| server.stop())?;
    println!("\nOpen in a browser:   {link}");
    println!("Join in a terminal:  {} join {link} --play", programs.join("offbeat").display());
    let window = has_display().then(|| open_window(&programs, &server.url, &link, arguments)).transpose();
    let window = window.inspect_err(|_| server.stop())?;
    println!(
        "{}",
        if window.is_some() { "Close the window or press Ctrl-C to end." } else { "Ctrl-C ends." }
    );
    let done = wait(&stop, &mut server, window);
    server.stop();
    done
}

/// Says what is being done, among what the builds print.
fn tell(line: &str) {
    println!("\n=== {line}");
}

/// Set when Ctrl-C is pressed or the system asks this program to end.
fn asked_to_stop() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, stop.clone()).context("cannot listen for Ctrl-C")?;
    }
    Ok(stop)
}

/// Where the server keeps its data: beside the player's home.
fn data_folder() -> anyhow::Result<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let data = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")));
    Ok(data.context("neither XDG_DATA_HOME nor HOME names a folder")?.join("offbeat-server"))
}

/// The server, while it runs.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// Starts it at its usual place, or elsewhere when that is taken.
    fn start(programs: &Path, data: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
        let is_taken = std::net::TcpListener::bind(LISTEN).is_err();
        let listen = if is_taken { LISTEN_ELSEWHERE } else { LISTEN };
        let mut command = Command::new(programs.join("offbeat-server"));
        command.arg("--data").arg(data).args(["--listen", listen, "--log", "warn"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("no server")?;
        let url = child
            .stdout
            .take()
            .map(first_line)
            .and_then(|line| line.strip_prefix("listening on ").map(|url| url.trim_end().to_owned()));
        if let Some(url) = url {
            return Ok(Self { child, url });
        }
        // Its own last words say why.
        child.wait().ok();
        bail!("the server did not start")
    }

    /// Asks it to save everything and end, and waits for that.
    fn stop(&mut self) {
        ask_to_end(&mut self.child);
    }
}

fn first_line(stream: ChildStdout) -> String {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).ok();
    // Whatever it prints later must find a reader.
    thread::spawn(move || std::io::copy(&mut stream, &mut std::io::sink()));
    line
}

/// The link to the session that is opened each time; a first run makes it.
fn shared_session(programs: &Path, data: &Path, server: &str) -> anyhow::Result<String> {
    let offbeat = |arguments: &[&str]| {
        let mut command = Command::new(programs.join("offbeat"));
        command.args(arguments);
        Ok::<_, anyhow::Error>(process::read(command)?.trim().to_owned())
    };
    let note = data.join("opened-by-run");
    let known = fs::read_to_string(&note).unwrap_or_default();
    let sessions = offbeat(&["list", "--json"])?;
    let is_here = |id: &str| !id.is_empty() && sessions.contains(&format!("\"{id}\""));
    let session = match known.trim() {
        id if is_here(id) => id.to_owned(),
        _ => offbeat(&["new", "--beat"])?,
    };
    fs::write(&note, &session).with_context(|| format!("cannot write {}", note.display()))?;
    offbeat(&["archive", &session, "--server", server])
}

fn open_window(programs: &Path, server: &str, link: &str, arguments: &[String]) -> anyhow::Result<Child> {
    let mut window = Command::new(programs.join("offbeat-desktop"));
    window.args(["--server", server, link]).args(arguments).stdin(Stdio::null());
    window.spawn().context("the desktop app does not start")
}

/// Waits until the window closes, somebody wants to end, or the server has ended by itself.
fn wait(stop: &AtomicBool, server: &mut Server, mut window: Option<Child>) -> anyhow::Result<()> {
    while !stop.load(Ordering::Relaxed) {
        if let Some(status) = server.child.try_wait()? {
            window.as_mut().map(ask_to_end);
            bail!("the server has ended ({status})");
        }
        if let Some(window) = &mut window
            && let Some(status) = window.try_wait()?
        {
            return if status.success() { Ok(()) } else { bail!("the desktop app failed ({status})") };
        }
        thread::sleep(LOOK_EVERY);
    }
    window.as_mut().map(ask_to_end);
    Ok(())
}

/// Asks a program to end and waits until it has. A Ctrl-C has reached it already; being asked twice does no harm.
fn ask_to_end(child: &mut Child) {
    if let Some(process) = rustix::process::Pid::from_raw(child.id().cast_signed())
        && matches!(child.try_wait(), Ok(None))
    {
        rustix::process::kill_process(process, rustix::process::Signal::TERM).ok();
    }
    child.wait().ok();
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Replaces this process, so that Ctrl-C and the exit code are the demo's own.
fn become_program(mut command: Command) -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(anyhow::Error::from(error).context(format!("cannot start `{}`", process::command_line(&command))))
}
