//! A real server on a free port, and a client that says whatever it likes.

#![allow(dead_code, reason = "every test file uses some of it")]
#![allow(clippy::unwrap_used, reason = "tests may")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use signal_server::config::Config;
use signal_server::limits::Limits;
use signal_server::server::Server;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long anything may take that has to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A server on a free port, with a folder of its own. It ends when this is dropped.
pub(crate) struct Served {
    pub(crate) addr: SocketAddr,
    server: Server,
    _folder: tempfile::TempDir,
}

impl Served {
    pub(crate) async fn start(configure: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::for_folder(&folder.path().join("data"));
        configure(&mut config);
        let server = Server::start(config).await.unwrap();
        Self { addr: server.address(), server, _folder: folder }
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        Self::start(|config| config.limits = limits).await
    }

    pub(crate) async fn stop(self) {
        self.server.stop().await.unwrap();
    }

    /// What `/metrics` says of a figure; nothing where it is not named.
    pub(crate) async fn figure(&self, name: &str) -> Option<f64> {
        let answer = self.get("/metrics").await;
        let lines = answer.body().lines().filter_map(|line| line.rsplit_once(' '));
        lines.into_iter().find(|(found, _)| *found == name).and_then(|(_, value)| value.parse().ok())
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.unwrap()
    }

    /// What the server answers to these bytes, until it closes.
    pub(crate) async fn answer(&self, request: &[u8]) -> String {
        answer(self.connect().await, request).await
    }

    /// What the server answers to a request on a connection of its own.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let headers = lines(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: server\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
        );
        Answer(self.answer(&[head.as_bytes(), body].concat()).await)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"").await
    }

    pub(crate) async fn is_well(&self) -> bool {
        self.get("/ping").await.status() == 200
    }
}

/// Header lines, each with its end.
pub(crate) fn lines(headers: impl Iterator<Item = String>) -> String {
    headers.flat_map(|header| [header, "\r\n".to_owned()]).collect()
}

/// A whole answer, as it came.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) String);

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.0.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = self.0.split("\r\n\r\n").next().unwrap_or_default();
        let headers = head.lines().filter_map(|line| line.split_once(": "));
        headers.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    /// What a problem document says; a failure where it is none.
    pub(crate) fn problem(&self) -> serde_json::Value {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.0);
        serde_json::from_str(self.body()).unwrap()
    }
}

/// Asks again and again until the answer is there.
pub(crate) async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        let mut again = tokio::time::interval(Duration::from_millis(20));
        loop {
            again.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("it never happened: {what}"))
}

/// What is answered to these bytes on this connection, until it is closed. A connection that is cut off has answered what came
/// before.
pub(crate) async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &[u8]) -> String {
    let mut answer = Vec::new();
    let talking = async {
        // Who refuses a request early does not read the rest of it.
        stream.write_all(request).await.ok();
        stream.read_to_end(&mut answer).await.ok();
    };
    tokio::time::timeout(PATIENCE, talking).await.expect("the server neither answers nor closes");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A certificate for this machine's loopback, and the files that hold it and its key.
pub(crate) struct Certificate {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) certified: rcgen::CertifiedKey<rcgen::KeyPair>,
}

impl Certificate {
    pub(crate) fn new() -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let certificate = Self {
            folder: tempfile::tempdir().unwrap(),
            certified: rcgen::generate_simple_self_signed(names).unwrap(),
        };
        std::fs::write(certificate.file(), certificate.certified.cert.pem()).unwrap();
        std::fs::write(certificate.key_file(), certificate.certified.signing_key.serialize_pem()).unwrap();
        certificate
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }
}
