//! Job files: a job in JSON, read and written.

use std::collections::HashSet;
use std::fmt;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use polysync_host::contract;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// The largest job file that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// A job as it is written in a file.
#[derive(Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct JobFile {
    /// The id of the job type that the job is for. Where one plugin serves, it goes without saying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) job_type: Option<String>,
    #[serde(default)]
    pub(crate) external_id: Option<String>,
    #[serde(default)]
    pub(crate) attributes: Attributes,
    #[serde(default)]
    pub(crate) parameters: Vec<Parameter>,
}

/// A parameter and its value; with null as its value, it isn't sent.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) direction: Direction,
    #[serde(default)]
    pub(crate) value: Scalar,
}

/// Which way a parameter goes, in the words that orchestrators show to their users. The contract's words
/// are taken too, so that the library's JSON of a job is a job file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Direction {
    #[default]
    #[serde(alias = "input")]
    Input,
    #[serde(alias = "output")]
    Output,
    #[serde(rename = "Input&Output", alias = "input-output")]
    InputOutput,
}

impl From<Direction> for contract::Direction {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Input => Self::Input,
            Direction::Output => Self::Output,
            Direction::InputOutput => Self::InputOutput,
        }
    }
}

/// A string, number or boolean as text, or null. A number keeps the text that it was written with:
/// what `0.10` means is for the platform to say, and a float would change it.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Scalar(pub(crate) Option<String>);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        match raw.as_bytes().first() {
            Some(b'n') => Ok(Self(None)),
            Some(b'"') => serde_json::from_str(raw)
                .map(|text| Self(Some(text)))
                .map_err(de::Error::custom),
            Some(b'{') => Err(de::Error::custom(
                "a value can't be an object; write a string, number, boolean or null",
            )),
            Some(b'[') => Err(de::Error::custom(
                "a value can't be an array; write a string, number, boolean or null",
            )),
            _ => Ok(Self(Some(raw.to_owned()))),
        }
    }
}

/// Attributes in the order of the file, each key once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes(pub(crate) Vec<(String, Scalar)>);

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Attributes;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of attributes")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
                let (mut pairs, mut seen) = (Vec::new(), HashSet::new());
                while let Some(key) = map.next_key::<String>()? {
                    if !seen.insert(key.clone()) {
                        return Err(de::Error::custom(format_args!(
                            "duplicate attribute `{key}`"
                        )));
                    }
                    pairs.push((key, map.next_value()?));
                }
                Ok(Attributes(pairs))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

impl JobFile {
    /// Reads a job file; `-` is stdin.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .context("cannot read the job from stdin")?;
            Self::parse(&text).context("the job on stdin isn't right")
        } else {
            let text = read_at_most(path)
                .with_context(|| format!("cannot read the job file {}", path.display()))?;
            Self::parse(&text)
                .with_context(|| format!("the job file {} isn't right", path.display()))
        }
    }

    /// Parses the text of a job file. Errors name line and column.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if text.trim_ascii().is_empty() {
            return Err(anyhow!(
                "it is empty; `polysync-harness run --help` shows what a job file looks like"
            ));
        }
        Ok(serde_json::from_str(text)?)
    }

    /// The job file for a discovered job of a job type: all its parameters, none of them with a value.
    pub(crate) fn for_discovered(job_type: &str, job: &contract::DiscoveredJob) -> Self {
        let parameters = job.parameters.iter().map(|declared| Parameter {
            name: declared.name.clone(),
            direction: Direction::Input,
            value: Scalar(None),
        });
        Self {
            job_type: Some(job_type.to_owned()),
            external_id: Some(job.external_id.clone()),
            attributes: Attributes::default(),
            parameters: parameters.collect(),
        }
    }
}

