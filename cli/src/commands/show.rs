//! `offbeat show`

use crdt_model::exchange::write_session_json;
use export::sheet;

use crate::arguments::Show;
use crate::desk::Desk;
use crate::failure::Outcome;
use crate::output;

pub(super) async fn run(desk: &mut Desk, show: &Show) -> Outcome {
    let session = desk.find(&show.session).await?;
    let shown = desk.score(session).await?;
    if show.json {
        return output::print(&write_session_json(Some(shown.session), &shown.score));
    }
    output::print(&sheet::write(&shown.score))
}
