//! Several job types in one `serve`, each with a plugin of its own.

use super::*;

/// A pipeline's job, which says so.
const PIPELINE: &str = r#"{ "jobType": "sagemaker-pipeline", "externalId": "one-step" }"#;
const WAITING_PIPELINE: &str = r#"{ "jobType": "sagemaker-pipeline", "externalId": "waiting" }"#;
const OTHER: &str = r#"{ "jobType": "other", "externalId": "a" }"#;

/// Makes the file of a plugin of the job type `other`, whose calls trap.
fn other_plugin(yard: &Yard, version: &str) -> PathBuf {
    let component = test_components::text::described_as("other", version, 3);
    // Renamed into its place, it is complete at each moment.
    fs::write(yard.path("other.new"), component).unwrap();
    fs::rename(yard.path("other.new"), yard.path("other.wasm")).unwrap();
    yard.path("other.wasm")
}

/// Serves the pipelines of the yard's plugin, and the job type of another plugin.
fn serve_both(yard: &Yard, stage: &Stage, other: &Path, options: &[&str]) -> Running {
    let plugin = yard.plugin();
    let components = [plugin.as_path(), other];
    let components = components.map(|path| ["--component", path.to_str().unwrap()]);
    yard.serve(stage, &[components.as_flattened(), options].concat())
}

