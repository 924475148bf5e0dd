//! `validate` finds what the model refuses.

use super::subject::subject;
use crate::GlueJob;
use crate::testing::{list, parameter};
use job_type_kit::contract::{Direction, Job};
use proptest::prelude::*;

fn attributes() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let number = || {
        prop_oneof![
            3 => "[1-9][0-9]{0,5}",
            1 => prop::sample::select(vec!["0", "-1", "1.5", " 7 ", "+3", "2147483647", "2147483648"])
                .prop_map(str::to_owned),
        ]
    };
    let worker = prop_oneof![
        4 => prop::sample::select(vec!["Standard", "G.025X", "G.1X", "R.8X", "Z.2X"])
            .prop_map(str::to_owned),
        1 => "[A-Z]\\.[0-9]X",
    ];
    let version = prop_oneof![3 => "[0-9]\\.[0-9]", 1 => "\\PC{0,12}", 1 => "[a-z]{254,256}"];
    let given = |key: &'static str, values: BoxedStrategy<String>| {
        prop::option::of(values.prop_map(move |value| (key, value)))
    };
    (
        given("worker-type", worker.boxed()),
        given("number-of-workers", number().boxed()),
        given("timeout-minutes", number().boxed()),
        given("glue-version", version.boxed()),
    )
        .prop_map(|(a, b, c, d)| [a, b, c, d].into_iter().flatten().collect())
}

fn jobs() -> impl Strategy<Value = Job> {
    let names = prop_oneof![
        6 => "[ -~é日😀]{1,40}",
        1 => prop::sample::select(vec!["", " ", "a\tb", "a\nb", "a\u{85}", "a\u{ffff}", "\u{10ffff}"])
            .prop_map(str::to_owned),
        1 => "[a-z]{254,256}",
    ];
    let directions = prop::sample::select(vec![
        Direction::Input,
        Direction::InputOutput,
        Direction::Output,
    ]);
    let one = (directions, "\\PC{0,12}", prop::option::of("\\PC{0,40}"));
    let parameters = prop::collection::vec(one, 0..4);
    (names, attributes(), parameters).prop_map(|(external_id, attributes, parameters)| {
        let attributes = attributes.iter().map(|(key, value)| (*key, value.as_str()));
        let parameters = parameters.into_iter();
        Job {
            external_id,
            attributes: list(&attributes.collect::<Vec<_>>()),
            parameters: parameters
                .map(|(direction, name, value)| parameter(&name, direction, value.as_deref()))
                .collect(),
        }
    })
}

#[test]
fn a_job_without_errors_is_sent_as_the_model_allows_and_no_other_is_sent() {
    let (started, refused) = subject().jobs_without_errors_are_sent::<GlueJob>(2_000, jobs());
    assert!(started > 300 && refused > 300, "{started}, {refused}");
}
