//! Every bound and timeout of a session's live state, each with its reason.

/// Longest frame in bytes. Everything live fits many times over; longer bodies travel in parts.
pub const MAX_FRAME_BYTES: usize = 1 << 20;
/// Longest frame that is sent by itself, in no order with others: a reading of a clock, with room.
pub const MAX_DATAGRAM_BYTES: usize = 64;
/// Body bytes of one part: a frame, less room for the part's own header.
pub const PART_BYTES: usize = MAX_FRAME_BYTES - 64;
/// Longest body that may travel in parts: a whole document and its vouchers.
pub const MAX_BODY_BYTES: usize = 64 << 20;
/// Longest name of a player in characters; longer ones are cut.
pub const MAX_NAME_CHARS: usize = 32;
/// Longest name of a player in bytes on the wire: four for each character.
pub const MAX_NAME_BYTES: usize = 4 * MAX_NAME_CHARS;
/// Tracks that a player's selection may reach over: those that play, and as many parked ones three times over.
pub const MAX_SELECTED_TRACKS: u16 = 64;
/// Longest network address of a peer in bytes: a key, a relay's URL and a dozen socket addresses.
pub const MAX_ADDRESS_BYTES: usize = 1024;
/// Most changes that are passed on one by one when they enter together; more than that travel by catching up, in batches.
pub const MAX_RELAYED_CHANGES: usize = 64;
/// Most changes in one batch while catching up: the smallest change takes some 70 bytes of the batch's 768 KiB.
pub const MAX_BATCH_CHANGES: usize = 16 << 10;
/// Batches and parts on their way to a link that catches up, before it has said that it digested one: they keep a path of
/// 100 ms busy, and bound what waits in the sender's memory.
pub const CATCH_UP_WINDOW: u32 = 4;
/// Bytes of vouchers in one message.
pub const VOUCHERS_BYTES: usize = 256 << 10;
/// The least history for which a replica that is empty is sent a whole document: shorter ones fit one batch.
pub const MIN_WHOLE_CHANGES: usize = 512;
/// The longest whole document that is sent: while it goes out it is held in memory, once for each link. Longer histories go in
/// batches.
pub const MAX_WHOLE_BYTES: usize = 8 << 20;
/// Lineages that one link is sent at most: an equivocator's actors, many times over.
pub const MAX_LINEAGES_PER_LINK: usize = 1024;
/// Most addresses in one `Peers` message, and most linked keys that one peer announces: a full session of editors, with room.
pub const MAX_PEERS: usize = 64;
/// Changes that wait to be passed on until they are durable, one by one; past it links are told to fetch them. The store of a busy
/// server takes a twentieth of a second, in which all its links together send fewer.
pub const MAX_WAITING_RELAYS: usize = 8 * 1024;
/// Most players in one message about others. At ten messages a second a link hears of a full session within a second.
pub const MAX_OTHERS_PER_MESSAGE: usize = 64;
/// Most players that are known through one link: a full server's.
pub const MAX_OTHERS: usize = 512;
/// Longest reason in a `Bye`, in bytes: a sentence.
pub const MAX_REASON_BYTES: usize = 512;

/// Most other players that one is linked with directly while a server passes everything on, unless configured otherwise: sixteen editors
/// are linked each with each.
pub const MAX_DIRECT_PLAYERS: usize = 15;
/// Most links of one session, unless configured otherwise: to so many a server fans out.
pub const MAX_LINKS: usize = 512;
/// Messages that a link may send in a burst, unless configured otherwise: a long gesture and a catch-up at once.
pub const LINK_BURST_MESSAGES: u32 = 2_000;
/// Messages a second that a link may keep up, unless configured otherwise: a player drags at 30 edits a second, so six players' worth behind one relay.
pub const LINK_MESSAGES_PER_SECOND: u32 = 200;
/// Bytes of a frame that count as one more message, so that large frames are read more slowly too.
pub const FRAME_BYTES_PER_MESSAGE: usize = 64 << 10;
/// Refused messages for which a link is closed. An honest peer refuses by the same rules and so sends none; a few allow for a
/// peer that is merely broken to say so in its log.
pub const MAX_REFUSALS: u32 = 8;
/// How long a key whose link was closed for hostile traffic is turned away.
pub const SHUN_NANOS: i64 = 60 * SECOND;
/// Most keys that are turned away at once; past it the one that would be free first is let in again.
pub const MAX_SHUNNED: usize = 1024;