/// The text of a file that isn't larger than a job file may be. Its size isn't asked for, because not every
/// file says it, and it can change.
fn read_at_most(path: &Path) -> Result<String> {
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    file.take(LARGEST + 1).read_to_string(&mut text)?;
    ensure!(
        u64::try_from(text.len()).is_ok_and(|length| length <= LARGEST),
        "it is larger than {LARGEST} bytes"
    );
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        format!("{:#}", JobFile::parse(text).unwrap_err())
    }

    fn values(text: &str) -> Vec<Option<String>> {
        JobFile::parse(text)
            .unwrap()
            .parameters
            .into_iter()
            .map(|parameter| parameter.value.0)
            .collect()
    }

    #[test]
    fn order_is_kept() {
        let file = JobFile::parse(
            r#"{ "externalId": "churn", "attributes": { "z": "1", "a": "2" },
                 "parameters": [ { "name": "Z" }, { "name": "A", "direction": "Input&Output" } ] }"#,
        )
        .unwrap();

        assert_eq!(
            file.attributes
                .0
                .iter()
                .map(|(key, _)| key.as_str())
                .collect::<Vec<_>>(),
            ["z", "a"]
        );
        let parameters: Vec<_> = file
            .parameters
            .iter()
            .map(|p| (p.name.as_str(), p.direction))
            .collect();
        assert_eq!(
            parameters,
            [("Z", Direction::Input), ("A", Direction::InputOutput)]
        );
    }

    #[test]
    fn numbers_keep_their_text() {
        let text = r#"{ "parameters": [ { "name": "a", "value": 0.10 }, { "name": "b", "value": 1e400 },
                                        { "name": "c", "value": 12345678901234567890123 } ] }"#;

        assert_eq!(
            values(text),
            ["0.10", "1e400", "12345678901234567890123"].map(|n| Some(n.to_owned()))
        );
    }

    #[test]
    fn strings_are_unescaped_booleans_become_words_and_null_means_no_value() {
        let text = r#"{ "parameters": [ { "name": "a", "value": "\u00e4\n" }, { "name": "b", "value": true },
                                        { "name": "c", "value": null }, { "name": "d", "value": "" } ] }"#;

        assert_eq!(
            values(text),
            [
                Some("ä\n".into()),
                Some("true".into()),
                None,
                Some(String::new())
            ]
        );
    }

    #[test]
    fn an_unknown_field_is_named_with_its_place() {
        let error = error("{\n  \"externalID\": \"churn\"\n}");
        for part in ["externalID", "`externalId`", "line 2", "column"] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }

    #[test]
    fn a_duplicate_key_is_an_error_everywhere() {
        assert!(
            error(r#"{ "externalId": "a", "externalId": "b" }"#)
                .contains("duplicate field `externalId`")
        );
        assert!(
            error(r#"{ "attributes": { "k": 1, "k": 2 } }"#).contains("duplicate attribute `k`")
        );
        assert!(
            error(r#"{ "parameters": [ { "name": "a", "name": "b" } ] }"#)
                .contains("duplicate field `name`")
        );
    }

    #[test]
    fn a_value_that_is_not_a_scalar_is_refused_with_its_place() {
        let error = error(r#"{ "parameters": [ { "name": "a", "value": [1] } ] }"#);
        assert!(
            error.contains("array") && error.contains("line 1"),
            "{error}"
        );
    }

    #[test]
    fn a_wrong_direction_is_answered_with_the_right_ones() {
        let error = error(r#"{ "parameters": [ { "name": "a", "direction": "in" } ] }"#);
        for right in ["`Input`", "`Output`", "`Input&Output`"] {
            assert!(error.contains(right), "{error}");
        }
    }

    #[test]
    fn the_librarys_json_of_a_job_is_a_job_file() {
        let parameter = |name: &str, direction| contract::Parameter {
            name: name.into(),
            direction,
            value: None,
        };
        let job = contract::Job {
            external_id: "churn".into(),
            attributes: vec![contract::Attribute {
                name: "k".into(),
                value: "v".into(),
            }],
            parameters: vec![
                parameter("i", contract::Direction::Input),
                parameter("o", contract::Direction::Output),
                parameter("io", contract::Direction::InputOutput),
            ],
        };
        let file = JobFile::parse(&serde_json::to_string(&job).unwrap()).unwrap();
        assert_eq!(file.external_id.as_deref(), Some("churn"));
        assert_eq!(
            file.attributes.0,
            [("k".to_owned(), Scalar(Some("v".into())))]
        );
        let directions: Vec<_> = file.parameters.iter().map(|p| p.direction).collect();
        assert_eq!(
            directions,
            [Direction::Input, Direction::Output, Direction::InputOutput]
        );
    }

    #[test]
    fn an_empty_file_is_refused_as_such() {
        assert!(error(" \n").contains("empty"));
    }

    #[test]
    fn what_is_written_reads_back() {
        let file = JobFile {
            job_type: Some("example-pipeline".into()),
            external_id: Some("churn".into()),
            attributes: Attributes(vec![("k".into(), Scalar(Some("v".into())))]),
            parameters: vec![Parameter {
                name: "p".into(),
                direction: Direction::InputOutput,
                value: Scalar(None),
            }],
        };

        assert_eq!(
            JobFile::parse(&serde_json::to_string(&file).unwrap()).unwrap(),
            file
        );
    }
}
