//! audio-engine
mod limiter;
mod meter;
mod scan;
mod smooth;
mod transport;
