//! Who a request is counted for.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

/// The header in which a proxy notes for whom it asks; each proxy on the way appends the address that it saw.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Where a request comes from, as its limits count it: an IPv4 address, or the IPv6 network of 64 bits that one household or
/// machine is given. The server puts it into every request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// The client at the other end of a connection.
    pub fn of(peer: SocketAddr) -> Self {
        match peer.ip().to_canonical() {
            IpAddr::V4(address) => Self(address.into()),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into())
            }
        }
    }

    /// The client for whom a proxy asks, which has to be the only way to the server: the last address of `X-Forwarded-For`,
    /// since whatever stands before it can be made up by the client. The proxy itself where there is none.
    pub fn forwarded(headers: &HeaderMap, proxy: SocketAddr) -> Self {
        let last = headers.get_all(FORWARDED_FOR).iter().next_back();
        let last = last.and_then(|value| value.to_str().ok()).and_then(|list| list.rsplit(',').next());
        let address = last.and_then(|address| address.trim().parse::<IpAddr>().ok());
        Self::of(address.map_or(proxy, |address| SocketAddr::new(address, 0)))
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = std::convert::Infallible;

    /// A request that did not come through the listener, as in a test of a router, counts as the machine's own.
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().copied().unwrap_or(Self(Ipv6Addr::LOCALHOST.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> ClientAddress {
        ClientAddress::of(text.parse().unwrap())
    }

    fn forwarded(values: &[&str]) -> ClientAddress {
        let values = values.iter().map(|value| (FORWARDED_FOR.parse().unwrap(), value.parse().unwrap()));
        ClientAddress::forwarded(&values.collect(), "10.0.0.1:80".parse().unwrap())
    }

    #[test]
    fn ports_and_the_last_half_of_ipv6_make_no_difference() {
        assert_eq!(of("192.0.2.1:1"), of("192.0.2.1:2"));
        assert_ne!(of("192.0.2.1:1"), of("192.0.2.2:1"));
        assert_eq!(of("[2001:db8:0:1::1]:1"), of("[2001:db8:0:1:ffff::2]:1"));
        assert_ne!(of("[2001:db8:0:1::1]:1"), of("[2001:db8:0:2::1]:1"));
        assert_eq!(of("[::ffff:192.0.2.1]:1"), of("192.0.2.1:1"));
    }

    #[test]
    fn of_the_forwarded_addresses_the_proxys_own_note_counts() {
        assert_eq!(forwarded(&["192.0.2.1"]), of("192.0.2.1:0"));
        assert_eq!(forwarded(&["203.0.113.9, 192.0.2.1"]), of("192.0.2.1:0"));
        assert_eq!(forwarded(&["203.0.113.9", "192.0.2.1"]), of("192.0.2.1:0"));
    }

    #[test]
    fn a_note_that_is_no_address_counts_for_the_proxy() {
        for nonsense in [[].as_slice(), &["unknown"], &["192.0.2.1, "], &["192.0.2.1:99"]] {
            assert_eq!(forwarded(nonsense), of("10.0.0.1:0"), "{nonsense:?}");
        }
    }
}
