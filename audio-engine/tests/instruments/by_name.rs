//! What each instrument is by its name, in figures: the partials of bars, strings and drawbars, how hats and cymbals die away,
//! what a snare is made of, how brass answers the breath, what sways and at which speed.

use super::measure::{RATE, Sound, decibels, play, usual};
use realfft::RealFftPlanner;
use score::catalogue::{Instrument, instrument, parameter};

/// Frames of a spectrum: lines 6 Hz apart are told apart.
const WINDOW: usize = 32_768;

fn row(id: &str) -> &'static Instrument {
    instrument(id).unwrap_or_else(|| panic!("no instrument {id}"))
}

/// One note at its base pitch, held for two seconds.
pub(crate) fn held(id: &str, velocity: f32) -> Sound {
    play(row(id).index, 0.0, velocity, &[], 96_000, 240_000)
}

/// The hertz of a row's note, `semitones` from its base.
pub(crate) fn hertz_of(id: &str, semitones: f64) -> f64 {
    440.0 * libm::exp2((f64::from(row(id).base_note) + semitones - 69.0) / 12.0)
}

/// Decibels of each bin of a part of the left channel, under a Hann window.
pub(crate) fn spectrum(sound: &Sound, from: usize) -> Vec<f64> {
    let at = |n: usize| {
        let turn = std::f64::consts::TAU * n as f64 / WINDOW as f64;
        f64::from(sound.left.get(from + n).copied().unwrap_or(0.0)) * (0.5 - 0.5 * libm::cos(turn))
    };
    let mut windowed: Vec<f64> = (0..WINDOW).map(at).collect();
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(WINDOW);
    let mut bins = transform.make_output_vec();
    transform.process(&mut windowed, &mut bins).expect("both buffers are of the planned lengths");
    bins.iter().map(|bin| 10.0 * libm::log10(bin.norm_sqr() + 1e-20)).collect()
}

/// The loudest line within `share` of `hertz`: where it lies (refined between bins) and how loud it is.
pub(crate) fn line(spectrum: &[f64], hertz: f64, share: f64) -> (f64, f64) {
    let bin = RATE / WINDOW as f64;
    let (from, to) = ((hertz * (1.0 - share) / bin) as usize, (hertz * (1.0 + share) / bin) as usize + 1);
    let at = (from..=to).max_by(|a, b| spectrum[*a].total_cmp(&spectrum[*b])).expect("a range of bins");
    let (a, b, c) = (spectrum[at - 1], spectrum[at], spectrum[at + 1]);
    let shift = 0.5 * (a - c) / (a - 2.0 * b + c);
    ((at as f64 + shift) * bin, b)
}

/// Energy between two frequencies in a part of a sound.
pub(crate) fn energy(sound: &Sound, from: usize, low: f64, high: f64) -> f64 {
    let bin = RATE / WINDOW as f64;
    let bins = &spectrum(sound, from)[(low / bin) as usize..(high / bin) as usize];
    10.0 * libm::log10(bins.iter().map(|level| libm::exp10(level / 10.0)).sum::<f64>())
}

/// The largest magnitude of each 5 ms.
fn envelope(sound: &Sound) -> Vec<f64> {
    sound.left.chunks(240).map(|part| part.iter().fold(0.0, |most, x| f64::from(x.abs()).max(most))).collect()
}

/// Seconds until the envelope stays this many decibels below its peak.
fn falls_by(sound: &Sound, by: f64) -> f64 {
    let envelope = envelope(sound);
    let floor = envelope.iter().copied().fold(0.0, f64::max) * libm::exp10(-by / 20.0);
    envelope.iter().rposition(|level| *level > floor).map_or(0.0, |at| (at + 1) as f64 * 0.005)
}

