//! What somebody was sent to join with: a ticket, or a link.

use std::str::FromStr;

use reqwest::Url;
use score::id::SessionId;

use super::ServerAddress;
use super::address::with_scheme;
use crate::net::{MAX_TICKET_CHARACTERS, Ticket, TicketError};

/// The scheme of links that open the desktop app.
const SCHEME: &str = "offbeat:";

/// A way into a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invitation {
    /// By somebody who can be dialled.
    Ticket(Box<Ticket>),
    /// To a session that a server keeps.
    Link {
        /// The server.
        server: ServerAddress,
        /// The session.
        session: SessionId,
    },
}

/// Why a text leads into no session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// It is meant to be a ticket.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// It is something else.
    #[error(
        "this is neither a ticket nor a link to a session: a ticket begins with `offbeat1`, a link is such as \
         https://offbeat.example/s/mfrg…"
    )]
    Neither,
    /// It is a link to something else.
    #[error(
        "this link leads to no session: one that does has `/s/` and 26 letters and digits after the server's name"
    )]
    Elsewhere,
    /// It is a link to a beat.
    #[error("this link is of a beat, to listen to: open it in a browser, and remix it there to play on")]
    Beat,
}

impl InvitationError {
    /// Whether the text was understood, and is of no use all the same.
    pub fn is_understood(&self) -> bool {
        matches!(self, Self::Ticket(TicketError::Version(_)) | Self::Beat)
    }
}

impl FromStr for Invitation {
    type Err = InvitationError;

    /// Reads `offbeat1…`, `https://server/s/<id>`, and `offbeat://` before either, the link's own scheme left out.
    fn from_str(text: &str) -> Result<Self, InvitationError> {
        if text.len() > MAX_TICKET_CHARACTERS {
            return Err(TicketError::TooLong(text.chars().count()).into());
        }
        let text = text.trim();
        let Some(rest) = without_scheme(text) else { return of_text(text) };
        let rest = rest.trim_start_matches('/');
        let rest = rest.strip_prefix("join/").unwrap_or(rest);
        if is_like_a_ticket(rest) {
            // Some programs end what they take for a host with a slash.
            return Ok(Self::Ticket(Box::new(rest.trim_end_matches('/').parse()?)));
        }
        of_link(&with_scheme(rest).ok_or(InvitationError::Elsewhere)?)
    }
}

fn without_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then_some(rest)
}

/// Whether it begins as tickets of any version do. No server's name does: those of this kind have a dot in them or a slash behind them.
fn is_like_a_ticket(text: &str) -> bool {
    let head = text.trim_end_matches('/').to_ascii_lowercase();
    head.strip_prefix("offbeat").is_some_and(|rest| {
        rest.starts_with(|digit: char| digit.is_ascii_digit()) && rest.chars().all(char::is_alphanumeric)
    })
}

fn of_text(text: &str) -> Result<Invitation, InvitationError> {
    if text.contains("://") {
        return of_link(&Url::parse(text).map_err(|_| InvitationError::Elsewhere)?);
    }
    match text.parse::<Ticket>() {
        Ok(ticket) => Ok(Invitation::Ticket(Box::new(ticket))),
        Err(TicketError::NotATicket) => Err(InvitationError::Neither),
        Err(error) => Err(error.into()),
    }
}

fn of_link(link: &Url) -> Result<Invitation, InvitationError> {
    let mut parts = link.path_segments().into_iter().flatten();
    let server = ServerAddress::of_link(link).ok_or(InvitationError::Elsewhere)?;
    match (parts.next(), parts.next()) {
        (Some("s"), Some(id)) => {
            let session = id.parse().map_err(|_| InvitationError::Elsewhere)?;
            Ok(Invitation::Link { server, session })
        }
        (Some("b"), Some(_)) => Err(InvitationError::Beat),
        _ => Err(InvitationError::Elsewhere),
    }
}

#[cfg(test)]
mod tests {
    use crdt_model::trust::SessionOrigin;
    use proptest::prelude::*;
    use score::id::PlayerKey;

