//! The one thread that writes, and the commits that its callers share.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::super::StorageError;
use super::write::{Work, carry_out};

/// How much work may wait for the thread. When full, whoever hands more over waits.
const MAX_WAITING: usize = 4_096;

/// How much work shares one commit: more would make the first of it wait for the last.
const MAX_WORK_A_COMMIT: usize = 1_024;

/// How long a disk that refused rests before the next attempt: often enough that freed space is found while somebody watches.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Somebody's work, and where the answer goes.
#[derive(Debug)]
struct Job {
    work: Work,
    done: oneshot::Sender<Result<bool, StorageError>>,
}

/// The thread's handle.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    trouble: Trouble,
}

/// Why the disk refuses, while it does.
type Trouble = Arc<Mutex<Option<String>>>;

impl Writer {
    /// Starts the thread.
    pub(super) fn start(database: Connection) -> Result<Self, StorageError> {
        let (jobs, waiting) = mpsc::channel(MAX_WAITING);
        let trouble = Trouble::default();
        let told = trouble.clone();
        let thread =
            thread::Builder::new().name("storage".to_owned()).spawn(move || write(database, waiting, &told));
        let thread = thread.map_err(|error| StorageError::Database(error.to_string()))?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)), trouble })
    }

    /// Hands work over. The answer is ready when it is durable.
    pub(super) async fn hand_over(
        &self,
        work: Work,
    ) -> Result<oneshot::Receiver<Result<bool, StorageError>>, StorageError> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (done, answer) = oneshot::channel();
        let handed = jobs.ok_or(StorageError::Closed)?.send(Job { work, done }).await;
        handed.map_err(|_| StorageError::Closed)?;
        Ok(answer)
    }

    /// Why nothing becomes durable at the moment.
    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets the thread do what waits, and end. A disk that refuses even then is asked no more.
    pub(super) async fn close(&self) -> Result<(), StorageError> {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return Ok(());
        };
        let ended = tokio::task::spawn_blocking(|| thread.join()).await;
        if matches!(ended, Ok(Ok(()))) {
            self.trouble().map_or(Ok(()), |why| Err(StorageError::Database(why)))
        } else {
            Err(StorageError::Closed)
        }
    }
}

/// Commits what waits, all of it together, until nobody can hand over more.
fn write(mut database: Connection, mut waiting: mpsc::Receiver<Job>, trouble: &Trouble) {
    let mut jobs = Vec::new();
    while waiting.blocking_recv_many(&mut jobs, MAX_WORK_A_COMMIT) > 0 {
        let answers = loop {
            match commit(&mut database, &jobs) {
                Ok(answers) => break answers,
                Err(error) => {
                    tracing::error!(%error, "nothing can be kept");
                    *trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
                    if waiting.is_closed() {
                        return;
                    }
                    thread::sleep(RETRY_AFTER);
                }
            }
        };
        *trouble.lock().unwrap_or_else(PoisonError::into_inner) = None;
        for (job, answer) in jobs.drain(..).zip(answers) {
            // Whoever has gone away meanwhile needs no answer.
            job.done.send(answer).ok();
        }
    }
}

/// Writes all jobs in one transaction and makes it durable. A job that the database has no place for is left out, with its
/// reason; a database that refuses altogether refuses all.
fn commit(
    database: &mut Connection,
    jobs: &[Job],
) -> Result<Vec<Result<bool, StorageError>>, rusqlite::Error> {
    let mut transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut answers = Vec::with_capacity(jobs.len());
    for job in jobs {
        let savepoint = transaction.savepoint()?;
        let answer = carry_out(&savepoint, &job.work);
        if answer.is_ok() {
            savepoint.commit()?;
        } else {
            savepoint.finish()?;
        }
        answers.push(answer);
    }
    transaction.commit()?;
    Ok(answers)
}
