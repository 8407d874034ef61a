//! Where a server is.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;
use score::id::SessionId;

use super::ServerError;
use crate::net::MAX_URL_BYTES;

/// The address of a server, such as `https://offbeat.example`: a scheme, a host, perhaps a port, and nothing after it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerAddress(Url);

impl ServerAddress {
    /// The address of the server that a link leads to, whatever the link says after it.
    pub(super) fn of_link(link: &Url) -> Option<Self> {
        let is_web = matches!(link.scheme(), "http" | "https") && link.has_host();
        let is_plain = link.username().is_empty() && link.password().is_none();
        let mut url = link.clone();
        url.set_path("");
        url.set_query(None);
        url.set_fragment(None);
        (is_web && is_plain && url.as_str().len() <= MAX_URL_BYTES).then_some(Self(url))
    }

    /// Whether the server is on this machine: then no proxy stands in between, and it needs no certificate.
    pub fn is_here(&self) -> bool {
        is_here(&self.0)
    }

    /// The server's place for a path, such as `/api/server`.
    pub(super) fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }

    /// The link to a session that the server keeps.
    pub fn link(&self, session: SessionId) -> String {
        self.at(&format!("/s/{session}")).to_string()
    }
}

fn is_here(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

impl FromStr for ServerAddress {
    type Err = ServerError;

    /// Without a scheme it is `https`, or `http` on this machine.
    fn from_str(text: &str) -> Result<Self, ServerError> {
        let wrong = || ServerError::Address(text.chars().take(100).collect());
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_URL_BYTES {
            return Err(wrong());
        }
        let url = match text.split_once("://") {
            Some(_) => Url::parse(text).map_err(|_| wrong())?,
            None => with_scheme(text).ok_or_else(wrong)?,
        };
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        Self::of_link(&url).filter(|_| is_bare).ok_or_else(wrong)
    }
}

/// An address that was given without a scheme.
pub(super) fn with_scheme(rest: &str) -> Option<Url> {
    let url = Url::parse(&format!("https://{rest}")).ok()?;
    if is_here(&url) { Url::parse(&format!("http://{rest}")).ok() } else { Some(url) }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        text.parse::<ServerAddress>().ok().map(|address| address.to_string())
    }

    #[test]
    fn an_address_is_read_as_people_write_it() {
        for (text, address) in [
            ("https://offbeat.example", "https://offbeat.example"),
            (" HTTPS://Offbeat.Example:443/ ", "https://offbeat.example"),
            ("offbeat.example:8443", "https://offbeat.example:8443"),
            ("localhost:8787", "http://localhost:8787"),
            ("127.0.0.1:8787", "http://127.0.0.1:8787"),
            ("[::1]:8787", "http://[::1]:8787"),
            ("http://192.168.1.5:8787", "http://192.168.1.5:8787"),
        ] {
            assert_eq!(read(text).as_deref(), Some(address), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("https://{}.example", "x".repeat(300));
        for text in [
            "",
            " ",
            "file:///etc/passwd",
            "ftp://offbeat.example",
            "https://",
            "https://ada:secret@offbeat.example",
            "https://offbeat.example/s/1",
            "https://offbeat.example?x",
            "offbeat1abcdef ghi",
            &long,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
