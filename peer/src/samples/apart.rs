//! Decoding in a process of its own: this program again, with nothing to its name but two pipes.
//!
//! The parent writes the file's bytes to the child's standard input and reads its answer from standard output: a byte that
//! says what came of it, then either the number of channels, the number of frames (32 bits, little-endian) and the samples
//! (32-bit floats, little-endian, channels alternating), or a sentence.

use std::io::{self, Read, Write};
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use score::time::SAMPLE_RATE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use super::SampleError;
use super::decode::{DecodeError, Decoded, MAX_SECONDS, decode, decode_stored};
use super::resample::resampled;

/// First argument of a process that is to decode; the second says what.
pub const DECODE_ARGUMENT: &str = "decode-sample";

/// Set for the child, so that a program that does not know [`DECODE_ARGUMENT`] cannot start itself over and over.
const CHILD_MARK: &str = "OFFBEAT_DECODES";

/// How long a child may take. Decoding 30 s takes a tenth of a second; a busy machine may take a while longer.
const DECODE_WITHIN: Duration = Duration::from_secs(20);

/// Processor time that a child may use.
#[cfg(unix)]
const MAX_CPU_SECONDS: u64 = 15;

/// Memory that a child may map: the largest file, 30 s of it decoded and resampled, and the program itself.
#[cfg(unix)]
const MAX_MEMORY_BYTES: u64 = 1 << 30;

/// Longest input that a child reads.
const MAX_INPUT_BYTES: u64 = 64 << 20;

/// Longest sentence that a child may answer with.
const MAX_REASON_BYTES: usize = 1_024;

/// Most frames that a child may answer with.
const MAX_FRAMES: usize = MAX_SECONDS * SAMPLE_RATE as usize;

/// Bytes of an answer before its samples.
const HEAD_BYTES: usize = 6;

/// First byte of an answer.
const DONE: u8 = 0;
const REFUSED: u8 = 1;

/// What is to be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file of a player's, of any format.
    File,
    /// A FLAC file of a store.
    Stored,
}

/// Sound at 48,000 frames a second.
#[derive(Debug, PartialEq)]
pub(super) struct Frames {
    /// 1 or 2.
    pub(super) channels: usize,
    /// Channels alternate.
    pub(super) samples: Vec<f32>,
}

/// Decodes in a child process. The inner error is a sentence that follows the file's name.
pub(super) async fn decode_apart(bytes: Vec<u8>, kind: Kind) -> Result<Result<Frames, String>, SampleError> {
    let child = start(kind).map_err(SampleError::Decoder)?;
    let answer = tokio::time::timeout(DECODE_WITHIN, converse(child, &bytes)).await;
    let broken = |how: &str| Ok(Err(DecodeError::Broken(how.to_owned()).to_string()));
    match answer {
        Err(_) => broken("decoding it takes too long"),
        Ok(Err(error)) => Err(SampleError::Decoder(error)),
        Ok(Ok(answer)) => match read_answer(&answer) {
            Some(answer) => Ok(answer),
            None => broken("its decoder gave up"),
        },
    }
}

