//! Members of responses, read so that one odd value doesn't cost the whole answer.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A list. The SDKs pass over nulls in it, which services do send; none at all is an empty one.
pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list = Option::<Vec<Option<T>>>::deserialize(deserializer)?;
    Ok(list.into_iter().flatten().flatten().collect())
}

/// A count. The model's integers may be negative; what is no count reads as absent.
pub fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(raw.get().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Holder {
        #[serde(deserialize_with = "list")]
        list: Vec<String>,
        #[serde(deserialize_with = "count")]
        count: Option<u32>,
    }

    fn read(json: &str) -> Holder {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn nulls_in_a_list_are_passed_over() {
        assert_eq!(read(r#"{"list": ["a", null, "b"]}"#).list, ["a", "b"]);
        for json in ["{}", r#"{"list": null}"#, r#"{"list": []}"#] {
            assert_eq!(read(json).list, [""; 0], "{json}");
        }
    }

    #[test]
    fn what_is_no_count_reads_as_absent() {
        assert_eq!(read(r#"{"count": 3}"#).count, Some(3));
        for json in [
            "{}",
            r#"{"count": null}"#,
            r#"{"count": -1}"#,
            r#"{"count": 1.5}"#,
        ] {
            assert_eq!(read(json).count, None, "{json}");
        }
    }
}