/// Seconds until the envelope reaches nine tenths of its peak.
fn rises_in(sound: &Sound) -> f64 {
    let envelope = envelope(sound);
    let most = envelope.iter().copied().fold(0.0, f64::max);
    envelope.iter().position(|level| *level > 0.9 * most).expect("the peak itself") as f64 * 0.005
}

/// How much a curve swings at this many hertz, over its mean: the depth of a tremolo. The curve has 200 values a second.
fn swing(curve: &[f64], hertz: f64) -> f64 {
    let mean = curve.iter().sum::<f64>() / curve.len() as f64;
    let (mut re, mut im) = (0.0, 0.0);
    for (n, level) in curve.iter().enumerate() {
        let angle = std::f64::consts::TAU * hertz * n as f64 / 200.0;
        re += (level - mean) * libm::cos(angle);
        im += (level - mean) * libm::sin(angle);
    }
    (re * re + im * im).sqrt() * 2.0 / curve.len() as f64 / mean
}

#[test]
fn bars_tines_and_pans_have_the_partials_that_they_are_tuned_to() {
    // Fletcher and Rossing, The Physics of Musical Instruments, chapters 19 and 20: a marimba's bar is cut to 1 : 3.9 : 9.2, a
    // vibraphone's to 1 : 4 : 10; a clamped tine has 1 : 6.27; a pan's note has octave and twelfth.
    for (id, ratios) in [
        ("sampled:marimba", &[3.93, 9.24][..]),
        ("sampled:vibraphone", &[3.98, 10.2]),
        ("sampled:kalimba", &[6.27]),
        ("sampled:steel-drums", &[2.0, 3.0]),
    ] {
        let spectrum = spectrum(&held(id, 1.0), 0);
        let (base, loud) = line(&spectrum, hertz_of(id, 0.0), 0.03);
        for ratio in ratios {
            let (found, level) = line(&spectrum, base * ratio, 0.02);
            assert!((found / base / ratio - 1.0).abs() < 0.01, "{id}: {:.3} for {ratio}", found / base);
            // The upper ones die soonest, and this is the mean over most of a second.
            assert!(level > loud - 70.0, "{id}: {ratio} is {:.1} dB down", loud - level);
        }
    }
    // What a bar lacks is a string's second partial.
    for id in ["sampled:marimba", "sampled:kalimba", "sampled:vibraphone"] {
        let spectrum = spectrum(&held(id, 1.0), 0);
        let (base, loud) = line(&spectrum, hertz_of(id, 0.0), 0.03);
        let (_, second) = line(&spectrum, base * 2.0, 0.02);
        assert!(second < loud - 45.0, "{id}: an octave only {:.1} dB down", loud - second);
    }
}

#[test]
fn piano_strings_are_stiff_and_the_low_ones_ring_longer() {
    let spectrum = spectrum(&held("sampled:piano", 0.9), 2_400);
    let base = hertz_of("sampled:piano", 0.0);
    let stretched = |n: f64| {
        // Around the frequency of a string of the usual stiffness (B about 0.0004 at middle C).
        let expected = base * n * (1.0 + 0.000_37 * n * n).sqrt();
        1_200.0 * libm::log2(line(&spectrum, expected, 0.01).0 / (base * n))
    };
    let (fourth, tenth) = (stretched(4.0), stretched(10.0));
    assert!((1.0..12.0).contains(&fourth), "the fourth partial is {fourth:.1} cents sharp");
    assert!((15.0..50.0).contains(&tenth), "the tenth partial is {tenth:.1} cents sharp");
    let rings = |pitch| falls_by(&play(row("sampled:piano").index, pitch, 0.7, &[], 480_000, 480_000), 30.0);
    assert!(rings(-24.0) > 1.5 * rings(12.0));
}

