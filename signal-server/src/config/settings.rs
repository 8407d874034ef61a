//! The settings one by one, as flags, the environment or a file give them.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

/// Settings that may or may not be given. What they mean when they are not is [`Config`](super::Config)'s affair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// The folder with all that the server keeps; made where there is none
    #[arg(long, env = "OFFBEAT_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Where to serve pages and links; port 0 takes a free one [default: 127.0.0.1:8787]
    #[arg(long, env = "OFFBEAT_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Where native peers dial, over UDP [default: every interface, a free port]
    #[arg(long, env = "OFFBEAT_PEER_LISTEN", value_name = "ADDRESS")]
    pub peer_listen: Option<SocketAddr>,
    /// The address that others reach this server by, such as `https://offbeat.example` [default: what they asked for]
    #[arg(long, env = "OFFBEAT_URL", value_name = "URL")]
    pub url: Option<String>,
    /// A certificate with its chain, as PEM: the server then speaks TLS itself
    #[arg(long, env = "OFFBEAT_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key, as PEM
    #[arg(long, env = "OFFBEAT_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Every connection comes from a proxy that names the client in X-Forwarded-For
    #[arg(long, env = "OFFBEAT_TRUST_FORWARDED", num_args = 0..=1, default_missing_value = "true")]
    pub trust_forwarded: Option<bool>,
    /// What to log, such as `warn` or `info,signal_server=debug` [default: info]
    #[arg(long, env = "OFFBEAT_LOG", value_name = "LEVELS")]
    pub log: Option<String>,
    /// Write logs as JSON, a line each
    #[arg(long, env = "OFFBEAT_LOG_JSON", num_args = 0..=1, default_missing_value = "true")]
    pub log_json: Option<bool>,
}

impl Settings {
    /// These settings where they are given, the others where not.
    #[must_use]
    pub fn over(self, others: Self) -> Self {
        Self {
            data: self.data.or(others.data),
            listen: self.listen.or(others.listen),
            peer_listen: self.peer_listen.or(others.peer_listen),
            url: self.url.or(others.url),
            tls_cert: self.tls_cert.or(others.tls_cert),
            tls_key: self.tls_key.or(others.tls_key),
            trust_forwarded: self.trust_forwarded.or(others.trust_forwarded),
            log: self.log.or(others.log),
            log_json: self.log_json.or(others.log_json),
        }
    }
}
