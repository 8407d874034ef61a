//! A bounded map whose entries end by themselves.

use std::collections::BTreeMap;
use std::ops::RangeBounds;
use std::time::{Duration, Instant};

/// Values under keys, each for so long after it was last put. When the map is full the one that would end first makes room.
#[derive(Debug)]
pub(super) struct Expiring<K, V> {
    entries: BTreeMap<K, Entry<V>>,
    /// All entries live equally long, so in the order of their putting they end.
    in_order: BTreeMap<u64, (Instant, K)>,
    next: u64,
    life: Duration,
    capacity: usize,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    place: u64,
}

impl<K: Ord + Clone, V> Expiring<K, V> {
    pub(super) fn new(capacity: usize, life: Duration) -> Self {
        let (entries, in_order) = (BTreeMap::new(), BTreeMap::new());
        Self { entries, in_order, next: 0, life, capacity }
    }

    /// Puts a value, in the place of the one under that key.
    pub(super) fn put(&mut self, now: Instant, key: K, value: V) {
        self.forget(now);
        if let Some(earlier) = self.entries.remove(&key) {
            self.in_order.remove(&earlier.place);
        }
        while self.entries.len() >= self.capacity.max(1) {
            self.drop_first();
        }
        let place = self.next;
        self.next += 1;
        self.in_order.insert(place, (now + self.life, key.clone()));
        self.entries.insert(key, Entry { value, place });
    }

    pub(super) fn get(&mut self, now: Instant, key: &K) -> Option<&V> {
        self.forget(now);
        self.entries.get(key).map(|entry| &entry.value)
    }

    /// The entries under a range of keys, in the keys' order.
    pub(super) fn range(
        &mut self,
        now: Instant,
        keys: impl RangeBounds<K>,
    ) -> impl Iterator<Item = (&K, &V)> {
        self.forget(now);
        self.entries.range(keys).map(|(key, entry)| (key, &entry.value))
    }

    fn forget(&mut self, now: Instant) {
        while self.in_order.first_key_value().is_some_and(|(_, (ends, _))| *ends <= now) {
            self.drop_first();
        }
    }

    fn drop_first(&mut self) {
        if let Some((_, (_, key))) = self.in_order.pop_first() {
            self.entries.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_mins(1);

    #[test]
    fn an_entry_lives_from_when_it_was_last_put() {
        let start = Instant::now();
        let mut map = Expiring::new(10, LIFE);
        map.put(start, 1, 'a');
        map.put(start, 2, 'b');
        map.put(start + LIFE / 2, 1, 'c');
        assert_eq!(map.get(start + LIFE, &1), Some(&'c'));
        assert_eq!(map.get(start + LIFE, &2), None);
        assert_eq!(map.get(start + LIFE + LIFE / 2, &1), None);
        assert!(map.entries.is_empty() && map.in_order.is_empty());
    }

    #[test]
    fn a_full_map_lets_go_of_what_would_end_first() {
        let now = Instant::now();
        let mut map = Expiring::new(3, LIFE);
        for key in [1, 2, 3, 1, 4] {
            map.put(now, key, ());
        }
        assert_eq!(map.range(now, ..).map(|(key, ())| *key).collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(map.in_order.len(), 3);
    }

    #[test]
    fn a_range_shows_what_still_lives_in_order() {
        let start = Instant::now();
        let mut map = Expiring::new(10, LIFE);
        map.put(start, 3, ());
        for key in [9, 2, 4] {
            map.put(start + LIFE / 2, key, ());
        }
        let keys = map.range(start + LIFE, 0..5).map(|(key, ())| *key).collect::<Vec<_>>();
        assert_eq!(keys, [2, 4]);
    }
}