#[test]
fn cymbals_die_away_as_they_are_played() {
    let fall = |id: &str| falls_by(&usual(row(id).index), 40.0);
    for (closed, open) in [
        ("hihat", "openhat"),
        ("sampled:808-hihat-closed", "sampled:808-hihat-open"),
        ("sampled:acoustic-hihat-closed", "sampled:acoustic-hihat-open"),
    ] {
        assert!(fall(closed) < 0.2, "{closed}: {:.2} s", fall(closed));
        assert!((0.3..2.0).contains(&fall(open)), "{open}: {:.2} s", fall(open));
    }
    for long in ["sampled:acoustic-ride", "sampled:acoustic-crash", "tone:metal-cymbal"] {
        assert!(fall(long) > 1.0, "{long}: {:.2} s", fall(long));
    }
    // A ride is the ping of a stick over a quiet wash, a crash is all wash.
    let wash = |id: &str| {
        let envelope = envelope(&usual(row(id).index));
        decibels(envelope[60] / envelope.iter().copied().fold(0.0, f64::max))
    };
    assert!(wash("sampled:acoustic-ride") < wash("sampled:acoustic-crash"));
    assert!(fall("tone:metal-hihat") < 0.5, "{:.2} s", fall("tone:metal-hihat"));
    for id in ["hihat", "openhat", "sampled:acoustic-crash", "sampled:808-hihat-closed", "tone:metal-hihat"] {
        let sound = usual(row(id).index);
        let (low, high) = (energy(&sound, 0, 50.0, 1_000.0), energy(&sound, 0, 4_000.0, 20_000.0));
        assert!(high > low + 15.0, "{id}: {:.1} dB more above 4 kHz than below 1 kHz", high - low);
    }
}

#[test]
fn snares_are_a_tone_and_a_rattle_and_kicks_fall_in_pitch() {
    for id in ["snare", "sampled:808-snare", "sampled:acoustic-snare"] {
        let sound = usual(row(id).index);
        let (tone, rattle) = (energy(&sound, 0, 120.0, 450.0), energy(&sound, 0, 1_500.0, 15_000.0));
        assert!((tone - rattle).abs() < 20.0, "{id}: {:.1} dB between shell and wires", tone - rattle);
    }
    let brushes = usual(row("sampled:brushes-snare").index);
    assert!(energy(&brushes, 0, 1_500.0, 15_000.0) > energy(&brushes, 0, 120.0, 450.0), "brushes sweep");
    let crossings = |sound: &Sound, from: usize, to: usize| {
        sound.left[from..to].windows(2).filter(|pair| (pair[0] < 0.0) != (pair[1] < 0.0)).count() as f64
            / (to - from) as f64
            * RATE
            / 2.0
    };
    for id in [
        "kick",
        "sampled:808-kick",
        "sampled:acoustic-kick",
        "tone:membrane-kick",
        "tone:membrane-tom",
        "tom",
    ] {
        let sound = usual(row(id).index);
        let (early, late) = (crossings(&sound, 0, 1_440), crossings(&sound, 4_800, 12_000));
        assert!(early > 1.15 * late, "{id}: {early:.0} Hz, later {late:.0} Hz");
        assert!((30.0..130.0).contains(&late), "{id}: {late:.0} Hz");
    }
    // Several pairs of hands, or a machine that plays them.
    for id in ["clap", "sampled:808-clap"] {
        let parts: Vec<f64> = usual(row(id).index)
            .left
            .chunks(96)
            .take(24)
            .map(|part| part.iter().map(|x| f64::from(x * x)).sum())
            .collect();
        let peaks = parts.windows(3).filter(|w| w[1] > 2.0 * w[0] && w[1] > w[2]).count();
        assert!(peaks >= 2, "{id}: {peaks} strokes");
    }
}

