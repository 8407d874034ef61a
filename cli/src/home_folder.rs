//! Where the player's home is.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::failure::{Failure, Outcome};

/// The folder given, or the player's usual one.
pub(crate) fn home_folder(wanted: Option<&Path>) -> Outcome<PathBuf> {
    peer::home::home_folder(wanted).ok_or_else(|| {
        Failure::usage(anyhow!("there is no home folder for this user; name one with --home or OFFBEAT_HOME"))
    })
}
