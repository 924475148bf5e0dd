//! The ledger, on disk and in memory.

use std::collections::BTreeMap;

use redb::{ReadableDatabase, TableDefinition};

use super::kept_plugins::RolledBack;
use super::open::{Held, LedgerFile, Owner};
use super::*;
use crate::runs::ending::Ending;
use crate::runs::record::Progress;
use crate::runs::state::State;
use crate::samples;

mod formats;

fn owner() -> Owner {
    Owner {
        region: "eu-west-1".into(),
        endpoint: String::new(),
        account: None,
    }
}

fn open(path: &Path, owner: &Owner) -> Result<(Ledger, Held), LedgerError> {
    LedgerFile::open(path)?.begin(owner)
}

/// A folder for a ledger, and the ledger's path.
fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("runs.db");
    (folder, path)
}

fn record(number: u128) -> Record {
    Record {
        guid: Uuid::from_u128(number),
        ..samples::record()
    }
}

fn over(number: u128, ending: Ending) -> Record {
    let mut record = record(number);
    record.finish(ending, None);
    record
}

/// What a ledger with these runs holds when it is opened again.
async fn reopened(path: &Path, records: &[Record]) -> Held {
    let (ledger, _) = open(path, &owner()).unwrap();
    for record in records {
        ledger.put(record, None).await.unwrap();
    }
    ledger.close().await;
    let (ledger, held) = open(path, &owner()).unwrap();
    ledger.close().await;
    held
}

