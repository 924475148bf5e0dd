//! Random values for the shapes of an API model, including those at the model's limits, and what
//! services send besides: unknown members, unknown words, and nulls.

use crate::patterns::translated;
use crate::shapes::{Range, Shape, ShapeName, Shapes, Text};
use proptest::prelude::*;
use proptest::string::string_regex;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Below so many structures, one is empty: a model may have a structure within itself.
const DEPTH: usize = 6;

/// Values of the shape with this name.
pub(crate) fn values(shapes: &Shapes, name: &str) -> BoxedStrategy<Value> {
    Values { shapes, depth: 0 }.of(name)
}

#[derive(Clone, Copy)]
struct Values<'a> {
    shapes: &'a Shapes,
    depth: usize,
}

impl Values<'_> {
    fn of(self, name: &str) -> BoxedStrategy<Value> {
        match &self.shapes.shapes[name] {
            Shape::Structure { .. } if self.depth == DEPTH => Just(json!({})).boxed(),
            Shape::Structure { members, .. } => self.structures(members),
            Shape::List { member, length } => {
                let few = prop::collection::vec(self.elements(&member.shape), 0..4);
                let most = length.max.unwrap_or(100);
                let many = self
                    .elements(&member.shape)
                    .prop_map(move |one| vec![one; most]);
                prop_oneof![9 => few, 1 => many]
                    .prop_map(Value::Array)
                    .boxed()
            }
            Shape::Map { value, .. } => {
                prop::collection::btree_map("[a-z-]{1,9}", self.elements(&value.shape), 0..3)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect()))
                    .boxed()
            }
            Shape::String(Text {
                values: Some(values),
                ..
            }) => {
                let known = prop::sample::select(values.clone());
                prop_oneof![6 => known, 1 => "[A-Z][a-z]{0,40}"]
                    .prop_map(Value::from)
                    .boxed()
            }
            Shape::String(text) => texts(text),
            Shape::Integer(Range { min, max }) => {
                let (min, max) = (min.unwrap_or(i32::MIN), max.unwrap_or(i32::MAX));
                prop_oneof![Just(min), Just(max), min..=max]
                    .prop_map(Value::from)
                    .boxed()
            }
            Shape::Long(Range { min, max }) => {
                let (min, max) = (min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX));
                prop_oneof![Just(min), Just(max), min..=max]
                    .prop_map(Value::from)
                    .boxed()
            }
            Shape::Double(Range { min, max }) => {
                let (min, max) = (min.unwrap_or(f64::MIN), max.unwrap_or(f64::MAX));
                prop_oneof![Just(min), Just(max), Just(min.max(0.5).min(max))]
                    .prop_map(Value::from)
                    .boxed()
            }
            Shape::Boolean => any::<bool>().prop_map(Value::from).boxed(),
            Shape::Timestamp => timestamps(),
        }
    }

    /// Values of a list or a map, which are null now and then.
    fn elements(self, name: &str) -> BoxedStrategy<Value> {
        prop_oneof![19 => self.of(name), 1 => Just(Value::Null)].boxed()
    }

    fn structures(self, members: &BTreeMap<String, ShapeName>) -> BoxedStrategy<Value> {
        let below = Self {
            depth: self.depth + 1,
            ..self
        };
        let members: Vec<_> = members
            .iter()
            .map(|(name, shape)| {
                let value = prop_oneof![
                    6 => below.of(&shape.shape).prop_map(Some),
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

fn timestamps() -> BoxedStrategy<Value> {
    prop_oneof![
        (0..4_102_444_800_u64).prop_map(Value::from),
        (0.0..4_102_444_800.0).prop_map(|seconds: f64| json!(seconds)),
        Just(json!(0)),
        Just(json!(1.793_491_200_123E9)),
        Just(json!(-62_135_596_800_i64)),
        Just(json!(253_402_300_799_i64)),
    ]
    .boxed()
}

fn texts(text: &Text) -> BoxedStrategy<Value> {
    let (min, max) = (
        text.length.min.unwrap_or(0),
        text.length.max.unwrap_or(5_000),
    );
    let fits = move |text: &str| (min..=max).contains(&text.chars().count());
    let Some(pattern) = text.pattern.as_deref() else {
        // Includes the longest texts, characters of several bytes, and escapes.
        return prop_oneof![
            6 => "\\PC{0,40}",
            2 => Just("\"\\\u{1}\n日".to_owned()),
            1 => Just("é".repeat(max)),
        ]
        .prop_filter("length", move |text| fits(text))
        .prop_map(Value::from)
        .boxed();
    };
    // The dot gives few characters, so that failures stay readable.
    let plain = translated(pattern, "[ -~é日]{0,40}");
    let free_tail = pattern.ends_with(".*");
    let matching = || string_regex(&plain).unwrap();
    let at_its_longest = matching().prop_map(move |text| {
        let missing = max.saturating_sub(text.chars().count());
        match free_tail {
            true => text + &"é".repeat(missing),
            false => text,
        }
    });
    prop_oneof![5 => matching(), 1 => at_its_longest]
        .prop_filter("length", move |text| fits(text))
        .prop_map(Value::from)
        .boxed()
}
