//! Which of a job's parameters are sent when a run starts.

use crate::contract::{Direction, Parameter};
use crate::finding_code::FindingCode;
use crate::findings::Findings;

/// An output parameter of a platform that has none: it is ignored.
pub const OUTPUT_IGNORED: FindingCode = FindingCode::Own("OutputIgnored");
/// A parameter for input and output of a platform without outputs: it is sent and not updated.
pub const OUTPUT_NOT_UPDATED: FindingCode = FindingCode::Own("OutputNotUpdated");

/// A parameter with a value to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input<'a> {
    /// As the job has it.
    pub name: &'a str,
    /// May be empty.
    pub value: &'a str,
}

impl Input<'_> {
    /// The field of a finding about it.
    pub fn field(&self) -> String {
        field(self.name)
    }
}

/// The inputs that have a value, in declared order, for a platform whose runs return no output
/// parameters: `runs` is what it calls them, in the plural. Outputs, and names that are there more than
/// once, go into `findings`.
pub fn of_a_platform_without_outputs<'a>(
    runs: &str,
    parameters: &'a [Parameter],
    findings: &mut Findings,
) -> Vec<Input<'a>> {
    let mut names = Vec::new();
    let mut inputs = Vec::new();
    for Parameter {
        name,
        direction,
        value,
    } in parameters
    {
        match names.binary_search(&name.as_str()) {
            Err(at) => names.insert(at, name),
            Ok(_) => {
                findings.error(
                    FindingCode::Duplicate,
                    field(name),
                    "is given more than once",
                );
                continue;
            }
        }
        match direction {
            Direction::Input => {}
            Direction::InputOutput => findings.warning(
                OUTPUT_NOT_UPDATED,
                field(name),
                format!(
                    "is sent, but not updated when the run is over: {runs} return no output \
                     parameters (not supported)"
                ),
            ),
            Direction::Output => {
                findings.warning(
                    OUTPUT_IGNORED,
                    field(name),
                    format!("is ignored: {runs} return no output parameters (not supported)"),
                );
                continue;
            }
        }
        // Without a value the default applies and nothing is sent.
        inputs.extend(value.as_deref().map(|value| Input { name, value }));
    }
    inputs
}

fn field(name: &str) -> String {
    ["parameters.", name].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_with_a_value_are_sent_once_and_outputs_are_not() {
        let parameter = |name: &str, direction, value: Option<&str>| Parameter {
            name: name.to_owned(),
            direction,
            value: value.map(str::to_owned),
        };
        let parameters = [
            parameter("b", Direction::Input, Some("1")),
            parameter("a", Direction::InputOutput, Some("")),
            parameter("c", Direction::Output, Some("2")),
            parameter("d", Direction::Input, None),
            parameter("b", Direction::Input, Some("3")),
        ];
        let mut findings = Findings::default();
        let inputs = of_a_platform_without_outputs("reports", &parameters, &mut findings);
        let sent: Vec<_> = inputs.iter().map(|i| (i.name, i.value)).collect();
        assert_eq!(sent, [("b", "1"), ("a", "")]);
        assert_eq!(inputs[0].field(), "parameters.b");
        let found: Vec<_> = findings.into_sorted();
        let found: Vec<_> = found
            .iter()
            .map(|f| (f.code.as_str(), f.field.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("Duplicate", "parameters.b"),
                ("OutputNotUpdated", "parameters.a"),
                ("OutputIgnored", "parameters.c"),
            ]
        );
    }
}
