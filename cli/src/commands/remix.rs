//! `offbeat remix`

use peer::work::{Reply, Request};
use score::Edit;
use score::text::MAX_SESSION_NAME_CHARS;
use view::Command;

use super::new::Made;
use crate::arguments::Remix;
use crate::desk::{Desk, misunderstood};
use crate::failure::{Failure, Outcome};
use crate::{output, words};

pub(super) async fn run(desk: &mut Desk, remix: Remix) -> Outcome {
    let given = words::bounded("name", &remix.name.unwrap_or_default(), MAX_SESSION_NAME_CHARS);
    let given = given.map_err(Failure::usage)?;
    let original = desk.find(&remix.session).await?;
    let Reply::Session(session) = desk.ask_one(Request::Remix(original)).await? else {
        return Err(misunderstood());
    };
    if !given.is_empty() {
        let commands = vec![Command::Edit(Edit::SetName(given))];
        desk.ask_one(Request::Edit { session, commands }).await?;
    }
    if remix.json {
        let name = desk.score(session).await?.score.name;
        output::print_json(&Made { id: session.to_string(), name })
    } else {
        output::print_line(&session.to_string())
    }
}
