//! Commands for the user to copy, to go on with a run or a discovery.

use std::path::{Path, PathBuf};

use polysync_host::contract::{Description, Run};
use polysync_host::text::is_unsafe;
use uuid::Uuid;

use crate::cli::global::GlobalArgs;
use crate::runs::call::CallFailure;

/// What stands in a command in place of a secret, which the user knows.
const SECRET: &str = "SECRET";

/// The options that were given, and the plugin that says which of their values are secrets.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) global: &'a GlobalArgs,
    pub(crate) description: &'a Description,
}

/// The command that shows the status of a run.
pub(crate) fn status(given: Given<'_>, run: &Run) -> String {
    about_run("status", given, run)
}

/// The command that follows a run.
pub(crate) fn follow(given: Given<'_>, run: &Run) -> String {
    about_run("follow", given, run)
}

/// What to say after a start that isn't made again: the commands that follow the runs which it may have
/// started.
pub(crate) fn after_uncertain_start(given: Given<'_>, failure: &CallFailure) -> String {
    let candidate = |run_id: &str| Run {
        external_id: None,
        run_id: run_id.to_owned(),
    };
    let commands: Vec<_> = failure
        .named_candidates()
        .map(|run_id| format!("\n  {}", follow(given, &candidate(run_id))))
        .collect();
    let advice = match commands.is_empty() {
        true => {
            "Look for it on the platform; `polysync-harness follow RUN_ID` follows it.".to_owned()
        }
        false => format!("This follows each run that it may be:{}", commands.concat()),
    };
    format!(
        "Whether a run was started isn't known, and it isn't started again. {advice}\nTo start anew, \
         give the command again with another --guid, or without one."
    )
}

/// A command about a run.
fn about_run(command: &str, given: Given<'_>, run: &Run) -> String {
    let mut words = vec![
        "polysync-harness".into(),
        command.into(),
        run.run_id.clone(),
    ];
    if let Some(external_id) = &run.external_id {
        words.extend(["--external-id".into(), external_id.clone()]);
    }
    words.extend(options(given));
    words
        .iter()
        .map(|word| quote(word))
        .collect::<Vec<_>>()
        .join(" ")
}

/// What to say when a start failed and whether there is a run isn't known.
pub(crate) fn same_guid_again(guid: Uuid) -> String {
    format!(
        "There may be a run all the same. The same command with --guid {guid} gives that run, never a second one."
    )
}

/// The options that say which plugin and which connection.
fn options(
    Given {
        global,
        description,
    }: Given<'_>,
) -> Vec<String> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let path = |path: &Option<PathBuf>| path.as_deref().map(text);
    let components = global.component.iter();
    let components = components.map(|path| ("--component", text(path)));
    let single = [
        ("--region", global.region.clone()),
        ("--profile", global.profile.clone()),
        ("--endpoint-url", global.endpoint_url.clone()),
        ("--grants", path(&global.grants)),
        ("--ca-bundle", path(&global.ca_bundle)),
    ];
    let flags = [
        ("--allow-needs", global.allow_needs),
        ("--proxy-from-env", global.proxy_from_env),
        ("--proxy-resolves-names", global.proxy_resolves_names),
    ];
    let flags = flags
        .into_iter()
        .filter(|(_, is_given)| *is_given)
        .map(|(option, _)| option.to_owned());
    let is_secret = |key: &str| {
        let mut definitions = description.connection_attributes.iter();
        definitions.any(|definition| definition.key == key && definition.secret)
    };
    let attributes = global.connection_attribute.iter().map(|pair| {
        let value = match is_secret(&pair.key) {
            true => SECRET,
            false => &pair.value,
        };
        format!("{}={value}", pair.key)
    });
    let single = single
        .into_iter()
        .filter_map(|(option, value)| Some((option, value?)));
    components
        .chain(single)
        .chain(attributes.map(|value| ("--connection-attribute", value)))
        .chain(
            global
                .grant
                .iter()
                .map(|grant| ("--grant", grant.to_string())),
        )
        .chain(
            global
                .grant_service
                .iter()
                .map(|service| ("--grant-service", service.clone())),
        )
        .flat_map(|(option, value)| [option.to_owned(), value])
        .chain(flags)
        .collect()
}

/// A word of a command line, in quotes where a shell needs them. What a terminal would obey is an
/// escape in `$'…'`, which bash, zsh and POSIX shells since 2024 read.
pub(crate) fn quote(word: &str) -> String {
    if word.contains(is_unsafe) {
        return quote_with_escapes(word);
    }
    // It fails only for a zero byte, which no command line can hold either way.
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), Into::into)
}