/// One second in nanoseconds.
pub const SECOND: i64 = 1_000_000_000;
/// One millisecond in nanoseconds.
pub const MILLISECOND: i64 = 1_000_000;
/// How often a silent link says that it lives.
pub const HEARTBEAT_NANOS: i64 = 5 * SECOND;
/// A link from which nothing came for so long is dead: three heartbeats.
pub const DEAD_LINK_NANOS: i64 = 15 * SECOND;
/// How long a link may take to say `Hello`: several round trips of a bad mobile network.
pub const HELLO_NANOS: i64 = 10 * SECOND;
/// How long announced heads may be missing before catching up starts again: longer than any change takes on its way.
pub const MISMATCH_NANOS: i64 = 2 * SECOND;
/// How long the other end may take to answer while catching up before it is asked anew.
pub const CATCH_UP_ANSWER_NANOS: i64 = 10 * SECOND;
/// How long the answer of one link keeps the others from being asked: after a reconnect all have the same to give.
pub const CATCH_UP_PATIENCE_NANOS: i64 = 5 * SECOND;
/// Least time between two answers to what a link has: each is a walk over the history.
pub const MIN_SERVE_INTERVAL_NANOS: i64 = SECOND;
/// First pause after a catch-up that did not bring the announced heads; it doubles up to [`MAX_FUTILE_PAUSE_NANOS`].
pub const FUTILE_PAUSE_NANOS: i64 = 2 * SECOND;
/// Longest pause between two attempts to get heads that a peer announces and does not deliver.
pub const MAX_FUTILE_PAUSE_NANOS: i64 = 64 * SECOND;
/// Least time between two presence messages on a link: ten a second look continuous.
pub const PRESENCE_INTERVAL_NANOS: i64 = SECOND / 10;
/// How long after a link opened those of whom a server tells count as having been here before: it tells of all within a second.
pub const ARRIVAL_NANOS: i64 = 2 * SECOND;

/// Readings of another clock before anything is decided by it: done within 120 ms, and enough to find quick ones among them.
pub const CLOCK_FIRST: u32 = 12;
/// Readings in the first burst: what the first seconds of playing together rest on.
pub const CLOCK_BURST: u32 = 150;
/// Pause between them. A link carries some two kilobytes a second while it lasts.
pub const CLOCK_BURST_NANOS: i64 = 12 * MILLISECOND;
/// Readings after which where a clock stands is known as well as a few seconds allow, if music plays.
pub const CLOCK_EAGER: u32 = CLOCK_BURST + 250;
/// Pause between readings until then.
pub const CLOCK_EAGER_NANOS: i64 = 40 * MILLISECOND;
/// Readings after which a clock's speed is known well enough to read it rarely.
pub const CLOCK_SETTLED: u32 = CLOCK_EAGER + 200;
/// Pause between readings until then.
pub const CLOCK_SETTLING_NANOS: i64 = SECOND / 10;
/// Links that are read at that pace; where there are more, each is read more slowly.
pub const CLOCK_LINKS: usize = 4;
/// Pause between readings from then on while music plays, for each player who follows the same clock: whoever is followed
/// answers four questions a second, which is under a hundred bytes.
pub const CLOCK_STEADY_NANOS: i64 = SECOND / 4;
/// The longest such pause, however many follow.
pub const MAX_CLOCK_STEADY_NANOS: i64 = 4 * SECOND;
/// Pause between readings after the burst while nothing plays.
pub const CLOCK_IDLE_NANOS: i64 = 3 * SECOND / 2;
/// Pause between readings of clocks that are not followed: they may be one day.
pub const CLOCK_SPARE_NANOS: i64 = 6 * SECOND;
/// Questions to another clock that may be open; past it the oldest counts as lost. At the burst's pace that is half a second.
pub const MAX_OPEN_CLOCK_ASKS: usize = 48;
/// Readings of another clock that are kept.
pub const MAX_CLOCK_READINGS: usize = 1_500;
/// How long a reading counts: the speed of a clock that warms up changes over longer times.
pub const CLOCK_MEMORY_NANOS: i64 = 300 * SECOND;
/// How sure a clock must be known before shared time is taken from it (one standard deviation): nobody hears less.
pub const MAX_USABLE_UNCERTAINTY_NANOS: i64 = 5 * MILLISECOND;

