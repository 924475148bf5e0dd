//! The machine that the set-up runs on, behind a trait so that tests can replace it.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::environment;

/// Programs and files of a machine. A command is a program's name and its arguments.
pub trait Machine {
    /// The `rustc` that the cargo in use calls.
    fn rustc(&self) -> String;

    /// What a program writes to its standard output; `None` where it can't be started or fails.
    fn ask(&self, command: &[&str]) -> Option<String>;

    /// Runs a program to its end, shows its output, and returns whether it succeeded.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is no such program.
    fn run(&self, command: &[&str]) -> io::Result<bool>;

    /// Tells the user what is about to be done.
    fn announce(&self, sentence: &str);

    /// Whether a path leads to something, through all links.
    fn exists(&self, path: &Path) -> bool;

    /// Whether a directory holds compiled Rust libraries.
    fn holds_libraries(&self, directory: &Path) -> bool;
}

/// The machine that this program runs on.
pub struct ThisMachine;

impl Machine for ThisMachine {
    fn rustc(&self) -> String {
        environment::rustc()
    }

    fn ask(&self, command: &[&str]) -> Option<String> {
        let output = start(command).ok()?.stderr(Stdio::null()).output().ok()?;
        output.status.success().then_some(())?;
        String::from_utf8(output.stdout).ok()
    }

    fn run(&self, command: &[&str]) -> io::Result<bool> {
        // Standard output is for the task's own result.
        let status = start(command)?.stdout(io::stderr()).status()?;
        Ok(status.success())
    }

    fn announce(&self, sentence: &str) {
        eprintln!("{sentence}");
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn holds_libraries(&self, directory: &Path) -> bool {
        let Ok(entries) = directory.read_dir() else {
            return false;
        };
        entries
            .flatten()
            .any(|entry| entry.path().extension() == Some(OsStr::new("rlib")))
    }
}

fn start(command: &[&str]) -> io::Result<Command> {
    let (program, arguments) = command
        .split_first()
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut start = Command::new(program);
    start.args(arguments).stdin(Stdio::null());
    Ok(start)
}

/// A command as a user would type it into a shell. `shlex` would quote every `NAME=VALUE` too.
pub fn typed<Word: AsRef<str>>(command: &[Word]) -> String {
    let words = command.iter().map(|word| {
        let word = word.as_ref();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./:,@%".contains(c);
        if !word.is_empty() && word.chars().all(is_plain) {
            word.to_owned()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_so_that_a_shell_reads_it_back() {
        assert_eq!(typed(&["cargo", "build", "--lib"]), "cargo build --lib");
        assert_eq!(typed(&["sh", "-c", "a && b"]), "sh -c 'a && b'");
        assert_eq!(typed(&["echo", "it's", ""]), r"echo 'it'\''s' ''");
    }

    #[test]
    fn a_program_that_fails_or_is_missing_has_no_answer() {
        assert_eq!(ThisMachine.ask(&["rustc", "--no-such-option"]), None);
        assert_eq!(ThisMachine.ask(&["no-such-program"]), None);
    }
}
