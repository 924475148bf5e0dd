//! Commands for the user to copy: what to type to go on with a run.

use std::path::Path;

use polysync_host::contract::Run;
use uuid::Uuid;

use crate::args::GlobalArgs;
use crate::render::text::shell_word;

/// The command that shows how a run is.
pub(crate) fn status(global: &GlobalArgs, run: &Run) -> String {
    let mut words = vec![
        "polysync-harness".into(),
        "status".into(),
        run.run_id.clone(),
    ];
    words.extend(["--external-id".into(), run.external_id.clone()]);
    words.extend(options(global));
    join(&words)
}

/// What to say when a start failed and nobody knows whether there is a run.
pub(crate) fn same_guid_again(guid: Uuid) -> String {
    format!(
        "There may be a run all the same. The same command with --guid {guid} gives that run, never a second one."
    )
}

/// The options that say which plugin and which connection.
fn options(global: &GlobalArgs) -> Vec<String> {
    let single = [
        (
            "--component",
            global
                .component
                .as_deref()
                .map(Path::to_string_lossy)
                .map(Into::into),
        ),
        ("--region", global.region.clone()),
        ("--profile", global.profile.clone()),
        ("--endpoint-url", global.endpoint_url.clone()),
    ];
    let attributes = global
        .connection_attribute
        .iter()
        .map(|pair| format!("{}={}", pair.key, pair.value));
    let single = single
        .into_iter()
        .filter_map(|(option, value)| Some((option, value?)));
    single
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
        .collect()
}

fn join(words: &[String]) -> String {
    words
        .iter()
        .map(|word| shell_word(word))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Cli;
    use crate::samples;

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
        let cli = Cli::parse_from(given.iter().chain(&["--connection-attribute", "role=a b"]));

        assert_eq!(
            status(&cli.global, &samples::run()),
            "polysync-harness status run-1 --external-id churn --component 'my plugin.wasm' \
             --region eu-west-1 --connection-attribute 'role=a b'"
        );
    }
}