/// Most links between the player whose clock is followed and those who follow it: players, a server, another server, players.
pub const MAX_CLOCK_HOPS: usize = 8;
/// Fastest that shared time is corrected while music plays, in parts per 10^12: a millisecond a second, which nobody hears.
pub const MAX_SLEW_PPT: i64 = 1_000_000_000;
/// Fastest that it is corrected in the first second after it was taken over: whoever has just joined.
pub const MAX_JOINING_SLEW_PPT: i64 = 10_000_000_000;
/// How long a player has just joined.
pub const JOINING_NANOS: i64 = SECOND;
/// In how many seconds an error of shared time is corrected, where that is slow enough.
pub const STEER_SECONDS: i64 = 1;
/// How often shared time is steered while it is off.
pub const STEER_NANOS: i64 = SECOND / 4;
/// An error that is left alone: far less than a clock can be read to.
pub const MAX_UNSTEERED_NANOS: i64 = 2_000;
/// An error that is corrected by a jump even while music plays: slewing would take most of a minute. Whoever disagrees by so
/// much has slept, or has had their clock set.
pub const MAX_SLEWED_NANOS: i64 = 50 * MILLISECOND;
/// Least time between two words to a link on what shared time is.
pub const TELL_SHARED_NANOS: i64 = SECOND / 4;
/// How far followers may be off before they are told anew.
pub const MAX_UNTOLD_NANOS: i64 = 20_000;
/// Least time between pressing play and the first sound: everyone has heard of it by then.
pub const MIN_LEAD_NANOS: i64 = SECOND / 10;
/// Longest such time, however slow the links are.
pub const MAX_LEAD_NANOS: i64 = 2 * SECOND;
/// How long whoever presses play as they arrive waits for others who play already: a link through a relay stands by then, and its
/// clock has been read.
pub const ARRIVING_NANOS: i64 = 3 * SECOND;
/// How long ago music may have begun that somebody heard alone: a day.
pub const MAX_PLAYED_ALONE_NANOS: i64 = 86_400 * SECOND;
/// How far a timeline's number may be ahead of ours: more than are written in a lifetime, so that nobody can use numbers up.
pub const MAX_LAMPORT_LEAP: u64 = 1 << 20;
/// Stretches of even tempo that are known at once: changes within the lead of a start.
pub const MAX_SEGMENTS: usize = 64;
/// Least time between two changes of the timeline's tempo by one player: a dragged fader.
pub const TEMPO_INTERVAL_NANOS: i64 = SECOND / 10;
/// How long the timeline may have another tempo than the document before somebody mends it: longer than both are on their way.
pub const TEMPO_PATIENCE_NANOS: i64 = SECOND;

/// Most effects that wait for the host. The host drains them after every event, and no event makes so many; past it the
/// newest is dropped and counted, which the tests hold at zero.
pub const MAX_QUEUED_EFFECTS: usize = 64 * 1024;
