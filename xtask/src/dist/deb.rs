//! The Debian package: the desktop app and the terminal program, with what a desktop has to know of them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::metadata::{self, Metadata};
use crate::setup::{self, Purpose};
use crate::{process, web};

/// The package's name, and that of its files.
const NAME: &str = "offbeat";

/// The programs, by package and binary.
const PROGRAMS: &[(&str, &str)] = &[("src-tauri", "offbeat-desktop"), ("cli", "offbeat")];

/// What the programs need to start, as Debian 12 and its successors call it.
const DEPENDS: &str =
    "libwebkit2gtk-4.1-0, libgtk-3-0 | libgtk-3-0t64, libasound2 | libasound2t64, libc6 (>= 2.34)";

/// The icons, by the size in pixels that a desktop looks for.
const ICONS: &[(&str, &str)] = &[
    ("32x32", "32x32.png"),
    ("128x128", "128x128.png"),
    ("256x256", "128x128@2x.png"),
    ("512x512", "icon.png"),
];

/// Shown in menus, and asked when somebody opens an `offbeat://` link.
const DESKTOP_ENTRY: &str = "\
[Desktop Entry]
Type=Application
Name=Offbeat
GenericName=Step sequencer
Comment=Make beats together, each on their own machine
Exec=offbeat-desktop %u
Icon=offbeat
Terminal=false
StartupWMClass=offbeat-desktop
Categories=AudioVideo;Audio;Midi;Music;
Keywords=beat;drum;sequencer;synthesizer;jam;
MimeType=x-scheme-handler/offbeat;
";

/// Makes `dist/deb/offbeat_<version>_<architecture>.deb` below the target's folder.
///
/// # Errors
/// When something does not build, or the machine has no `dpkg-deb`.
pub(super) fn deb(root: &Path) -> anyhow::Result<()> {
    setup::set_up(Purpose::Build)?;
    web::build(root, false)?;
    let mut cargo = process::cargo(root);
    cargo.args(["build", "--release"]);
    cargo.args(PROGRAMS.iter().flat_map(|(package, program)| ["--package", package, "--bin", program]));
    process::run(cargo)?;
    let target = metadata::target_folder(root)?;
    let folder = target.join("dist").join("deb");
    let version = version(root)?;
    let architecture = architecture()?;
    let tree = folder.join("tree");
    lay_out(root, &target.join("release"), &tree)?;
    let control = control(&version, &architecture, installed_kib(&tree)?);
    write(&tree.join("DEBIAN/control"), control.as_bytes(), 0o644)?;
    let package = folder.join(format!("{NAME}_{version}_{architecture}.deb"));
    let mut pack = Command::new("dpkg-deb");
    // Whoever builds it, its files are root's.
    pack.args(["--root-owner-group", "--build"]).arg(&tree).arg(&package);
    process::run(pack)?;
    println!("{}", package.display());
    Ok(())
}

fn version(root: &Path) -> anyhow::Result<String> {
    let workspace = Metadata::of_workspace(root)?;
    let app = workspace.packages.into_iter().find(|package| package.name == PROGRAMS[0].0);
    Ok(app.context("the workspace has no desktop app")?.version)
}

fn architecture() -> anyhow::Result<String> {
    let mut dpkg = Command::new("dpkg");
    dpkg.arg("--print-architecture");
    let words = process::read(dpkg).context("a Debian package is made on Debian or its relatives")?;
    Ok(words.trim().to_owned())
}

/// Puts every file where it is to be installed, below `tree`.
fn lay_out(root: &Path, built: &Path, tree: &Path) -> anyhow::Result<()> {
    if tree.exists() {
        fs::remove_dir_all(tree).with_context(|| format!("cannot remove {}", tree.display()))?;
    }
    for (_, program) in PROGRAMS {
        let place = tree.join("usr/bin").join(program);
        copy(&built.join(program), &place, 0o755)?;
        let mut strip = Command::new("strip");
        strip.args(["--strip-unneeded"]).arg(&place);
        process::run(strip)?;
    }
    for (size, icon) in ICONS {
        let place = format!("usr/share/icons/hicolor/{size}/apps/{NAME}.png");
        copy(&root.join("src-tauri/icons").join(icon), &tree.join(place), 0o644)?;
    }
    write(&tree.join("usr/share/applications/offbeat.desktop"), DESKTOP_ENTRY.as_bytes(), 0o644)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root.join(licence), &tree.join("usr/share/doc").join(NAME).join(licence), 0o644)?;
    }
    Ok(())
}

fn control(version: &str, architecture: &str, installed_kib: u64) -> String {
    format!(
        "Package: {NAME}\nVersion: {version}\nArchitecture: {architecture}\nSection: sound\nPriority: optional\n\
         Maintainer: Offbeat contributors <offbeat@localhost>\nInstalled-Size: {installed_kib}\nDepends: {DEPENDS}\n\
         Recommends: xdg-utils\n\
         Description: step sequencer that several people play at once\n \
         Everybody plays the same beat, each on their own machine, and changes it live.\n \
         Sessions are joined by a ticket or a link, with a server or without one.\n"
    )
}

/// What the files take on a disk, in KiB, rounded up file by file.
fn installed_kib(folder: &Path) -> anyhow::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let facts = entry.metadata()?;
        sum += if facts.is_dir() { installed_kib(&entry.path())? } else { facts.len().div_ceil(1024) };
    }
    Ok(sum)
}

fn copy(from: &Path, to: &Path, mode: u32) -> anyhow::Result<()> {
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    write(to, &bytes, mode)
}

fn write(to: &Path, bytes: &[u8], mode: u32) -> anyhow::Result<()> {
    let failed = || format!("cannot write {}", to.display());
    let mut folders: Vec<PathBuf> = to.ancestors().skip(1).map(Path::to_owned).collect();
    folders.reverse();
    for folder in folders.iter().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        fs::create_dir(folder).with_context(failed)?;
        // Whatever mask this shell has: everybody may look into the folders of a package.
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).with_context(failed)?;
    }
    fs::write(to, bytes).with_context(failed)?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode)).with_context(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_file_is_one_that_dpkg_reads() {
        let control = control("0.1.0", "amd64", 12);
        assert!(control.ends_with('\n'));
        for line in control.lines() {
            let is_field = line.split_once(": ").is_some_and(|(name, value)| {
                !value.is_empty() && name.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '-')
            });
            assert!(is_field || line.starts_with(' '), "{line}");
        }
    }

    #[test]
    fn the_entry_handles_offbeat_links() {
        assert!(DESKTOP_ENTRY.contains("MimeType=x-scheme-handler/offbeat;\n"));
        assert!(DESKTOP_ENTRY.contains("Exec=offbeat-desktop %u\n"));
    }
}
