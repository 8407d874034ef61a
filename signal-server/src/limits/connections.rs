//! How many connections stand at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::ClientAddress;

/// Counts the connections that are open, in all and from each address.
#[derive(Clone, Debug)]
pub struct Connections {
    max: usize,
    max_per_address: usize,
    open: Arc<Mutex<Open>>,
}

/// What is open. An address without a connection has no entry, so this never holds more than the connections allowed.
#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_address: HashMap<ClientAddress, usize>,
}

/// A connection's place among those allowed; it is free again when this is dropped.
#[derive(Debug)]
pub struct ConnectionPermit {
    connections: Connections,
    address: Option<ClientAddress>,
}

/// There is no place for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooManyConnections {
    /// All places are taken.
    #[error("the server has all the connections it takes")]
    InAll,
    /// This address has taken all of its own.
    #[error("this address has all the connections it may")]
    FromAddress,
}

impl Connections {
    /// Allows so many connections in all, and so many from one address.
    pub fn new(max: usize, max_per_address: usize) -> Self {
        Self { max, max_per_address, open: Arc::default() }
    }

    /// Takes a place for a connection. `None` for an address is a proxy, which has as many as there are.
    ///
    /// # Errors
    /// When there is none left.
    pub fn admit(&self, address: Option<ClientAddress>) -> Result<ConnectionPermit, TooManyConnections> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= self.max {
            return Err(TooManyConnections::InAll);
        }
        if let Some(address) = address {
            let from_address = open.by_address.get(&address).copied().unwrap_or(0);
            if from_address >= self.max_per_address {
                return Err(TooManyConnections::FromAddress);
            }
            open.by_address.insert(address, from_address + 1);
        }
        open.all += 1;
        Ok(ConnectionPermit { connections: self.clone(), address })
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).all
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        let Some(address) = self.address else { return };
        if let Some(from_address) = open.by_address.get_mut(&address) {
            *from_address -= 1;
            if *from_address == 0 {
                open.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> ClientAddress {
        ClientAddress::of(([192, 0, 2, last], 0).into())
    }

    #[test]
    fn an_address_keeps_to_its_own_places_and_gives_them_back() {
        let connections = Connections::new(10, 2);
        let first = connections.admit(Some(address(1))).unwrap();
        let _second = connections.admit(Some(address(1))).unwrap();
        assert_eq!(connections.admit(Some(address(1))).unwrap_err(), TooManyConnections::FromAddress);
        assert!(connections.admit(Some(address(2))).is_ok());
        drop(first);
        assert!(connections.admit(Some(address(1))).is_ok());
        assert_eq!(connections.open(), 1);
    }

    #[test]
    fn all_addresses_together_keep_to_the_whole_and_leave_nothing_behind() {
        let connections = Connections::new(3, 2);
        let permits =
            [Some(address(1)), Some(address(2)), None].map(|address| connections.admit(address).unwrap());
        assert_eq!(connections.admit(Some(address(3))).unwrap_err(), TooManyConnections::InAll);
        assert_eq!(connections.admit(None).unwrap_err(), TooManyConnections::InAll);
        drop(permits);
        assert_eq!(connections.open(), 0);
        assert!(connections.open.lock().unwrap().by_address.is_empty());
    }
}
