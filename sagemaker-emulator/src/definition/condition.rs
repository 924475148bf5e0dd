//! The conditions of a Condition step, and whether they hold.

use serde::Deserialize;

use super::expression::{Expression, Scalar, Values};

/// A condition of the definition language.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "Type", rename_all_fields = "PascalCase")]
pub(crate) enum Condition {
    Equals(Operands),
    GreaterThan(Operands),
    GreaterThanOrEqualTo(Operands),
    LessThan(Operands),
    LessThanOrEqualTo(Operands),
    In {
        query_value: Expression,
        values: Vec<Expression>,
    },
    Not {
        expression: Box<Condition>,
    },
    Or {
        conditions: Vec<Condition>,
    },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Operands {
    left_value: Expression,
    right_value: Expression,
}

impl Condition {
    /// Whether the condition holds. A comparison with a value that only a real job could produce
    /// holds, so that an execution takes the branch of a success.
    pub(crate) fn holds(&self, values: &Values) -> bool {
        match self {
            Self::Equals(operands) => operands.compare(values, equal),
            Self::GreaterThan(operands) => operands.order(values, |left, right| left > right),
            Self::GreaterThanOrEqualTo(operands) => {
                operands.order(values, |left, right| left >= right)
            }
            Self::LessThan(operands) => operands.order(values, |left, right| left < right),
            Self::LessThanOrEqualTo(operands) => {
                operands.order(values, |left, right| left <= right)
            }
            Self::In {
                query_value,
                values: candidates,
            } => match values.resolve(query_value) {
                Some(query) => candidates
                    .iter()
                    .filter_map(|candidate| values.resolve(candidate))
                    .any(|candidate| equal(&query, &candidate)),
                None => true,
            },
            Self::Not { expression } => !expression.holds(values),
            Self::Or { conditions } => conditions.iter().any(|condition| condition.holds(values)),
        }
    }
}

impl Operands {
    fn compare(&self, values: &Values, holds: impl Fn(&Scalar, &Scalar) -> bool) -> bool {
        match (
            values.resolve(&self.left_value),
            values.resolve(&self.right_value),
        ) {
            (Some(left), Some(right)) => holds(&left, &right),
            _ => true,
        }
    }

    fn order(&self, values: &Values, holds: impl Fn(f64, f64) -> bool) -> bool {
        self.compare(values, |left, right| {
            match (left.number(), right.number()) {
                (Some(left), Some(right)) => holds(left, right),
                _ => false,
            }
        })
    }
}

fn equal(left: &Scalar, right: &Scalar) -> bool {
    match (left.number(), right.number()) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn holds(condition: &str) -> bool {
        let variables = [
            ("Parameters.Rate", Scalar::Float(0.5)),
            ("Parameters.Kind", Scalar::Text("a".to_owned())),
        ];
        let values = Values {
            variables: variables
                .into_iter()
                .map(|(path, value)| (path.to_owned(), value))
                .collect(),
            property_files: BTreeMap::new(),
        };
        let condition: Condition = serde_json::from_str(condition).unwrap();
        condition.holds(&values)
    }

    fn compared(kind: &str, right: &str) -> bool {
        holds(&format!(
            r#"{{"Type":"{kind}","LeftValue":{{"Get":"Parameters.Rate"}},"RightValue":{right}}}"#
        ))
    }

    #[test]
    fn comparisons_are_exact_at_their_limits() {
        assert!(compared("Equals", "0.5") && !compared("Equals", "0.6"));
        assert!(compared("GreaterThan", "0") && !compared("GreaterThan", "0.5"));
        assert!(compared("GreaterThanOrEqualTo", "0.5") && !compared("GreaterThanOrEqualTo", "1"));
        assert!(compared("LessThan", "1") && !compared("LessThan", "0.5"));
        assert!(compared("LessThanOrEqualTo", "0.5") && !compared("LessThanOrEqualTo", "0"));
    }

    #[test]
    fn in_not_and_or_are_supported() {
        let within = r#"{"Type":"In","QueryValue":{"Get":"Parameters.Kind"},"Values":["a","b"]}"#;
        let beyond = r#"{"Type":"In","QueryValue":{"Get":"Parameters.Kind"},"Values":["b"]}"#;
        assert!(holds(within));
        assert!(!holds(beyond));
        assert!(holds(&format!(r#"{{"Type":"Not","Expression":{beyond}}}"#)));
        assert!(holds(&format!(
            r#"{{"Type":"Or","Conditions":[{beyond},{within}]}}"#
        )));
        assert!(!holds(r#"{"Type":"Or","Conditions":[]}"#));
    }

    #[test]
    fn a_comparison_with_the_result_of_a_step_holds() {
        assert!(compared("LessThan", r#"{"Get":"Steps.A.Metric"}"#));
    }
}
