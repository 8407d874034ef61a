//! Asking a server over HTTP.

use std::time::Duration;

use crdt_model::trust::{Identity, SignedRequest};
use data_encoding::HEXLOWER;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Method, Request, Response, StatusCode};
use score::id::SessionId;
use serde::de::DeserializeOwned;

use super::answer::{Made, Problem};
use super::{Description, KeptSession, ServerAddress, ServerError};
use crate::clock::HostClock;

/// How long a server may take to take a connection, and how long to answer: a whole session over a slow line.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// The longest answer that is read, in bytes: a session's state, which a server bounds by 25 MiB, and what stands around it.
const MAX_ANSWER_BYTES: usize = 32 << 20;

/// The longest reason of a server that is shown, in characters.
const MAX_REASON_CHARS: usize = 300;

/// A server that can be asked.
#[derive(Clone, Debug)]
pub struct ServerClient {
    server: ServerAddress,
    http: Client,
}

impl ServerClient {
    /// The server at an address. Nothing is asked yet.
    ///
    /// # Errors
    /// When the machine's certificates cannot be read.
    pub fn at(server: ServerAddress) -> Result<Self, ServerError> {
        // Whoever was first has chosen the same.
        rustls::crypto::ring::default_provider().install_default().ok();
        let builder = Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .user_agent(concat!("offbeat/", env!("CARGO_PKG_VERSION")));
        let builder = if server.is_here() { builder.no_proxy() } else { builder };
        let http = builder.build().map_err(|error| unreachable(&server, &error))?;
        Ok(Self { server, http })
    }

    /// Its address.
    pub fn server(&self) -> &ServerAddress {
        &self.server
    }

    /// What the server is.
    ///
    /// # Errors
    /// When nothing answers, or something else does.
    pub async fn description(&self) -> Result<Description, ServerError> {
        let request = Request::new(Method::GET, self.server.at("/api/server"));
        let (status, body) = self.ask(request).await?;
        if !status.is_success() {
            return Err(self.not_offbeat(format!("it answers {status} when asked what it is")));
        }
        self.read(&body)
    }

    /// A session that the server keeps.
    ///
    /// # Errors
    /// When nothing answers, something else does, or the server does not have it.
    pub async fn session(&self, session: SessionId) -> Result<KeptSession, ServerError> {
        let request = Request::new(Method::GET, self.server.at(&format!("/api/sessions/{session}")));
        let (status, body) = self.ask(request).await?;
        if status == StatusCode::NOT_FOUND {
            // Every web server answers so; which one this is it says itself.
            self.description().await?;
            return Err(ServerError::Unknown { server: self.server.to_string(), session });
        }
        self.done(status, &body)?;
        self.read(&body)
    }

    /// Publishes a session as it is at the server, as a beat. Returns the link to that.
    ///
    /// # Errors
    /// When nothing answers, something else does, or the server refuses.
    pub async fn publish(&self, session: SessionId, by: &Identity) -> Result<String, ServerError> {
        let path = format!("/api/sessions/{session}/beats");
        let request = self.signed(Method::POST, &path, b"{}".to_vec(), by)?;
        let (status, body) = self.ask(request).await?;
        self.done(status, &body)?;
        let made = self.read::<Made>(&body)?;
        Ok(self.whole(made.url))
    }

    /// A request with JSON in a player's name.
    pub(super) fn signed(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        by: &Identity,
    ) -> Result<Request, ServerError> {
        let at = HostClock::calendar();
        let signature = SignedRequest { method: method.as_str(), path, at, body: &body }.sign(by);
        let request = self
            .http
            .request(method, self.server.at(path))
            .header(CONTENT_TYPE, "application/json")
            .header("Offbeat-Player", HEXLOWER.encode(&by.player().0))
            .header("Offbeat-Time", at.0)
            .header("Offbeat-Signature", HEXLOWER.encode(&signature.0))
            .body(body);
        request.build().map_err(|error| unreachable(&self.server, &error))
    }

    /// A place that the server names, with the server's address before it where it is a path alone.
    pub(super) fn whole(&self, url: String) -> String {
        if url.starts_with('/') { self.server.at(&url).to_string() } else { url }
    }

    pub(super) async fn ask(&self, request: Request) -> Result<(StatusCode, Vec<u8>), ServerError> {
        let answer = self.http.execute(request).await.map_err(|error| unreachable(&self.server, &error))?;
        let status = answer.status();
        Ok((status, self.body(answer).await?))
    }

    async fn body(&self, mut answer: Response) -> Result<Vec<u8>, ServerError> {
        // Grows with what arrives, not with what was announced.
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| unreachable(&self.server, &error))? {
            if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(self.not_offbeat(format!("its answer is longer than {MAX_ANSWER_BYTES} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    pub(super) fn done(&self, status: StatusCode, body: &[u8]) -> Result<(), ServerError> {
        if status.is_success() {
            return Ok(());
        }
        let Ok(problem) = serde_json::from_slice::<Problem>(body) else {
            return Err(self.not_offbeat(format!("it answers {status}")));
        };
        let said = [problem.detail, problem.title].into_iter().find(|said| !said.is_empty());
        let reason = said.unwrap_or_else(|| status.to_string());
        // Shown to a player as it comes: no line breaks, and not for ever.
        let reason = reason.chars().filter(|c| !c.is_control()).take(MAX_REASON_CHARS).collect();
        Err(ServerError::Refused { server: self.server.to_string(), reason })
    }

    pub(super) fn read<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, ServerError> {
        serde_json::from_slice(body).map_err(|_| self.not_offbeat("its answer is something else".to_owned()))
    }

    pub(super) fn not_offbeat(&self, what: String) -> ServerError {
        ServerError::NotOffbeat { server: self.server.to_string(), what }
    }
}

/// The cause at the bottom says what a person can do something about.
fn unreachable(server: &ServerAddress, error: &reqwest::Error) -> ServerError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let reason = if error.is_timeout() { "it takes too long".to_owned() } else { cause.to_string() };
    ServerError::Unreachable { server: server.to_string(), reason }
}
