//! A session in a web worker.
