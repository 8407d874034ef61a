//! `offbeat archive` and `offbeat publish`

use peer::server::{ServerAddress, ServerError};
use peer::work::{Reply, Request};
use serde::Serialize;

use crate::arguments::{Archive, Publish};
use crate::desk::{Desk, misunderstood};
use crate::failure::{Failure, Outcome};
use crate::output;

/// Where others find it, as `--json` prints it.
#[derive(Serialize)]
struct Found {
    link: String,
}

pub(super) async fn archive(desk: &mut Desk, archive: Archive) -> Outcome {
    let Archive { session, server, json } = archive;
    if let Some(server) = &server {
        server.parse::<ServerAddress>().map_err(|error: ServerError| Failure::usage(error))?;
    }
    let session = desk.find(&session).await?;
    let request = Request::Archive { session, server: server.unwrap_or_default() };
    match desk.ask_one(request).await? {
        Reply::Invitation { link: Some(link), .. } => print(link, json),
        _ => Err(misunderstood()),
    }
}

pub(super) async fn publish(desk: &mut Desk, publish: &Publish) -> Outcome {
    let session = desk.find(&publish.session).await?;
    match desk.ask_one(Request::Publish(session)).await? {
        Reply::Link(link) => print(link, publish.json),
        _ => Err(misunderstood()),
    }
}

fn print(link: String, json: bool) -> Outcome {
    if json { output::print_json(&Found { link }) } else { output::print_line(&link) }
}
