//! `offbeat new`

use peer::work::{Reply, Request};
use score::default_name::default_name;
use score::starter::starter;
use score::text::MAX_SESSION_NAME_CHARS;
use serde::Serialize;

use crate::arguments::New;
use crate::desk::{Desk, misunderstood};
use crate::failure::{Failure, Outcome};
use crate::{output, words};

/// A session, as `--json` prints it.
#[derive(Serialize)]
pub(super) struct Made {
    pub(super) id: String,
    pub(super) name: String,
}

pub(super) async fn run(desk: &mut Desk, new: New) -> Outcome {
    let given = words::bounded("name", &new.name.unwrap_or_default(), MAX_SESSION_NAME_CHARS);
    let given = given.map_err(Failure::usage)?;
    let name = if given.is_empty() { default_name(getrandom::u64()?) } else { given };
    let request = if new.beat {
        Request::CreateFrom(Box::new(starter(&name, getrandom::u64()?)))
    } else {
        Request::Create { name: name.clone() }
    };
    let Reply::Session(id) = desk.ask_one(request).await? else {
        return Err(misunderstood());
    };
    if new.json {
        output::print_json(&Made { id: id.to_string(), name })
    } else {
        output::print_line(&id.to_string())
    }
}
