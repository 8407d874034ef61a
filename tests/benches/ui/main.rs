//! The interface in a browser: a link that opens, a busy session that plays and is clicked in, an edit that travels.

mod editing;
mod opening;
mod playing;

use anyhow::Result;
use tests::Server;

fn main() -> Result<()> {
    let server = Server::starts()?;
    let session = server.founds()?;
    opening::measure(&server, &session)?;
    playing::measure(&server)?;
    editing::measure(&server, &session)
}
