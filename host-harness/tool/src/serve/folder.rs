//! A folder of job files, polled for new ones.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use polysync_host::contract::{Description, Job};

use super::order::{Order, Target};
use crate::job;
use crate::job::file::JobFile;

/// A folder of job files. `NAME.json` is a job, run once; `NAME.cancel` beside it cancels the run.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    description: Description,
    /// The files whose orders were taken.
    taken: HashSet<String>,
    /// The files that couldn't be read as a job, with the time of their last change.
    broken: HashMap<String, Option<SystemTime>>,
}

impl Folder {
    /// A folder whose `taken` files were taken earlier.
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

    /// The orders of new files. A file that can't be read as a job, perhaps because it is still being
    /// written, is an error once, and is read again when it has changed.
    pub(crate) fn poll(&mut self) -> Result<Vec<Result<Order>>> {
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
        if let Some(job) = name.strip_suffix(".cancel") {
            let file = format!("{job}.json");
            // Only once the job was taken: before that, there is no run to cancel.
            self.taken.contains(&file).then(|| {
                self.taken.insert(name.clone());
                Ok(Order::Cancel(Target::File(file)))
            })
        } else if name.ends_with(".json") {
            self.take_job(name)
        } else {
            None
        }
    }

    fn take_job(&mut self, name: String) -> Option<Result<Order>> {
        let path = self.path.join(&name);
        let modified = fs::metadata(&path).and_then(|m| m.modified()).ok();
        if self.broken.get(&name) == Some(&modified) {
            return None;
        }
        match self.read(&path) {
            Ok(job) => {
                self.broken.remove(&name);
                self.taken.insert(name.clone());
                let file = Some(name);
                Some(Ok(Order::Start { job, file }))
            }
            Err(error) => {
                self.broken.insert(name, modified);
                Some(Err(error))
            }
        }
    }

    fn read(&self, path: &Path) -> Result<Job> {
        let file = JobFile::read(path)?;
        job::from_file(file, &self.description)
            .with_context(|| format!("the job file {} isn't right", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    const JOB: &str = r#"{ "externalId": "churn" }"#;

    fn folder(path: &Path, taken: &[&str]) -> Folder {
        let taken = taken.iter().map(|name| (*name).to_owned());
        Folder::new(path, &samples::description(), taken)
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
        assert_eq!(starts(jobs.poll().unwrap()), ["a.json", "b.json"]);
        write("c.json");
        assert_eq!(starts(jobs.poll().unwrap()), ["c.json"]);
        assert!(jobs.poll().unwrap().is_empty());
    }

    #[test]
    fn half_a_file_is_an_error_once_and_is_taken_when_it_is_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        fs::write(&path, &JOB[..10]).unwrap();
        let mut jobs = folder(directory.path(), &[]);
        let [Err(error)] = &jobs.poll().unwrap()[..] else {
            panic!("half a job was taken")
        };
        assert!(error.to_string().contains("a.json"), "{error}");
        assert!(jobs.poll().unwrap().is_empty());
        fs::write(&path, JOB).unwrap();
        let later = SystemTime::now() + std::time::Duration::from_secs(1);
        fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(later)
            .unwrap();
        assert_eq!(starts(jobs.poll().unwrap()), ["a.json"]);
    }

    #[test]
    fn a_file_beside_the_job_cancels_its_run() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("a.cancel"), "").unwrap();
        let mut jobs = folder(directory.path(), &[]);
        assert!(jobs.poll().unwrap().is_empty());
        fs::write(directory.path().join("a.json"), JOB).unwrap();
        assert_eq!(starts(jobs.poll().unwrap()), ["a.json"]);
        let [Ok(Order::Cancel(Target::File(file)))] = &jobs.poll().unwrap()[..] else {
            panic!("no cancellation")
        };
        assert_eq!(file, "a.json");
        assert!(jobs.poll().unwrap().is_empty());
    }
}
