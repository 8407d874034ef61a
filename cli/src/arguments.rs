//! The command line, as `clap` reads it and `--help` explains it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use peer::sound::Trim;

use crate::sound_file::SoundFormat;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  offbeat new \"Rainy Tuesday\"                        make a session; prints its id
  offbeat edit rainy 'add-track kick; euclid kick 4'  edit it
  offbeat show rainy                                  look at it
  offbeat render rainy --out rainy.wav --bars 4       hear it
  offbeat host rainy --play                           play it with others
  offbeat join offbeat1...                            join them
  offbeat archive rainy --server https://offbeat.example
                                                      have a server keep it; prints a link that
                                                      opens in a browser

A SESSION is named by its name (any case), its id, or the beginning of its id.
Exit codes: 0 done, 1 failed, 2 not understood.";

/// Offbeat: a step sequencer that several people play at once, each on their own machine.
#[derive(Debug, Parser)]
#[command(name = "offbeat", version, max_term_width = 100, after_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    /// The folder that holds your identity and your sessions [default: offbeat in your data folder]
    #[arg(long, global = true, value_name = "FOLDER", env = "OFFBEAT_HOME", hide_env_values = true)]
    pub(crate) home: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a session; prints its id
    #[command(after_help = "Examples:\n  offbeat new\n  offbeat new \"Rainy Tuesday\"\n  offbeat new --beat")]
    New(New),
    /// Import a session from a file; prints its id
    #[command(
        after_help = "Examples:\n  offbeat import beat.json\n  offbeat show --json rainy > rainy.json\n  \
                            offbeat import rainy.json\n  offbeat import song.mid"
    )]
    Import(Import),
    /// List your sessions
    #[command(after_help = "Examples:\n  offbeat list\n  offbeat list --json | jq -r '.[].id'")]
    List(List),
    /// Show a session: its settings, and a line of notation per track
    #[command(after_help = NOTATION)]
    Show(Show),
    /// Edit a session, also while it is open elsewhere; done when the edits are safe on disk
    #[command(after_help = words::help(), after_long_help = format!("{}\n\n{}", words::help(), EDIT_EXAMPLES))]
    Edit(Edit),
    /// Render a session or a file to sound; prints the hash of its samples
    #[command(after_help = RENDERING)]
    Render(Render),
    /// Invite others to a session; prints a ticket and stays on until Ctrl-C
    #[command(
        after_help = "Examples:\n  offbeat host rainy\n  offbeat host rainy --play\n  offbeat host rainy --stats | jq -c .time"
    )]
    Host(Host),
    /// Join a session by its ticket or link, and stay on until Ctrl-C
    #[command(after_help = "Examples:\n  offbeat join offbeat1... --play\n  \
                            offbeat join https://offbeat.example/s/mfrg...\n  offbeat join offbeat1... --once    copy the session, print its id and leave")]
    Join(Join),
    /// Have a server keep a session for good; prints the link that opens it in a browser
    #[command(
        after_help = "The session stays linked with the server whenever it is online, and catches up after each time it was \
                            not.\n\nExamples:\n  offbeat archive rainy --server https://offbeat.example\n  \
                            offbeat archive rainy --server localhost:8787"
    )]
    Archive(Archive),
    /// Publish a session as it is, to listen to; prints the link. A server has to keep it already
    #[command(after_help = "Examples:\n  offbeat publish rainy")]
    Publish(Publish),
    /// Make a session that begins as another; prints its id
    #[command(after_help = "Examples:\n  offbeat remix rainy\n  offbeat remix rainy \"Sunny Wednesday\"")]
    Remix(Remix),
    /// Write a session to a file
    #[command(after_help = "Examples:\n  offbeat export rainy --format json --out rainy.json\n  \
                            offbeat export rainy --format text --out rainy.txt")]
    Export(Export),
    /// Check identity, sessions, sound and network, and say what to do about what is wrong
    #[command(
        after_help = "Examples:\n  offbeat doctor\n  offbeat doctor --json\n  offbeat doctor https://offbeat.example"
    )]
    Doctor(Doctor),
    /// Watch and hear two players jam on this machine
    #[command(
        after_help = "Examples:\n  offbeat demo\n  offbeat demo beat.json --bars 8\n\nKeys: q ends, space \
                            stops and starts."
    )]
    Demo(Demo),
}

