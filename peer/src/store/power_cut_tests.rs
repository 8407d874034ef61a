//! What the store promises, tried against a disk whose power fails.

use std::path::Path;
use std::sync::Arc;

use super::simulated_disk::{Seeded, SimulatedDisk};
use super::{Log, RecordKind, Recovered, StoreError, read_checkpoint};

const SESSION: &str = "test session";
const FOLDER: &str = "home/sessions/jam";

fn open(disk: &SimulatedDisk) -> Result<(Log, Recovered), StoreError> {
    Log::open(Arc::new(disk.clone()), Path::new(FOLDER), SESSION)
}

/// The numbers of the edits that a log holds. A change's body is its number and some padding; a snapshot's body is
/// the count of edits that it stands for.
fn edits(recovered: &Recovered) -> Vec<u64> {
    let mut edits = Vec::new();
    for (kind, body) in recovered.records() {
        let number = u64::from_le_bytes(*body.first_chunk().unwrap());
        match kind {
            RecordKind::Snapshot => edits = (0..number).collect(),
            _ => edits.push(number),
        }
    }
    edits
}

fn change(number: u64, random: &mut Seeded) -> Vec<u8> {
    let mut body = number.to_le_bytes().to_vec();
    body.resize(8 + random.below(300), number as u8);
    body
}

/// One life of a process: edits, commits, compactions and checkpoints until the power goes. Keeps `appended` (edits
/// made in all) and `durable` (edits reported durable) as the process knew them.
fn live(log: &mut Log, disk: &SimulatedDisk, random: &mut Seeded, appended: &mut u64, durable: &mut u64) {
    while !disk.power_is_cut() {
        match random.below(10) {
            0..=5 => {
                log.append(RecordKind::Change, &change(*appended, random)).unwrap();
                *appended += 1;
            }
            6..=7 => {
                if log.commit().is_ok() {
                    *durable = *appended;
                }
            }
            8 => {
                let body = appended.to_le_bytes();
                if log.compact(&[(RecordKind::Snapshot, &body)]).is_ok() {
                    *durable = *appended;
                }
            }
            _ => {
                if log.checkpoint(&appended.to_le_bytes()).is_ok() {
                    *durable = *appended;
                }
            }
        }
    }
}

/// Runs one seed through several power cuts, some of them while the store recovers from the one before. Counts the
/// checkpoints that are `current` after a cut.
fn survive(seed: u64, current: &mut u32) {
    let mut random = Seeded(seed);
    let mut disk = SimulatedDisk::default();
    let mut durable = 0;
    for life in 0..4 {
        disk.cut_power_after(1 + random.below(60));
        let mut appended = durable;
        if let Ok((mut log, recovered)) = open(&disk) {
            let found = edits(&recovered);
            assert!(found.len() as u64 >= durable, "seed {seed}, life {life}: {durable} were durable");
            appended = found.len() as u64;
            // What was found may be more than was reported, and counts as durable as soon as it is read.
            live(&mut log, &disk, &mut random, &mut appended, &mut durable);
        }
        disk = disk.restart(&mut random);
        let (_, recovered) = open(&disk).unwrap_or_else(|error| panic!("seed {seed}, life {life}: {error}"));
        let found = edits(&recovered);
        let expected = (0..found.len() as u64).collect::<Vec<_>>();
        assert_eq!(found, expected, "seed {seed}, life {life}: edits in order, without gaps");
        assert!(
            found.len() as u64 >= durable,
            "seed {seed}, life {life}: {durable} durable, {} found",
            found.len()
        );
        assert!(found.len() as u64 <= appended, "seed {seed}, life {life}: none that was not made");
        if let Some(checkpoint) = read_checkpoint(&disk, Path::new(FOLDER), SESSION) {
            let shown = u64::from_le_bytes(*checkpoint.body.first_chunk().unwrap());
            assert!(shown <= found.len() as u64, "seed {seed}, life {life}: edits that are not there");
            assert!(!checkpoint.is_current || shown == found.len() as u64, "seed {seed}, life {life}");
            *current += u32::from(checkpoint.is_current);
        }
        durable = found.len() as u64;
    }
}

#[test]
fn no_durable_record_is_lost_in_a_thousand_power_cuts_and_the_store_always_opens() {
    let mut current = 0;
    for seed in 0..1_000 {
        survive(seed, &mut current);
    }
    assert!(current > 100, "{current} checkpoints were current, which is too few to tell anything");
}

#[test]
fn the_power_cut_test_notices_a_disk_that_lies_about_syncs() {
    let lost = (0..50).filter(|&seed| {
        let mut random = Seeded(seed);
        let disk = SimulatedDisk::default();
        let (mut log, _) = open(&disk).unwrap();
        log.append(RecordKind::Change, &change(0, &mut random)).unwrap();
        // The kernel forgets the write, as it may after a failed sync, and the error is swallowed.
        disk.fail_syncs(1);
        log.commit().unwrap_err();
        let (_, recovered) = open(&disk.restart(&mut random)).unwrap();
        edits(&recovered).is_empty()
    });
    assert_eq!(lost.count(), 50);
}

