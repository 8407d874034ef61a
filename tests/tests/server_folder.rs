//! A server's folder belongs to one server at a time.

use anyhow::{Result, ensure};
use tests::Server;

#[test]
fn a_second_server_on_one_folder_refuses_and_says_why() -> Result<()> {
    let mut first = Server::starts()?;
    let session = first.founds()?;
    let second = first.another().output()?;
    let said = String::from_utf8_lossy(&second.stderr);
    ensure!(second.status.code() == Some(1), "{:?}: {said}", second.status);
    let folder = first.data().display().to_string();
    ensure!(said.contains(&folder) && !said.contains("panicked"), "{said}");
    // The first goes on, and one that has died leaves the folder to the next.
    ensure!(first.session(&session)?["id"] == session.as_str());
    first.dies()?;
    first.returns()?;
    ensure!(first.session(&session)?["id"] == session.as_str());
    let ended = first.stops()?;
    ensure!(ended.success(), "{ended}");
    Ok(())
}
