//! `offbeat list`

use serde::Serialize;

use crate::arguments::List;
use crate::desk::Desk;
use crate::failure::Outcome;
use crate::output;

/// A session, as `--json` prints it.
#[derive(Serialize)]
struct Listed {
    id: String,
    name: Option<String>,
}

pub(super) async fn run(desk: &mut Desk, list: &List) -> Outcome {
    let names = desk.names().await?;
    let listed = names.iter().map(|(id, name)| Listed { id: id.to_string(), name: name.map(str::to_owned) });
    if list.json {
        return output::print_json(&listed.collect::<Vec<_>>());
    }
    let lines: Vec<String> =
        listed.map(|Listed { id, name }| format!("{id}  {}", name.unwrap_or_default())).collect();
    if lines.is_empty() {
        output::note("no sessions yet; `offbeat new` makes one, `offbeat import FILE` brings one in");
    }
    lines.iter().try_for_each(|line| output::print_line(line))
}
