//! `describe`: what the plugin is.

use serde_json::{Value, json};

use crate::support::{assert_in_order, assert_members, run, with_plugin};

#[test]
fn describe_shows_attributes_with_their_options_without_region_or_credentials() {
    let ended = run(&mut with_plugin(&["describe"]));
    assert_in_order(
        ended.text(0),
        &[
            "SageMaker Pipeline\n",
            "contract     0.2.0\n",
            "sha256       ",
            "external id  Pipeline name\n",
            "features     discover, inspect, cancel, retry, steps, ",
            "needs        depend on the connection: give --region to see them\n",
            "Job attributes (--attribute KEY=VALUE)\n",
            "execution-display-name\n",
            "text, optional, 1 to 82 characters\n",
            "Connection attributes (--connection-attribute KEY=VALUE)\n",
            "default-execution-role-arn\n",
        ],
    );
    assert_eq!(ended.stderr, "");
}

#[test]
fn describe_as_json_is_one_document_with_the_contracts_members() {
    let document = run(&mut with_plugin(&["describe", "--json"])).json(0);
    assert_eq!(document["id"], "sagemaker-pipeline");
    assert_eq!(document["externalIdLabel"], "Pipeline name");
    assert_eq!(document["needs"], Value::Null);
    assert_eq!(document["contract"], "0.2.0");
    assert_eq!(document["sha256"].as_str().unwrap().len(), 64);
    let attribute = document["jobAttributes"]
        .as_array()
        .and_then(|all| {
            all.iter()
                .find(|one| one["key"] == "max-parallel-execution-steps")
        })
        .unwrap();
    assert_eq!(
        (&attribute["kind"], &attribute["minimum"]),
        (&"integer".into(), &1.into())
    );
    assert_members(
        attribute,
        &[
            "allowedValues",
            "defaultValue",
            "help",
            "key",
            "kind",
            "label",
            "maxLength",
            "maximum",
            "minLength",
            "minimum",
            "pattern",
            "required",
            "secret",
        ],
    );
}

#[test]
fn with_a_region_describe_shows_what_the_plugin_needs_there_and_nothing_else() {
    let describe = ["describe", "--region", "eu-west-1"];
    let ended = run(&mut with_plugin(&describe));
    assert_in_order(
        ended.text(0),
        &[
            "http https://api.sagemaker.eu-west-1.amazonaws.com\n",
            "aws-signing sagemaker\n",
        ],
    );
    assert!(
        !ended.stdout.contains("eu-west-1.amazonaws.com.cn"),
        "{ended:?}"
    );
    let document = run(&mut with_plugin(&[&describe[..], &["--json"]].concat())).json(0);
    let origin = json!({ "capability": "http", "refused": null,
                         "value": "https://api.sagemaker.eu-west-1.amazonaws.com" });
    assert!(
        document["needs"].as_array().unwrap().contains(&origin),
        "{document}"
    );
}

#[test]
fn an_endpoint_that_the_operator_names_is_granted_though_no_plugin_may_ask_for_it() {
    let describe = ["describe", "--region", "eu-west-1"];
    let endpoint = ["--endpoint-url", "http://127.0.0.1:4566"];
    let named = [&describe[..], &endpoint].concat();
    let ended = run(&mut with_plugin(&named));
    let expected = "http http://127.0.0.1:4566 (granted by an option)\n";
    assert!(ended.text(0).contains(expected), "{ended:?}");
    let document = run(&mut with_plugin(&[&named[..], &["--json"]].concat())).json(0);
    let origin = json!({ "capability": "http", "refused": null, "value": "http://127.0.0.1:4566" });
    assert!(
        document["needs"].as_array().unwrap().contains(&origin),
        "{document}"
    );
    // By another grant the endpoint is not granted.
    let other = [&named[..], &["--grant", "https://proxy.example.org"]].concat();
    let ended = run(&mut with_plugin(&other));
    assert!(
        ended
            .text(0)
            .contains("(only --grant, or an --endpoint-url that names it, can grant it)"),
        "{ended:?}"
    );
}
