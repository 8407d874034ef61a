//! Servers that help peers find and reach each other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use iroh::address_lookup::{AddressLookupBuilder, PkarrPublisher, PkarrResolver};
use iroh::{Endpoint, RelayConfig, RelayUrl};
use iroh_relay::RelayQuicConfig;
use tokio::sync::Mutex;

use super::{MAX_URL_BYTES, NetError};

/// How many servers an endpoint uses. Each is kept in touch with, and asked for every peer whose address is not known.
pub const MAX_SERVERS: usize = 8;

/// How often this endpoint's record is published: a server that restarts has forgotten it.
const PUBLISH_EVERY: Duration = Duration::from_mins(1);

/// The servers that an endpoint uses.
#[derive(Debug, Default)]
pub(super) struct Servers(Mutex<BTreeSet<RelayUrl>>);

impl Servers {
    /// Uses a server's relay from here on, publishes the endpoint's record there, and looks up those of others.
    pub(super) async fn add(
        &self,
        endpoint: &Endpoint,
        server: &str,
        address_discovery: Option<u16>,
    ) -> Result<(), NetError> {
        let refused =
            |reason: String| NetError::Server { url: server.chars().take(MAX_URL_BYTES).collect(), reason };
        let url = relay_url(server).map_err(refused)?;
        let mut servers = self.0.lock().await;
        if servers.contains(&url) && address_discovery.is_none() {
            return Ok(());
        }
        if !servers.contains(&url) {
            if servers.len() >= MAX_SERVERS {
                return Err(refused(format!("{MAX_SERVERS} servers are in use, which is the most")));
            }
            look_up_at(endpoint, &url).map_err(refused)?;
            servers.insert(url.clone());
        }
        let relay = RelayConfig::new(url.clone(), address_discovery.map(RelayQuicConfig::new));
        endpoint.insert_relay(url, Arc::new(relay)).await;
        Ok(())
    }
}

fn relay_url(server: &str) -> Result<RelayUrl, String> {
    if server.len() > MAX_URL_BYTES {
        return Err(format!("its address has {} bytes; at most {MAX_URL_BYTES} are read", server.len()));
    }
    let url = server.parse::<RelayUrl>().map_err(|error| error.to_string())?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if is_web { Ok(url) } else { Err("an address is such as https://offbeat.example".to_owned()) }
}

/// Publishes and looks up address records, `/pkarr/{key}`. Only the relay is published: the endpoints tell each other their
/// direct addresses once they have met there, and nobody else.
fn look_up_at(endpoint: &Endpoint, server: &RelayUrl) -> Result<(), String> {
    let records = server.join("/pkarr").map_err(|error| error.to_string())?;
    let publisher = PkarrPublisher::builder(records.clone()).republish_interval(PUBLISH_EVERY);
    let publisher = publisher.into_address_lookup(endpoint).map_err(|error| error.to_string())?;
    let resolver = PkarrResolver::builder(records).into_address_lookup(endpoint);
    let resolver = resolver.map_err(|error| error.to_string())?;
    let lookups = endpoint.address_lookup().map_err(|error| error.to_string())?;
    lookups.add(publisher);
    lookups.add(resolver);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Net, NetConfig};
    use super::*;

    #[test]
    fn a_server_is_a_web_address_of_bounded_length() {
        assert!(relay_url("https://offbeat.example").is_ok());
        assert!(relay_url("http://127.0.0.1:8787").is_ok());
        for wrong in ["", "offbeat.example", "file:///etc/passwd", "offbeat://offbeat.example"] {
            assert!(relay_url(wrong).is_err(), "{wrong}");
        }
        let long = format!("https://{}.example", "x".repeat(MAX_URL_BYTES));
        assert!(relay_url(&long).unwrap_err().contains("256"));
    }

    #[tokio::test]
    async fn an_endpoint_uses_a_few_servers_each_once() {
        let bind = Some("127.0.0.1:0".parse().unwrap());
        let net = Net::bind(&[1; 32], &NetConfig { bind, ..NetConfig::default() }).await.unwrap();
        for port in 0..MAX_SERVERS {
            net.use_server(&format!("http://127.0.0.1:{}", 1 + port), None).await.unwrap();
        }
        net.use_server("http://127.0.0.1:1", Some(2)).await.unwrap();
        let refused = net.use_server("http://127.0.0.1:9", None).await.unwrap_err();
        assert!(refused.to_string().contains("8 servers"), "{refused}");
        net.close().await;
    }
}
