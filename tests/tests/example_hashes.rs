//! The example sessions render to the hashes that were written down for them.
//!
//! After a change that is meant to be heard, write them anew with `OFFBEAT_BLESS=1 cargo test -p tests --test example_hashes`.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use score::Beats;
use tests::examples;

#[test]
fn the_example_sessions_render_to_their_golden_hashes() -> Result<()> {
    let mut text = String::new();
    for path in examples() {
        let score = crdt_model::exchange::import(&std::fs::read(&path)?)?.score;
        let program = score::lower::lower_first_scene(&score);
        let bars = Beats(program.meter.bar().0 * 4);
        let samples = audio_engine::render(program, Beats::ZERO..bars, |_| ControlFlow::Continue(()))?;
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let name = path.file_stem().context("a file has a name")?.to_string_lossy();
        writeln!(text, "{name} {}", blake3::hash(&bytes))?;
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/examples.txt");
    if std::env::var_os("OFFBEAT_BLESS").is_some() {
        std::fs::write(&golden, &text)?;
    }
    let expected = std::fs::read_to_string(&golden).with_context(|| format!("{}", golden.display()))?;
    ensure!(
        text == expected,
        "the sound of the examples has changed; if it was meant to, see the top of this file\n{text}"
    );
    Ok(())
}