const RENDERING: &str = "\
The hash is of the samples as the engine makes them, 32-bit float at 48000 Hz, whatever the file holds: it is the same on
every machine. Without --loop, what rings on after the last bar is cut off.

Examples:
  offbeat render rainy --out rainy.wav --bars 4
  offbeat render beat.json --out beat.flac --bars 8 --rate 44100
  offbeat render rainy --loop --out loop.wav
  offbeat render rainy --stems rainy/ --bars 16 --format wav24";

const NOTATION: &str = "\
Notation, one character a step: X loud, x normal, o soft, . off, _ tied to the step before. Other locks follow in
braces, steps counted from 1: {5:pitch=3,chance=50}. A line can be given back: offbeat edit SESSION pattern kick X...x...

Examples:
  offbeat show rainy
  offbeat show rainy --json | jq .tempo";

const EDIT_EXAMPLES: &str = "\
Examples:
  offbeat edit rainy step kick 5 on
  offbeat edit rainy 'pattern kick X...x...X..o....; tempo 128'
  offbeat edit rainy lock kick 5 pitch=3 volume=0.4
  offbeat edit rainy undo";

#[derive(Debug, Args)]
pub(crate) struct New {
    /// Its name [default: two words, such as Fuzzy Penguin]
    pub(crate) name: Option<String>,
    /// Begin on a beat that plays, instead of on nothing
    #[arg(long)]
    pub(crate) beat: bool,
    /// Print the id and the name as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// A session as JSON (Offbeat's or Keyboardia's), a MIDI file, or text: a line of notation per track
    pub(crate) file: PathBuf,
    /// Print the id, the name and what was left out as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Print a JSON array of ids and names
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Which session
    pub(crate) session: String,
    /// Print the shared state as JSON: equal sessions print equal bytes
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Which session
    pub(crate) session: String,
    /// What to change, such as `step kick 5 on`; several are separated by `;`
    #[arg(required = true, value_name = "EDIT", allow_negative_numbers = true)]
    pub(crate) edits: Vec<String>,
    /// Print a line of JSON for each edit as soon as it is safe on disk
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Render {
    /// Which session, or a file that `import` can read
    #[arg(value_name = "SESSION|FILE")]
    pub(crate) source: String,
    /// The file to write; its name may end in .wav, .flac or .ogg
    #[arg(long, value_name = "FILE", required_unless_present = "stems")]
    pub(crate) out: Option<PathBuf>,
    /// Write the whole and every track for itself into a folder, instead of one file
    #[arg(long, value_name = "FOLDER", conflicts_with = "out")]
    pub(crate) stems: Option<PathBuf>,
    /// How sound is written [default: what the file's name ends in, else wav32f]
    #[arg(long, value_enum)]
    pub(crate) format: Option<SoundFormat>,
    /// Make a seamless loop: what sounds past the end is laid over the start
    #[arg(long = "loop", conflicts_with = "rate")]
    pub(crate) seamless: bool,
    /// How many bars, from the first [default: 1; with --loop, until all tracks come round together]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub(crate) bars: Option<u32>,
    /// Frames per second of the file
    #[arg(long, value_name = "HZ", default_value_t = 48_000, value_parser = clap::value_parser!(u32).range(8_000..=384_000))]
    pub(crate) rate: u32,
    /// Print the hash, the length and the rate as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Host {
    /// Which session
    pub(crate) session: String,
    /// Hear it on the default sound device, and start it for everybody unless it plays already
    #[arg(long)]
    pub(crate) play: bool,
    /// Print a line of JSON a second: links, clocks and the time that all share
    #[arg(long)]
    pub(crate) stats: bool,
    /// How much later than its device says this machine is heard, by ear; it plays so much earlier. Kept for later [default: as kept, at first 0]
    #[arg(long, value_name = "MS", allow_negative_numbers = true)]
    pub(crate) trim_ms: Option<Trim>,
}

#[derive(Debug, Args)]
pub(crate) struct Join {
    /// The ticket that the other player was shown, or a link to the session
    #[arg(value_name = "TICKET|LINK")]
    pub(crate) ticket: String,
    /// Copy the session, print its id and leave
    #[arg(long, conflicts_with_all = ["play", "stats", "trim_ms"])]
    pub(crate) once: bool,
    /// Hear it on the default sound device, and start it for everybody unless it plays already
    #[arg(long)]
    pub(crate) play: bool,
    /// Print a line of JSON a second: links, clocks and the time that all share
    #[arg(long)]
    pub(crate) stats: bool,
    /// How much later than its device says this machine is heard, by ear; it plays so much earlier. Kept for later [default: as kept, at first 0]
    #[arg(long, value_name = "MS", allow_negative_numbers = true)]
    pub(crate) trim_ms: Option<Trim>,
}

#[derive(Debug, Args)]
pub(crate) struct Archive {
    /// Which session
    pub(crate) session: String,
    /// The server's address [default: the one that keeps the session already]
    #[arg(long, value_name = "URL", env = "OFFBEAT_SERVER")]
    pub(crate) server: Option<String>,
    /// Print the link as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Publish {
    /// Which session
    pub(crate) session: String,
    /// Print the link as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Remix {
    /// Which session
    pub(crate) session: String,
    /// The remix's name [default: the session's, with `remix` behind it]
    pub(crate) name: Option<String>,
    /// Print the id and the name as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The shared state, as `show --json` prints it
    Json,
    /// The Automerge document with its whole history
    Automerge,
    /// A line of notation per track
    Text,
    /// A standard MIDI file: the notes of one time round, until all tracks come round together
    Midi,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Which session
    pub(crate) session: String,
    /// What to write
    #[arg(long, value_enum)]
    pub(crate) format: Format,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// A server, or a player's ticket: read its clock as playing together does
    #[arg(value_name = "SERVER|TICKET")]
    pub(crate) with: Option<String>,
    /// Print the findings as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// A session to jam on, in any form that `import` can read [default: an example]
    pub(crate) file: Option<PathBuf>,
    /// End after so many bars
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub(crate) bars: Option<u32>,
    /// End after so many seconds
    #[arg(long = "for", value_name = "SECONDS", conflicts_with = "bars", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) seconds: Option<u32>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn read(line: &str) -> Result<Command, clap::Error> {
        Arguments::try_parse_from(line.split(' ')).map(|arguments| arguments.command)
    }

    #[test]
    fn the_grammar_of_the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn edits_take_negative_numbers_and_options_may_stand_anywhere() {
        let Ok(Command::Edit(edit)) = read("offbeat edit s rotate kick -1 --home /tmp/x ; pan kick -0.5")
        else {
            panic!("the edit was not read");
        };
        assert_eq!(edit.edits, ["rotate", "kick", "-1", ";", "pan", "kick", "-0.5"]);
    }

    #[test]
    fn numbers_outside_their_range_are_refused_with_the_range() {
        let refused = read("offbeat render s --out a.wav --bars 0").unwrap_err();
        assert_eq!(refused.exit_code(), 2);
        assert!(refused.to_string().contains("1..=65536"), "{refused}");
        assert!(read("offbeat render s --out a.wav --rate 7999").is_err());
        assert!(read("offbeat join t --once --play").is_err());
        assert!(read("offbeat host s --trim-ms 501").is_err());
    }
}