#[test]
fn an_organ_has_the_footages_of_its_drawbars() {
    for id in ["sampled:hammond-organ", "synth:organ"] {
        let spectrum = spectrum(&held(id, 0.7), 24_000);
        let base = hertz_of(id, 0.0);
        // Sixteen, five and a third, eight and four feet; a string has nothing below its fundamental.
        let levels = [0.5, 1.5, 1.0, 2.0].map(|ratio| line(&spectrum, base * ratio, 0.01).1);
        let loudest = levels.iter().copied().fold(f64::MIN, f64::max);
        assert!(levels[0] > loudest - 25.0 && levels[2] > loudest - 12.0, "{id}: {levels:?}");
        let between = line(&spectrum, base * 1.25, 0.02).1;
        assert!(
            between < loudest - 45.0,
            "{id}: something between the drawbars, {:.1} dB",
            between - loudest
        );
        assert!(rises_in(&held(id, 0.7)) < 0.05, "{id}: an organ speaks at once");
    }
}

#[test]
fn brass_opens_with_the_breath_and_bows_take_their_time() {
    for id in ["synth:brass", "sampled:french-horn", "sampled:alto-sax"] {
        let [soft, hard] = [0.3, 1.0].map(|velocity| held(id, velocity).centroid());
        assert!(hard > 1.1 * soft, "{id}: {soft:.0} Hz to {hard:.0} Hz");
        // Upper partials come after the lower ones.
        let sound = held(id, 0.8);
        let early = energy_of(&sound.left[..960]);
        let late = energy_of(&sound.left[9_600..10_560]);
        assert!(late > 2.0 * early, "{id} speaks slowly");
    }
    for id in ["sampled:string-section", "synth:strings", "synth:warmpad", "advanced:warm-pad", "pad"] {
        let rise = rises_in(&held(id, 0.7));
        assert!(rise >= 0.04, "{id} rises in {rise:.3} s");
    }
    for id in ["sampled:clean-guitar", "sampled:acoustic-guitar", "tone:pluck-string", "sampled:finger-bass"]
    {
        let rise = rises_in(&held(id, 0.7));
        assert!(rise <= 0.03, "{id} is plucked, and rises in {rise:.3} s");
    }
}

fn energy_of(part: &[f32]) -> f64 {
    part.iter().map(|x| f64::from(x * x)).sum()
}

#[test]
fn what_is_called_wobble_tremolo_or_vibrato_sways() {
    let tremolo = |id: &str, hertz: std::ops::RangeInclusive<u8>| {
        let sound = held(id, 0.7);
        let curve = envelope(&sound);
        let curve = &curve[60..curve.len().min(380)];
        let tenths = u16::from(*hertz.start()) * 10..=u16::from(*hertz.end()) * 10;
        tenths.map(|tenth| swing(curve, f64::from(tenth) / 10.0)).fold(0.0, f64::max)
    };
    for (id, hertz, least) in [
        ("tone:am-tremolo", 3..=9, 0.1),
        ("advanced:tremolo-strings", 3..=9, 0.1),
        ("sampled:vibraphone", 4..=8, 0.1),
        ("synth:wobble", 1..=9, 0.1),
        ("advanced:wobble-bass", 1..=9, 0.1),
    ] {
        let depth = tremolo(id, hertz);
        assert!(depth > least, "{id}: a depth of {depth:.3}");
    }
    let still = [(parameter("vibrato").expect("a row").index, -1.0)];
    let breadth = |params: &[_]| {
        let sound = play(row("advanced:vibrato-lead").index, 0.0, 0.7, params, 96_000, 96_000);
        let base = hertz_of("advanced:vibrato-lead", 0.0);
        let spectrum = spectrum(&sound, 48_000);
        let bin = RATE / WINDOW as f64;
        // How far the tenth harmonic spreads: at most 30 dB below its loudest line.
        let near = &spectrum[(base * 9.6 / bin) as usize..(base * 10.4 / bin) as usize];
        let most = near.iter().copied().fold(f64::MIN, f64::max);
        near.iter().filter(|level| **level > most - 20.0).count()
    };
    assert!(breadth(&[]) > 2 * breadth(&still), "{} and {} bins", breadth(&[]), breadth(&still));
}
