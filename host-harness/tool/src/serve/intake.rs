//! Where jobs and orders come from: a folder of job files, or lines on standard input.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow};
use polysync_host::contract::{Description, Job};
use uuid::Uuid;

use crate::job;
use crate::job_file::JobFile;

/// What somebody wants.
#[derive(Debug, PartialEq)]
pub(crate) enum Order {
    /// A run of this job. A file is taken once, whatever becomes of it.
    Start {
        job: Job,
        file: Option<String>,
    },
    Cancel(Target),
    /// Back to the plugin before.
    Rollback,
}

/// Which runs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    All,
    Run(Uuid),
    /// The run of a job file, by its name.
    File(String),
}

/// Understands a line of standard input; an empty one says nothing.
pub(crate) fn of_line(line: &str, description: &Description) -> Result<Option<Order>> {
    let line = line.trim();
    if line.is_empty() {
        return Ok(None);
    }
    if line.starts_with('{') {
        let job = JobFile::parse(line)
            .and_then(|file| Ok(job::of_file(file, description)?))
            .context("the job isn't right")?;
        return Ok(Some(Order::Start { job, file: None }));
    }
    let mut words = line.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some("cancel"), Some("all"), None) => Ok(Some(Order::Cancel(Target::All))),
        (Some("cancel"), Some(guid), None) => {
            let guid = guid
                .parse()
                .with_context(|| format!("`{guid}` is no GUID of a run"))?;
            Ok(Some(Order::Cancel(Target::Run(guid))))
        }
        (Some("rollback"), None, None) => Ok(Some(Order::Rollback)),
        _ => Err(anyhow!(
            "`{line}` is no order: write a job file in one line, `cancel GUID`, `cancel all` or `rollback`"
        )),
    }
}

/// A folder of job files. `NAME.json` is a job, run once; `NAME.cancel` beside it asks for the run's
/// end.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    description: Description,
    /// The files that were understood, and what was asked for.
    taken: HashSet<String>,
    /// The files that couldn't be understood, as they were then.
    broken: HashMap<String, Option<SystemTime>>,
}