fn start(kind: Kind) -> io::Result<Child> {
    if std::env::var_os(CHILD_MARK).is_some() {
        return Err(io::Error::other("this process is one that decodes, and knows not how"));
    }
    let kind = match kind {
        Kind::File => "file",
        Kind::Stored => "stored",
    };
    Command::new(std::env::current_exe()?)
        .args([DECODE_ARGUMENT, kind])
        .env(CHILD_MARK, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // Whoever waits no longer, because it took too long or wants to end, takes the child along.
        .kill_on_drop(true)
        .spawn()
}

/// Gives the child its input and takes its answer, of which no more than the longest is read.
async fn converse(mut child: Child, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    let give = async {
        // A child that has seen enough hangs up, which is no failure: its answer says what is.
        input.write_all(bytes).await.ok();
        drop(input);
    };
    let longest = HEAD_BYTES + MAX_FRAMES * 2 * size_of::<f32>();
    let mut answer = Vec::new();
    let mut output = output.take(longest as u64 + 1);
    let ((), read) = tokio::join!(give, output.read_to_end(&mut answer));
    read?;
    drop(output);
    child.wait().await?;
    Ok(answer)
}

/// An answer, if it is whole.
fn read_answer(answer: &[u8]) -> Option<Result<Frames, String>> {
    let (&first, rest) = answer.split_first()?;
    match first {
        DONE => {
            let (&channels, rest) = rest.split_first()?;
            let (frames, samples) = rest.split_first_chunk::<4>()?;
            let (channels, frames) = (usize::from(channels), u32::from_le_bytes(*frames) as usize);
            let is_sound = (1..=2).contains(&channels)
                && (1..=MAX_FRAMES).contains(&frames)
                && samples.len() == frames * channels * size_of::<f32>();
            let samples =
                || samples.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            is_sound.then(|| Ok(Frames { channels, samples: samples() }))
        }
        REFUSED if rest.len() <= MAX_REASON_BYTES => {
            Some(Err(String::from_utf8_lossy(rest).chars().filter(|c| !c.is_control()).collect()))
        }
        _ => None,
    }
}

/// What a program that links this crate does first of all: if it was started to decode a sample, it does so and ends.
///
/// Returns the exit code to end with, or `None` for a program that was started for anything else.
pub fn decode_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != DECODE_ARGUMENT {
        return None;
    }
    let kind = match arguments.next()?.to_str()? {
        "file" => Kind::File,
        "stored" => Kind::Stored,
        _ => return None,
    };
    // A decoder that panics must not be taken for a bug of the program that is seen.
    std::panic::set_hook(Box::new(|_| {}));
    let done = std::panic::catch_unwind(|| confine().and_then(|()| serve(kind)));
    Some(if matches!(done, Ok(Ok(()))) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Gives up all that decoding does not need.
#[cfg(unix)]
fn confine() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limits = [
        (Resource::As, MAX_MEMORY_BYTES),
        (Resource::Cpu, MAX_CPU_SECONDS),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 0),
        (Resource::Nproc, 0),
    ];
    for (resource, limit) in limits {
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn confine() -> io::Result<()> {
    Ok(())
}

fn serve(kind: Kind) -> io::Result<()> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_INPUT_BYTES).read_to_end(&mut bytes)?;
    let sound = match kind {
        Kind::File => decode(bytes).and_then(resampled),
        Kind::Stored => decode_stored(bytes),
    };
    io::stdout().lock().write_all(&answer(sound))
}

fn answer(sound: Result<Decoded, DecodeError>) -> Vec<u8> {
    match sound {
        Ok(Decoded { channels, samples, .. }) => {
            let frames = (samples.len() / channels) as u32;
            let mut answer = vec![DONE, channels as u8];
            answer.extend(frames.to_le_bytes());
            answer.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
            answer
        }
        Err(error) => {
            let mut answer = vec![REFUSED];
            answer.extend(error.to_string().bytes().take(MAX_REASON_BYTES));
            answer
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_they_were_given() {
        let samples = vec![0.5, -0.25, 1.0, 0.0];
        let sound = Decoded { channels: 2, rate: SAMPLE_RATE, samples: samples.clone() };
        assert_eq!(read_answer(&answer(Ok(sound))), Some(Ok(Frames { channels: 2, samples })));
        let refused = read_answer(&answer(Err(DecodeError::TooLong)));
        assert_eq!(refused, Some(Err(DecodeError::TooLong.to_string())));
    }

    #[test]
    fn answers_that_no_child_gives_are_not_believed() {
        let mut lie = vec![DONE, 2];
        lie.extend(u32::MAX.to_le_bytes());
        lie.extend([0; 64]);
        for answer in
            [&[][..], &[DONE], &[9, 1, 2], &[DONE, 3, 1, 0, 0, 0, 0, 0, 0, 0], &lie, &[DONE, 1, 0, 0, 0, 0]]
        {
            assert_eq!(read_answer(answer), None, "{answer:?}");
        }
        assert_eq!(read_answer(&[&[REFUSED][..], &[b'x'; 2_000]].concat()), None);
    }
}
