//! Whether a person accepts what the plugin asks for: said now, or earlier.
//!
//! `dialoguer` was considered for the question: it is one line with yes or no.

use std::io::{self, IsTerminal};

use polysync_host::{Digest, GrantRequest, Plugin, RefusedRequest};

use crate::cli::global::GlobalArgs;
use crate::failure::Failure;
use crate::output::note;
use crate::render::style::{BOLD, paint};
use crate::render::text;
use crate::session::grants_file::GrantsFile;
use crate::session::not_granted::NotGranted;
use crate::session::user_directory::user_directory;

/// How many requests that can't be accepted are named, so that they don't push those that can out of sight.
const NAMED: usize = 10;

/// A plugin that asks.
struct Asking<'a> {
    id: &'a str,
    version: &'a str,
    digest: Digest,
    /// What is to be decided.
    requests: Vec<GrantRequest>,
    /// What it asks for too, and can't be accepted.
    refused: &'a [RefusedRequest],
}

/// What a person has accepted of these requests of a plugin.
///
/// # Errors
///
/// Nobody has decided, or the answer is no.
pub(crate) fn accepted(
    global: &GlobalArgs,
    plugin: &Plugin,
    requests: Vec<GrantRequest>,
    refused: &[RefusedRequest],
) -> Result<Vec<GrantRequest>, Failure> {
    let description = plugin.description();
    let asking = Asking {
        id: &description.id,
        version: &description.version,
        digest: plugin.digest(),
        requests,
        refused,
    };
    let file = global.grants.clone().or_else(|| {
        let directory = user_directory("XDG_STATE_HOME", ".local/state")?;
        Some(directory.join("grants.json"))
    });
    let is_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    asking.decide(
        global.allow_needs,
        file.map(GrantsFile::new).as_ref(),
        is_terminal.then_some(ask),
    )
}

/// Shows a question in the terminal. The answer is no unless it is yes.
fn ask(question: &str) -> io::Result<bool> {
    note(question);
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(
        answer.trim().to_ascii_lowercase().as_str(),
        "y" | "yes"
    ))
}

