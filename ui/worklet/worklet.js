// The engine in an AudioWorklet.
//
// The page compiles the engine's module once, makes an `AudioWorkletNode` called "offbeat" with two output channels in a context
// of 48,000 Hz, and speaks with it over the node's port. The engine starts with the node, without a program and stopped.
//
// processorOptions: { module }
//   module   WebAssembly.Module of the engine
//
// From the page:
//   { kind: "program", image }    plays this program from the next block on; image is a Uint8Array that
//                                 score::program_image wrote (transfer its buffer). A change of tempo keeps the beat.
//   { kind: "clock", frame, at, nanos }
//                                 the context's frame `frame` is heard at the moment `at` of the page's clock (nanoseconds, a BigInt),
//                                 and frames last `nanos` each
//   { kind: "timeline", segments }
//                                 from here on the music is where these segments say by the page's clock, once that is known: a
//                                 Uint8Array as ui/worklet's `set_timeline` takes it
//   { kind: "play", beat }        plays from this beat, in micro-beats, at once and by no clock; 0 where it is missing
//   { kind: "ears", image }       hears the session as this private mix says, level and metronome included; image is a Uint8Array
//                                 that score::private_mix wrote, empty for the shared mix
//   { kind: "strike", track, pitch, velocity }
//                                 presses a key on the track of this id (a string), `pitch` in semitones, `velocity` 0 to 1;
//                                 below 0 it is let go
//   { kind: "recording", hash, channels, samples, cuts }
//                                 a recording for the programs that are sent from here on: 32 bytes, 1 or 2, a Float32Array at
//                                 48,000 Hz with channels alternating, frames at which slices begin
//   { kind: "meters", on }        whether "levels" are told
//
// To the page:
//   { kind: "ready", latency }    the engine stands; an onset is heard `latency` frames after its frame
//   { kind: "position", playing, beat, peak, frame, voices, load, late }
//                                 about sixty times a second while it plays or rings or waits for a clock, and now and then
//                                 otherwise: `beat`, in micro-beats, leaves the node at the context's frame `frame`
//                                 (AudioContext.getOutputTimestamp says when that is heard); `peak` is the level of what leaves,
//                                 1 being full scale; `voices` sound, rendering took `load` of the last second's time (1 being all of it),
//                                 and `late` blocks so far took longer than they last
//   { kind: "levels", tracks, levels }
//                                 with each position, when asked for: ids of the tracks, and a Float32Array of peak and root mean
//                                 square of the master, then of each track; 1 is full scale
//   { kind: "refused", reason }   a message was of no use; what was before it goes on
//   { kind: "failed", reason }    the engine broke down and is silent; the next "timeline" or "play" begins with another one

const BLOCKS_PER_POSITION = 6; // of 128 frames: 62.5 positions a second
const BLOCKS_AT_REST = 96; // 4 positions a second
const BLOCKS_PER_LOAD = 384; // about a second
const BLOCK_MILLIS = 128000 / 48000;
const SILENCE = 0.0001; // -80 dB
const MAX_IMAGE_BYTES = 512 * 1024; // the slot that the engine has for an image
const MAX_TIMELINE_BYTES = 64 * 32;
const ID_CHARACTERS = 8;
const MAX_CUTS = 1024; // of one recording

class Offbeat extends AudioWorkletProcessor {
  constructor({ processorOptions: { module } }) {
    super();
    this.module = module;
    this.image = null;
    this.segments = null;
    this.line = null;
    this.ears = new Uint8Array();
    this.recordings = new Map(); // by hash, for another engine
    this.meters = false;
    this.blocks = 0;
    this.rings = false;
    this.busy = 0; // milliseconds, since the load was told
    this.position = { kind: "position", playing: false, beat: 0, peak: 0, frame: 0, voices: 0, load: 0, late: 0 };
    this.port.onmessage = ({ data }) => this.receive(data);
    this.start();
  }

  // A new engine with what was sent last: program, clock, timeline.
  start() {
    this.engine = new WebAssembly.Instance(this.module).exports;
    this.slot = this.engine.image_slot();
    this.view();
    if (this.image) this.install(this.image);
    this.hear(this.ears);
    for (const message of this.recordings.values()) this.keep(message);
    if (this.recordings.size > 0 && this.image) this.install(this.image);
    if (this.line) this.engine.set_clock(this.line.frame, this.line.at, this.line.nanos);
    if (this.segments) this.follow(this.segments);
    this.port.postMessage({ kind: "ready", latency: this.engine.latency() });
  }

  // The engine's memory as this script sees it: anew whenever the memory has grown.
  view() {
    this.buffer = this.engine.memory.buffer;
    this.left = new Float32Array(this.buffer, this.engine.left(), 1024);
    this.right = new Float32Array(this.buffer, this.engine.right(), 1024);
  }

  put(bytes) {
    new Uint8Array(this.engine.memory.buffer, this.slot, bytes.length).set(bytes);
    return bytes.length;
  }

  install(image) {
    return this.engine.play_image(this.put(image)) === 0;
  }

  follow(segments) {
    return this.engine.set_timeline(this.put(segments)) === 0;
  }

  receive(message) {
    try {
      if (message?.kind === "program") this.program(message.image);
      else if (message?.kind === "clock") this.clock(message);
      else if (message?.kind === "timeline") this.timeline(message.segments);
      else if (message?.kind === "play") this.play(message.beat ?? 0);
      else if (message?.kind === "ears") this.listen(message.image);
      else if (message?.kind === "strike") this.strike(message.track, message.pitch, message.velocity);
      else if (message?.kind === "recording") this.record(message);
      else if (message?.kind === "meters") this.meters = Boolean(message.on);
      else this.refuse("a message of no known kind");
    } catch (error) {
      this.fail(error);
    }
  }

