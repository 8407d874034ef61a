//! How often one address may do something.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::ClientAddress;

/// How many addresses are told apart. Past it the addresses that have not been seen of late are forgotten; where that is not
/// enough, newcomers share one allowance, so that a flood of addresses is held as well.
const MAX_ADDRESSES: usize = 50_000;

/// How many calls lie between two clearings: forgetting looks at every address.
const CALLS_A_CLEARING: usize = 1_000;

/// Counts what each address does against so many times a minute.
#[derive(Debug)]
pub struct PerAddress<C: Clock = DefaultClock> {
    addresses: RateLimiter<Option<ClientAddress>, Store, C, NoOpMiddleware<C::Instant>>,
    clock: C,
    calls: AtomicUsize,
}

type Store = DashMapStateStore<Option<ClientAddress>>;

/// Something was asked for too often, or of something that is full for the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this has been asked for too often; try again in {} s", self.seconds())]
pub struct TooOften {
    /// How long until it may again.
    pub retry_after: Duration,
}

impl TooOften {
    /// Whole seconds until it may again, at least one: what `Retry-After` carries.
    pub fn seconds(self) -> u64 {
        self.retry_after.as_secs()
            + u64::from(self.retry_after.subsec_nanos() > 0 || self.retry_after.is_zero())
    }
}

impl PerAddress {
    /// Lets each address act `times` a minute, all of them at once if it likes. Nought counts as one.
    pub fn a_minute(times: u32) -> Self {
        Self::with_clock(times, DefaultClock::default())
    }
}

impl<C: Clock + Clone> PerAddress<C> {
    fn with_clock(times: u32, clock: C) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN));
        let addresses = RateLimiter::new(quota, Store::default(), clock.clone());
        Self { addresses, clock, calls: AtomicUsize::new(0) }
    }

    /// Counts one act of this address. Those of whom none is known, because a relay carries their bytes, share one allowance.
    ///
    /// # Errors
    /// When it has used up its allowance, with how long to wait.
    pub fn check(&self, address: impl Into<Option<ClientAddress>>) -> Result<(), TooOften> {
        if self.calls.fetch_add(1, Ordering::Relaxed) % CALLS_A_CLEARING == CALLS_A_CLEARING - 1 {
            self.addresses.retain_recent();
        }
        let key = address.into().filter(|_| self.addresses.len() < MAX_ADDRESSES);
        self.addresses
            .check_key(&key)
            .map_err(|refused| TooOften { retry_after: refused.wait_time_from(self.clock.now()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn address(number: u32) -> ClientAddress {
        ClientAddress::of((std::net::Ipv4Addr::from_bits(number), 0).into())
    }

    #[test]
    fn the_eleventh_act_of_a_minute_waits_and_another_address_does_not() {
        let clock = FakeRelativeClock::default();
        let limit = PerAddress::with_clock(10, clock.clone());
        assert!((0..10).all(|_| limit.check(address(1)).is_ok()));
        let refused = limit.check(address(1)).unwrap_err();
        assert_eq!(refused.seconds(), 6);
        assert!(limit.check(address(2)).is_ok());
        clock.advance(Duration::from_secs(6));
        assert!(limit.check(address(1)).is_ok());
        assert!(limit.check(address(1)).is_err());
    }

    #[test]
    fn a_flood_of_addresses_is_held_in_bounded_memory() {
        let clock = FakeRelativeClock::default();
        let limit = PerAddress::with_clock(10, clock.clone());
        let let_through = (0..200_000).filter(|number| limit.check(address(*number)).is_ok()).count();
        assert!(limit.addresses.len() <= MAX_ADDRESSES + 1, "{}", limit.addresses.len());
        assert!(let_through <= MAX_ADDRESSES + 10, "{let_through}");
        // Once the flood is over its addresses are forgotten.
        clock.advance(Duration::from_mins(2));
        for number in 0..CALLS_A_CLEARING as u32 {
            limit.check(address(number)).unwrap_or_default();
        }
        assert!(limit.addresses.len() <= CALLS_A_CLEARING, "{}", limit.addresses.len());
    }
}
