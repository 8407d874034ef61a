//! Address records that players sign: `GET` and `PUT /pkarr/{key}`, the key in z-base-32.
//!
//! A payload is a 64-byte signature, a time in microseconds as a big-endian `u64`, and a DNS packet of at most 1,000 bytes.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use iroh::PublicKey;
use iroh_dns::pkarr::SignedPacket;

use super::expiring::Expiring;
use super::{Discovery, DiscoveryRefusal};
use crate::limits::ClientAddress;

/// How long a record is kept. Offbeat's players publish theirs every minute, other programs of iroh every five.
const LIFE: Duration = Duration::from_mins(15);

/// The longest payload: a packet without the key that the path already names.
pub(super) const MAX_PAYLOAD_BYTES: usize = SignedPacket::MAX_BYTES - PublicKey::LENGTH;

const CONTENT_TYPE: &str = "application/pkarr.org.relays.v1+octet";

/// The newest record of each key.
#[derive(Debug)]
pub(super) struct Records(Mutex<Expiring<PublicKey, SignedPacket>>);

impl Records {
    pub(super) fn new(capacity: usize) -> Self {
        Self(Mutex::new(Expiring::new(capacity, LIFE)))
    }

    /// Keeps a record whose signature holds, unless a newer one is here.
    fn put(&self, now: Instant, packet: SignedPacket) -> Result<(), DiscoveryRefusal> {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = packet.public_key();
        if records.get(now, &key).is_some_and(|known| known.more_recent_than(&packet)) {
            return Err(DiscoveryRefusal::Older);
        }
        records.put(now, key, packet);
        Ok(())
    }

    fn get(&self, now: Instant, key: &PublicKey) -> Option<Vec<u8>> {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        records.get(now, key).map(SignedPacket::to_relay_payload)
    }
}

/// `PUT /pkarr/{key}`: 204.
pub(super) async fn publish(
    State(discovery): State<Discovery>,
    address: ClientAddress,
    Path(key): Path<String>,
    payload: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, DiscoveryRefusal> {
    let put = || {
        discovery.0.rate.check(address)?;
        let packet = signed_packet(&key, &payload?)?;
        discovery.0.records.put(Instant::now(), packet)
    };
    put().inspect_err(|refusal| discovery.0.metrics.refuse(refusal.counted_as()))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /pkarr/{key}`: the payload, 404 for a player of whom nothing is known.
pub(super) async fn look_up(
    State(discovery): State<Discovery>,
    Path(key): Path<String>,
) -> Result<Response, DiscoveryRefusal> {
    let payload = discovery.0.records.get(Instant::now(), &public_key(&key)?);
    let payload = payload.ok_or(DiscoveryRefusal::NoRecord)?;
    let headers = [
        (header::CONTENT_TYPE, CONTENT_TYPE),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, payload).into_response())
}

fn public_key(text: &str) -> Result<PublicKey, DiscoveryRefusal> {
    PublicKey::from_z32(text).map_err(|error| DiscoveryRefusal::Key(error.to_string()))
}

/// The packet that a payload is under this key, its signature checked.
pub(super) fn signed_packet(key: &str, payload: &[u8]) -> Result<SignedPacket, DiscoveryRefusal> {
    SignedPacket::from_relay_payload(&public_key(key)?, payload)
        .map_err(|error| DiscoveryRefusal::Record(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use iroh::SecretKey;
    use proptest::prelude::*;

    fn packet(secret: u8, text: &str) -> SignedPacket {
        SignedPacket::from_txt_strings(&SecretKey::from_bytes(&[secret; 32]), "_iroh", [text], 30).unwrap()
    }

    #[test]
    fn the_newest_record_stays_and_may_be_said_again() {
        let records = Records::new(10);
        let now = Instant::now();
        let (old, new) = (packet(1, "relay=http://old"), packet(1, "relay=http://new"));
        records.put(now, new.clone()).unwrap();
        assert!(matches!(records.put(now, old), Err(DiscoveryRefusal::Older)));
        records.put(now, new.clone()).unwrap();
        assert_eq!(records.get(now, &new.public_key()), Some(new.to_relay_payload()));
    }

    #[test]
    fn a_record_is_forgotten_when_it_is_not_said_again() {
        let records = Records::new(10);
        let now = Instant::now();
        let packet = packet(1, "relay=http://relay");
        records.put(now, packet.clone()).unwrap();
        assert!(records.get(now + LIFE, &packet.public_key()).is_none());
    }

    #[test]
    fn a_payload_is_taken_under_the_key_that_signed_it_alone() {
        let packet = packet(1, "relay=http://relay");
        let payload = packet.to_relay_payload();
        let own = packet.public_key().to_z32();
        assert_eq!(signed_packet(&own, &payload).unwrap(), packet);
        let other = SecretKey::from_bytes(&[2; 32]).public().to_z32();
        assert!(matches!(signed_packet(&other, &payload), Err(DiscoveryRefusal::Record(_))));
        for byte in 0..payload.len() {
            let mut changed = payload.clone();
            changed[byte] ^= 1;
            assert!(signed_packet(&own, &changed).is_err(), "byte {byte}");
        }
    }

    /// A payload whose signature holds, around whatever its signer takes for a DNS packet.
    fn payload_around(packet: &[u8]) -> Vec<u8> {
        let time = 1_u64;
        let signed = [format!("3:seqi{time}e1:v{}:", packet.len()).as_bytes(), packet].concat();
        let signature = SecretKey::from_bytes(&[1; 32]).sign(&signed).to_bytes();
        [signature.as_slice(), &time.to_be_bytes(), packet].concat()
    }

    /// One header of a DNS packet, with counts that its body may not keep to.
    fn dns_header() -> impl Strategy<Value = Vec<u8>> {
        let counts = proptest::collection::vec(prop_oneof![0_u8..4, any::<u8>()], 8);
        counts.prop_map(|counts| [vec![0, 0, 0x84, 0], counts].concat())
    }

    proptest! {
        #[test]
        fn no_payload_breaks_the_reader(
            header in dns_header(),
            body in proptest::collection::vec(prop_oneof![Just(0_u8), Just(0xc0), 0_u8..16, any::<u8>()], 0..300),
            noise in proptest::collection::vec(any::<u8>(), 0..1_200),
        ) {
            let key = SecretKey::from_bytes(&[1; 32]).public().to_z32();
            signed_packet(&key, &noise).ok();
            let payload = payload_around(&[header, body].concat());
            if let Ok(packet) = signed_packet(&key, &payload) {
                packet.all_txt_records();
                prop_assert_eq!(packet.to_relay_payload(), payload);
            }
        }

        #[test]
        fn no_path_breaks_the_reader_of_keys(text in r"[a-z0-9]{0,60}|\PC{0,60}") {
            public_key(&text).ok();
        }
    }

    #[test]
    fn the_payloads_of_the_hostile_test_are_signed_rightly() {
        let own = packet(1, "relay=http://relay");
        let key = own.public_key().to_z32();
        assert!(signed_packet(&key, &payload_around(own.encoded_packet())).is_ok());
    }
}
