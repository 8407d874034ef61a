//! What a page brings along, so that it shows and plays before anything else has loaded.

use data_encoding::BASE64;
use score::Score;
use score::id::SessionId;
use score::lower::lower_first_scene;
use score::program_image::write_image;
use view::host::{Page, Ready, encode};
use view::{Connection, View};

/// A session or beat that is shown at once.
pub(super) fn showing(page: Page, session: SessionId, score: Score, program: Option<Vec<u8>>) -> Ready {
    let program = program.unwrap_or_else(|| {
        let mut image = Vec::new();
        write_image(&lower_first_scene(&score), &mut image);
        image
    });
    let connection = Connection::default();
    let (players, timeline) = (Vec::new(), view::Timeline::default());
    let view = View { session, score, players, connection, can_undo: false, can_redo: false, timeline };
    Ready { page, view: Some(Box::new(view)), program }
}

/// The block as a browser finds it: data, which a content policy lets stand.
pub(super) fn block(ready: &Ready) -> String {
    let bytes = encode(ready).unwrap_or_default();
    format!("<script type=\"application/octet-stream\" id=\"ready\">{}</script>", BASE64.encode(&bytes))
}
