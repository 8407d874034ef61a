//! What whoever runs the server decides: by flags, by the environment, by a file; the former go over the latter.
//!
//! ```text
//! offbeat-server --data /srv/offbeat --listen 0.0.0.0:443 --tls-cert site.pem --tls-key site.key
//! OFFBEAT_LISTEN=0.0.0.0:80 offbeat-server --data /srv/offbeat
//! offbeat-server --config offbeat.toml          # data = "/srv/offbeat", [limits] max-body-bytes = 65536
//! ```

mod settings;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Parser;

use crate::limits::{LimitSettings, Limits};
pub use settings::Settings;

/// The longest configuration file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Where the server listens unless told otherwise: on this machine alone, until a certificate or a proxy is thought of.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787);

/// Keeps Offbeat sessions for everyone, lets browsers join them by a link, and helps players find each other.
#[derive(Debug, Parser)]
#[command(name = "offbeat-server", version)]
struct Arguments {
    /// A file with any of these settings, as TOML: `listen = "0.0.0.0:80"`, limits under `[limits]`
    #[arg(long, env = "OFFBEAT_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    limits: LimitSettings,
}

/// The decisions in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder with all that the server keeps.
    pub data: PathBuf,
    /// Where pages, the interface for programs and links are served.
    pub listen: SocketAddr,
    /// Where native peers dial, over UDP; every address and a free port when `None`.
    pub peer_listen: Option<SocketAddr>,
    /// The address that others reach the server by, as in `https://offbeat.example`, where that is not what they asked for.
    pub url: Option<String>,
    /// The certificate's file and its key's, where the server speaks TLS itself.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether every connection comes from a proxy that says for whom.
    pub trusts_forwarded: bool,
    /// Whether logs are written as JSON.
    pub logs_json: bool,
    /// Which logs are written, as in `info,signal_server=debug`.
    pub log: String,
    /// The bounds.
    pub limits: Limits,
}

/// Why the server cannot be configured so.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No folder was named.
    #[error("say where the server keeps its data: `--data FOLDER`, OFFBEAT_DATA, or `data = …` in the file")]
    NoData,
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {reason}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What stood in the way.
        reason: String,
    },
    /// One of certificate and key is missing.
    #[error("TLS needs both `--tls-cert` and `--tls-key`")]
    HalfTls,
    /// The public address is none.
    #[error("`{0}` is no address of a server; give one such as https://offbeat.example")]
    Url(String),
}

/// A configuration file: settings at its top, limits in a table of their own.
#[derive(Debug, Default, serde::Deserialize)]
struct File {
    #[serde(default)]
    limits: LimitSettings,
    #[serde(flatten)]
    settings: toml::Table,
}

impl Config {
    /// Reads the command line, the environment and the file. Ends the process where the command line cannot be understood or asks
    /// for help.
    ///
    /// # Errors
    /// What is missing or contradicts itself.
    pub fn read() -> Result<Self, ConfigError> {
        Self::of(Arguments::parse())
    }

    /// The defaults for a folder, listening on a free port of this machine alone: what tests want.
    pub fn for_folder(data: &Path) -> Self {
        let any = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        Self {
            data: data.to_owned(),
            listen: any,
            peer_listen: Some(any),
            url: None,
            tls: None,
            trusts_forwarded: false,
            logs_json: false,
            log: "info".to_owned(),
            limits: Limits::default(),
        }
    }

    fn of(arguments: Arguments) -> Result<Self, ConfigError> {
        let file = arguments.config.as_deref().map(read_file).transpose()?;
        let (in_file, limits_in_file) = file.unwrap_or_default();
        let settings = arguments.settings.over(in_file);
        let limits = arguments.limits.over(limits_in_file).limits();
        let tls = match (settings.tls_cert, settings.tls_key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(ConfigError::HalfTls),
        };
        Ok(Self {
            data: settings.data.ok_or(ConfigError::NoData)?,
            listen: settings.listen.unwrap_or(LISTEN),
            peer_listen: settings.peer_listen,
            url: settings.url.map(|url| public_url(&url)).transpose()?,
            tls,
            trusts_forwarded: settings.trust_forwarded.unwrap_or(false),
            logs_json: settings.log_json.unwrap_or(false),
            log: settings.log.unwrap_or_else(|| "info".to_owned()),
            limits,
        })
    }
}

/// An address without a path, as others are told it.
fn public_url(text: &str) -> Result<String, ConfigError> {
    let wrong = || ConfigError::Url(text.to_owned());
    let url = text.trim_end_matches('/');
    let uri = url.parse::<axum::http::Uri>().map_err(|_| wrong())?;
    let has_scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    let is_bare = uri.path() == "/" && uri.query().is_none() && uri.host().is_some();
    if has_scheme && is_bare { Ok(url.to_owned()) } else { Err(wrong()) }
}

fn read_file(path: &Path) -> Result<(Settings, LimitSettings), ConfigError> {
    let wrong = |reason: String| ConfigError::File { path: path.to_owned(), reason };
    let length = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
    if length > MAX_FILE_BYTES {
        return Err(wrong(format!("it has {length} bytes; at most {MAX_FILE_BYTES} are read")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let file = toml::from_str::<File>(&text).map_err(|error| wrong(error.to_string()))?;
    let settings = file.settings.try_into::<Settings>().map_err(|error| wrong(error.to_string()))?;
    Ok((settings, file.limits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(arguments: &[&str]) -> Result<Config, ConfigError> {
        let arguments = ["offbeat-server"].iter().chain(arguments);
        Config::of(Arguments::try_parse_from(arguments).unwrap())
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn flags_go_over_the_file_and_the_file_over_the_defaults() {
        let file = file("data = \"/srv/a\"\nlog = \"debug\"\n[limits]\nmax-body-bytes = 1000\n");
        let path = file.path().to_str().unwrap();
        let config =
            config(&["--config", path, "--data", "/srv/b", "--url", "https://offbeat.example/"]).unwrap();
        assert_eq!(config.data, Path::new("/srv/b"));
        assert_eq!(config.listen, LISTEN);
        assert_eq!(config.log, "debug");
        assert_eq!(config.limits.max_body_bytes, 1000);
        assert_eq!(config.url.unwrap(), "https://offbeat.example");
    }

    #[test]
    fn what_is_missing_mistyped_or_half_is_named() {
        let refusal = |arguments: &[&str]| config(arguments).unwrap_err().to_string();
        assert!(refusal(&[]).contains("--data FOLDER"));
        assert!(refusal(&["--data", "a", "--tls-cert", "c"]).contains("--tls-key"));
        assert!(refusal(&["--data", "a", "--url", "offbeat"]).contains("https://offbeat.example"));
        assert!(refusal(&["--data", "a", "--url", "https://x/y"]).contains("no address of a server"));
        let file = file("dat = \"/srv/a\"\n");
        assert!(refusal(&["--config", file.path().to_str().unwrap()]).contains("dat"));
        assert!(refusal(&["--config", "/nowhere/at.all"]).contains("/nowhere/at.all"));
    }
}
