//! Invitations: all that somebody needs to join a session, as a line of text.
//!
//! `offbeat1` and base32 in lower case, without anything that a chat, a shell or a QR code would mangle, of
//! ```text
//! postcard {session's founder and nonce, inviter's key, addresses, server}
//! first four bytes of its BLAKE3
//! ```
//! The digit is the version: a ticket of another one is told apart from a damaged one.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use crdt_model::trust::SessionOrigin;
use data_encoding::BASE32_NOPAD;
use iroh::{EndpointAddr, PublicKey, RelayUrl, TransportAddr};
use score::id::{PlayerKey, SessionId};
use serde::{Deserialize, Serialize};

use super::NetError;

/// The longest ticket that is read, in characters.
pub const MAX_TICKET_CHARACTERS: usize = 4096;

/// The most addresses that a ticket carries: a machine has a few interfaces, and a QR code has to stay readable.
pub const MAX_ADDRESSES: usize = 16;

/// The longest address of a server or relay, in bytes.
pub const MAX_URL_BYTES: usize = 256;

const PREFIX: &str = "offbeat";
const VERSION: &str = "1";
const CHECKSUM_BYTES: usize = 4;

/// An invitation to a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The session, as its founder and nonce: the id follows from them, and an empty replica needs them to check
    /// what it is sent.
    pub origin: SessionOrigin,
    /// Who invites.
    pub inviter: PlayerKey,
    /// Where the inviter may be reached.
    pub addresses: Vec<Address>,
    /// A server that knows the session, if there is one.
    pub server: Option<String>,
}

/// A place where a peer may be reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Address {
    /// Directly.
    Direct(SocketAddr),
    /// Through a relay, given by its URL.
    Relay(String),
}

/// Why a text is no ticket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// It is something else.
    #[error("this is no Offbeat ticket: one begins with `offbeat1`")]
    NotATicket,
    /// It is a ticket, of a version that this program does not know.
    #[error(
        "the ticket is of version {0}, this Offbeat reads version 1; bring both players to the same version"
    )]
    Version(String),
    /// It has been cut or mistyped.
    #[error("the ticket is damaged; copy all of it, from `offbeat1` to the end")]
    Damaged,
    /// It is longer than any ticket.
    #[error("the ticket has {0} characters; at most {MAX_TICKET_CHARACTERS} are read")]
    TooLong(usize),
}

impl Ticket {
    /// An invitation by whoever listens at `addr`.
    pub fn new(origin: SessionOrigin, addr: &EndpointAddr, server: Option<String>) -> Self {
        Self { origin, inviter: PlayerKey(*addr.id.as_bytes()), addresses: addresses_of(addr), server }
    }

    /// The session's id.
    pub fn session(&self) -> SessionId {
        self.origin.id()
    }

    /// Where the inviter may be reached, as iroh takes it.
    ///
    /// # Errors
    /// When the inviter's key is no key.
    pub fn endpoint_addr(&self) -> Result<EndpointAddr, NetError> {
        endpoint_addr(self.inviter, &self.addresses)
    }

    fn within_bounds(&self) -> bool {
        let short = |url: &String| url.len() <= MAX_URL_BYTES;
        let all_short = self.addresses.iter().all(|address| match address {
            Address::Direct(_) => true,
            Address::Relay(url) => short(url),
        });
        self.addresses.len() <= MAX_ADDRESSES && all_short && self.server.as_ref().is_none_or(short)
    }
}

/// The first [`MAX_ADDRESSES`] places of an endpoint that a ticket can carry.
pub fn addresses_of(addr: &EndpointAddr) -> Vec<Address> {
    let address = |addr: &TransportAddr| match addr {
        TransportAddr::Ip(socket) => Some(Address::Direct(*socket)),
        TransportAddr::Relay(url) => {
            Some(Address::Relay(url.to_string())).filter(|_| url.as_str().len() <= MAX_URL_BYTES)
        }
        _ => None,
    };
    addr.addrs.iter().filter_map(address).take(MAX_ADDRESSES).collect()
}

/// A peer's key and places as iroh takes them. A relay whose URL is none is left out.
///
/// # Errors
/// When the key is no key.
pub fn endpoint_addr(peer: PlayerKey, addresses: &[Address]) -> Result<EndpointAddr, NetError> {
    let id = PublicKey::from_bytes(&peer.0).map_err(|_| NetError::Key(peer.to_string()))?;
    let transport = |address: &Address| match address {
        Address::Direct(socket) => Some(TransportAddr::Ip(*socket)),
        Address::Relay(url) => url.parse::<RelayUrl>().ok().map(TransportAddr::Relay),
    };
    let addrs = addresses.iter().take(MAX_ADDRESSES).filter_map(transport);
    Ok(EndpointAddr::from_parts(id, addrs))
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let hash = blake3::hash(body);
    std::array::from_fn(|index| hash.as_bytes()[index])
}

impl fmt::Display for Ticket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = postcard::to_allocvec(self).map_err(|_| fmt::Error)?;
        let checksum = checksum(&body);
        body.extend_from_slice(&checksum);
        write!(out, "{PREFIX}{VERSION}{}", BASE32_NOPAD.encode(&body).to_ascii_lowercase())
    }
}

impl FromStr for Ticket {
    type Err = TicketError;

