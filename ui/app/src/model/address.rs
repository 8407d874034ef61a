//! What a page is about, by its address alone.

use view::Page;

/// What a page is about that was opened without its server, and so brings nothing along.
pub(crate) fn page_at(path: &str) -> Page {
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next()) {
        (Some("s"), Some(id)) => match id.parse() {
            Ok(session) => Page::Session(session),
            Err(error) => Page::Missing { reason: format!("{error}.") },
        },
        (Some("b"), Some(_)) => Page::Missing {
            reason: "This beat was not listened to on this machine before, and its server cannot be reached."
                .to_owned(),
        },
        _ => Page::Home,
    }
}

#[cfg(test)]
mod tests {
    use score::SessionId;

    use super::*;

    #[test]
    fn an_address_says_which_session_it_is() {
        let session = SessionId([7; 16]);
        assert_eq!(page_at(&format!("/s/{session}")), Page::Session(session));
        assert_eq!(page_at(&format!("/s/{session}/remix")), Page::Session(session));
        assert_eq!(page_at("/"), Page::Home);
        assert_eq!(page_at("/index.html"), Page::Home);
        for lost in ["/s/nonsense", "/b/anything"] {
            assert!(matches!(page_at(lost), Page::Missing { .. }), "{lost}");
        }
    }
}
