//! Random values for the shapes of the API model, including those at the model's limits.

use proptest::prelude::*;
use proptest::string::string_regex;
use sagemaker_emulator::{AwsService, Model, Operation};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
pub(crate) struct Shapes {
    operations: BTreeMap<String, OperationShapes>,
    shapes: BTreeMap<String, Shape>,
}

#[derive(Debug, Deserialize)]
struct OperationShapes {
    input: ShapeName,
    output: ShapeName,
}

#[derive(Debug, Deserialize)]
struct ShapeName {
    shape: String,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Shape {
    Structure {
        members: BTreeMap<String, ShapeName>,
    },
    List {
        member: ShapeName,
        max: Option<usize>,
    },
    Map {
        value: ShapeName,
    },
    String {
        #[serde(default)]
        min: usize,
        max: Option<usize>,
        pattern: Option<String>,
        #[serde(rename = "enum")]
        values: Option<Vec<String>>,
    },
    #[serde(alias = "long")]
    Integer {
        min: Option<i32>,
        max: Option<i32>,
    },
    Boolean,
    Timestamp,
}

impl Shapes {
    /// The model of a service.
    pub(crate) fn load(service: AwsService) -> Self {
        let json = match service {
            AwsService::SageMaker => Model::JSON,
            AwsService::CloudWatchLogs => Model::LOGS_JSON,
        };
        serde_json::from_str(json).unwrap()
    }

    /// The top-level members of an operation's input.
    pub(crate) fn input_members(&self, operation: Operation) -> Vec<&str> {
        match &self.shapes[&self.operations[operation.name()].input.shape] {
            Shape::Structure { members } => members.keys().map(String::as_str).collect(),
            other => panic!("{operation} takes {other:?}"),
        }
    }

    /// Answers to an operation: values that the model allows, and what services send besides: unknown
    /// members, unknown enum values, and nulls.
    pub(crate) fn answers(&self, operation: Operation) -> BoxedStrategy<Value> {
        self.values(&self.operations[operation.name()].output.shape)
    }

    fn values(&self, name: &str) -> BoxedStrategy<Value> {
        match &self.shapes[name] {
            Shape::Structure { members } => self.structures(members),
            Shape::List { member, max } => {
                let few = prop::collection::vec(self.elements(&member.shape), 0..4);
                let most = max.unwrap_or(100);
                let many = self
                    .elements(&member.shape)
                    .prop_map(move |one| vec![one; most]);
                prop_oneof![9 => few, 1 => many]
                    .prop_map(Value::Array)
                    .boxed()
            }
            Shape::Map { value } => {
                prop::collection::btree_map("[a-z]{1,9}", self.values(&value.shape), 0..3)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect()))
                    .boxed()
            }
            Shape::String {
                values: Some(values),
                ..
            } => {
                let known = prop::sample::select(values.clone());
                prop_oneof![6 => known, 1 => "[A-Z][a-z]{0,40}"]
                    .prop_map(Value::from)
                    .boxed()
            }
            Shape::String {
                min, max, pattern, ..
            } => texts(*min, max.unwrap_or(5_000), pattern.as_deref()),
            Shape::Integer { min, max } => {
                let (min, max) = (min.unwrap_or(i32::MIN), max.unwrap_or(i32::MAX));
                prop_oneof![Just(min), Just(max), min..=max]
                    .prop_map(Value::from)
                    .boxed()
            }
            Shape::Boolean => any::<bool>().prop_map(Value::from).boxed(),
            Shape::Timestamp => prop_oneof![
                (0..4_102_444_800_u64).prop_map(Value::from),
                (0.0..4_102_444_800.0).prop_map(|seconds: f64| json!(seconds)),
                Just(json!(0)),
                Just(json!(1.793_491_200_123E9)),
                Just(json!(-62_135_596_800_i64)),
                Just(json!(253_402_300_799_i64)),
            ]
            .boxed(),
        }
    }

    /// Values of a list, which are null now and then.
    fn elements(&self, name: &str) -> BoxedStrategy<Value> {
        prop_oneof![19 => self.values(name), 1 => Just(Value::Null)].boxed()
    }

    fn structures(&self, members: &BTreeMap<String, ShapeName>) -> BoxedStrategy<Value> {
        let members: Vec<_> = members
            .iter()
            .map(|(name, shape)| {
                let value = prop_oneof![
                    6 => self.values(&shape.shape).prop_map(Some),
                    2 => Just(None),
                    1 => Just(Some(Value::Null)),
                ];
                (Just(name.clone()), value)
            })
            .collect();
        let unknown_member = prop_oneof![
            3 => Just(None),
            1 => prop::sample::select(vec![json!(null), json!([[]]), json!({"A": {"B": 1e300}})])
                .prop_map(Some),
        ];
        (members, unknown_member)
            .prop_map(|(members, unknown_member)| {
                let known = members.into_iter().filter_map(|(n, v)| Some((n, v?)));
                let unknown = unknown_member.map(|value| ("UnknownMember".to_owned(), value));
                Value::Object(known.chain(unknown).collect::<Map<_, _>>())
            })
            .boxed()
    }
}

fn texts(min: usize, max: usize, pattern: Option<&str>) -> BoxedStrategy<Value> {
    let lengths = move |text: &str| (min..=max).contains(&text.chars().count());
    let plain = match pattern {
        // Includes the longest texts, characters of several bytes, and escapes.
        None => {
            return prop_oneof![
                6 => "\\PC{0,40}",
                2 => Just("\"\\\u{1}\n日".to_owned()),
                1 => Just("é".repeat(max)),
            ]
            .prop_filter("length", move |text| lengths(text))
            .prop_map(Value::from)
            .boxed();
        }
        // The model's patterns are Java's. The dot gives few characters, so that failures stay readable.
        Some(pattern) => pattern
            .replace(r"\d", "[0-9]")
            .replace(".*", "[ -~é日]{0,40}"),
    };
    let fits = string_regex(&plain).unwrap();
    let at_its_longest = {
        let free_tail = pattern.is_some_and(|pattern| pattern.ends_with(".*"));
        string_regex(&plain).unwrap().prop_map(move |text| {
            let missing = max.saturating_sub(text.chars().count());
            match free_tail {
                true => text + &"é".repeat(missing),
                false => text,
            }
        })
    };
    prop_oneof![5 => fits, 1 => at_its_longest]
        .prop_filter("length", move |text| lengths(text))
        .prop_map(Value::from)
        .boxed()
}
