//! The ledger, on disk and in memory.

use std::collections::BTreeMap;

use redb::{ReadableDatabase, TableDefinition};

use super::open::{Held, LedgerFile, Owner};
use super::*;
use crate::runs::ending::Ending;
use crate::runs::record::Progress;
use crate::runs::state::State;
use crate::samples;

fn owner() -> Owner {
    Owner {
        job_type: "example".into(),
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

#[test]
fn a_ledger_of_a_newer_tool_is_refused() {
    let (_folder, path) = place();
    tamper(&path, |transaction| {
        let facts = TableDefinition::<&str, &str>::new("facts");
        let mut facts = transaction.open_table(facts).unwrap();
        facts.insert("format", "4").unwrap();
    });
    let error = open(&path, &owner()).unwrap_err().to_string();
    assert!(error.contains("format 4"), "{error}");
}

#[tokio::test]
async fn a_ledger_of_the_first_version_is_brought_up_to_date() {
    let (_folder, path) = place();
    let json = |record: &Record| serde_json::to_string(record).unwrap();
    tamper(&path, |transaction| {
        let mut facts = transaction.open_table(tables::FACTS).unwrap();
        facts.insert("format", "1").unwrap();
        let mut runs = transaction.open_table(tables::RUNS).unwrap();
        runs.insert(1, json(&record(1)).as_str()).unwrap();
        let over = over(2, Ending::Success);
        runs.insert(2, json(&over).as_str()).unwrap();
        runs.insert(3, "{}").unwrap();
    });
    let (_ledger, held) = open(&path, &owner()).unwrap();
    assert_eq!(held.runs.len(), 1);
    let expected = [(State::Accepted, 1), (State::Over(Ending::Success), 1)];
    assert_eq!(held.totals, totals(&expected));
    assert_eq!(held.unreadable, [Uuid::from_u128(3)]);
}

/// A run as the tool wrote it into ledgers of format 2.
const RUN_OF_FORMAT_2: &str = r#"{
    "guid": "00000000-0000-0000-0000-000000000007",
    "origin": "churn.json",
    "job": {
        "externalId": "churn",
        "attributes": [["a", "1"]],
        "parameters": [["p", "input-output", "0.10"]]
    },
    "progress": { "state": "running", "runId": "run-1" },
    "cancel": { "guid": "00000000-0000-0000-0000-000000000008", "outcome": "refused" },
    "cancelFile": null,
    "platformStatus": "Executing",
    "acceptedAt": "2026-11-23T11:16:40.123456789Z",
    "startedBy": {
        "id": "example",
        "version": "1.2.3",
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "generation": 2
    },
    "answeredBy": null
}"#;

#[tokio::test]
async fn a_ledger_of_format_2_is_brought_up_to_date() {
    let (_folder, path) = place();
    tamper(&path, |transaction| {
        let mut facts = transaction.open_table(tables::FACTS).unwrap();
        facts.insert("format", "2").unwrap();
        let mut runs = transaction.open_table(tables::RUNS).unwrap();
        runs.insert(7, RUN_OF_FORMAT_2).unwrap();
        let mut alive = transaction.open_table(tables::ALIVE).unwrap();
        alive.insert(7, "running").unwrap();
        let mut totals = transaction.open_table(tables::TOTALS).unwrap();
        totals.insert("running", 1).unwrap();
    });
    let (ledger, held) = open(&path, &owner()).unwrap();
    assert_eq!(held.totals, totals(&[(State::Running, 1)]));
    let [run] = &held.runs[..] else {
        panic!("not one run")
    };
    assert_eq!(run.job, samples::record().job);
    assert_eq!(run.run_id(), Some("run-1"));
    assert_eq!(run.started_by, Some(samples::plugin_of_contract_0_1()));
    let mut run = run.clone();
    run.finish(Ending::Success, None);
    ledger.put(&run, None).await.unwrap();
    ledger.close().await;

    // An older tool, which can't read the runs any more, refuses the ledger by its format.
    let database = Database::open(&path).unwrap();
    let facts = database.begin_read().unwrap();
    let facts = facts.open_table(tables::FACTS).unwrap();
    assert_eq!(facts.get("format").unwrap().unwrap().value(), "3");
    drop(facts);
    drop(database);
    let (_ledger, held) = open(&path, &owner()).unwrap();
    assert_eq!(held.totals, totals(&[(State::Over(Ending::Success), 1)]));
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

/// What a restart finds.
fn history(path: &Path) -> kept_plugins::PluginHistory {
    LedgerFile::open(path).unwrap().plugin_history().unwrap()
}

#[tokio::test]
async fn a_rollback_lasts_over_a_restart() {
    let (_folder, path) = place();
    let (ledger, _) = open(&path, &owner()).unwrap();
    ledger.keep_plugin(plugin(1)).await.unwrap();
    ledger.keep_plugin(plugin(2)).await.unwrap();
    assert_eq!(ledger.earlier_plugin().await.unwrap(), Some(plugin(1)));
    ledger.roll_back(plugin(2).digest).await.unwrap();
    ledger.close().await;
    let found = history(&path);
    assert_eq!(found.rolled_back, [plugin(2).digest]);
    assert_eq!(found.latest, Some(plugin(1)));

    // Somebody wants it all the same.
    let (ledger, _) = open(&path, &owner()).unwrap();
    ledger.keep_plugin(plugin(2)).await.unwrap();
    ledger.close().await;
    let found = history(&path);
    assert!(found.rolled_back.is_empty());
    assert_eq!(found.latest, Some(plugin(2)));
}

#[tokio::test]
async fn the_last_five_plugins_are_kept() {
    let (_folder, path) = place();
    let (ledger, _) = open(&path, &owner()).unwrap();
    for number in 1..=7 {
        ledger.keep_plugin(plugin(number)).await.unwrap();
        ledger.keep_plugin(plugin(number)).await.unwrap();
    }
    for number in (3..7).rev() {
        assert_eq!(ledger.earlier_plugin().await.unwrap(), Some(plugin(number)));
        let refused = plugin(number + 1).digest;
        ledger.roll_back(refused).await.unwrap();
    }
    assert_eq!(ledger.earlier_plugin().await.unwrap(), None);
}
