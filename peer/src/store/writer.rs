//! The log's writer: appends without waiting, tells when they are durable.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::{Log, MAX_CHECKPOINT_BYTES, RecordKind, StoreError, Ticket};

/// How many jobs may wait for the writer. When full, whoever appends waits: a session then reads its links more
/// slowly, and the far ends feel it.
const MAX_WAITING_JOBS: usize = 4096;

/// How long the writer lets a disk that refused rest before the next attempt: often enough that freed space is found
/// while the player watches, seldom enough to cost nothing.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How far the disk has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Durable {
    /// Every record up to this one is durable.
    pub up_to: Ticket,
    /// Why the disk refuses to write, in words, until it no longer does.
    pub trouble: Option<String>,
}

enum Job {
    Append { kind: RecordKind, body: Vec<u8> },
    Compact { records: Vec<(RecordKind, Vec<u8>)> },
    Checkpoint { body: Vec<u8> },
}

/// Appends to a session's log from async code.
///
/// All that is appended while one `fsync` runs becomes durable by the next one. A disk that refuses is asked again
/// for as long as the writer lives, and nothing appended is forgotten meanwhile.
#[derive(Debug)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    durable: watch::Receiver<Durable>,
    appended: Ticket,
    task: JoinHandle<Result<(), StoreError>>,
}

impl Writer {
    /// Starts writing `log`.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn start(log: Log) -> Self {
        let (jobs, waiting) = mpsc::channel(MAX_WAITING_JOBS);
        let appended = log.durable();
        let (told, durable) = watch::channel(Durable { up_to: appended, trouble: None });
        Self { jobs, durable, appended, task: tokio::spawn(write(log, waiting, told)) }
    }

    /// Hands a record over and returns its ticket; [`durable`](Self::durable) tells when the disk has reached it.
    ///
    /// # Errors
    /// When the body is longer than its kind allows, or the writer has died.
    pub async fn append(&mut self, kind: RecordKind, body: Vec<u8>) -> Result<Ticket, StoreError> {
        check_len(kind, &body)?;
        self.send(Job::Append { kind, body }).await?;
        self.appended.0 += 1;
        Ok(self.appended)
    }

    /// Has everything appended so far replaced by `records`. Should the disk refuse, all stays as it is.
    ///
    /// # Errors
    /// When a body is longer than its kind allows, or the writer has died.
    pub async fn compact(&self, records: Vec<(RecordKind, Vec<u8>)>) -> Result<(), StoreError> {
        records.iter().try_for_each(|(kind, body)| check_len(*kind, body))?;
        self.send(Job::Compact { records }).await
    }

    /// Has the checkpoint replaced, once everything appended so far is durable. A checkpoint that is too long or that
    /// the disk refuses is left out: it only ever saves time.
    ///
    /// # Errors
    /// When the writer has died.
    pub async fn checkpoint(&self, body: Vec<u8>) -> Result<(), StoreError> {
        if body.len() > MAX_CHECKPOINT_BYTES {
            return Ok(());
        }
        self.send(Job::Checkpoint { body }).await
    }

    /// The ticket of the last record appended.
    pub fn appended(&self) -> Ticket {
        self.appended
    }

    /// How far the disk has come, to be looked at or waited on.
    pub fn durable(&self) -> watch::Receiver<Durable> {
        self.durable.clone()
    }

    /// Makes everything appended durable and ends.
    ///
    /// # Errors
    /// When the disk refuses even once more: what had no place by then is lost with the process.
    pub async fn close(self) -> Result<(), StoreError> {
        drop(self.jobs);
        self.task.await.map_err(|_| StoreError::Closed)?
    }

    async fn send(&self, job: Job) -> Result<(), StoreError> {
        self.jobs.send(job).await.map_err(|_| StoreError::Closed)
    }
}

fn check_len(kind: RecordKind, body: &[u8]) -> Result<(), StoreError> {
    let max = kind.max_body_bytes();
    if body.len() > max { Err(StoreError::RecordTooLong { kind, bytes: body.len(), max }) } else { Ok(()) }
}

/// Carries out jobs from the front, then makes them durable. After an error the jobs not done are still there.
fn carry_out(log: &mut Log, jobs: &mut VecDeque<Job>) -> Result<Ticket, StoreError> {
    while let Some(job) = jobs.front() {
        match job {
            Job::Append { kind, body } => match log.append(*kind, body) {
                Err(StoreError::TooMuchWaiting { .. }) => {
                    log.commit()?;
                    continue;
                }
                appended => {
                    appended?;
                }
            },
            Job::Compact { records } => {
                let records = records.iter().map(|(kind, body)| (*kind, &body[..])).collect::<Vec<_>>();
                if let Err(error) = log.compact(&records) {
                    tracing::warn!(error = error.for_log(), "could not compact a log");
                }
            }
            Job::Checkpoint { body } => {
                log.commit()?;
                if let Err(error) = log.checkpoint(body) {
                    tracing::warn!(error = error.for_log(), "could not write a checkpoint");
                }
            }
        }
        jobs.pop_front();
    }
    log.commit()
}

