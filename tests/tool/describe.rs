//! `describe`: what the plugin is.

use crate::support::{assert_in_order, assert_members, run, with_plugin};

#[test]
fn describe_shows_attributes_with_their_options_without_region_or_credentials() {
    let ended = run(&mut with_plugin(&["describe"]));
    assert_in_order(
        ended.text(0),
        &[
            "SageMaker Pipeline\n",
            "external id  Pipeline name\n",
            "features     discover, inspect, cancel, retry, steps, monitor-url\n",
            "aws-signing sagemaker\n",
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
    assert_eq!(document["needs"][0]["capability"], "http");
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
        ],
    );
}
