//! Transport encryption by a certificate that the server is given.
//!
//! TLS is optional: many servers stand behind a proxy that speaks it. The certificate is read once, at the start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read as PEM.
    #[error("cannot read {what} from {}: {reason}", path.display())]
    Unreadable {
        /// What was looked for.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What stood in the way.
        reason: PemError,
    },
    /// The file of certificates holds none.
    #[error("{} holds no certificate; it has to be a PEM file that begins with the server's own", .0.display())]
    NoCertificate(PathBuf),
    /// The certificate and the key do not make a server.
    #[error("the certificate {} and the key {} cannot be used together: {reason}", certificate.display(), key.display())]
    Unusable {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What is wrong with them.
        reason: rustls::Error,
    },
}

/// Makes ring the process's provider of cryptography, which every TLS client and server in it then uses. Harmless when one is
/// installed.
pub fn install_provider() {
    rustls::crypto::ring::default_provider().install_default().ok();
}

/// Reads a certificate with its chain, and its key, both PEM.
///
/// The answer offers HTTP/1.1 alone: that is what the listener serves, and what a WebSocket upgrades from.
///
/// # Errors
/// When a file cannot be read or the two do not belong together.
pub fn server_config(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    install_provider();
    let unreadable = |what, path: &Path, reason| TlsError::Unreadable { what, path: path.to_owned(), reason };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|reason| unreadable("a certificate", certificate, reason))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(certificate.to_owned()));
    }
    let private =
        PrivateKeyDer::from_pem_file(key).map_err(|reason| unreadable("a private key", key, reason))?;
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, private);
    let mut config = config.map_err(|reason| TlsError::Unusable {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        reason,
    })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Files {
        folder: tempfile::TempDir,
    }

    impl Files {
        fn new() -> Self {
            let files = Self { folder: tempfile::tempdir().unwrap() };
            let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
            std::fs::write(files.path("own.pem"), own.cert.pem()).unwrap();
            std::fs::write(files.path("own.key"), own.signing_key.serialize_pem()).unwrap();
            let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
            std::fs::write(files.path("other.key"), other.signing_key.serialize_pem()).unwrap();
            std::fs::write(files.path("empty.pem"), "").unwrap();
            files
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn refusal(&self, certificate: &str, key: &str) -> String {
            server_config(&self.path(certificate), &self.path(key)).unwrap_err().to_string()
        }
    }

    #[test]
    fn a_certificate_and_its_key_make_a_server() {
        let files = Files::new();
        assert!(server_config(&files.path("own.pem"), &files.path("own.key")).is_ok());
    }

    #[test]
    fn what_cannot_be_used_is_named_with_its_file() {
        let files = Files::new();
        assert!(files.refusal("none.pem", "own.key").contains("none.pem"));
        assert!(files.refusal("own.pem", "none.key").contains("none.key"));
        assert!(files.refusal("empty.pem", "own.key").contains("holds no certificate"));
        assert!(files.refusal("own.key", "own.key").contains("holds no certificate"));
        assert!(files.refusal("own.pem", "own.pem").contains("a private key"));
        assert!(files.refusal("own.pem", "other.key").contains("cannot be used together"));
    }
}