/// Changes a closed ledger's file behind its back.
fn tamper(path: &Path, change: impl FnOnce(&redb::WriteTransaction)) {
    let database = Database::create(path).unwrap();
    let transaction = database.begin_write().unwrap();
    change(&transaction);
    transaction.commit().unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn write_json(path: &Path, number: u128, json: &str) {
    tamper(path, |transaction| {
        let mut runs = transaction.open_table(tables::RUNS).unwrap();
        runs.insert(number, json).unwrap();
    });
}

fn totals(totals: &[(State, u64)]) -> BTreeMap<State, u64> {
    totals.iter().copied().collect()
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let (_folder, path) = place();
    let (ledger, held) = open(&path, &owner()).unwrap();
    assert!(held.runs.is_empty());
    let mut run = record(1);
    ledger.put(&run, Some("churn.json")).await.unwrap();
    run.progress = Progress::Starting;
    ledger.put(&run, None).await.unwrap();
    assert_eq!(ledger.get(run.guid).await.unwrap(), Some(run.clone()));
    ledger.close().await;

    let (_ledger, held) = open(&path, &owner()).unwrap();
    assert_eq!(held.files["churn.json"], run.guid);
    assert_eq!(held.runs, [run]);
}

#[tokio::test]
async fn runs_in_each_state_are_counted_and_only_those_that_are_not_over_are_read() {
    let (_folder, path) = place();
    let mut retried = over(4, Ending::Failed);
    retried.progress = Progress::Finished {
        run_id: Some("run-4".into()),
        ending: Ending::Failed,
        reason: None,
        at: Timestamp::UNIX_EPOCH,
    };
    let failed = retried.clone();
    assert!(retried.want_retried(Uuid::from_u128(9)));
    let records = [
        record(1),
        over(2, Ending::Success),
        over(3, Ending::Success),
        record(3),
        over(3, Ending::Failed),
        failed,
        retried,
    ];
    let held = reopened(&path, &records).await;
    let expected = [
        (State::Accepted, 1),
        (State::Retrying, 1),
        (State::Over(Ending::Success), 1),
        (State::Over(Ending::Failed), 1),
    ];
    assert_eq!(held.totals, totals(&expected));

    // Nobody notices what is in a run that is over, because nobody reads it.
    write_json(&path, 2, "not JSON");
    let (_ledger, held) = open(&path, &owner()).unwrap();
    let read: Vec<_> = held.runs.iter().map(|run| run.guid.as_u128()).collect();
    assert_eq!(read, [1, 4]);
    assert!(held.unreadable.is_empty());
    assert_eq!(held.totals, totals(&expected));
}

#[tokio::test]
async fn a_closed_ledger_is_whole_and_not_locked() {
    let (_folder, path) = place();
    let (ledger, _) = open(&path, &owner()).unwrap();
    ledger.put(&record(1), None).await.unwrap();
    // Another owner, as the task of a run is, doesn't keep it open.
    let another = ledger.clone();
    ledger.close().await;
    assert!(another.put(&record(2), None).await.is_err());
    Database::builder()
        .set_repair_callback(|_| panic!("it was not closed"))
        .open(&path)
        .unwrap();
}

/// Opens the ledger and closes it.
async fn try_open(path: &Path, owner: &Owner) -> Result<(), LedgerError> {
    let (ledger, _) = open(path, owner)?;
    ledger.close().await;
    Ok(())
}

#[tokio::test]
async fn a_ledger_of_another_connection_is_refused() {
    let (_folder, path) = place();
    let account = |account: &str| Owner {
        account: Some(account.into()),
        ..owner()
    };
    try_open(&path, &owner()).await.unwrap();
    let other = Owner {
        region: "us-east-1".into(),
        ..owner()
    };
    let error = try_open(&path, &other).await.unwrap_err().to_string();
    assert!(
        error.contains(r#"its runs are of the region "eu-west-1", and this is "us-east-1""#),
        "{error}"
    );
    // Bound to the account as soon as that is known, and used where it isn't.
    try_open(&path, &account("111111111111")).await.unwrap();
    try_open(&path, &owner()).await.unwrap();
    let other = account("222222222222");
    let error = try_open(&path, &other).await.unwrap_err().to_string();
    assert!(
        error.contains(r#"its runs are of the account "111111111111""#),
        "{error}"
    );
}

#[test]
fn a_ledger_that_is_in_use_is_refused_as_such() {
    let (_folder, path) = place();
    let _open = open(&path, &owner()).unwrap();
    let error = open(&path, &owner()).unwrap_err().to_string();
    assert!(error.contains("in use by another process"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_file_of_another_program_is_refused_and_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = place();
    std::fs::write(&path, "notes of mine").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let error = open(&path, &owner()).unwrap_err().to_string();
    assert!(error.starts_with("cannot open the ledger "), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"notes of mine");
}

#[tokio::test]
async fn a_record_that_cannot_be_understood_is_kept_aside_and_the_others_go_on() {
    let (_folder, path) = place();
    let runs = [record(6), record(7), record(8)];
    reopened(&path, &runs).await;
    write_json(&path, 7, "{}");
    let (ledger, held) = open(&path, &owner()).unwrap();
    assert_eq!(held.unreadable, [Uuid::from_u128(7)]);
    assert_eq!(held.runs.len(), 2);
    assert_eq!(held.totals, totals(&[(State::Accepted, 2)]));
    ledger.close().await;

    // It is reported once, and is there still.
    let (ledger, held) = open(&path, &owner()).unwrap();
    assert!(held.unreadable.is_empty());
    ledger.close().await;
    let database = Database::open(&path).unwrap();
    let aside = database.begin_read().unwrap();
    let aside = aside.open_table(tables::ASIDE).unwrap();
    assert_eq!(aside.get(7).unwrap().unwrap().value(), "{}");
}

/// A run that was over at this second of 1970.
fn over_at(number: u128, second: i64) -> Record {
    let mut record = record(number);
    record.origin = format!("{number}.json");
    record.progress = Progress::Finished {
        run_id: None,
        ending: Ending::Success,
        reason: None,
        at: Timestamp::from_second(second).unwrap(),
    };
    record
}

#[tokio::test]
async fn runs_that_were_over_for_long_are_removed_once_their_job_files_are_gone() {
    let (_folder, path) = place();
    let (ledger, _) = open(&path, &owner()).unwrap();
    ledger.put(&record(1), None).await.unwrap();
    for (number, second) in [(2, 10), (3, 20), (4, 30), (5, 10)] {
        let file = format!("{number}.json");
        let run = over_at(number, second);
        ledger.put(&run, Some(&file)).await.unwrap();
    }
    let before = Timestamp::from_second(30).unwrap();
    let pruned = ledger.prune(before, |file| file == "3.json").await.unwrap();
    let over = State::Over(Ending::Success);
    assert_eq!(pruned.runs, totals(&[(over, 2)]));
    assert_eq!(pruned.files, ["2.json", "5.json"]);
    let again = ledger.prune(before, |file| file == "3.json").await.unwrap();
    assert_eq!(again, Pruned::default(), "nothing is left to remove");
    ledger.close().await;

    let (ledger, held) = open(&path, &owner()).unwrap();
    assert_eq!(held.totals, totals(&[(State::Accepted, 1), (over, 2)]));
    assert_eq!(held.files.len(), 2);
    assert_eq!(ledger.get(Uuid::from_u128(2)).await.unwrap(), None);
    assert!(ledger.get(Uuid::from_u128(4)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_record_that_cannot_be_understood_is_put_aside_where_others_are_removed() {
    let (_folder, path) = place();
    reopened(&path, &[over_at(2, 10)]).await;
    write_json(&path, 2, "{}");
    let (ledger, _) = open(&path, &owner()).unwrap();
    let pruned = ledger.prune(Timestamp::now(), |_| false).await.unwrap();
    assert_eq!(pruned.unreadable, [Uuid::from_u128(2)]);
    ledger.close().await;
    let (_ledger, held) = open(&path, &owner()).unwrap();
    assert!(held.totals.is_empty());
}

#[tokio::test]
async fn a_ledger_in_memory_takes_runs() {
    let ledger = Ledger::in_memory().unwrap();
    assert!(ledger.put(&record(1), None).await.is_ok());
}

fn plugin(number: u8) -> KeptPlugin {
    let component = vec![number; 3];
    KeptPlugin {
        digest: Digest::compute(&component),
        component,
    }
}

/// What a restart finds of a plugin that was rolled back from.
fn rolled_back(path: &Path, plugin: &KeptPlugin) -> Option<RolledBack> {
    let file = LedgerFile::open(path).unwrap();
    file.rolled_back(plugin.digest).unwrap()
}

#[tokio::test]
async fn a_rollback_lasts_over_a_restart() {
    let (_folder, path) = place();
    let (ledger, _) = open(&path, &owner()).unwrap();
    ledger.keep_plugin("a", plugin(1)).await.unwrap();
    ledger.keep_plugin("a", plugin(2)).await.unwrap();
    assert_eq!(ledger.earlier_plugin("a").await.unwrap(), Some(plugin(1)));
    ledger.roll_back("a", plugin(2).digest).await.unwrap();
    ledger.close().await;
    let expected = RolledBack {
        job_type: "a".into(),
        latest: Some(plugin(1)),
    };
    assert_eq!(rolled_back(&path, &plugin(2)), Some(expected));
    assert_eq!(rolled_back(&path, &plugin(1)), None);

    // Somebody wants it all the same.
    let (ledger, _) = open(&path, &owner()).unwrap();
    ledger.keep_plugin("a", plugin(2)).await.unwrap();
    assert_eq!(ledger.earlier_plugin("a").await.unwrap(), Some(plugin(1)));
    ledger.close().await;
    assert_eq!(rolled_back(&path, &plugin(2)), None);
}

#[tokio::test]
async fn the_last_five_plugins_are_kept() {
    let (_folder, path) = place();
    let (ledger, _) = open(&path, &owner()).unwrap();
    for number in 1..=7 {
        ledger.keep_plugin("a", plugin(number)).await.unwrap();
        ledger.keep_plugin("a", plugin(number)).await.unwrap();
    }
    for number in (3..7).rev() {
        let earlier = ledger.earlier_plugin("a").await.unwrap();
        assert_eq!(earlier, Some(plugin(number)));
        let refused = plugin(number + 1).digest;
        ledger.roll_back("a", refused).await.unwrap();
    }
    assert_eq!(ledger.earlier_plugin("a").await.unwrap(), None);
}

#[tokio::test]
async fn each_job_type_has_plugins_of_its_own() {
    let (_folder, path) = place();
    let (ledger, _) = open(&path, &owner()).unwrap();
    ledger.keep_plugin("b", plugin(11)).await.unwrap();
    ledger.keep_plugin("b", plugin(12)).await.unwrap();
    for number in 1..=7 {
        ledger.keep_plugin("a", plugin(number)).await.unwrap();
    }
    ledger.roll_back("a", plugin(7).digest).await.unwrap();
    assert_eq!(ledger.earlier_plugin("a").await.unwrap(), Some(plugin(5)));
    assert_eq!(ledger.earlier_plugin("b").await.unwrap(), Some(plugin(11)));
    ledger.roll_back("b", plugin(12).digest).await.unwrap();
    ledger.close().await;
    for (refused, job_type, latest) in [(7, "a", 6), (12, "b", 11)] {
        let expected = RolledBack {
            job_type: job_type.into(),
            latest: Some(plugin(latest)),
        };
        assert_eq!(rolled_back(&path, &plugin(refused)), Some(expected));
    }
}