impl Asking<'_> {
    /// Decides by the option, by an earlier answer, or by a person who can be asked, in this order.
    fn decide(
        self,
        allow_needs: bool,
        file: Option<&GrantsFile>,
        ask: Option<impl FnOnce(&str) -> io::Result<bool>>,
    ) -> Result<Vec<GrantRequest>, Failure> {
        if allow_needs {
            return Ok(self.requests);
        }
        if let Some(file) = file
            && let Some(granted) = file.decided(self.id, self.digest, &self.requests)?
        {
            return Ok(granted);
        }
        let Some(ask) = ask else {
            return Err(NotGranted::undecided(&self.name(), &self.requests).into());
        };
        if !ask(&self.question(file)).map_err(anyhow::Error::new)? {
            return Err(NotGranted::declined(&self.name(), &self.requests).into());
        }
        if let Some(file) = file {
            file.accept(self.id, self.digest, &self.requests)?;
        }
        Ok(self.requests)
    }

    /// Id and version are the plugin's own words.
    fn name(&self) -> String {
        let name = format!("{} {}", self.id, self.version);
        format!("{} (sha256 {})", text::line(&name), self.digest.short())
    }

    fn question(&self, file: Option<&GrantsFile>) -> String {
        let mut lines = vec![format!("{} asks to", paint(BOLD, self.name()))];
        lines.extend(
            self.requests
                .iter()
                .map(|request| match request.capability() {
                    "http" => format!("  send requests to {}", request.value()),
                    _ => format!(
                        "  sign requests to the AWS service {} with your credentials",
                        request.value()
                    ),
                }),
        );
        if self
            .requests
            .iter()
            .any(|request| request.value().contains('*'))
        {
            lines.push("where * stands for one label of the name.".to_owned());
        }
        if !self.refused.is_empty() {
            lines.push("It asks for this too, which is not granted by your answer:".to_owned());
            let named = self.refused.iter().take(NAMED);
            lines.extend(named.map(|refused| format!("  {refused}")));
            match self.refused.len().saturating_sub(NAMED) {
                0 => {}
                more => lines.push(format!("  and {more} more")),
            }
        }
        lines.push(match file {
            Some(file) => format!(
                "Your answer is kept in {}, for this build.",
                file.path().display()
            ),
            None => "Your answer is not kept: there is no home directory to keep it in.".to_owned(),
        });
        lines.push(format!(
            "{} Type yes or no.",
            paint(BOLD, "Do you allow this?")
        ));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use polysync_host::GrantRequests;
    use polysync_host::contract::Need;

    use super::*;
    use crate::samples::plain;

    fn requests(needs: &[(&str, &str)]) -> GrantRequests {
        let need = |(capability, value): &(&str, &str)| Need {
            capability: (*capability).into(),
            value: (*value).into(),
        };
        GrantRequests::from_needs(&needs.iter().map(need).collect::<Vec<_>>())
    }

    const NEEDS: &[(&str, &str)] = &[
        ("http", "https://api.*.example.com"),
        ("aws-signing", "iam"),
        ("http", "http://127.0.0.1:6379"),
    ];

    fn asking(requests: &GrantRequests) -> Asking<'_> {
        Asking {
            id: "example",
            version: "1.0.0\x1b[2J",
            digest: Digest::compute(b""),
            requests: requests.valid().to_vec(),
            refused: requests.refused(),
        }
    }

    /// Nobody can be asked.
    const NOBODY: Option<fn(&str) -> io::Result<bool>> = None;

    fn unasked(_: &str) -> io::Result<bool> {
        panic!("nobody must be asked")
    }

    #[test]
    fn a_person_is_asked_once_for_a_build_and_what_it_asks_for() {
        let requests = requests(NEEDS);
        let folder = tempfile::tempdir().unwrap();
        let file = GrantsFile::new(folder.path().join("grants.json"));
        let mut shown = String::new();
        let yes = |question: &str| {
            shown = plain(question);
            Ok(true)
        };
        let granted = asking(&requests).decide(false, Some(&file), Some(yes));
        assert_eq!(granted.unwrap(), requests.valid());
        assert_eq!(
            shown,
            format!(
                "example 1.0.0\u{fffd}[2J (sha256 e3b0c44298fc) asks to\n\
                 \u{20} send requests to https://api.*.example.com\n\
                 \u{20} sign requests to the AWS service iam with your credentials\n\
                 where * stands for one label of the name.\n\
                 It asks for this too, which is not granted by your answer:\n\
                 \u{20} http http://127.0.0.1:6379: a plugin may ask for a name, not for an address\n\
                 Your answer is kept in {}, for this build.\n\
                 Do you allow this? Type yes or no.",
                file.path().display()
            )
        );
        let granted = asking(&requests).decide(false, Some(&file), Some(unasked));
        assert_eq!(granted.unwrap(), requests.valid());
        // Another program, without a terminal, reads the same file.
        let granted = asking(&requests).decide(false, Some(&file), NOBODY);
        assert_eq!(granted.unwrap(), requests.valid());
    }

    #[test]
    fn a_connection_with_other_needs_is_asked_about_and_earlier_answers_stay() {
        let here = requests(&[
            ("http", "https://api.eu.example.com"),
            ("aws-signing", "iam"),
        ]);
        let there = requests(&[
            ("http", "https://api.us.example.com"),
            ("aws-signing", "iam"),
        ]);
        let folder = tempfile::tempdir().unwrap();
        let file = GrantsFile::new(folder.path().join("grants.json"));
        for connection in [&here, &there] {
            let mut is_asked = false;
            let yes = |_: &str| {
                is_asked = true;
                Ok(true)
            };
            asking(connection)
                .decide(false, Some(&file), Some(yes))
                .unwrap();
            assert!(is_asked);
        }
        for connection in [&here, &there] {
            let granted = asking(connection).decide(false, Some(&file), Some(unasked));
            assert_eq!(granted.unwrap(), connection.valid());
        }
    }

    #[test]
    fn what_can_not_be_accepted_pushes_what_can_out_of_no_sight() {
        let many: Vec<_> = (0..250).map(|n| format!("http://10.0.0.{n}")).collect();
        let needs: Vec<_> = [("aws-signing", "iam")]
            .into_iter()
            .chain(many.iter().map(|value| ("http", value.as_str())))
            .collect();
        let requests = requests(&needs);
        let question = plain(&asking(&requests).question(None));
        assert!(question.contains("AWS service iam"), "{question}");
        assert!(question.contains("and 240 more"), "{question}");
        assert!(question.lines().count() < 20, "{question}");
    }

    #[test]
    fn the_answer_no_grants_nothing_and_is_asked_again() {
        let requests = requests(NEEDS);
        let folder = tempfile::tempdir().unwrap();
        let file = GrantsFile::new(folder.path().join("grants.json"));
        for _ in 0..2 {
            let mut is_asked = false;
            let no = |_: &str| {
                is_asked = true;
                Ok(false)
            };
            let refusal = asking(&requests).decide(false, Some(&file), Some(no));
            assert!(is_asked);
            let Err(Failure::NotGranted(refusal)) = refusal else {
                panic!("the answer was no")
            };
            assert!(refusal.to_string().starts_with("you did not allow what "));
            assert!(!refusal.hint.contains("to be asked"), "{}", refusal.hint);
        }
        assert!(!file.path().exists());
    }

    #[test]
    fn where_nobody_can_be_asked_the_failure_names_the_options_to_add() {
        let requests = requests(NEEDS);
        let Err(Failure::NotGranted(error)) = asking(&requests).decide(false, None, NOBODY) else {
            panic!("nobody has agreed")
        };
        assert_eq!(
            error.to_string(),
            "example 1.0.0\u{fffd}[2J (sha256 e3b0c44298fc) asks for what nobody has granted:\n\
             http https://api.*.example.com\naws-signing iam"
        );
        assert_eq!(
            error.hint,
            "run it once in a terminal to be asked, or add --allow-needs to accept all of this, \
             or grant it by name, all of it or less:\n\
             --grant 'https://api.*.example.com' \\\n--grant-service iam"
        );
    }

    #[test]
    fn the_option_accepts_what_may_be_asked_for_and_nobody_is_asked() {
        let requests = requests(NEEDS);
        let granted = asking(&requests).decide(true, None, Some(unasked));
        assert_eq!(granted.unwrap(), requests.valid());
    }
}
