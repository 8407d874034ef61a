//! Machines that reach each other by a way of our own and by no other: network namespaces of one Linux, which need no rights.

use std::ffi::OsStr;
use std::net::{IpAddr, Ipv4Addr};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use tests::{Player, Running, eventually, offbeat};

/// Set in a process that is root of a network of its own.
const INSIDE: &str = "OFFBEAT_TEST_INSIDE";

/// Where a test stands.
pub enum Place {
    /// In a network of its own: it can make machines.
    Inside,
    /// Another process has done all of it there.
    Done,
    /// This machine makes no namespaces for us.
    NotHere,
}

/// Runs this program again with these arguments, in a network of its own.
///
/// # Errors
/// When that fails there.
pub fn own_network<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Result<Place> {
    if std::env::var_os(INSIDE).is_some() {
        run("ip", &["link", "set", "lo", "up"])?;
        return Ok(Place::Inside);
    }
    // Compiled where there is a network.
    let program = offbeat();
    let mut trial = Command::new("unshare");
    trial.args(["-rn", "ip", "link", "add", "a0", "type", "veth", "peer", "name", "b0"]);
    trial.stdout(Stdio::null()).stderr(Stdio::null());
    let can = trial.status().is_ok_and(|status| status.success());
    if !can || !program.exists() {
        return Ok(Place::NotHere);
    }
    let mut again = Command::new("unshare");
    again.arg("-rn").arg(std::env::current_exe()?).args(arguments);
    again.env(INSIDE, "1").env("OFFBEAT_PROGRAMS_ARE_BUILT", "1");
    let status = again.status().context("unshare runs")?;
    ensure!(status.success(), "it failed in a network of its own: {status}");
    Ok(Place::Done)
}

/// A machine with one player, who has a home and types commands.
pub struct Machine {
    pub player: Player,
    keeper: Running,
    number: u8,
}

impl Machine {
    /// A machine with a cable to this one.
    ///
    /// # Errors
    /// When the system refuses it.
    pub fn connect(number: u8) -> Result<Self> {
        // Keeps the namespace for as long as it is there.
        let mut keeper = Command::new("unshare");
        keeper.args(["-n", "sleep", "infinity"]).stdin(Stdio::null());
        let keeper = Running::start(keeper)?;
        let (ours, theirs) = ("/proc/self/ns/net".to_owned(), format!("/proc/{}/ns/net", keeper.id()));
        eventually("a namespace", || {
            let (ours, theirs) = (std::fs::read_link(&ours)?, std::fs::read_link(&theirs));
            Ok(theirs.ok().filter(|theirs| *theirs != ours))
        })?;
        let machine = Self { player: Player::arrives()?, keeper, number };
        let (near, far) = (format!("a{number}"), format!("b{number}"));
        run("ip", &["link", "add", &near, "type", "veth", "peer", "name", &far])?;
        run("ip", &["link", "set", &far, "netns", &machine.keeper.id().to_string()])?;
        run("ip", &["addr", "add", &format!("{}/24", machine.gateway()), "dev", &near])?;
        run("ip", &["link", "set", &near, "up"])?;
        machine.run("ip", &["link", "set", "lo", "up"])?;
        machine.run("ip", &["addr", "add", &format!("{}/24", machine.address()), "dev", &far])?;
        machine.run("ip", &["link", "set", &far, "up"])?;
        Ok(machine)
    }

    /// Our end of its cable.
    pub fn gateway(&self) -> IpAddr {
        Ipv4Addr::new(10, 9, self.number, 1).into()
    }

    /// Its own end.
    pub fn address(&self) -> IpAddr {
        Ipv4Addr::new(10, 9, self.number, 2).into()
    }

    /// `offbeat` on this machine, ready for arguments.
    pub fn offbeat(&self) -> Command {
        let mut command = self.within("nsenter");
        command.arg(offbeat()).env("OFFBEAT_HOME", self.player.home()).current_dir(self.player.home());
        command.stdin(Stdio::null());
        command
    }

    fn within(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.arg("-t").arg(self.keeper.id().to_string()).arg("-n");
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        done(self.within("nsenter").arg(program).args(arguments))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // A namespace goes some time after its last process, and its cable with it.
        run("ip", &["link", "del", &format!("a{}", self.number)]).ok();
    }
}

fn run(program: &str, arguments: &[&str]) -> Result<()> {
    done(Command::new(program).args(arguments))
}

fn done(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("{command:?} starts"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