#[test]
fn a_commit_after_a_failed_sync_writes_everything_again() {
    let mut random = Seeded(7);
    let disk = SimulatedDisk::default();
    let (mut log, _) = open(&disk).unwrap();
    for number in 0..20 {
        log.append(RecordKind::Change, &change(number, &mut random)).unwrap();
    }
    disk.fail_syncs(1);
    log.commit().unwrap_err();
    log.commit().unwrap();
    let (_, recovered) = open(&disk.restart(&mut random)).unwrap();
    assert_eq!(edits(&recovered), (0..20).collect::<Vec<_>>());
}

#[test]
fn a_full_disk_is_said_in_words_and_loses_nothing_once_there_is_room() {
    let mut random = Seeded(11);
    let disk = SimulatedDisk::default();
    let (mut log, _) = open(&disk).unwrap();
    log.append(RecordKind::Change, &change(0, &mut random)).unwrap();
    log.commit().unwrap();
    disk.leave_room(Some(5));
    log.append(RecordKind::Change, &change(1, &mut random)).unwrap();
    let refused = log.commit().unwrap_err().to_string();
    assert!(refused.contains("the disk is full; free some space"), "{refused}");
    assert!(log.compact(&[(RecordKind::Snapshot, &2_u64.to_le_bytes())]).is_err());

    // Another process can still open what is there, torn end and all.
    let (_, recovered) = open(&disk).unwrap();
    assert_eq!(edits(&recovered), [0]);

    disk.leave_room(None);
    log.append(RecordKind::Change, &change(2, &mut random)).unwrap();
    log.commit().unwrap();
    let (_, recovered) = open(&disk.restart(&mut random)).unwrap();
    assert_eq!(edits(&recovered), [0, 1, 2]);
}

#[test]
fn a_log_that_has_rotted_in_its_middle_opens_with_what_stands_before_and_keeps_the_rest_aside() {
    let mut random = Seeded(13);
    let disk = SimulatedDisk::default();
    let (mut log, _) = open(&disk).unwrap();
    log.append(RecordKind::Change, &change(0, &mut random)).unwrap();
    log.commit().unwrap();
    let before = log.durable_bytes() as usize;
    log.append(RecordKind::Change, &change(1, &mut random)).unwrap();
    log.append(RecordKind::Change, &change(2, &mut random)).unwrap();
    log.commit().unwrap();
    let after = log.durable_bytes() as usize;
    disk.rot(&Path::new(FOLDER).join("log"), before + 1);

    let (_, recovered) = open(&disk).unwrap();
    assert_eq!(edits(&recovered), [0]);
    assert_eq!(recovered.cut_bytes, after - before);
    let aside = super::Disk::read(&disk, &Path::new(FOLDER).join("cut-0"), 1 << 20).unwrap().unwrap();
    assert_eq!(aside.len(), after - before);
}

#[test]
fn a_log_of_another_version_is_refused_and_left_alone() {
    let disk = SimulatedDisk::default();
    let path = Path::new(FOLDER).join("log");
    let mut file = super::Disk::create(&disk, &path).unwrap();
    file.append(b"offbeat log 0002 something else").unwrap();
    let refused = open(&disk).unwrap_err().to_string();
    assert!(refused.contains("another version of Offbeat (log format 0002)"), "{refused}");
    let bytes = super::Disk::read(&disk, &path, 1 << 20).unwrap().unwrap();
    assert_eq!(bytes, b"offbeat log 0002 something else");
}

#[test]
fn a_real_folder_keeps_records_across_openings() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("sessions/jam");
    let disk = Arc::new(super::RealDisk);
    let (mut log, _) = Log::open(disk.clone(), &folder, SESSION).unwrap();
    log.append(RecordKind::Origin, &0_u64.to_le_bytes()).unwrap();
    log.commit().unwrap();
    log.append(RecordKind::Change, &1_u64.to_le_bytes()).unwrap();
    drop(log);
    // The second record was never committed, so it was never written.
    let (mut log, recovered) = Log::open(disk.clone(), &folder, SESSION).unwrap();
    assert_eq!(edits(&recovered), [0]);
    log.compact(&[(RecordKind::Snapshot, &5_u64.to_le_bytes())]).unwrap();
    log.append(RecordKind::Change, &5_u64.to_le_bytes()).unwrap();
    log.commit().unwrap();
    let (_, recovered) = Log::open(disk, &folder, SESSION).unwrap();
    assert_eq!(edits(&recovered), [0, 1, 2, 3, 4, 5]);
}
