//! Ledgers that an older or a newer tool wrote.

use super::*;

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
