//! The JSON of events, and the list of them in `--help`.

use super::*;
use crate::cli::help::EVENTS;
use crate::samples;

fn json(event: &Event) -> Vec<serde_json::Value> {
    let view = |view: EventView<'_>| serde_json::to_value(view).unwrap();
    EventView::all(event).into_iter().map(view).collect()
}

#[test]
fn an_event_of_a_run_says_which_run() {
    let mut record = samples::record();
    record.start("run-1".into(), &samples::plugin());
    let event = Event::Run(Box::new(record), RunEvent::CancelWanted);
    let [object] = &json(&event)[..] else {
        panic!("not one object")
    };
    assert_eq!(object["event"], "cancel-wanted");
    assert_eq!(object["guid"], "00000000-0000-0000-0000-000000000007");
    assert_eq!(object["externalId"], "churn");
    assert_eq!(object["runId"], "run-1");
    assert_eq!(object["jobType"], "example");
    assert_eq!(object["startedBy"]["generation"], 2);
}

#[test]
fn a_run_that_finished_without_an_answer_has_all_members_of_one_that_has() {
    let finished = |status| {
        let mut record = samples::record();
        record.finish(Ending::Failed, Some("why".into()));
        let finished = RunEvent::Finished {
            status,
            steps: Vec::new(),
            logs: Vec::new(),
            monitor_url: None,
        };
        let event = Event::Run(Box::new(record), finished);
        let [object] = &json(&event)[..] else {
            panic!("not one object")
        };
        object.as_object().unwrap().clone()
    };
    let without = finished(None);
    let with = finished(Some(Box::new(samples::failed_status())));
    assert_eq!(
        without.keys().collect::<Vec<_>>(),
        with.keys().collect::<Vec<_>>()
    );
    assert_eq!(without["state"], "failed");
    assert_eq!(without["reason"], "why");
    assert_eq!(without["exitCode"], 3);
}

/// Each event that isn't about a run and has no summary.
fn about_serving(plugin: &PluginIdentity) -> Vec<What<'_>> {
    vec![
        What::Stopping,
        What::NotTaken { message: "" },
        What::PutAside {
            guid: Uuid::nil(),
            message: "",
        },
        What::LeftAlone {
            job_type: "",
            runs: 0,
            message: String::new(),
        },
        What::Pruned { runs: 0 },
        What::Swapped {
            from: plugin,
            to: plugin,
            missing: Vec::new(),
        },
        What::SwapUnchanged { plugin },
        What::SwapRefused {
            message: String::new(),
            missing: Vec::new(),
            plugin,
        },
        What::RollbackRefused {
            message: String::new(),
            plugin,
        },
        What::Drained { plugin },
    ]
}

#[test]
fn the_help_lists_every_event() {
    let plugin = samples::plugin();
    let status = samples::failed_status();
    let record = samples::record();
    let cancellation = samples::cancellation();
    let error = Failure::from(samples::error());
    let findings = samples::findings();
    let what = [
        What::Finding(findings.first().unwrap()),
        What::Accepted,
        What::Starting,
        What::Following { monitor_url: None },
        What::Started {
            monitor_url: None,
            details: &[],
        },
        What::Status(&status),
        What::Step(status.failed_steps.first().unwrap()),
        What::CancelWanted,
        What::RetryWanted,
        What::Adopted,
        What::Retried { details: &[] },
        What::Cancelling(&cancellation),
        What::finished(&record, None, &[]),
        What::Left { exit_code: 1 },
        EventView::end(&error, None).what,
    ];
    for what in what.into_iter().chain(about_serving(&plugin)) {
        let object = serde_json::to_value(what).unwrap();
        let name = object["event"].as_str().unwrap();
        let in_a_list = EVENTS.contains(&format!("\n    {name} "));
        assert!(in_a_list || EVENTS.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn each_step_that_changed_is_an_object() {
    let steps = RunEvent::Steps {
        all: vec![samples::failed_step(), samples::waiting_step()],
        changed: vec![1],
    };
    let event = Event::Run(Box::new(samples::record()), steps);
    let [object] = &json(&event)[..] else {
        panic!("not one object")
    };
    assert_eq!(
        (&object["event"], &object["name"]),
        (&"step".into(), &"Check".into())
    );
}
