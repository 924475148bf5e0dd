//! The members of a step's metadata as named texts, for display. Releases of SageMaker add kinds of
//! steps and members of kinds, so that no list of names decides what is shown.

use aws_kit::json;
use job_type_kit::contract::Attribute;
use serde::Deserialize;
use serde_json::value::RawValue;

/// How many members are read. The largest kind of the API's model has ten.
const MOST_MEMBERS: usize = 50;
/// How many bytes the name of a member has at the most. No name of the API's model has half of them.
const LONGEST_NAME: usize = 128;
/// How many lists and objects in each other are written as texts. Deeper ones stay JSON.
const MOST_DEPTH: usize = 3;

/// The members that have a value, in order of their names, which are in kebab case: `ViolationReport`
/// is `violation-report`. Empty where the metadata is not an object.
pub fn read(metadata: &RawValue) -> Vec<Attribute> {
    let mut members = Vec::new();
    for (name, value) in json::members(metadata).unwrap_or_default() {
        if name.as_str().len() > LONGEST_NAME || members.len() == MOST_MEMBERS {
            continue;
        }
        let text = text(value, MOST_DEPTH);
        if !text.trim().is_empty() {
            members.push(Attribute::new(&kebab_case(name.as_str()), text));
        }
    }
    members
}

/// A value as a text. Null, and a list or object without elements, is an empty text.
fn text(value: &RawValue, depth: usize) -> String {
    let json = value.get();
    let Some(below) = depth.checked_sub(1) else {
        return json.to_owned();
    };
    match json.as_bytes().first() {
        Some(b'"') => String::deserialize(value).unwrap_or_default(),
        Some(b'[') => list(value, below).unwrap_or_default(),
        Some(b'{') => object(value, below).unwrap_or_default(),
        Some(b'n') => String::new(),
        _ => json.to_owned(),
    }
}

fn list(value: &RawValue, depth: usize) -> Option<String> {
    let items = Option::<Vec<&RawValue>>::deserialize(value).ok()??;
    let of_objects = items.iter().any(|item| item.get().starts_with('{'));
    let separator = if of_objects { "; " } else { ", " };
    let texts: Vec<String> = items.iter().map(|item| text(item, depth)).collect();
    Some(texts.join(separator))
}

/// `NAME=VALUE` for a name with its value, as the API writes output parameters; else `MEMBER: VALUE`
/// for each member.
fn object(value: &RawValue, depth: usize) -> Option<String> {
    let texts: Vec<(String, String)> = json::members(value)?
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value, depth)))
        .collect();
    if let [(name, first), (value, second)] = texts.as_slice()
        && name == "Name"
        && value == "Value"
    {
        return Some(format!("{first}={second}"));
    }
    let texts: Vec<String> = texts
        .into_iter()
        .map(|(name, text)| format!("{name}: {text}"))
        .collect();
    Some(texts.join(", "))
}

/// `S3OutputLocation` → `s3-output-location`.
fn kebab_case(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 4);
    let mut before_capital = false;
    for c in name.chars() {
        if before_capital && c.is_ascii_uppercase() {
            kebab.push('-');
        }
        before_capital = !c.is_ascii_uppercase();
        kebab.push(c.to_ascii_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(json: &str) -> Vec<(String, String)> {
        let members = read(serde_json::from_str(json).unwrap());
        members.into_iter().map(|m| (m.name, m.value)).collect()
    }

    fn value(json: &str) -> String {
        let members = read_text(&format!(r#"{{"A": {json}}}"#));
        members.into_iter().map(|(_, value)| value).collect()
    }

    #[test]
    fn a_members_name_is_in_kebab_case() {
        for (name, kebab) in [
            ("Arn", "arn"),
            ("SqsQueueUrl", "sqs-queue-url"),
            ("S3OutputLocation", "s3-output-location"),
            ("ARN", "arn"),
            ("Étape", "Étape"),
            ("", ""),
        ] {
            assert_eq!(kebab_case(name), kebab);
        }
    }

    #[test]
    fn each_kind_of_value_is_written_for_a_person() {
        for (json, text) in [
            (r#""a \"b\"""#, "a \"b\""),
            ("3", "3"),
            ("-1.5e3", "-1.5e3"),
            ("true", "true"),
            (r#"["a", "b"]"#, "a, b"),
            (r#"{"x": "arn:1", "y": "arn:2"}"#, "x: arn:1, y: arn:2"),
            (r#"[{"Name": "a", "Value": "1"}]"#, "a=1"),
            (
                r#"[{"StepName": "A", "ErrorCode": "ClientError"}, {"StepName": "B"}]"#,
                "ErrorCode: ClientError, StepName: A; StepName: B",
            ),
            (r#"[[[["deep"]]]]"#, r#"["deep"]"#),
        ] {
            assert_eq!(value(json), text, "{json}");
        }
    }

    #[test]
    fn a_member_without_a_value_is_left_out() {
        for json in ["null", r#""""#, r#"" ""#, "[]", "{}", "[null]"] {
            assert_eq!(read_text(&format!(r#"{{"A": {json}}}"#)), [], "{json}");
        }
        for json in ["null", "3", "[]", r#""text""#] {
            assert_eq!(read_text(json), [], "{json}");
        }
    }

    #[test]
    fn a_member_with_a_name_that_is_too_long_is_left_out() {
        let name = |length| "n".repeat(length);
        let json = format!(
            r#"{{"{}": 1, "{}": 2}}"#,
            name(LONGEST_NAME),
            name(LONGEST_NAME + 1)
        );
        assert_eq!(read_text(&json), [(name(LONGEST_NAME), "1".to_owned())]);
    }

    #[test]
    fn members_beyond_the_fiftieth_are_left_out() {
        let many: Vec<String> = (0..60).map(|n| format!(r#""M{n:02}": {n}"#)).collect();
        let members = read_text(&format!("{{{}}}", many.join(",")));
        assert_eq!(members.len(), MOST_MEMBERS);
        assert_eq!(members.last().unwrap().0, "m49");
    }
}
