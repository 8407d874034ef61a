//! `offbeat import`

use peer::work::{Reply, Request};
use score::default_name::default_name;
use score::text::{MAX_SESSION_NAME_CHARS, clean_name};
use serde::Serialize;

use crate::arguments::Import;
use crate::desk::{Desk, misunderstood};
use crate::failure::Outcome;
use crate::output;
use crate::source::{self, Source};

/// An imported session, as `--json` prints it.
#[derive(Serialize)]
struct Imported {
    id: String,
    name: String,
    left_out: Vec<String>,
}

pub(super) async fn run(desk: &mut Desk, import: Import) -> Outcome {
    let Source { mut score, left_out } = source::read(&import.file)?;
    if score.name.is_empty() {
        score.name = name_of_file(&import)?;
    }
    let name = score.name.clone();
    let Reply::Session(id) = desk.ask_one(Request::CreateFrom(score)).await? else {
        return Err(misunderstood());
    };
    if import.json {
        return output::print_json(&Imported { id: id.to_string(), name, left_out });
    }
    output::notes(&left_out);
    output::print_line(&id.to_string())
}

/// A session whose file names it not is called after the file.
fn name_of_file(import: &Import) -> Outcome<String> {
    let stem = import.file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = clean_name(&stem.unwrap_or_default(), MAX_SESSION_NAME_CHARS);
    Ok(if name.is_empty() { default_name(getrandom::u64()?) } else { name })
}
