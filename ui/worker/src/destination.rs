//! Where a link or a ticket leads.

use crdt_model::trust::SessionOrigin;
use data_encoding::BASE32_NOPAD;
use score::SessionId;

/// What a ticket of the version that is read here begins with.
const TICKET: &str = "offbeat1";

/// The longest text that is looked at: a ticket has at most 4096 characters.
const MAX_CHARACTERS: usize = 4096;

/// The bytes at a ticket's end that check the others.
const CHECKSUM_BYTES: usize = 4;

/// Where a text leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A session of the page's own server.
    Session(SessionId),
    /// A session that a ticket names. Whether the page's server has it is to be seen.
    Invited(SessionOrigin),
    /// A remix of a session or beat of the page's own server: the path below `/api`.
    Remix(String),
}

/// Reads what a player has pasted. `server` is the page's own, as in `https://offbeat.example`.
///
/// # Errors
/// What is wrong with the text and what to do, to read.
pub(crate) fn read(text: &str, server: &str) -> Result<Destination, String> {
    let text = text.trim();
    if text.chars().count() > MAX_CHARACTERS {
        return Err("This is longer than any invitation; paste the link or the ticket alone.".to_owned());
    }
    if text.starts_with("offbeat") && !text.starts_with("offbeat:") {
        return ticket(text).map(Destination::Invited);
    }
    let not_a_link =
        || format!("This is no invitation; one looks like {server}/s/… or begins with {TICKET}.");
    let path = match text.strip_prefix(server) {
        Some(path) => path,
        None if text.contains("://") => {
            let host = text.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
            return Err(format!(
                "This link belongs to another server ({host}); open it in a tab of its own instead."
            ));
        }
        None => text,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
    match words[..] {
        ["s", id, "remix"] => {
            let id: SessionId = id.parse().map_err(|_| not_a_link())?;
            Ok(Destination::Remix(format!("sessions/{id}/remix")))
        }
        ["s", id] | [id] => id.parse().map(Destination::Session).map_err(|_| not_a_link()),
        ["b", id] | ["b", id, "remix"] if is_plain(id) => Ok(Destination::Remix(format!("beats/{id}/remix"))),
        _ => Err(not_a_link()),
    }
}

/// Whether an id can stand in a path as it is.
fn is_plain(id: &str) -> bool {
    id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A ticket begins with who founded the session and its nonce; where its inviter can be dialled is of no use to a page.
fn ticket(text: &str) -> Result<SessionOrigin, String> {
    let Some(encoded) = text.strip_prefix(TICKET) else {
        return Err(format!(
            "This ticket is of another version; this page reads those that begin with {TICKET}."
        ));
    };
    let damaged = || format!("This ticket is damaged; copy all of it, from `{TICKET}` to the end.");
    let bytes = BASE32_NOPAD.decode(encoded.to_ascii_uppercase().as_bytes()).map_err(|_| damaged())?;
    let (body, checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>().ok_or_else(damaged)?;
    if blake3::hash(body).as_bytes()[..CHECKSUM_BYTES] != checksum[..] {
        return Err(damaged());
    }
    postcard::take_from_bytes::<SessionOrigin>(body).map(|(origin, _)| origin).map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use score::PlayerKey;

    use super::*;

    const SERVER: &str = "https://offbeat.example";

    #[test]
    fn links_of_the_pages_server_lead_to_sessions_and_remixes() {
        let id = SessionId([7; 16]);
        let session = Ok(Destination::Session(id));
        assert_eq!(read(&format!("{SERVER}/s/{id}"), SERVER), session);
        assert_eq!(read(&format!(" {SERVER}/s/{id}/?from=chat#x\n"), SERVER), session);
        assert_eq!(read(&format!("/s/{id}"), SERVER), session);
        assert_eq!(read(&id.to_string(), SERVER), session);
        let remix = Ok(Destination::Remix(format!("sessions/{id}/remix")));
        assert_eq!(read(&format!("{SERVER}/s/{id}/remix"), SERVER), remix);
        assert_eq!(
            read(&format!("{SERVER}/b/k3x"), SERVER),
            Ok(Destination::Remix("beats/k3x/remix".into()))
        );
    }

    #[test]
    fn other_texts_are_refused_with_what_to_do() {
        let refused = |text: &str| read(text, SERVER).unwrap_err();
        assert!(refused("https://else.where/s/abc").contains("another server (else.where)"));
        assert!(refused("hello").contains("no invitation"));
        assert!(refused("/b/../../x").contains("no invitation"));
        assert!(refused("offbeat2abc").contains("another version"));
        assert!(refused("offbeat1abc").contains("damaged"));
        assert!(refused(&"a".repeat(5000)).contains("longer than any"));
    }

    #[test]
    fn a_ticket_names_its_session() {
        let origin = SessionOrigin { founder: PlayerKey([1; 32]), nonce: [2; 16] };
        let mut bytes = postcard::to_allocvec(&(origin, "addresses")).unwrap();
        bytes.extend(&blake3::hash(&bytes).as_bytes()[..4]);
        let text = format!("offbeat1{}", BASE32_NOPAD.encode(&bytes).to_lowercase());
        assert_eq!(read(&text, SERVER), Ok(Destination::Invited(origin)));
        let cut = &text[..text.len() - 3];
        assert!(read(cut, SERVER).unwrap_err().contains("damaged"));
    }
}