  program(image) {
    if (!(image instanceof Uint8Array) || image.length > MAX_IMAGE_BYTES) {
      this.refuse("a program that is no image");
    } else if (this.engine && !this.install(image)) {
      this.refuse("an image that is no program");
    } else {
      this.image = image;
    }
  }

  play(beat) {
    if (!Number.isSafeInteger(beat)) return this.refuse("a beat that is no whole number of micro-beats");
    if (!this.engine) this.start();
    this.segments = null;
    this.engine.play_from(BigInt(beat));
    this.rings = true;
  }

  clock({ frame, at, nanos }) {
    if (!Number.isFinite(frame) || typeof at !== "bigint" || !(nanos > 0)) return this.refuse("a clock that is none");
    this.line = { frame, at, nanos };
    this.engine?.set_clock(frame, at, nanos);
  }

  timeline(segments) {
    if (!(segments instanceof Uint8Array) || segments.length > MAX_TIMELINE_BYTES) {
      return this.refuse("a timeline that is no segments");
    }
    if (!this.engine) this.start();
    if (!this.follow(segments)) return this.refuse("segments that are no timeline");
    this.segments = segments;
    this.rings = true;
  }

  listen(image) {
    if (!(image instanceof Uint8Array) || image.length > MAX_IMAGE_BYTES || (this.engine && !this.hear(image))) {
      this.refuse("ears that are no private mix");
    } else {
      this.ears = image;
    }
  }

  hear(image) {
    return this.engine.hear(this.put(image)) === 0;
  }

  record(message) {
    const { hash, samples, cuts } = message;
    if (!(hash instanceof Uint8Array && hash.length === 32 && samples instanceof Float32Array && Array.isArray(cuts ?? []))) {
      return this.refuse("a recording of no known form");
    }
    if (this.engine && !this.keep(message)) return this.refuse("a recording that is none, or too many");
    this.recordings.set(String(hash), message);
  }

  keep({ hash, channels, samples, cuts = [] }) {
    const room = this.engine.recording_room(samples.length);
    this.view();
    new Float32Array(this.buffer, room, samples.length).set(samples);
    const slot = new DataView(this.buffer, this.slot, 32 + 4 * MAX_CUTS);
    hash.forEach((byte, index) => slot.setUint8(index, byte));
    const kept = cuts.slice(0, MAX_CUTS);
    kept.forEach((cut, index) => slot.setUint32(32 + 4 * index, cut, true));
    return this.engine.keep_recording(channels, kept.length) === 0;
  }

  strike(track, pitch, velocity) {
    if (typeof track !== "string" || track.length !== ID_CHARACTERS) return this.refuse("a key on no track");
    if (!this.engine) this.start();
    this.put(Uint8Array.from(track, (letter) => letter.charCodeAt(0)));
    this.engine.strike(pitch, velocity);
    this.rings = true;
  }

  refuse(reason) {
    this.port.postMessage({ kind: "refused", reason });
  }

  fail(error) {
    this.engine = null;
    this.rings = false;
    this.port.postMessage({ kind: "failed", reason: String(error) });
  }

  process(_inputs, [output]) {
    if (this.engine) {
      try {
        this.render(output);
      } catch (error) {
        for (const channel of output) channel.fill(0);
        this.fail(error);
      }
    }
    return true;
  }

  render(output) {
    const frames = output[0].length;
    const began = Date.now();
    if (this.segments) this.engine.follow(currentFrame);
    this.engine.render(frames);
    if (this.buffer !== this.engine.memory.buffer) this.view();
    copy(this.left, output[0], frames);
    if (output.length > 1) copy(this.right, output[1], frames);
    this.blocks += 1;
    this.weigh(Date.now() - began);
    if (this.blocks % BLOCKS_PER_POSITION === 0) this.look(currentFrame + frames);
  }

  // The clock that there is counts whole milliseconds: their sum is right on average, one alone only when it is out by more.
  weigh(millis) {
    this.busy += millis;
    if (millis > BLOCK_MILLIS + 1) this.position.late += 1;
    if (this.blocks % BLOCKS_PER_LOAD !== 0) return;
    this.position.load = this.busy / (BLOCKS_PER_LOAD * BLOCK_MILLIS);
    this.busy = 0;
  }

  // The last position before a rest says that all is quiet.
  look(frame) {
    const [position, rang] = [this.position, this.rings];
    position.playing = this.engine.is_playing() === 1;
    position.beat = Number(this.engine.heard_beat());
    position.peak = this.engine.peak();
    position.voices = this.engine.voices();
    position.frame = frame;
    this.rings = position.playing || position.peak > SILENCE;
    if (!rang && !this.rings && this.line && this.blocks % BLOCKS_AT_REST !== 0) return;
    this.port.postMessage(position);
    if (this.meters) this.measure();
  }

  measure() {
    const { engine } = this;
    const count = engine.read_meters();
    const levels = new Float32Array(this.buffer, engine.meter_levels(), count * 2).slice();
    const ids = new Uint8Array(this.buffer, engine.meter_ids(), (count - 1) * ID_CHARACTERS);
    const letters = String.fromCharCode(...ids);
    const tracks = Array.from({ length: count - 1 }, (_, n) => letters.slice(n * ID_CHARACTERS, (n + 1) * ID_CHARACTERS));
    this.port.postMessage({ kind: "levels", tracks, levels });
  }
}

// `set` would need a view of this block's length, made anew for every block.
function copy(from, to, frames) {
  for (let frame = 0; frame < frames; frame += 1) to[frame] = from[frame];
}

registerProcessor("offbeat", Offbeat);
