//! How many files the process may have open: every connection is one.

/// Raises the soft limit, which is 1,024 on many systems, to the hard one. Where that fails the server serves fewer.
#[cfg(unix)]
pub(super) fn allow_many() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "the limit of open files stays as it is");
    }
}

#[cfg(not(unix))]
pub(super) fn allow_many() {}
