//! Ledgers that an older or a newer tool wrote.

use super::*;

#[test]
fn a_ledger_of_a_newer_tool_is_refused() {
    let (_folder, path) = place();
    tamper(&path, |transaction| {
        let facts = TableDefinition::<&str, &str>::new("facts");
        let mut facts = transaction.open_table(facts).unwrap();
        facts.insert("format", "5").unwrap();
    });
    let error = open(&path, &owner()).unwrap_err().to_string();
    assert!(error.contains("format 5"), "{error}");
}

/// Begins a ledger of an older format, all of one job type.
fn begin(transaction: &redb::WriteTransaction, format: &str) {
    let mut facts = transaction.open_table(tables::FACTS).unwrap();
    facts.insert("format", format).unwrap();
    facts.insert("job-type", "example").unwrap();
    facts.insert("region", "eu-west-1").unwrap();
}

/// A run as the tool wrote it into ledgers of one job type.
fn of_one_job_type(record: &Record) -> String {
    let mut json = serde_json::to_value(record).unwrap();
    json.as_object_mut().unwrap().remove("jobType").unwrap();
    json.to_string()
}

#[tokio::test]
async fn a_ledger_of_the_first_version_is_brought_up_to_date() {
    let (_folder, path) = place();
    let run = record(1);
    tamper(&path, |transaction| {
        begin(transaction, "1");
        let mut runs = transaction.open_table(tables::RUNS).unwrap();
        let json = of_one_job_type(&run);
        runs.insert(1, json.as_str()).unwrap();
        let json = of_one_job_type(&over(2, Ending::Success));
        runs.insert(2, json.as_str()).unwrap();
        runs.insert(3, "{}").unwrap();
    });
    let (ledger, held) = open(&path, &owner()).unwrap();
    assert_eq!(held.runs, [run]);
    let expected = [(State::Accepted, 1), (State::Over(Ending::Success), 1)];
    assert_eq!(held.totals, totals(&expected));
    assert_eq!(held.unreadable, [Uuid::from_u128(3)]);
    let over = ledger.get(Uuid::from_u128(2)).await.unwrap().unwrap();
    assert_eq!(over.job_type, "example");
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
        begin(transaction, "2");
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
    assert_eq!(run.job_type, "example");
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
    assert_eq!(facts.get("format").unwrap().unwrap().value(), "4");
    drop(facts);
    drop(database);
    let (_ledger, held) = open(&path, &owner()).unwrap();
    assert_eq!(held.totals, totals(&[(State::Over(Ending::Success), 1)]));
}

/// Makes a ledger of format 3 with a run, two plugins that served and one that was rolled back from.
fn ledger_of_format_3(path: &Path, run: &Record) {
    tamper(path, |transaction| {
        begin(transaction, "3");
        let mut runs = transaction.open_table(tables::RUNS).unwrap();
        runs.insert(1, of_one_job_type(run).as_str()).unwrap();
        runs.insert(2, "{}").unwrap();
        let mut alive = transaction.open_table(tables::ALIVE).unwrap();
        alive.insert(1, "accepted").unwrap();
        let mut totals = transaction.open_table(tables::TOTALS).unwrap();
        totals.insert("accepted", 1).unwrap();
        let served = kept_plugins::SERVED_OF_ONE;
        let mut served = transaction.open_table(served).unwrap();
        let components = TableDefinition::<&str, &[u8]>::new("components");
        let mut components = transaction.open_table(components).unwrap();
        for number in [1, 2] {
            let sha256 = plugin(number).digest.to_string();
            served.insert(u64::from(number), sha256.as_str()).unwrap();
            let component = plugin(number).component;
            components
                .insert(sha256.as_str(), component.as_slice())
                .unwrap();
        }
        let rolled_back = kept_plugins::ROLLED_BACK_OF_ONE;
        let mut rolled_back = transaction.open_table(rolled_back).unwrap();
        let sha256 = plugin(3).digest.to_string();
        rolled_back.insert(sha256.as_str(), 7).unwrap();
    });
}

#[tokio::test]
async fn a_ledger_of_format_3_is_brought_up_to_date_with_its_runs_and_plugins() {
    let (_folder, path) = place();
    let run = record(1);
    ledger_of_format_3(&path, &run);
    let expected = RolledBack {
        job_type: "example".into(),
        latest: Some(plugin(2)),
    };
    // It is asked for before the ledger is brought up to date, and again when it is.
    assert_eq!(rolled_back(&path, &plugin(3)), Some(expected.clone()));
    let (ledger, held) = open(&path, &owner()).unwrap();
    assert_eq!(held.runs, std::slice::from_ref(&run));
    assert_eq!(held.totals, totals(&[(State::Accepted, 1)]));
    let earlier = ledger.earlier_plugin("example").await.unwrap();
    assert_eq!(earlier, Some(plugin(1)));
    ledger.close().await;
    assert_eq!(rolled_back(&path, &plugin(3)), Some(expected));

    // What can't be understood stays as it was, and a second time changes nothing.
    let (ledger, held) = open(&path, &owner()).unwrap();
    assert_eq!(held.runs, [run]);
    ledger.close().await;
    let database = Database::open(&path).unwrap();
    let runs = database.begin_read().unwrap();
    let runs = runs.open_table(tables::RUNS).unwrap();
    assert_eq!(runs.get(2).unwrap().unwrap().value(), "{}");
}

#[tokio::test]
async fn a_ledger_of_another_owner_stays_in_its_format() {
    let (_folder, path) = place();
    ledger_of_format_3(&path, &record(1));
    let other = Owner {
        region: "us-east-1".into(),
        ..owner()
    };
    assert!(try_open(&path, &other).await.is_err());
    rolled_back(&path, &plugin(3)).unwrap();
    let database = Database::open(&path).unwrap();
    let transaction = database.begin_read().unwrap();
    let facts = transaction.open_table(tables::FACTS).unwrap();
    assert_eq!(facts.get("format").unwrap().unwrap().value(), "3");
    let served = transaction.open_table(kept_plugins::SERVED_OF_ONE).unwrap();
    assert!(served.get(1).unwrap().is_some());
}