    fn from_str(text: &str) -> Result<Self, TicketError> {
        if text.len() > MAX_TICKET_CHARACTERS {
            return Err(TicketError::TooLong(text.chars().count()));
        }
        // QR codes are densest in capitals, so either case is read.
        let text = text.trim().to_ascii_lowercase();
        let rest = text.strip_prefix(PREFIX).ok_or(TicketError::NotATicket)?;
        let Some(coded) = rest.strip_prefix(VERSION) else {
            // Base32 has no 0, 1, 8 or 9, but another version may well begin with digits that it has.
            let digits = rest.chars().take_while(char::is_ascii_digit).take(3).collect::<String>();
            let is_version = !digits.is_empty();
            return Err(if is_version { TicketError::Version(digits) } else { TicketError::NotATicket });
        };
        let bytes = BASE32_NOPAD.decode(coded.to_ascii_uppercase().as_bytes());
        let bytes = bytes.map_err(|_| TicketError::Damaged)?;
        let (body, sum) = bytes.split_last_chunk::<CHECKSUM_BYTES>().ok_or(TicketError::Damaged)?;
        if checksum(body) != *sum {
            return Err(TicketError::Damaged);
        }
        let ticket = postcard::from_bytes::<Self>(body).map_err(|_| TicketError::Damaged)?;
        if ticket.within_bounds() { Ok(ticket) } else { Err(TicketError::Damaged) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ticket() -> Ticket {
        Ticket {
            origin: SessionOrigin { founder: PlayerKey([9; 32]), nonce: [7; 16] },
            inviter: PlayerKey(*iroh::SecretKey::from_bytes(&[1; 32]).public().as_bytes()),
            addresses: vec![
                Address::Direct("192.168.1.20:41234".parse().unwrap()),
                Address::Direct("[fe80::1]:41234".parse().unwrap()),
                Address::Relay("https://relay.example/".to_owned()),
            ],
            server: Some("https://offbeat.example".to_owned()),
        }
    }

    #[test]
    fn a_ticket_reads_back_in_either_case_and_with_blanks_around() {
        let text = ticket().to_string();
        assert!(
            text.starts_with("offbeat1") && text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{text}"
        );
        assert_eq!(text.parse(), Ok(ticket()));
        assert_eq!(format!("  {}\n", text.to_uppercase()).parse(), Ok(ticket()));
    }

    #[test]
    fn a_ticket_leads_to_an_endpoint_and_back() {
        let addr = ticket().endpoint_addr().unwrap();
        assert_eq!(addr.ip_addrs().count(), 2);
        let again = Ticket::new(ticket().origin, &addr, ticket().server);
        assert_eq!(again.endpoint_addr().unwrap(), addr);
    }

    #[test]
    fn a_ticket_of_another_version_is_named_as_such() {
        let text = ticket().to_string().replacen("offbeat1", "offbeat9", 1);
        let refused = text.parse::<Ticket>().unwrap_err();
        assert_eq!(refused, TicketError::Version("9".to_owned()));
        assert!(refused.to_string().contains("reads version 1"));
    }

    #[test]
    fn what_is_no_ticket_or_a_damaged_one_is_said_so() {
        assert_eq!("https://example.org".parse::<Ticket>(), Err(TicketError::NotATicket));
        assert_eq!("offbeat".parse::<Ticket>(), Err(TicketError::NotATicket));
        assert_eq!("offbeat1".parse::<Ticket>(), Err(TicketError::Damaged));
        let text = ticket().to_string();
        assert_eq!(text[..text.len() - 1].parse::<Ticket>(), Err(TicketError::Damaged));
        let flipped = format!("{}{}", &text[..20], text[20..].replacen('a', "b", 1));
        assert_eq!(flipped.parse::<Ticket>(), Err(TicketError::Damaged));
        assert!(matches!("offbeat1".repeat(1000).parse::<Ticket>(), Err(TicketError::TooLong(8000))));
    }

    /// A ticket's text around any bytes, its checksum right.
    fn text_around(body: &[u8]) -> String {
        let bytes = [body, &checksum(body)].concat();
        format!("{PREFIX}{VERSION}{}", BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(
            noise in proptest::collection::vec(any::<u8>(), 0..300),
            changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..8),
        ) {
            text_around(&noise).parse::<Ticket>().ok();
            let mut body = postcard::to_allocvec(&ticket()).unwrap();
            for (place, byte) in changes {
                let place = place % body.len();
                body[place] = byte;
            }
            if let Ok(read) = text_around(&body).parse::<Ticket>() {
                prop_assert!(read.addresses.len() <= MAX_ADDRESSES);
                // It leads somewhere, or says why not.
                read.endpoint_addr().ok();
            }
        }
    }

    #[test]
    fn a_ticket_with_too_many_or_too_long_addresses_is_refused() {
        let many = Ticket {
            addresses: vec![Address::Direct("127.0.0.1:1".parse().unwrap()); MAX_ADDRESSES + 1],
            ..ticket()
        };
        assert_eq!(many.to_string().parse::<Ticket>(), Err(TicketError::Damaged));
        let long = Ticket { server: Some("x".repeat(MAX_URL_BYTES + 1)), ..ticket() };
        assert_eq!(long.to_string().parse::<Ticket>(), Err(TicketError::Damaged));
    }
}
