//! A sound device that plays into nothing and can be listened to.

use std::io::Read;
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::process::Process;
use crate::wait::eventually;

/// A `PulseAudio` with one null sink, stereo 32-bit float at 48 kHz, and nothing of the machine's; ended when dropped.
pub struct Pulse {
    _server: Process,
    folder: TempDir,
}

/// What the sink plays, from the moment this was made.
pub struct Recorder {
    _recorder: Process,
    sound: ChildStdout,
}

impl Pulse {
    /// Whether this machine has what it takes.
    pub fn is_installed() -> bool {
        let answers = |tool| {
            silent(&mut Command::new(tool)).arg("--version").status().is_ok_and(|status| status.success())
        };
        ["pulseaudio", "pactl", "parec"].into_iter().all(answers)
    }

    /// Starts the server and waits until it answers.
    ///
    /// # Errors
    /// When it cannot be started, or does not answer.
    pub fn start() -> Result<Self> {
        Self::with_sink(|_| {
            "module-null-sink sink_name=null rate=48000 format=float32le channels=2".to_owned()
        })
    }

    /// Starts one with another sink: the module that makes it, and its arguments, for a server with this folder.
    pub(crate) fn with_sink(sink: impl FnOnce(&Path) -> String) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("offbeat-sound").tempdir()?;
        let socket = folder.path().join("native");
        // The rate that today's systems have, and programs ask for; its own default is another one.
        let settings = folder.path().join("daemon.conf");
        std::fs::write(&settings, "default-sample-rate = 48000\n")?;
        let mut server = Command::new("pulseaudio");
        server
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--system=false"])
            .args(["--disable-shm=yes", "--load"])
            .arg(sink(folder.path()))
            .arg("--load")
            .arg(format!("module-native-protocol-unix auth-anonymous=1 socket={}", socket.display()));
        server.env("PULSE_CONFIG", settings);
        for place in ["PULSE_RUNTIME_PATH", "XDG_RUNTIME_DIR", "HOME"] {
            server.env(place, folder.path());
        }
        let server = Process::start(silent(&mut server))?;
        let pulse = Self { _server: server, folder };
        eventually("an answer of pulseaudio", || {
            let status = silent(&mut pulse.client("pactl")).arg("info").status()?;
            Ok(status.success().then_some(()))
        })?;
        Ok(pulse)
    }

    /// What `PULSE_SERVER` has to say to play here.
    pub fn address(&self) -> String {
        format!("unix:{}", self.folder.path().join("native").display())
    }

    /// The server's folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Listens to what is played.
    ///
    /// # Errors
    /// When it cannot be listened to.
    pub fn recorder(&self) -> Result<Recorder> {
        let mut recorder = self.client("parec");
        recorder.args(["-d", "null.monitor", "--format=float32le", "--rate=48000", "--channels=2"]);
        let recorder = silent(recorder.arg("--latency-msec=20")).stdout(Stdio::piped());
        let mut recorder = Process::start(recorder)?;
        let sound = recorder.child().stdout.take().context("its output is piped")?;
        let mut recorder = Recorder { _recorder: recorder, sound };
        // The sink plays silence while nobody plays anything: once some has come, nothing later is missed.
        recorder.left(1)?;
        Ok(recorder)
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("PULSE_SERVER", self.address());
        command
    }
}

impl Recorder {
    /// The next frames, of the left channel.
    ///
    /// # Errors
    /// When the server or the recorder has ended.
    pub fn left(&mut self, frames: usize) -> Result<Vec<f32>> {
        let mut bytes = vec![0; frames * 8];
        self.sound.read_exact(&mut bytes).context("the recorder has ended")?;
        let (frames, _) = bytes.as_chunks::<8>();
        Ok(frames.iter().map(|&[a, b, c, d, ..]| f32::from_le_bytes([a, b, c, d])).collect())
    }
}

fn silent(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}
