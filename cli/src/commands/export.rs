//! `offbeat export`

use crdt_model::exchange::{write_midi, write_session_json};
use export::sheet;
use peer::work::{Reply, Request};

use crate::arguments::{Export, Format};
use crate::desk::{Desk, misunderstood};
use crate::failure::Outcome;
use crate::{output, whole_file};

pub(super) async fn run(desk: &mut Desk, export: &Export) -> Outcome {
    let session = desk.find(&export.session).await?;
    let bytes = match export.format {
        Format::Json => write_session_json(Some(session), &desk.score(session).await?.score).into_bytes(),
        Format::Text => sheet::write(&desk.score(session).await?.score).into_bytes(),
        Format::Midi => {
            let written = write_midi(&desk.score(session).await?.score);
            let left_out: Vec<String> = written.report.iter().map(ToString::to_string).collect();
            output::notes(&left_out);
            written.bytes
        }
        Format::Automerge => match desk.ask_one(Request::Automerge(session)).await? {
            Reply::Automerge(bytes) => bytes,
            _ => return Err(misunderstood()),
        },
    };
    Ok(whole_file::write(&export.out, &bytes)?)
}
