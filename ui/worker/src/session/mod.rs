//! A session that this tab hosts: a `jam`, and all that carries out its effects.

mod effects;
mod keeper;
mod line;
mod past;
mod server;
mod wishes;

pub(crate) use wishes::ask;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use crdt_model::Session;
use crdt_model::trust::Identity;
use jam::{CommandId, Config, Event, Jam};
use score::SessionId;
use view::{AskId, Command, Connection, Tell};

use crate::browser::{self, Channel, Database, Held, Timer};
use crate::mailbox::post;
use crate::news::{Due, News, Opening, Wish};
use crate::opening::Here;
use crate::tabs::{self, Tab, TabMessage};
use keeper::Keeper;
use line::Line;

/// Most commands that wait until the session is there.
const MAX_WAITING_COMMANDS: usize = 256;

/// Who asked for something: this tab's interface, or another tab.
pub(crate) type Asker = Option<Tab>;

/// What a session needs of the worker that it lives in.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// The page's server, as in `https://offbeat.example`.
    pub(crate) server: String,
    pub(crate) secret: [u8; 32],
    pub(crate) database: Option<Rc<Database>>,
    pub(crate) tab: Tab,
}

/// A session that this tab hosts.
#[derive(Debug)]
pub(crate) struct Hosted {
    pub(crate) id: SessionId,
    opening: Opening,
    around: Surroundings,
    /// `None` until it is known who founded the session.
    jam: Option<Jam>,
    keeper: Keeper,
    line: Line,
    _lock: Option<Held>,
    channel: Option<Channel>,
    watching: BTreeSet<Tab>,
    answers: BTreeMap<CommandId, (Asker, AskId)>,
    last_command: u64,
    waiting: VecDeque<(Asker, AskId, Command)>,
    /// Whether the interface has been shown the session.
    is_shown: bool,
    connection: Connection,
    /// The image of the program that was told last.
    program: Vec<u8>,
    /// Who hears the past.
    previews: BTreeSet<Asker>,
    deadline: Option<Timer>,
    wishes: Vec<Wish>,
}

impl Hosted {
    /// Takes a session in and dials the server.
    pub(crate) fn start(opening: Opening, around: Surroundings, here: Here) -> Self {
        let Here { id, origin, session, keys, opening: keyed, lock, notice } = here;
        let name = tabs::name(id);
        let heard = move |bytes: Vec<u8>| {
            if let Ok(message) = view::host::decode(&bytes) {
                post(News::Tab(opening, message));
            }
        };
        let mut hosted = Self {
            id,
            opening,
            keeper: Keeper::new(opening, id, around.database.clone(), keyed, keys),
            line: Line::new(opening, id, &around.server, origin),
            around,
            jam: None,
            _lock: lock,
            channel: Channel::open(&name, heard).ok(),
            watching: BTreeSet::new(),
            answers: BTreeMap::new(),
            last_command: 0,
            waiting: VecDeque::new(),
            is_shown: false,
            connection: Connection::default(),
            program: Vec::new(),
            previews: BTreeSet::new(),
            deadline: None,
            wishes: Vec::new(),
        };
        hosted.tell_tabs(&TabMessage::Hosting);
        if let Some(session) = session {
            hosted.open(session);
        }
        if let Some(notice) = notice {
            hosted.notice(notice);
        }
        hosted.line.dial();
        hosted
    }

    /// The session is in memory: founded, read or joined.
    fn open(&mut self, session: Session) {
        let config = Config { archive: true, ..Config::player(session.player(), browser::random()) };
        self.keeper.list(session.origin());
        self.jam = Some(Jam::open(config, session));
        if let Some(jam) = &mut self.jam {
            self.keeper.compact(jam.session());
        }
        self.carry_out();
    }

    fn identity(&self) -> Identity {
        Identity::from_secret(&self.around.secret)
    }

