//! The plugins that the command line names.

use std::path::PathBuf;

use polysync_host::{Digest, Source};

use crate::cli::global::GlobalArgs;
use crate::failure::Failure;

/// A plugin of the command line.
#[derive(Debug, Clone)]
pub(crate) struct Component {
    /// Its file.
    pub(crate) path: PathBuf,
    /// The build that the file has to be, if it has to be one.
    pinned: Option<Digest>,
    /// What serves in place of the file, until somebody wants the file.
    pub(crate) instead: Option<Instead>,
}

/// What serves in place of a plugin's file.
#[derive(Debug, Clone)]
pub(crate) struct Instead {
    /// The SHA-256 of the file.
    pub(crate) file: Digest,
    pub(crate) source: Source,
}

impl Component {
    /// The file, where it is to be loaded.
    pub(crate) fn file(&self) -> Source {
        match self.pinned {
            Some(digest) => Source::file(&self.path).pinned(digest),
            None => Source::file(&self.path),
        }
    }

    /// What is loaded first.
    pub(crate) fn source(&self) -> Source {
        match &self.instead {
            Some(instead) => instead.source.clone(),
            None => self.file(),
        }
    }
}

/// The one plugin of a command.
pub(crate) fn one(global: &GlobalArgs) -> Result<Component, Failure> {
    let mut components = all(global)?;
    match (components.pop(), components.len()) {
        (Some(component), 0) => Ok(component),
        (_, others) => Err(Failure::Usage(format!(
            "--component is given {} times, and this command is about one plugin: give it once; \
             only `serve` takes several",
            others.saturating_add(1)
        ))),
    }
}

/// All plugins of a command; at least one.
pub(crate) fn all(global: &GlobalArgs) -> Result<Vec<Component>, Failure> {
    let given = global.component.iter();
    let components: Vec<_> = given
        .filter(|path| !path.as_os_str().is_empty())
        .map(|path| Component {
            path: path.clone(),
            pinned: global.sha256,
            instead: None,
        })
        .collect();
    match (components.as_slice(), global.sha256) {
        ([], _) => Err(Failure::Usage(
            "no plugin is given: name its file with --component, or in POLYSYNC_COMPONENT".into(),
        )),
        ([_, _, ..], Some(_)) => Err(Failure::Usage(
            "--sha256 is for one plugin, and --component is given several times: leave --sha256 out"
                .into(),
        )),
        _ => Ok(components),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    fn global(options: &[&str]) -> GlobalArgs {
        // An option takes precedence over the environment of whoever runs the tests.
        let words = ["polysync-harness", "describe"];
        Cli::parse_from(words.iter().chain(options)).global
    }

    fn refusal<T>(found: Result<T, Failure>) -> String {
        match found {
            Err(Failure::Usage(message)) => message,
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("it is not refused"),
        }
    }

    #[test]
    fn a_command_about_one_plugin_is_refused_more_and_none() {
        let one_file = ["--component", "a.wasm"];
        assert_eq!(
            one(&global(&one_file)).unwrap().path,
            PathBuf::from("a.wasm")
        );
        let two = global(&["--component", "a.wasm", "--component", "b.wasm"]);
        assert!(refusal(one(&two)).contains("given 2 times"));
        assert_eq!(all(&two).unwrap().len(), 2);
        let none = GlobalArgs {
            component: vec![PathBuf::new()],
            ..two
        };
        assert!(refusal(one(&none)).starts_with("no plugin is given"));
    }

    #[test]
    fn a_pin_is_for_one_plugin() {
        let pin = ["--sha256", &"0".repeat(64), "--component", "a.wasm"];
        assert!(one(&global(&pin)).unwrap().pinned.is_some());
        let two = [&pin[..], &["--component", "b.wasm"]].concat();
        assert!(refusal(all(&global(&two))).contains("leave --sha256 out"));
    }
}
