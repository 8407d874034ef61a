//! What the tests measure of a rendered note.

use audio_engine::instrument::{Note, Voice};
use score::catalogue::{InstrumentIndex, ParamIndex, Playback};

pub(crate) const RATE: f64 = 48_000.0;

/// A stereo recording.
pub(crate) struct Sound {
    pub(crate) left: Vec<f32>,
    pub(crate) right: Vec<f32>,
}

/// One note of `instrument`, released after `gate` frames unless it rings by itself, until it ends or `limit` frames.
pub(crate) fn play(
    instrument: InstrumentIndex,
    pitch: f32,
    velocity: f32,
    params: &[(ParamIndex, f32)],
    gate: usize,
    limit: usize,
) -> Sound {
    let mut voice = Voice::silent();
    voice.start(instrument, &Note { pitch, velocity, seed: 11, seconds_per_beat: 0.5, params });
    let held = instrument.get().is_some_and(|row| row.playback == Playback::Held);
    let mut sound = Sound { left: Vec::new(), right: Vec::new() };
    let mut at = 0;
    while voice.is_alive() && at < limit {
        if held && at == gate {
            voice.release();
        }
        let frames = if at < gate { (gate - at).min(256) } else { 256 };
        let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
        voice.render(at as u64, &mut left, &mut right);
        sound.left.extend(left);
        sound.right.extend(right);
        at += frames;
    }
    sound
}

/// The usual note: velocity 0.7, held for half a second.
pub(crate) fn usual(instrument: InstrumentIndex) -> Sound {
    play(instrument, 0.0, 0.7, &[], 24_000, 480_000)
}

pub(crate) fn decibels(gain: f64) -> f64 {
    20.0 * libm::log10(gain.max(1e-12))
}

impl Sound {
    pub(crate) fn frames(&self) -> usize {
        self.left.len()
    }

    pub(crate) fn samples(&self) -> impl Iterator<Item = f32> {
        self.left.iter().chain(&self.right).copied()
    }

    pub(crate) fn peak(&self) -> f64 {
        self.samples().fold(0.0_f64, |peak, x| peak.max(f64::from(x.abs())))
    }

    /// The mean of the louder channel, over its peak.
    pub(crate) fn dc(&self) -> f64 {
        let mean = |side: &[f32]| side.iter().map(|x| f64::from(*x)).sum::<f64>() / side.len().max(1) as f64;
        mean(&self.left).abs().max(mean(&self.right).abs())
    }

    /// The loudest 400 ms in LUFS (the momentary loudness of ITU-R BS.1770-4).
    pub(crate) fn loudness(&self) -> f64 {
        let window = 19_200.min(self.frames().max(1));
        let weighted: Vec<f64> = {
            let (l, r) = (weigh(&self.left), weigh(&self.right));
            l.iter().zip(&r).map(|(l, r)| l * l + r * r).collect()
        };
        let mut sum: f64 = weighted.iter().take(window).sum();
        let mut most = sum;
        for at in window..weighted.len() {
            sum += weighted[at] - weighted[at - window];
            most = most.max(sum);
        }
        -0.691 + 10.0 * libm::log10((most / 19_200.0).max(1e-12))
    }

    /// Seconds until the last 10 ms louder than -60 dB below the peak.
    pub(crate) fn tail(&self) -> f64 {
        let floor = self.peak() as f32 * 1e-3;
        let last = self.left.iter().zip(&self.right).rposition(|(l, r)| l.abs() > floor || r.abs() > floor);
        last.map_or(0.0, |at| at as f64 / RATE)
    }

    /// Energies in bands a third of an octave wide from 25 Hz to 20 kHz, of four parts of the sound: the first 30 ms, on
    /// to 120 ms, on to 480 ms, and the rest up to 2 s.
    pub(crate) fn fingerprint(&self) -> Vec<f64> {
        let edges = [0, 1_440, 5_760, 23_040, 96_000];
        edges.windows(2).flat_map(|part| self.bands(part[0], part[1])).collect()
    }

    pub(crate) fn bands(&self, from: usize, to: usize) -> Vec<f64> {
        let to = to.min(self.frames());
        let mid: Vec<f64> =
            (from.min(to)..to).map(|i| f64::from(self.left[i] + self.right[i]) * 0.5).collect();
        THIRDS.iter().map(|hertz| band(&mid, *hertz)).collect()
    }

    /// The centre of gravity of the spectrum, in hertz, on a scale of octaves.
    pub(crate) fn centroid(&self) -> f64 {
        let bands = self.bands(0, self.frames().min(48_000));
        let total: f64 = bands.iter().sum();
        let weighted: f64 = bands.iter().zip(THIRDS).map(|(energy, hertz)| energy * libm::log2(hertz)).sum();
        libm::exp2(weighted / total.max(1e-30))
    }
}

const THIRDS: [f64; 30] = [
    25.0, 31.5, 40.0, 50.0, 63.0, 80.0, 100.0, 125.0, 160.0, 200.0, 250.0, 315.0, 400.0, 500.0, 630.0, 800.0,
    1_000.0, 1_250.0, 1_600.0, 2_000.0, 2_500.0, 3_150.0, 4_000.0, 5_000.0, 6_300.0, 8_000.0, 10_000.0,
    12_500.0, 16_000.0, 19_500.0,
];

/// Energy through a two-pole band-pass a third of an octave wide (RBJ's cookbook).
fn band(signal: &[f64], hertz: f64) -> f64 {
    let angle = std::f64::consts::TAU * hertz / RATE;
    let alpha = libm::sin(angle) / (2.0 * 4.3);
    let (a0, a1, a2) = (1.0 + alpha, -2.0 * libm::cos(angle), 1.0 - alpha);
    let (mut x1, mut x2, mut y1, mut y2, mut energy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for x in signal {
        let y = (alpha * (x - x2) - a1 * y1 - a2 * y2) / a0;
        (x2, x1, y2, y1) = (x1, *x, y1, y);
        energy += y * y;
    }
    energy
}

/// The K-weighting of BS.1770 at 48 kHz: a high shelf and a high-pass.
fn weigh(signal: &[f32]) -> Vec<f64> {
    let shelf = [
        1.535_124_859_586_97,
        -2.691_696_189_406_38,
        1.198_392_810_852_85,
        -1.690_659_293_182_41,
        0.732_480_774_215_85,
    ];
    let pass = [1.0, -2.0, 1.0, -1.990_047_454_833_98, 0.990_072_250_366_21];
    let mut out: Vec<f64> = signal.iter().map(|x| f64::from(*x)).collect();
    for c in [shelf, pass] {
        let (mut x1, mut x2, mut y1, mut y2) = (0.0, 0.0, 0.0, 0.0);
        for x in &mut out {
            let y = c[0] * *x + c[1] * x1 + c[2] * x2 - c[3] * y1 - c[4] * y2;
            (x2, x1, y2, y1) = (x1, *x, y1, y);
            *x = y;
        }
    }
    out
}