fn quote_with_escapes(word: &str) -> String {
    let escaped = word.chars().map(|c| match c {
        '\\' | '\'' => format!("\\{c}"),
        c if !is_unsafe(c) => c.to_string(),
        c if c.is_ascii() => format!("\\x{:02x}", u32::from(c)),
        c => format!("\\U{:08x}", u32::from(c)),
    });
    format!("$'{}'", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use polysync_host::contract::{self, Attribute};

    use super::*;
    use crate::cli::Cli;
    use crate::samples;

    fn status_of(words: &[&str], description: &Description) -> String {
        let cli = Cli::parse_from(words);
        let given = Given {
            global: &cli.global,
            description,
        };
        status(given, &samples::run())
    }

    #[test]
    fn after_an_uncertain_start_there_is_a_command_for_each_run_that_it_may_be() {
        let cli = Cli::parse_from(["polysync-harness", "describe", "--region", "eu-west-1"]);
        let advice = |candidates: &[&str]| {
            let candidate = |id: &&str| Attribute {
                name: "candidate-run-id".into(),
                value: (*id).into(),
            };
            let failure = contract::Error {
                details: candidates.iter().map(candidate).collect(),
                ..samples::error()
            };
            let given = Given {
                global: &cli.global,
                description: &samples::description(),
            };
            after_uncertain_start(given, &failure.into())
        };
        // The environment may add options.
        let expected = [
            "each run that it may be:\n  polysync-harness follow run-1 --region eu-west-1",
            "\n  polysync-harness follow 'run 2' --region eu-west-1",
            "\nTo start anew, ",
        ];
        let named = advice(&["run-1", "run 2"]);
        for part in expected {
            assert!(named.contains(part), "{named}");
        }
        assert!(advice(&[]).contains("Look for it on the platform"));
        assert_eq!(advice(&["x"; 99]).matches("follow x").count(), 5);
    }

    #[test]
    fn the_command_to_go_on_with_has_the_options_that_were_given() {
        let given = [
            "polysync-harness",
            "describe",
            "--component",
            "my plugin.wasm",
            "--region",
            "eu-west-1",
        ];
        let more = [
            "--connection-attribute",
            "role=a b",
            "--grants",
            "my grants.json",
            "--ca-bundle",
            "ca.pem",
            "--grant-service",
            "example",
            "--allow-needs",
            "--proxy-from-env",
        ];
        let words = [&given[..], &more].concat();

        assert_eq!(
            status_of(&words, &samples::description()),
            "polysync-harness status run-1 --external-id churn --component 'my plugin.wasm' \
             --region eu-west-1 --grants 'my grants.json' --ca-bundle ca.pem \
             --connection-attribute 'role=a b' --grant-service example --allow-needs --proxy-from-env"
        );
    }

    /// A value that the command line had is shown by the terminal's history alone.
    #[test]
    fn a_secret_of_the_connection_is_in_no_command() {
        let mut description = samples::description();
        description.connection_attributes = ["token", "role"]
            .map(samples::attribute_definition)
            .to_vec();
        description.connection_attributes[0].secret = true;
        let given = ["token=hunter2", "role=a"].map(|pair| ["--connection-attribute", pair]);
        let words = [&["polysync-harness", "describe"], given.as_flattened()].concat();
        let command = status_of(&words, &description);
        assert!(!command.contains("hunter2"), "{command}");
        for option in ["token=SECRET", "role=a"] {
            let option = format!("--connection-attribute '{option}'");
            assert!(command.contains(&option), "{command}");
        }
    }

    #[test]
    fn a_word_is_quoted_only_where_a_shell_needs_it() {
        let arn = "arn:aws:x:eu-west-1:1:pipeline/a";
        assert_eq!(quote(arn), arn);
        assert_eq!(quote("a b"), "'a b'");
        assert_eq!(quote("$HOME"), "'$HOME'");
        assert_eq!(quote(""), "''");
    }

    #[test]
    fn a_word_that_a_terminal_would_obey_is_quoted_with_escapes() {
        assert_eq!(quote("a\x1b[2J'\\"), r"$'a\x1b[2J\'\\'");
        assert_eq!(quote("a\u{9b}\u{202e}\n"), r"$'a\U0000009b\U0000202e\x0a'");
    }

    #[test]
    #[cfg(unix)]
    fn a_shell_reads_a_quoted_word_as_it_was() {
        let Ok(bash) = std::process::Command::new("bash")
            .args(["-c", "LC_ALL=C.UTF-8; true"])
            .status()
        else {
            return;
        };
        assert!(bash.success());
        for word in ["a\x1b[2J'\\b", "a b", "ü\u{202e}1", "$HOME", "\n2"] {
            let script = format!("LC_ALL=C.UTF-8; printf %s {}", quote(word));
            let output = std::process::Command::new("bash")
                .args(["-c", &script])
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), word);
        }
    }
}