    fn handle(&mut self, event: Event) {
        if let Some(jam) = &mut self.jam {
            jam.handle(browser::now(), event);
        }
        self.carry_out();
    }

    /// The player at this machine asks for something.
    pub(crate) fn command(&mut self, asker: Asker, id: AskId, command: Command) {
        if !self.is_shown {
            if self.waiting.len() < MAX_WAITING_COMMANDS {
                self.waiting.push_back((asker, id, command));
            } else {
                let result = Err("The session is still on its way; try again in a moment.".to_owned());
                self.tell(asker, &Tell::Answer { id, result });
            }
            return;
        }
        self.last_command += 1;
        let command_id = CommandId(self.last_command);
        self.answers.insert(command_id, (asker, id));
        self.handle(Event::Date(browser::today()));
        self.handle(Event::Command { id: command_id, command });
    }

    /// Another tab speaks.
    pub(crate) fn tab(&mut self, message: TabMessage) {
        match message {
            TabMessage::Watching(tab) => {
                self.watching.insert(tab);
                self.show_all(Some(tab));
            }
            TabMessage::Command { from, id, command } => self.command(Some(from), id, command),
            TabMessage::Acts(tab) => self.list_acts(Some(tab)),
            TabMessage::Preview(tab, past) => self.preview(Some(tab), past),
            TabMessage::Hosting | TabMessage::Tell { .. } => {}
        }
    }

    /// A timer has run out.
    pub(crate) fn due(&mut self, due: Due) {
        match due {
            Due::Session => {
                self.deadline = None;
                self.handle(Event::Tick);
            }
            Due::Redial => self.line.dial(),
            Due::Frames => self.pass_held(),
            Due::Keep => self.keeper.retry(),
        }
    }

    /// The network is there again.
    pub(crate) fn online(&mut self) {
        self.line.dial_soon();
    }

    /// A transaction has ended.
    pub(crate) fn written(&mut self, result: Result<(), String>) {
        match result {
            Ok(()) => {
                if let Some(upto) = self.keeper.written() {
                    self.handle(Event::Stored { upto });
                }
            }
            Err(reason) => {
                if let Some(notice) = self.keeper.failed(&reason) {
                    self.notice(notice);
                }
            }
        }
    }

    /// Shows everything to an interface that starts.
    pub(crate) fn show_all(&self, to: Asker) {
        let Some(jam) = self.jam.as_ref().filter(|_| self.is_shown) else { return };
        self.tell(to, &Tell::Opened { session: self.id, me: jam.session().player() });
        self.tell(to, &Tell::Patch(view::ViewPatch::Reset(Box::new(jam.view()))));
        self.tell(to, &Tell::Program(self.program.clone()));
        self.tell(to, &Tell::Transport(jam.transport()));
    }

    /// Tells one interface.
    fn tell(&self, to: Asker, tell: &Tell) {
        let Ok(bytes) = view::host::encode(tell) else { return };
        match to {
            None => browser::post(&bytes),
            tab => self.tell_tabs(&TabMessage::Tell { to: tab, tell: bytes }),
        }
    }

    /// Tells every interface.
    fn tell_all(&self, tell: &Tell) {
        let Ok(bytes) = view::host::encode(tell) else { return };
        browser::post(&bytes);
        if !self.watching.is_empty() {
            self.tell_tabs(&TabMessage::Tell { to: None, tell: bytes });
        }
    }

    fn tell_tabs(&self, message: &TabMessage) {
        if let (Some(channel), Ok(bytes)) = (&self.channel, view::host::encode(message)) {
            channel.send(&bytes);
        }
    }

    fn notice(&self, text: String) {
        self.tell_all(&Tell::Patch(view::ViewPatch::Notice(text)));
    }

    /// Says farewell. What was made still reaches the database: its transactions keep their order, whoever opens it next.
    pub(crate) fn leave(mut self) {
        self.handle(Event::Leave(jam::wire::Parting::Leaving));
        self.keeper.finish();
    }
}