    use super::*;

    const ID: &str = "aaaqeayeaudaocajbifqydiob4";

    fn ticket() -> String {
        let inviter = PlayerKey(*iroh::SecretKey::from_bytes(&[1; 32]).public().as_bytes());
        let origin = SessionOrigin { founder: PlayerKey([9; 32]), nonce: [7; 16] };
        Ticket { origin, inviter, addresses: Vec::new(), server: None }.to_string()
    }

    fn link(text: &str) -> Option<(String, String)> {
        match text.parse::<Invitation>() {
            Ok(Invitation::Link { server, session }) => Some((server.to_string(), session.to_string())),
            _ => None,
        }
    }

    #[test]
    fn a_link_is_read_with_whatever_stands_after_the_id_and_by_either_scheme() {
        for (text, server) in [
            (format!("https://offbeat.example/s/{ID}"), "https://offbeat.example"),
            (format!("  http://127.0.0.1:8787/s/{ID}/?from=chat#top "), "http://127.0.0.1:8787"),
            (format!("https://offbeat.example/s/{}", ID.to_uppercase()), "https://offbeat.example"),
            (format!("offbeat://offbeat.example/s/{ID}"), "https://offbeat.example"),
            (format!("OFFBEAT://localhost:8787/s/{ID}"), "http://localhost:8787"),
        ] {
            assert_eq!(link(&text), Some((server.to_owned(), ID.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_ticket_is_read_alone_and_as_a_link() {
        let ticket = ticket();
        let wanted = Ok(Invitation::Ticket(Box::new(ticket.parse().unwrap())));
        for text in [
            ticket.clone(),
            format!("offbeat:{ticket}"),
            format!("offbeat://{ticket}/"),
            format!("offbeat://join/{ticket}"),
            format!("OFFBEAT://{}", ticket.to_uppercase()),
        ] {
            assert_eq!(text.parse::<Invitation>(), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(
            text in r"\PC{0,80}",
            scheme in "(offbeat:|OFFBEAT://|https?://|offbeat:/{0,4}join/)?",
            rest in r"(offbeat[0-9]{0,3}[a-z2-7]{0,60}|[ -~]{0,60}|[^/]{0,20}/s/[a-z2-7]{0,30})",
        ) {
            text.parse::<Invitation>().ok();
            format!("{scheme}{rest}").parse::<Invitation>().ok();
            format!("{scheme}{text}").parse::<Invitation>().ok();
        }
    }

    #[test]
    fn what_leads_nowhere_says_why() {
        let damaged = InvitationError::Ticket(TicketError::Damaged);
        let version = InvitationError::Ticket(TicketError::Version("2".to_owned()));
        for (text, error) in [
            (String::new(), InvitationError::Neither),
            ("house".to_owned(), InvitationError::Neither),
            ("offbeat1abc".to_owned(), damaged.clone()),
            ("offbeat://offbeat1abc".to_owned(), damaged),
            ("offbeat://offbeat2abc".to_owned(), version),
            ("offbeat://".to_owned(), InvitationError::Elsewhere),
            ("https://offbeat.example".to_owned(), InvitationError::Elsewhere),
            ("https://offbeat.example/s/".to_owned(), InvitationError::Elsewhere),
            (format!("https://offbeat.example/s/{ID}0"), InvitationError::Elsewhere),
            (format!("https://offbeat.example/x/{ID}"), InvitationError::Elsewhere),
            (format!("https://ada:secret@offbeat.example/s/{ID}"), InvitationError::Elsewhere),
            (format!("file:///s/{ID}"), InvitationError::Elsewhere),
            ("https://offbeat.example/b/abc".to_owned(), InvitationError::Beat),
        ] {
            assert_eq!(text.parse::<Invitation>(), Err(error), "{text}");
        }
        let long = "o".repeat(MAX_TICKET_CHARACTERS + 1).parse::<Invitation>();
        assert!(matches!(long, Err(InvitationError::Ticket(TicketError::TooLong(_)))));
    }
}
