//! Random jobs: valid ones, and those that break a constraint of the model.

use crate::support::{attribute, parameter};
use polysync_host::contract::{Attribute, Direction, Job, Parameter};
use proptest::prelude::*;

/// Texts that match a pattern, and others that may not.
pub(super) fn text(
    pattern: &'static str,
    others: &'static [&'static str],
) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => pattern,
        1 => prop::sample::select(others).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ]
}

/// Texts whose length is just below, at and just above a limit.
pub(super) fn long(letter: &'static str, limit: usize) -> impl Strategy<Value = String> {
    prop_oneof![Just(limit - 1), Just(limit), Just(limit + 1)]
        .prop_map(move |length| letter.repeat(length))
}

pub(super) fn external_ids() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => text("[a-zA-Z0-9](-{0,2}[a-zA-Z0-9]){0,9}", &["", " ", "-a", "a-", "a b", "a_b", "a/b", "a\n"]),
        2 => text(
            "arn:aws(-[a-z]{2})?:sagemaker:[a-z0-9-]{1,9}:([0-9]{12}|aws):pipeline/[a-zA-Z0-9]{1,9}",
            &["arn:", "arn:aws:sagemaker:::pipeline/p", "arn:aws:s3:::pipeline/p",
              "arn:aws:sagemaker:r:123456789012:pipeline/-p", "arn:aws:sagemaker:r:1:pipeline/p"],
        ),
        1 => long("a", 256),
        1 => long("a", 2048 - 45).prop_map(|tail| format!("arn:aws:sagemaker:r:123456789012:pipeline/{tail}")),
    ]
}

fn attributes() -> impl Strategy<Value = Vec<Attribute>> {
    let display_name = prop_oneof![
        text(
            "[a-zA-Z0-9](-{0,2}[a-zA-Z0-9]){0,9}",
            &["", " ", "-", "a-", "a.b", "é"]
        ),
        long("a", 82),
    ];
    let description = prop_oneof![
        text(
            "\\PC{0,40}",
            &[
                "two\nlines",
                "cr\rlf",
                "\u{2028}",
                "\u{85}",
                "\t\u{b}\u{c}\0"
            ]
        ),
        long("é", 3072),
    ];
    let parallelism = text(
        "[1-9][0-9]{0,5}",
        &["0", "-1", "1.5", " 7 ", "2147483647", "+3"],
    );
    let role = prop_oneof![
        4 => text(
            "arn:aws(-[a-z]{2})?:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@/-]{1,20}",
            &["role", "arn:aws:iam::123456789012:user/abc", "arn:aws:iam::123456789012:role/",
              "arn:aws:iam::123456789012:role/é", "arn:aws:iam:r:123456789012:role/r"],
        ),
        1 => long("a", 2048 - 30).prop_map(|tail| format!("arn:aws:iam::123456789012:role/{}", &tail[1..])),
    ];
    (
        given("execution-display-name", display_name.boxed()),
        given("execution-description", description.boxed()),
        given("max-parallel-execution-steps", parallelism.boxed()),
        given("execution-role-arn", role.boxed()),
        choices(),
    )
        .prop_map(|(a, b, c, d, choices)| {
            [a, b, c, d].into_iter().flatten().chain(choices).collect()
        })
}

/// The attributes that choose a version, steps and an experiment.
fn choices() -> impl Strategy<Value = Vec<Attribute>> {
    let version = text(
        "[1-9][0-9]{0,9}",
        &[
            "0",
            "-1",
            "1.5",
            " 7 ",
            "9223372036854775807",
            "9223372036854775808",
            "latest",
        ],
    );
    let alias = prop_oneof![
        4 => text("[a-zA-Z0-9._-]{1,9}", &["", " ", "7", "a b", "é", "a/b"]),
        1 => long("a", 128),
    ];
    let steps = prop_oneof![
        4 => text(
            "[A-Za-z0-9_-]{1,9}( ?, ?[A-Za-z0-9_-]{1,9}){0,4}",
            &["", " ", ",", "A,", "A,,B", "A B", "A,A", "é", "A\n,B"],
        ),
        1 => long("a", 256),
        1 => (49..52_usize).prop_map(|count| {
            let names: Vec<_> = (0..count).map(|n| format!("S{n}")).collect();
            names.join(",")
        }),
    ];
    let source = text(
        "arn:aws(-[a-z]{2})?:sagemaker:[a-z0-9-]{1,9}:[0-9]{12}:pipeline/[a-z]{1,9}/execution/[a-z0-9]{1,12}",
        &[
            "latest",
            "arn:aws:sagemaker:::pipeline/p/execution/e",
            "arn:aws:sagemaker:r:123456789012:pipeline/p",
            "arn:aws:sagemaker:r:1:pipeline/p/execution/e",
        ],
    );
    let experiment = prop_oneof![
        text("\\PC{1,40}", &["two\nlines", "\u{2028}", "\u{85}"]),
        long("é", 256),
    ];
    (
        seldom("pipeline-version-id", version.boxed()),
        seldom("pipeline-version-alias", alias.boxed()),
        seldom("selected-steps", steps.boxed()),
        seldom("source-execution-arn", source.boxed()),
        seldom("mlflow-experiment-name", experiment.boxed()),
    )
        .prop_map(|(a, b, c, d, e)| [a, b, c, d, e].into_iter().flatten().collect())
}

fn given(
    key: &'static str,
    values: BoxedStrategy<String>,
) -> impl Strategy<Value = Option<Attribute>> {
    prop::option::of(values.prop_map(move |value| attribute(key, &value)))
}

/// Given in a fifth of the jobs, so that enough jobs remain valid.
fn seldom(
    key: &'static str,
    values: BoxedStrategy<String>,
) -> impl Strategy<Value = Option<Attribute>> {
    prop::option::weighted(0.2, values.prop_map(move |value| attribute(key, &value)))
}

fn parameters() -> impl Strategy<Value = Vec<Parameter>> {
    let names = prop_oneof![
        9 => text("[A-Za-z0-9_-]{1,12}", &["", "a b", "é", "a.b", "a\n"]),
        1 => long("a", 256),
    ];
    let values = prop_oneof![9 => "\\PC{0,20}", 1 => long("é", 1024)];
    let directions = prop::sample::select(vec![
        Direction::Input,
        Direction::InputOutput,
        Direction::Output,
    ]);
    let one = (directions, names, prop::option::weighted(0.9, values))
        .prop_map(|(direction, name, value)| parameter(&name, direction, value.as_deref()));
    let many = (198..203_usize).prop_map(|count| {
        (0..count)
            .map(|n| parameter(&format!("P{n}"), Direction::Input, Some("1")))
            .collect()
    });
    prop_oneof![19 => prop::collection::vec(one, 0..4), 1 => many]
}

pub(super) fn jobs() -> impl Strategy<Value = Job> {
    (external_ids(), attributes(), parameters()).prop_map(
        |(external_id, attributes, parameters)| Job {
            external_id,
            attributes,
            parameters,
        },
    )
}
