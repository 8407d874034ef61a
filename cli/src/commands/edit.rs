//! `offbeat edit`

use peer::clock::HostClock;
use peer::work::{Reply, Request};
use score::{PlayerKey, SessionId};
use serde::Serialize;
use view::Command;

use crate::arguments::Edit;
use crate::desk::{Desk, Shown, misunderstood};
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::samples::Incoming;
use crate::words::{self, BroughtFiles, Context, WordsError};

/// An edit that is safe on disk, as `--json` prints it.
#[derive(Serialize)]
struct Report {
    saved: bool,
    session: String,
    edit: String,
}

pub(super) async fn run(desk: &mut Desk, edit: Edit) -> Outcome {
    let list = words::split(&edit.edits).map_err(Failure::usage)?;
    let session = desk.find(&edit.session).await?;
    let shown = desk.score(session).await?;
    // One at a time where each is reported, so that a report comes when its edit is safe and not with the last.
    let most = if edit.json { 1 } else { usize::MAX };
    let incoming = Incoming::read(&list).await?;
    let edits = Edits { list, me: desk.me()?, most, samples: incoming.files() };
    edits.check(&shown)?;
    let stored = incoming.store(desk)?;
    let made = make(desk, session, shown, &edits, edit.json).await;
    if made.is_err()
        && let Ok(left) = desk.score(session).await
    {
        stored.forget_unknown(&left.score);
    }
    made
}

/// Makes the edits one after the other.
async fn make(desk: &mut Desk, session: SessionId, mut shown: Shown, edits: &Edits, json: bool) -> Outcome {
    let mut saved = 0;
    while saved < edits.list.len() {
        if edits.needs_look(saved) {
            shown = desk.score(session).await?;
        }
        let commands = edits.batch(saved, &shown)?;
        let next = saved + commands.len();
        edits.send(desk, session, saved, commands).await?;
        if json {
            for words in &edits.list[saved..next] {
                output::print_json(&Report {
                    saved: true,
                    session: session.to_string(),
                    edit: words.join(" "),
                })?;
            }
        }
        saved = next;
    }
    match saved {
        _ if json => Ok(()),
        1 => output::print_line("saved"),
        count => output::print_line(&format!("{count} edits saved")),
    }
}

/// The edits of one command line.
struct Edits {
    list: Vec<Vec<String>>,
    me: PlayerKey,
    /// How many are sent at once.
    most: usize,
    samples: BroughtFiles,
}

impl Edits {
    /// Refuses everything when some edit cannot be read, unless one before it could make it fit.
    fn check(&self, shown: &Shown) -> Outcome {
        for (index, edit) in self.list.iter().enumerate() {
            match self.read(edit, shown) {
                Err(error)
                    if !error.is_of_session()
                        || !self.list[..index].iter().any(|edit| words::stands_alone(edit)) =>
                {
                    return Err(self.misread(index, error, "nothing was changed"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether the session has to be looked at again before an edit can be read.
    fn needs_look(&self, index: usize) -> bool {
        index > 0 && (words::stands_alone(&self.list[index]) || words::stands_alone(&self.list[index - 1]))
    }

    /// The next edits that can be read against the session as it stands: up to the first that changes what words mean, such
    /// as a track's name, or that reads what the others write.
    fn batch(&self, first: usize, shown: &Shown) -> Outcome<Vec<Command>> {
        let mut commands = Vec::new();
        for (index, edit) in self.list.iter().enumerate().skip(first).take(self.most) {
            let stands_alone = words::stands_alone(edit);
            if stands_alone && !commands.is_empty() {
                break;
            }
            let command = self.read(edit, shown);
            commands.push(command.map_err(|error| self.misread(index, error, &already_saved(index)))?);
            if stands_alone {
                break;
            }
        }
        Ok(commands)
    }

    /// Has edits made; they are safe when this returns.
    async fn send(
        &self,
        desk: &mut Desk,
        session: SessionId,
        first: usize,
        commands: Vec<Command>,
    ) -> Outcome {
        let count = commands.len();
        match desk.ask_one(Request::Edit { session, commands }).await {
            Ok(Reply::Done) => Ok(()),
            Ok(_) => Err(misunderstood()),
            Err(Failure::Failed(error)) if self.list.len() == 1 => Err(Failure::Failed(error)),
            Err(Failure::Failed(error)) if count == 1 => {
                Err(Failure::Failed(self.placed(first, &error, &already_saved(first))))
            }
            Err(Failure::Failed(error)) => {
                let range = format!(
                    "one of the edits {} to {} (those before it are saved)",
                    first + 1,
                    first + count
                );
                Err(Failure::Failed(error.context(range)))
            }
            Err(failure) => Err(failure),
        }
    }

    fn misread(&self, index: usize, error: WordsError, standing: &str) -> Failure {
        let is_usage = !error.is_of_session();
        let error = self.placed(index, &error.into(), standing);
        if is_usage { Failure::Usage(error) } else { Failure::Failed(error) }
    }

    /// Of several edits, says which one it was and what became of the others.
    fn placed(&self, index: usize, error: &anyhow::Error, standing: &str) -> anyhow::Error {
        if self.list.len() == 1 {
            return anyhow::anyhow!("{error}");
        }
        anyhow::anyhow!("edit {} (`{}`): {error} ({standing})", index + 1, self.list[index].join(" "))
    }

    fn read(&self, edit: &[String], shown: &Shown) -> Result<Command, WordsError> {
        // Ids need not be secret, only unlike each other; without randomness there would be no identity to edit with.
        let mut random = || getrandom::u64().unwrap_or_default();
        let (score, scene) = (&shown.score, shown.score.first_scene());
        let (now, samples) = (HostClock::calendar(), &self.samples);
        let mut context = Context { score, me: self.me, now, random: &mut random, scene, samples };
        words::parse(edit, &mut context)
    }
}

fn already_saved(index: usize) -> String {
    match index {
        0 => "nothing was changed".to_owned(),
        1 => "the edit before it is saved".to_owned(),
        _ => format!("the {index} edits before it are saved"),
    }
}
