//! What one stranger may take of the server.
//!
//! A server stands open to everybody, so each thing that a request could use up has a bound: [`Limits`] names them all, as
//! configuration. What is over a bound is told so (413, 429 with `Retry-After`) or is read more slowly; it never reaches the
//! others.
//!
//! | what | held by |
//! |---|---|
//! | connections, in all and from one address | [`Connections`], at the door |
//! | how often an address may found, publish, upload | [`PerAddress`] |
//! | how fast one link may send, how many a session has | `jam`, in each room |
//! | lengths of bodies | the router's layers, from [`Limits`] |

mod address;
mod connections;
mod per_address;
mod settings;

pub use address::ClientAddress;
pub use connections::{ConnectionPermit, Connections, TooManyConnections};
pub use per_address::{PerAddress, TooOften};
pub use settings::{LimitSettings, Limits};
