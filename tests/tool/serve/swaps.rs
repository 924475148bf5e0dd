//! Swaps and rollbacks while `serve` runs, and over a restart.

use super::*;

/// The next build, which asks for more.
fn greedy_plugin(yard: &Yard) {
    let needs = [
        ("aws-signing", "sagemaker"),
        ("aws-signing", "iam"),
        ("http", "http://127.0.0.1:6379"),
    ];
    let component = test_components::text::asking_for("sagemaker-pipeline", &needs);
    let path = yard.path("greedy.wasm");
    fs::write(&path, component).unwrap();
    yard.replace_plugin(&path);
}

const MISSING: &str = "aws-signing iam, http http://127.0.0.1:6379";

#[test]
fn a_plugin_that_asks_for_more_is_refused_by_the_name_of_what_is_missing() {
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--watch", "--json"]);
    tool.until(r#""event":"serving""#);
    greedy_plugin(&yard);
    let refused = tool.until(r#""event":"swap-refused""#);
    let refused: Value = serde_json::from_str(&refused).unwrap();
    let missing = serde_json::json!([
        { "capability": "aws-signing", "value": "iam", "refused": null },
        { "capability": "http", "value": "http://127.0.0.1:6379",
          "refused": "a plugin may ask for a name, not for an address" },
    ]);
    assert_eq!(refused["missing"], missing);
    assert_eq!(refused["plugin"]["generation"], 1);
    assert_in_order(
        refused["message"].as_str().unwrap(),
        &["it asks for more than is granted: ", MISSING],
    );
    tool.interrupt();
    tool.end().events(0);
}

#[test]
fn it_is_swapped_in_without_what_is_missing_where_the_operator_wants_that() {
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--watch", "--when-needs-grow", "swap"]);
    tool.until("serving ");
    greedy_plugin(&yard);
    let line = tool.until("swapped generation 1 → 2");
    assert_in_order(
        &line,
        &[
            "; it asks for more than is granted, and is denied ",
            MISSING,
        ],
    );
    tool.interrupt();
    tool.end().text(0);
}

#[test]
fn a_run_that_one_generation_started_is_finished_by_the_next() {
    let stage = Stage::with(|emulator| emulator.callback_stop_duration(Duration::ZERO));
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--watch", "--json"]);
    tool.write_line(WAITING);
    tool.until(r#""event":"started""#);

    // Half a component first: it is refused, and the old one goes on.
    let next = fs::read(test_components::sagemaker_pipeline_next()).unwrap();
    fs::write(yard.plugin(), &next[..next.len() / 2]).unwrap();
    tool.until(r#""event":"swap-refused""#);
    yard.replace_plugin(test_components::sagemaker_pipeline_next());
    tool.until(r#""event":"swapped""#);
    tool.write_line("cancel all");
    tool.until(r#""event":"finished""#);
    tool.write_line("rollback");
    tool.until(r#""event":"swapped""#);
    tool.terminate();

    let events = tool.end().events(0);
    let refused = events_named(&events, "swap-refused")[0];
    let message = refused["message"].as_str().unwrap();
    assert!(
        message.contains("it ends in the middle of the component"),
        "{message}"
    );
    assert_eq!(refused["plugin"]["generation"], 1);
    let swapped = events_named(&events, "swapped");
    assert_eq!(swapped[0]["from"]["version"], "0.1.0");
    assert_eq!(swapped[0]["to"]["version"], "0.2.0");
    assert_eq!(swapped[1]["to"]["version"], "0.1.0");
    assert_eq!(swapped[1]["to"]["generation"], 3);
    let run = events_named(&events, "finished")[0];
    assert_eq!(run["startedBy"]["version"], "0.1.0");
    assert_eq!(run["answeredBy"]["version"], "0.2.0");
    assert_eq!(run["answeredBy"]["generation"], 2);
    let agents: Vec<_> = stage
        .emulator
        .requests()
        .iter()
        .filter(|request| request.operation == Some(Operation::StopPipelineExecution))
        .map(|request| request.header("user-agent").unwrap().to_owned())
        .collect();
    assert_eq!(agents, ["polysync-sagemaker-pipeline/0.2.0"]);
}

/// The version of the plugin that serves, by an event.
fn version_in(line: &str) -> String {
    let event: Value = serde_json::from_str(line).unwrap();
    event["plugin"]["version"].as_str().unwrap().to_owned()
}

#[test]
fn a_rollback_by_a_file_lasts_over_a_restart_until_somebody_swaps() {
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve_folder(&stage, &["--watch", "--json"]);
    tool.until(r#""event":"serving""#);
    yard.replace_plugin(test_components::sagemaker_pipeline_next());
    tool.until(r#""event":"swapped""#);
    yard.job("now.order", "rollback\n");
    let swapped = tool.until(r#""event":"swapped""#);
    assert!(swapped.contains(r#""generation":3"#), "{swapped}");
    tool.terminate();
    tool.end().events(0);

    let mut tool = yard.serve_folder(&stage, &["--watch", "--json"]);
    assert_eq!(version_in(&tool.until(r#""event":"serving""#)), "0.1.0");
    yard.job("a.json", ONE_STEP);
    tool.until(r#""event":"finished""#);
    yard.job("again.order", "swap\n");
    tool.until(r#""event":"swapped""#);
    tool.terminate();
    let ended = tool.end();
    assert!(
        ended.stderr.contains("was rolled back from"),
        "{}",
        ended.stderr
    );
    let events = ended.events(0);
    let finished = events_named(&events, "finished")[0];
    assert_eq!(finished["startedBy"]["version"], "0.1.0");
    // The watch didn't bring it back, but the order did.
    let swapped = events_named(&events, "swapped");
    assert_eq!(swapped.len(), 1);
    assert_eq!(swapped[0]["to"]["version"], "0.2.0");

    let mut tool = yard.serve_folder(&stage, &["--json"]);
    assert_eq!(version_in(&tool.until(r#""event":"serving""#)), "0.2.0");
    tool.terminate();
    tool.end().events(0);
}

#[test]
fn a_kept_plugin_that_is_damaged_is_not_served() {
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--watch", "--json"]);
    tool.until(r#""event":"serving""#);
    yard.replace_plugin(test_components::sagemaker_pipeline_next());
    tool.until(r#""event":"swapped""#);
    tool.write_line("rollback");
    tool.until(r#""event":"swapped""#);
    tool.terminate();
    tool.end().events(0);

    let database = redb::Database::open(yard.path("runs.db")).unwrap();
    let transaction = database.begin_write().unwrap();
    let table = redb::TableDefinition::<&str, &[u8]>::new("components");
    let mut components = transaction.open_table(table).unwrap();
    components.retain(|_, _| false).unwrap();
    let kept = Digest::compute(&fs::read(test_components::sagemaker_pipeline()).unwrap());
    let damaged = b"\0asm".as_slice();
    components
        .insert(kept.to_string().as_str(), damaged)
        .unwrap();
    drop(components);
    transaction.commit().unwrap();
    drop(database);
    let ended = yard.serve(&stage, &[]).end();
    assert_eq!(ended.code, Some(1));
    assert_in_order(
        &ended.stderr,
        &[
            "cannot serve the plugin that the ledger keeps instead",
            "--serve-rolled-back",
            "its SHA-256 is ",
        ],
    );
}

#[test]
fn a_plugin_that_came_with_a_restart_is_rolled_back_from_too() {
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--until-done"]);
    tool.close_stdin();
    tool.end().text(0);
    yard.replace_plugin(test_components::sagemaker_pipeline_next());
    let mut tool = yard.serve(&stage, &["--json"]);
    assert_eq!(version_in(&tool.until(r#""event":"serving""#)), "0.2.0");
    tool.write_line("rollback");
    let swapped: Value = serde_json::from_str(&tool.until(r#""event":"swapped""#)).unwrap();
    assert_eq!(swapped["to"]["version"], "0.1.0");
    tool.write_line("rollback");
    tool.until(r#""event":"rollback-refused""#);
    tool.terminate();
    tool.end().events(0);
    let mut tool = yard.serve(&stage, &["--json", "--serve-rolled-back"]);
    assert_eq!(version_in(&tool.until(r#""event":"serving""#)), "0.2.0");
}