fn until(tool: &mut Running, event: &str) -> Value {
    serde_json::from_str(&tool.until(&format!(r#""event":"{event}""#))).unwrap()
}

#[test]
fn each_job_goes_to_the_plugin_of_its_job_type_and_a_plugin_that_traps_takes_nothing_from_the_other()
 {
    let stage = Stage::new();
    let yard = Yard::new();
    let other = other_plugin(&yard, "1.0.0");
    let mut tool = serve_both(&yard, &stage, &other, &["--until-done", "--json"]);
    for job in [OTHER, PIPELINE, OTHER, ONE_STEP] {
        tool.write_line(job);
    }
    tool.write_line(r#"{ "jobType": "nowhere", "externalId": "a" }"#);
    tool.close_stdin();
    let events = tool.end().events(5);

    let serving = events_named(&events, "serving")[0];
    assert_eq!(serving["plugin"], Value::Null);
    let ids = ["other", "sagemaker-pipeline"];
    for (plugin, id) in ids.iter().enumerate() {
        assert_eq!(serving["plugins"][plugin]["id"], *id);
    }
    let refused = events_named(&events, "not-taken");
    let refused: Vec<_> = refused.iter().map(|event| &event["message"]).collect();
    assert_eq!(
        refused,
        [
            "the job isn't right: it doesn't say of which job type it is: add `jobType`, which is one \
             of `other`, `sagemaker-pipeline`",
            "the job isn't right: no plugin serves the job type `nowhere`; served: `other`, \
             `sagemaker-pipeline`",
        ]
    );
    for error in events_named(&events, "error") {
        assert_eq!(error["plugin"]["id"], "other");
    }
    let mut ends: Vec<_> = events_named(&events, "finished")
        .into_iter()
        .map(|run| {
            (
                run["jobType"].as_str().unwrap(),
                run["state"].as_str().unwrap(),
            )
        })
        .collect();
    ends.sort_unstable();
    let uncertain = ("other", "uncertain");
    assert_eq!(
        ends,
        [uncertain, uncertain, ("sagemaker-pipeline", "success")]
    );
    let runs = serde_json::json!({ "success": 1, "uncertain": 2 });
    assert_eq!(events.last().unwrap()["runs"], runs);
}

#[test]
fn in_words_each_line_says_of_which_job_type_it_is() {
    let stage = Stage::new();
    let yard = Yard::new();
    let other = other_plugin(&yard, "1.0.0");
    let mut tool = serve_both(&yard, &stage, &other, &["--until-done"]);
    tool.write_line(PIPELINE);
    tool.close_stdin();
    let ended = tool.end();
    assert_in_order(
        ended.text(0),
        &[
            "serving other 1.0.0 ",
            ", sagemaker-pipeline 0.1.0 ",
            "sagemaker-pipeline one-step ",
            " accepted from stdin",
            "served; runs: 1 success  ·  other generation 1 (1.0.0 ",
            ") calls 0  ·  sagemaker-pipeline generation 1 (0.1.0 ",
        ],
    );
}

#[test]
fn each_job_type_is_swapped_and_rolled_back_by_itself_and_stays_so_over_a_restart() {
    let stage = Stage::with(|emulator| emulator.callback_stop_duration(Duration::ZERO));
    let yard = Yard::new();
    let other = other_plugin(&yard, "1.0.0");
    let mut tool = serve_both(&yard, &stage, &other, &["--watch", "--json"]);
    tool.write_line(WAITING_PIPELINE);
    tool.until(r#""event":"started""#);
    let swapped = |tool: &mut Running| {
        let swapped = until(tool, "swapped");
        assert_eq!(swapped["from"]["id"], swapped["to"]["id"]);
        ["id", "version"].map(|member| swapped["to"][member].as_str().unwrap().to_owned())
    };
    other_plugin(&yard, "2.0.0");
    assert_eq!(swapped(&mut tool), ["other", "2.0.0"]);
    tool.write_line("rollback");
    let refused = until(&mut tool, "not-taken");
    assert_eq!(
        refused["message"],
        "`rollback` doesn't say which job type: write `rollback ID`, where ID is one of `other`, \
         `sagemaker-pipeline`"
    );
    tool.write_line("rollback sagemaker-pipeline");
    assert_eq!(
        until(&mut tool, "rollback-refused")["plugin"]["id"],
        "sagemaker-pipeline"
    );
    tool.write_line("rollback other");
    assert_eq!(swapped(&mut tool), ["other", "1.0.0"]);
    yard.replace_plugin(test_components::sagemaker_pipeline_next());
    assert_eq!(swapped(&mut tool), ["sagemaker-pipeline", "0.2.0"]);
    tool.write_line("cancel all");
    let run = until(&mut tool, "finished");
    assert_eq!(run["startedBy"]["version"], "0.1.0");
    assert_eq!(run["answeredBy"]["version"], "0.2.0");
    tool.terminate();
    tool.end().events(0);

    // The file of `other` was rolled back from, and that of the pipelines wasn't.
    let mut tool = serve_both(&yard, &stage, &other, &["--json"]);
    let serving = until(&mut tool, "serving");
    assert_eq!(serving["plugins"][0]["version"], "1.0.0");
    assert_eq!(serving["plugins"][1]["version"], "0.2.0");
    tool.write_line("swap other");
    assert_eq!(swapped(&mut tool), ["other", "2.0.0"]);
    tool.write_line("rollback sagemaker-pipeline");
    assert_eq!(swapped(&mut tool), ["sagemaker-pipeline", "0.1.0"]);
    tool.terminate();
    tool.end().events(0);
}

#[test]
fn a_plugin_whose_calls_hang_takes_no_place_of_the_other() {
    let stage = Stage::new();
    let yard = Yard::new();
    let order = ["--connection-attribute", "order=hang-in-start"];
    let options = [&order[..], &["--json"]].concat();
    let mut tool = serve_both(&yard, &stage, test_components::misbehaving(), &options);
    // More than there are places.
    for _ in 0..40 {
        tool.write_line(r#"{ "jobType": "misbehaving", "externalId": "a" }"#);
    }
    tool.write_line(PIPELINE);
    // The calls that hang end after two minutes, with an error.
    let line = loop {
        let line = tool.until(r#""event":""#);
        if [r#""event":"error""#, r#""event":"finished""#]
            .iter()
            .any(|end| line.contains(end))
        {
            break line;
        }
    };
    let run: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&run["event"], &run["jobType"], &run["state"]),
        (
            &"finished".into(),
            &"sagemaker-pipeline".into(),
            &"success".into()
        )
    );
}

#[test]
fn runs_without_their_plugin_wait_in_the_ledger_until_it_is_given_again() {
    let stage = Stage::with(|emulator| emulator.callback_stop_duration(Duration::ZERO));
    let yard = Yard::new();
    let other = other_plugin(&yard, "1.0.0");
    let mut tool = serve_both(&yard, &stage, &other, &["--json"]);
    tool.write_line(WAITING_PIPELINE);
    let started = until(&mut tool, "started");
    let guid = started["guid"].as_str().unwrap();
    tool.terminate();
    tool.end().events(0);

    let path = other.to_str().unwrap();
    let mut tool = yard.serve(&stage, &["--component", path, "--json", "--until-done"]);
    let left_alone = until(&mut tool, "left-alone");
    assert_eq!(left_alone["jobType"], "sagemaker-pipeline");
    assert_eq!(left_alone["runs"], 1);
    assert_in_order(
        left_alone["message"].as_str().unwrap(),
        &["`sagemaker-pipeline`", "with its --component too"],
    );
    for order in ["cancel", "retry"] {
        tool.write_line(&format!("{order} {guid}"));
        let refused = until(&mut tool, "not-taken");
        let message = refused["message"].as_str().unwrap();
        assert_in_order(
            message,
            &[guid, "no plugin serves its job type `sagemaker-pipeline`"],
        );
    }
    tool.close_stdin();
    let events = tool.end().events(0);
    let running = serde_json::json!({ "running": 1 });
    assert_eq!(events.last().unwrap()["runs"], running);

    let mut tool = serve_both(&yard, &stage, &other, &["--json", "--until-done"]);
    tool.write_line(&format!("cancel {guid}"));
    tool.close_stdin();
    let events = tool.end().events(4);
    let finished = events_named(&events, "finished")[0];
    assert_eq!(finished["guid"], guid);
    assert_eq!(finished["state"], "cancelled");
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[test]
fn a_command_line_with_several_plugins_that_makes_no_sense_is_refused() {
    let stage = Stage::new();
    let yard = Yard::new();
    let other = other_plugin(&yard, "1.0.0");
    let pin = ["--sha256", &"0".repeat(64)];
    let attribute = ["--connection-attribute", "nowhere=1"];
    for (second, options, message) in [
        (
            yard.plugin(),
            &[][..],
            "are both of the job type `sagemaker-pipeline`",
        ),
        (other.clone(), &pin, "--sha256 is for one plugin"),
        (
            other.clone(),
            &["--concurrent-calls", "1"],
            "too few for 2 plugins",
        ),
        (
            other.clone(),
            &attribute,
            "there is no connection attribute `nowhere`",
        ),
    ] {
        let mut tool = serve_both(&yard, &stage, &second, options);
        tool.close_stdin();
        let ended = tool.end();
        assert_in_order(ended.sentence(2), &[message]);
    }
    let two = ["--component", "a.wasm", "--component", "b.wasm"];
    let ended = stage.tool(&[&["describe"][..], &two].concat());
    assert_in_order(
        ended.sentence(2),
        &["given 2 times", "only `serve` takes several"],
    );
}
