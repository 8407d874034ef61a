//! System packages that the build and the tests need, and their installation where they are missing.
//!
//! On Debian and its relatives `apt-get` installs them, after saying which and why. Elsewhere the list is
//! printed: the names differ, and guessing at a stranger's package manager does more harm than a sentence. A
//! Rust toolchain is never installed.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::process;

/// What the machine is made ready for; each includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Purpose {
    /// Building and running Offbeat.
    Build,
    /// Running the engine under `RealtimeSanitizer`.
    Sanitize,
    /// Running every test.
    Test,
    /// Compiling for WebAssembly where the toolchain in use cannot.
    Web,
}

/// A Debian package and the reason it is here.
struct SystemPackage {
    name: &'static str,
    why: &'static str,
    needed_to: Purpose,
}

/// The package that holds LLVM's sanitizers.
pub(crate) const SANITIZERS: &str = "libclang-rt-22-dev";

const PACKAGES: &[SystemPackage] = &[
    SystemPackage {
        name: "pkg-config",
        why: "finds system libraries for the build",
        needed_to: Purpose::Build,
    },
    SystemPackage {
        name: "libasound2-dev",
        why: "ALSA, the sound device of cpal",
        needed_to: Purpose::Build,
    },
    SystemPackage {
        name: "libwebkit2gtk-4.1-dev",
        why: "the desktop app's window",
        needed_to: Purpose::Build,
    },
    SystemPackage { name: "librsvg2-dev", why: "its icons", needed_to: Purpose::Build },
    SystemPackage {
        name: SANITIZERS,
        why: "RealtimeSanitizer, which watches the audio thread's half",
        needed_to: Purpose::Sanitize,
    },
    SystemPackage {
        name: "chromium",
        why: "renders in a real browser, to compare its bits with ours",
        needed_to: Purpose::Test,
    },
    SystemPackage {
        name: "chromium-driver",
        why: "uses pages in Chromium as a person does",
        needed_to: Purpose::Test,
    },
    SystemPackage { name: "firefox-esr", why: "the other browser", needed_to: Purpose::Test },
    SystemPackage {
        name: "webkit2gtk-driver",
        why: "uses the desktop's window as a person does",
        needed_to: Purpose::Test,
    },
    SystemPackage { name: "xvfb", why: "a display for it that nobody sees", needed_to: Purpose::Test },
    SystemPackage {
        name: "pulseaudio",
        why: "sound devices for tests, without a card",
        needed_to: Purpose::Test,
    },
    SystemPackage {
        name: "pulseaudio-utils",
        why: "pactl and parec, which record what was played",
        needed_to: Purpose::Test,
    },
    SystemPackage {
        name: "rustc-web",
        why: "compiles for WebAssembly where rustup has no such target",
        needed_to: Purpose::Web,
    },
    SystemPackage { name: "cargo-web", why: "drives that compiler", needed_to: Purpose::Web },
    SystemPackage {
        name: "rust-web-src",
        why: "the standard library's source, built for WebAssembly",
        needed_to: Purpose::Web,
    },
    SystemPackage { name: "lld-22", why: "links WebAssembly", needed_to: Purpose::Web },
];

/// Installs what is missing; quick and silent when nothing is.
///
/// # Errors
/// When packages are missing and cannot be installed; the message names the command to run by hand.
pub(crate) fn set_up(purpose: Purpose) -> anyhow::Result<()> {
    // Elsewhere the sound system is part of the operating system.
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let Some(installed) = installed_packages() else {
        eprintln!(
            "This machine has no dpkg-query, so its packages are not checked. Offbeat needs what Debian calls:"
        );
        for package in missing(purpose, &BTreeSet::new()) {
            eprintln!("  {:<18} {}", package.name, package.why);
        }
        return Ok(());
    };
    let missing = missing(purpose, &installed);
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

/// Those of our packages that dpkg has installed, or none where there is no dpkg.
fn installed_packages() -> Option<BTreeSet<String>> {
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${db:Status-Status} ${Package}\\n"])
        .args(PACKAGES.iter().map(|package| package.name))
        // It complains about packages it does not know and exits with 1: for us that is an answer.
        .stderr(Stdio::null())
        .output()
        .ok()?;
    Some(parse_installed(&String::from_utf8_lossy(&output.stdout)))
}

/// A removed package whose settings remain is still listed, with another status.
fn parse_installed(listing: &str) -> BTreeSet<String> {
    listing.lines().filter_map(|line| line.strip_prefix("installed ")).map(str::to_owned).collect()
}

fn missing(purpose: Purpose, installed: &BTreeSet<String>) -> Vec<&'static SystemPackage> {
    PACKAGES
        .iter()
        .filter(|package| package.needed_to <= purpose && !installed.contains(package.name))
        .collect()
}