impl Folder {
    /// A folder of which these files were taken earlier.
    pub(crate) fn new(
        path: &Path,
        description: &Description,
        taken: impl IntoIterator<Item = String>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            description: description.clone(),
            taken: taken.into_iter().collect(),
            broken: HashMap::new(),
        }
    }

    /// What is new in it. A file that can't be understood, because only half of it is there yet
    /// maybe, is told once and looked at again when it has changed.
    pub(crate) fn look(&mut self) -> Result<Vec<Result<Order>>> {
        let unreadable = || format!("cannot list the job files in {}", self.path.display());
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path).with_context(unreadable)? {
            let entry = entry.with_context(unreadable)?;
            if let Ok(name) = entry.file_name().into_string()
                && !self.taken.contains(&name)
            {
                names.push(name);
            }
        }
        names.sort();
        Ok(names.into_iter().filter_map(|n| self.take(n)).collect())
    }

    fn take(&mut self, name: String) -> Option<Result<Order>> {
        let path = self.path.join(&name);
        if let Some(job) = name.strip_suffix(".cancel") {
            let file = format!("{job}.json");
            // Only once its job was taken, or the run would be asked for after its end.
            self.taken.contains(&file).then(|| {
                self.taken.insert(name.clone());
                Ok(Order::Cancel(Target::File(file)))
            })
        } else if name.ends_with(".json") {
            let modified = fs::metadata(&path).and_then(|m| m.modified()).ok();
            if self.broken.get(&name) == Some(&modified) {
                return None;
            }
            let job = JobFile::read(&path).and_then(|file| {
                job::of_file(file, &self.description)
                    .with_context(|| format!("the job file {} isn't right", path.display()))
            });
            match job {
                Ok(job) => {
                    self.broken.remove(&name);
                    self.taken.insert(name.clone());
                    Some(Ok(Order::Start {
                        job,
                        file: Some(name),
                    }))
                }
                Err(error) => {
                    self.broken.insert(name, modified);
                    Some(Err(error))
                }
            }
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::samples;

    const JOB: &str = r#"{ "externalId": "churn" }"#;

    fn line(line: &str) -> Result<Option<Order>> {
        of_line(line, &samples::description())
    }

    fn folder(path: &Path, taken: &[&str]) -> Folder {
        let taken = taken.iter().map(|name| (*name).to_owned());
        Folder::new(path, &samples::description(), taken)
    }

    #[test]
    fn a_line_is_a_job_or_an_order() {
        assert!(matches!(
            line(JOB).unwrap(),
            Some(Order::Start { file: None, .. })
        ));
        let guid = Uuid::from_u128(7);
        assert_eq!(
            line(&format!("cancel {guid}")).unwrap(),
            Some(Order::Cancel(Target::Run(guid)))
        );
        assert_eq!(
            line(" cancel  all ").unwrap(),
            Some(Order::Cancel(Target::All))
        );
        assert_eq!(line("rollback").unwrap(), Some(Order::Rollback));
        assert_eq!(line("  ").unwrap(), None);
    }

    #[test]
    fn any_other_line_is_answered_with_what_would_be_right() {
        for line in [
            "start x",
            "cancel",
            "cancel 1 2",
            "cancel x",
            "rollback 2",
            "{",
        ] {
            assert!(
                super::of_line(line, &samples::description()).is_err(),
                "{line}"
            );
        }
        let error = line("hello").unwrap_err().to_string();
        assert!(error.contains("`cancel GUID`"), "{error}");
    }

    fn starts(orders: Vec<Result<Order>>) -> Vec<String> {
        let start = |order| match order {
            Ok(Order::Start { file, .. }) => file.unwrap(),
            other => panic!("{other:?}"),
        };
        orders.into_iter().map(start).collect()
    }

    #[test]
    fn a_file_is_taken_once() {
        let directory = tempfile::tempdir().unwrap();
        let write = |name: &str| fs::write(directory.path().join(name), JOB).unwrap();
        write("b.json");
        write("a.json");
        write("earlier.json");
        write("README.md");
        let mut jobs = folder(directory.path(), &["earlier.json"]);
        assert_eq!(starts(jobs.look().unwrap()), ["a.json", "b.json"]);
        write("c.json");
        assert_eq!(starts(jobs.look().unwrap()), ["c.json"]);
        assert!(jobs.look().unwrap().is_empty());
    }

    #[test]
    fn a_file_of_which_half_is_there_is_told_once_and_taken_when_it_is_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        fs::write(&path, &JOB[..10]).unwrap();
        let mut jobs = folder(directory.path(), &[]);
        let [Err(error)] = &jobs.look().unwrap()[..] else {
            panic!("half a job was taken")
        };
        assert!(error.to_string().contains("a.json"), "{error}");
        assert!(jobs.look().unwrap().is_empty());
        fs::write(&path, JOB).unwrap();
        let later = SystemTime::now() + std::time::Duration::from_secs(1);
        fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(later)
            .unwrap();
        assert_eq!(starts(jobs.look().unwrap()), ["a.json"]);
    }

    #[test]
    fn a_file_beside_the_job_asks_for_the_end_of_its_run() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("a.cancel"), "").unwrap();
        let mut jobs = folder(directory.path(), &[]);
        assert!(jobs.look().unwrap().is_empty());
        fs::write(directory.path().join("a.json"), JOB).unwrap();
        assert_eq!(starts(jobs.look().unwrap()), ["a.json"]);
        let [Ok(Order::Cancel(Target::File(file)))] = &jobs.look().unwrap()[..] else {
            panic!("no cancellation")
        };
        assert_eq!(file, "a.json");
        assert!(jobs.look().unwrap().is_empty());
    }
}