async fn write(
    mut log: Log,
    mut waiting: mpsc::Receiver<Job>,
    told: watch::Sender<Durable>,
) -> Result<(), StoreError> {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, MAX_WAITING_JOBS).await > 0 {
        let mut jobs = VecDeque::from(std::mem::take(&mut batch));
        loop {
            let result;
            (log, jobs, result) = tokio::task::spawn_blocking(move || {
                let result = carry_out(&mut log, &mut jobs);
                (log, jobs, result)
            })
            .await
            .map_err(|_| StoreError::Closed)?;
            match result {
                Ok(up_to) => {
                    told.send_replace(Durable { up_to, trouble: None });
                    break;
                }
                Err(error) if waiting.is_closed() => return Err(error),
                Err(error) => {
                    told.send_modify(|durable| durable.trouble = Some(error.to_string()));
                    tokio::time::sleep(RETRY_AFTER).await;
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Disk;
    use super::super::simulated_disk::{Seeded, SimulatedDisk};
    use super::*;

    const FOLDER: &str = "jam";

    fn start(disk: &SimulatedDisk) -> Writer {
        let disk: Arc<dyn Disk> = Arc::new(disk.clone());
        Writer::start(Log::open(disk, FOLDER.as_ref(), "session").unwrap().0)
    }

    fn records(disk: &SimulatedDisk) -> Vec<Vec<u8>> {
        let (_, recovered) = Log::open(Arc::new(disk.clone()), FOLDER.as_ref(), "session").unwrap();
        recovered.records().map(|(_, body)| body.to_vec()).collect()
    }

    #[tokio::test]
    async fn what_is_told_durable_survives_a_power_cut() {
        let disk = SimulatedDisk::default();
        let mut writer = start(&disk);
        let mut ticket = Ticket::default();
        for number in 0..100_u8 {
            ticket = writer.append(RecordKind::Change, vec![number]).await.unwrap();
        }
        let mut durable = writer.durable();
        durable.wait_for(|durable| durable.up_to >= ticket).await.unwrap();
        let after = disk.restart(&mut Seeded(1));
        assert_eq!(records(&after), (0..100).map(|number| vec![number]).collect::<Vec<_>>());
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_disk_is_told_and_everything_is_written_once_there_is_room() {
        let disk = SimulatedDisk::default();
        let mut writer = start(&disk);
        let mut durable = writer.durable();
        disk.leave_room(Some(3));
        let first = writer.append(RecordKind::Change, vec![1]).await.unwrap();
        let told = durable.wait_for(|durable| durable.trouble.is_some()).await.unwrap().clone();
        assert!(told.trouble.unwrap().contains("the disk is full"));
        assert!(told.up_to < first);
        let second = writer.append(RecordKind::Change, vec![2]).await.unwrap();
        disk.leave_room(None);
        let told = durable.wait_for(|durable| durable.up_to >= second).await.unwrap().clone();
        assert_eq!(told.trouble, None);
        writer.close().await.unwrap();
        assert_eq!(records(&disk.restart(&mut Seeded(2))), [vec![1], vec![2]]);
    }

    #[tokio::test]
    async fn closing_on_a_full_disk_says_that_it_could_not_save() {
        let disk = SimulatedDisk::default();
        let mut writer = start(&disk);
        disk.leave_room(Some(0));
        writer.append(RecordKind::Change, vec![1]).await.unwrap();
        let refused = writer.close().await.unwrap_err().to_string();
        assert!(refused.contains("the disk is full"), "{refused}");
    }

    #[tokio::test]
    async fn compaction_and_checkpoint_keep_their_place_in_the_order() {
        let disk = SimulatedDisk::default();
        let mut writer = start(&disk);
        writer.append(RecordKind::Change, vec![1]).await.unwrap();
        writer.compact(vec![(RecordKind::Snapshot, vec![9])]).await.unwrap();
        writer.append(RecordKind::Change, vec![2]).await.unwrap();
        writer.checkpoint(vec![7]).await.unwrap();
        writer.close().await.unwrap();
        assert_eq!(records(&disk), [vec![9], vec![2]]);
        let checkpoint = super::super::read_checkpoint(&disk, FOLDER.as_ref(), "session").unwrap();
        assert_eq!((checkpoint.body, checkpoint.is_current), (vec![7], true));
    }
}