fn install(packages: &[&SystemPackage]) -> anyhow::Result<()> {
    let names: Vec<&str> = packages.iter().map(|package| package.name).collect();
    let rights = if is_root()? { "" } else { "sudo " };
    eprintln!("Missing system packages; installing them with `{rights}apt-get install`:");
    for package in packages {
        eprintln!("  {:<18} {}", package.name, package.why);
    }
    let by_hand = format!("install them by hand: {rights}apt-get install {}", names.join(" "));
    // A stale list of packages may still hold the wanted versions: the installation decides.
    if let Err(error) = process::run(apt_get(!rights.is_empty(), &["update"])) {
        eprintln!("warning: {error:#}");
    }
    // --no-remove: setting up a music program must not take a desktop's own sound server away.
    let mut arguments = vec!["install", "--yes", "--no-install-recommends", "--no-remove"];
    arguments.extend(&names);
    process::run(apt_get(!rights.is_empty(), &arguments)).context(by_hand.clone())?;
    let still_missing: Vec<&str> = {
        let installed = installed_packages().unwrap_or_default();
        names.into_iter().filter(|name| !installed.contains(*name)).collect()
    };
    if !still_missing.is_empty() {
        bail!("apt-get left out {}; {by_hand}", still_missing.join(", "));
    }
    Ok(())
}

fn apt_get(with_sudo: bool, arguments: &[&str]) -> Command {
    // `env` inside sudo: sudo drops our environment, and apt must not stop to ask questions.
    let mut words = if with_sudo { vec!["sudo", "env"] } else { vec!["env"] };
    words.extend(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]);
    words.extend(arguments);
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command
}

fn is_root() -> anyhow::Result<bool> {
    let mut command = Command::new("id");
    command.arg("-u");
    Ok(process::read(command)?.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_counts_only_when_its_status_is_installed() {
        let installed =
            parse_installed("installed pkg-config\nconfig-files pulseaudio\nnot-installed parec\n");
        assert_eq!(installed.into_iter().collect::<Vec<_>>(), ["pkg-config"]);
    }

    #[test]
    fn building_asks_for_less_than_testing_and_nothing_twice() {
        let names = |purpose, installed: &[&str]| {
            let installed = installed.iter().map(ToString::to_string).collect();
            missing(purpose, &installed).iter().map(|package| package.name).collect::<Vec<_>>()
        };
        let known = ["pkg-config", "libwebkit2gtk-4.1-dev", "librsvg2-dev"];
        assert_eq!(names(Purpose::Build, &known), ["libasound2-dev"]);
        let tested = names(Purpose::Test, &[&known[..], &["pulseaudio-utils", SANITIZERS]].concat());
        assert_eq!(tested[..2], ["libasound2-dev", "chromium"]);
        assert!(tested.contains(&"pulseaudio") && !tested.contains(&"pulseaudio-utils"));
        let all: BTreeSet<_> = tested.iter().collect();
        assert_eq!(all.len(), tested.len());
    }

    #[test]
    fn sudo_passes_the_setting_that_keeps_apt_from_asking() {
        let command = apt_get(true, &["install", "x"]);
        assert_eq!(
            process::command_line(&command),
            "sudo env DEBIAN_FRONTEND=noninteractive apt-get --quiet install x"
        );
    }
}
