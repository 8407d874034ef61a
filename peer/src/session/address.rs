//! Where a peer can be reached, as players tell each other.

use iroh::EndpointAddr;
use jam::limits::MAX_ADDRESS_BYTES;
use score::id::PlayerKey;

use crate::net::{Address, MAX_ADDRESSES, MAX_URL_BYTES, endpoint_addr};

/// As many of the addresses as fit into a message; `None` when there is none.
pub(super) fn write(addresses: &[Address]) -> Option<jam::wire::Address> {
    let mut count = addresses.len().min(MAX_ADDRESSES);
    while count > 0 {
        let bytes = postcard::to_allocvec(&addresses[..count]).ok()?;
        if bytes.len() <= MAX_ADDRESS_BYTES {
            return Some(jam::wire::Address(bytes));
        }
        count -= 1;
    }
    None
}

/// What another player has written; `None` when it leads nowhere.
pub(super) fn read(peer: PlayerKey, address: &jam::wire::Address) -> Option<EndpointAddr> {
    let addresses = postcard::from_bytes::<Vec<Address>>(&address.0).ok()?;
    let short = addresses.iter().all(|address| match address {
        Address::Direct(_) => true,
        Address::Relay(url) => url.len() <= MAX_URL_BYTES,
    });
    let is_sound = short && !addresses.is_empty() && addresses.len() <= MAX_ADDRESSES;
    is_sound.then(|| endpoint_addr(peer, &addresses).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_travel_within_their_bound_and_hostile_ones_lead_nowhere() {
        let key = PlayerKey(*iroh::SecretKey::from_bytes(&[1; 32]).public().as_bytes());
        let direct = Address::Direct("127.0.0.1:4000".parse().unwrap());
        let written = write(std::slice::from_ref(&direct)).unwrap();
        assert_eq!(read(key, &written).unwrap().ip_addrs().count(), 1);
        let long = Address::Relay(format!("https://relay.example/{}", "x".repeat(MAX_URL_BYTES - 30)));
        let bounded = write(&vec![long; MAX_ADDRESSES]).unwrap();
        assert!(bounded.0.len() <= MAX_ADDRESS_BYTES);
        assert!(write(&[]).is_none());
        assert!(read(key, &jam::wire::Address(vec![0xff; 100])).is_none());
        // About half of all numbers are no point of the curve, so no key.
        let no_key =
            (0..=u8::MAX).map(|byte| PlayerKey([byte; 32])).find(|key| endpoint_addr(*key, &[]).is_err());
        assert!(read(no_key.unwrap(), &written).is_none());
    }
}
