//! Where a link or a ticket leads.

use std::net::SocketAddr;

use crdt_model::trust::SessionOrigin;
use data_encoding::BASE32_NOPAD;
use score::{PlayerKey, SessionId};
use serde::{Deserialize, Serialize};

/// What a ticket of the version that is read here begins with.
const TICKET: &str = "offbeat1";

/// The scheme of links that open the desktop app.
const SCHEME: &str = "offbeat:";

/// The longest text that is looked at: a ticket has at most 4096 characters.
const MAX_CHARACTERS: usize = 4096;

/// The bytes at a ticket's end that check the others.
const CHECKSUM_BYTES: usize = 4;

/// Where a text leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A session of the page's own server.
    Session(SessionId),
    /// A session that a ticket names, which names no other server. Whether the page's server has it is to be seen.
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
    // Links that open the app are pasted here, too.
    let scheme =
        text.split_at_checked(SCHEME.len()).filter(|(scheme, _)| scheme.eq_ignore_ascii_case(SCHEME));
    let text = scheme.map_or(text, |(_, rest)| rest.trim_matches('/'));
    if is_like_a_ticket(text) {
        return invited(ticket(text)?, server).map(Destination::Invited);
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

/// Whether it begins as tickets of any version do.
fn is_like_a_ticket(text: &str) -> bool {
    let rest =
        text.split_at_checked("offbeat".len()).filter(|(head, _)| head.eq_ignore_ascii_case("offbeat"));
    rest.is_some_and(|(_, rest)| rest.starts_with(|digit: char| digit.is_ascii_digit()))
}

/// Whether an id can stand in a path as it is.
fn is_plain(id: &str) -> bool {
    id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A ticket as `peer` writes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Ticket {
    origin: SessionOrigin,
    inviter: PlayerKey,
    addresses: Vec<Address>,
    server: Option<String>,
}

/// Where a ticket's inviter can be dialled, which is of no use to a page.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Address {
    Direct(SocketAddr),
    Relay(String),
}

/// A page speaks with its own server alone: what another one keeps is opened there.
fn invited(ticket: Ticket, server: &str) -> Result<SessionOrigin, String> {
    let Ticket { origin, server: theirs, .. } = ticket;
    match theirs {
        Some(theirs) if theirs.trim_end_matches('/') != server => {
            let theirs: String = theirs.trim_end_matches('/').chars().filter(|c| !c.is_control()).collect();
            Err(format!(
                "This ticket is of a session at another server; open {theirs}/s/{} in a tab of its own instead.",
                origin.id()
            ))
        }
        _ => Ok(origin),
    }
}

fn ticket(text: &str) -> Result<Ticket, String> {
    // QR codes are densest in capitals, so either case is read.
    let text = text.to_ascii_lowercase();
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
    postcard::from_bytes(body).map_err(|_| damaged())
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

    fn text(server: Option<&str>) -> (SessionOrigin, String) {
        let origin = SessionOrigin { founder: PlayerKey([1; 32]), nonce: [2; 16] };
        let addresses = vec![
            Address::Direct("192.0.2.1:4000".parse().unwrap()),
            Address::Relay("https://relay.example/".to_owned()),
        ];
        let server = server.map(str::to_owned);
        let ticket = Ticket { origin, inviter: PlayerKey([3; 32]), addresses, server };
        let mut bytes = postcard::to_allocvec(&ticket).unwrap();
        bytes.extend(&blake3::hash(&bytes).as_bytes()[..4]);
        (origin, format!("{TICKET}{}", BASE32_NOPAD.encode(&bytes).to_lowercase()))
    }

    #[test]
    fn a_ticket_names_its_session_in_either_case() {
        let (origin, alone) = text(None);
        assert_eq!(read(&alone, SERVER), Ok(Destination::Invited(origin)));
        assert_eq!(read(&alone.to_uppercase(), SERVER), Ok(Destination::Invited(origin)));
        assert_eq!(read(&format!("offbeat://{alone}"), SERVER), Ok(Destination::Invited(origin)));
        let cut = &alone[..alone.len() - 3];
        assert!(read(cut, SERVER).unwrap_err().contains("damaged"));
        let (origin, ours) = text(Some("https://offbeat.example/"));
        assert_eq!(read(&ours, SERVER), Ok(Destination::Invited(origin)));
    }

    #[test]
    fn a_ticket_of_another_server_says_where_to_go() {
        let (origin, theirs) = text(Some("https://else.where"));
        let refused = read(&theirs, SERVER).unwrap_err();
        assert!(refused.contains(&format!("open https://else.where/s/{}", origin.id())), "{refused}");
    }
}
