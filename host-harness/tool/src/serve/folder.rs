//! A folder of job files, polled for new ones.

use std::collections::{HashMap, HashSet};
use std::fs::{self, ReadDir};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, ensure};
use jiff::Timestamp;
use polysync_host::Digest;
use polysync_host::contract::Job;

use super::order::{self, Order, Target};
use super::serving_plugin::ServingPlugin;
use crate::job;
use crate::job::file::JobFile;

/// The most bytes of a file of orders.
const MOST_ORDER_BYTES: u64 = 1 << 20;

/// A folder of job files. `NAME.json` is a job, run once; `NAME.cancel` beside it cancels the run;
/// `NAME.order` has orders, and is removed before they are carried out.
pub(crate) struct Folder {
    path: PathBuf,
    plugin: ServingPlugin,
    taken: Taken,
    /// The files that couldn't be read as a job, with what that depended on.
    broken: HashMap<String, (Changed, Digest)>,
    /// The files of orders, with their last change: one that is still being written changes again.
    unfinished: HashMap<String, (u64, Changed)>,
}

/// When a file was last changed; none if nobody knows.
type Changed = Option<SystemTime>;

/// The files whose orders were taken.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) jobs: HashSet<String>,
    /// Files that cancel, with their last change: a file that has changed is another wish.
    pub(crate) cancellations: HashMap<String, Option<Timestamp>>,
}

impl Folder {
    /// A folder whose `taken` files were taken earlier.
    pub(crate) fn new(path: &Path, plugin: ServingPlugin, taken: Taken) -> Self {
        Self {
            path: path.to_owned(),
            plugin,
            taken,
            broken: HashMap::new(),
            unfinished: HashMap::new(),
        }
    }

    /// Its files.
    ///
    /// # Errors
    ///
    /// It can't be listed: perhaps there is no such folder.
    pub(crate) fn list(&self) -> Result<ReadDir> {
        fs::read_dir(&self.path).with_context(|| self.unreadable())
    }

    fn unreadable(&self) -> String {
        format!("cannot list the job files in {}", self.path.display())
    }

    /// The orders of new files. A file that can't be read as a job, perhaps because it is still being
    /// written, is an error once. It is read again when it has changed, or when another plugin serves.
    pub(crate) fn poll(&mut self) -> Result<Vec<Result<Order>>> {
        let mut names = Vec::new();
        for entry in self.list()? {
            let entry = entry.with_context(|| self.unreadable())?;
            if let Ok(name) = entry.file_name().into_string()
                && !self.taken.jobs.contains(&name)
            {
                names.push(name);
            }
        }
        names.sort();
        Ok(names.into_iter().flat_map(|name| self.take(name)).collect())
    }

    /// Whether a file of orders may be complete by the next poll.
    pub(crate) fn is_waiting(&self) -> bool {
        self.unfinished.values().any(|(length, _)| *length > 0)
    }

    fn take(&mut self, name: String) -> Vec<Result<Order>> {
        if let Some(job) = name.strip_suffix(".cancel") {
            let file = format!("{job}.json");
            self.take_cancellation(name, file).into_iter().collect()
        } else if name.ends_with(".order") {
            self.take_orders(&name)
        } else if name.ends_with(".json") {
            self.take_job(name).into_iter().collect()
        } else {
            Vec::new()
        }
    }

    fn take_cancellation(&mut self, name: String, job: String) -> Option<Result<Order>> {
        // Only once the job was taken: before that, there is no run to cancel.
        if !self.taken.jobs.contains(&job) {
            return None;
        }
        let changed = self.changed(&name);
        let changed_at = changed.and_then(|time| Timestamp::try_from(time).ok());
        let earlier = self.taken.cancellations.insert(name, changed_at);
        let target = Target::File {
            name: job,
            changed_at,
        };
        (earlier != Some(changed_at)).then_some(Ok(Order::Cancel(target)))
    }

    /// The orders of a file that didn't change from one poll to the next.
    fn take_orders(&mut self, name: &str) -> Vec<Result<Order>> {
        let path = self.path.join(name);
        let length = fs::metadata(&path).map_or(0, |metadata| metadata.len());
        let now = (length, self.changed(name));
        let earlier = self.unfinished.remove(name);
        if length == 0 || earlier != Some(now) {
            self.unfinished.insert(name.to_owned(), now);
            return Vec::new();
        }
        // Removed first: what can't be removed would be carried out again and again.
        let text = read_orders(&path).and_then(|text| {
            fs::remove_file(&path)?;
            Ok(text)
        });
        let description = self.plugin.description();
        match text.with_context(|| format!("cannot take the orders of {}", path.display())) {
            Ok(text) => text
                .lines()
                .filter_map(|line| order::from_line(line, &description).transpose())
                .map(|order| match order {
                    Ok(Order::Start { .. }) => Err(anyhow!(
                        "{} has a job among the orders: write it to a file NAME.json",
                        path.display()
                    )),
                    order => order,
                })
                .collect(),
            // It is tried again only when it has changed.
            Err(error) => {
                self.taken.jobs.insert(name.to_owned());
                vec![Err(error)]
            }
        }
    }

    fn take_job(&mut self, name: String) -> Option<Result<Order>> {
        let depends_on = (self.changed(&name), self.plugin.digest());
        if self.broken.get(&name) == Some(&depends_on) {
            return None;
        }
        match self.read(&self.path.join(&name)) {
            Ok(job) => {
                self.broken.remove(&name);
                self.taken.jobs.insert(name.clone());
                let file = Some(name);
                Some(Ok(Order::Start { job, file }))
            }
            Err(error) => {
                self.broken.insert(name, depends_on);
                Some(Err(error))
            }
        }
    }

    fn changed(&self, name: &str) -> Changed {
        let metadata = fs::metadata(self.path.join(name));
        metadata.and_then(|metadata| metadata.modified()).ok()
    }

    fn read(&self, path: &Path) -> Result<Job> {
        // To open a pipe waits for somebody who writes to it.
        let is_file = fs::metadata(path).map(|metadata| metadata.is_file());
        ensure!(is_file?, "{} is not a file", path.display());
        let file = JobFile::read(path)?;
        job::from_file(file, &self.plugin.description())
            .with_context(|| format!("the job file {} isn't right", path.display()))
    }
}

fn read_orders(path: &Path) -> Result<String> {
    let mut text = String::new();
    let file = fs::File::open(path)?;
    ensure!(
        is_at(&file, path)?,
        "it is a link to another file, whose text would be shown"
    );
    let read = file.take(MOST_ORDER_BYTES).read_to_string(&mut text)?;
    ensure!(
        u64::try_from(read).is_ok_and(|read| read < MOST_ORDER_BYTES),
        "it is larger than {MOST_ORDER_BYTES} bytes"
    );
    Ok(text)
}

/// Whether a path names this very file, and not a link to it. Asked of the open file, because the path may
/// name another one meanwhile.
#[cfg(unix)]
fn is_at(file: &fs::File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (opened, named) = (file.metadata()?, fs::symlink_metadata(path)?);
    Ok((opened.dev(), opened.ino()) == (named.dev(), named.ino()))
}

#[cfg(not(unix))]
fn is_at(_file: &fs::File, path: &Path) -> io::Result<bool> {
    Ok(!fs::symlink_metadata(path)?.is_symlink())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::samples;

    const JOB: &str = r#"{ "externalId": "churn" }"#;

    fn folder(path: &Path, taken: &[&str]) -> Folder {
        let taken = Taken {
            jobs: taken.iter().map(|name| (*name).to_owned()).collect(),
            ..Taken::default()
        };
        Folder::new(path, samples::serving_plugin(), taken)
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
        assert_eq!(cancelled(&mut jobs), ["a.json"]);
        assert!(jobs.poll().unwrap().is_empty());
    }

    /// The job files whose runs are cancelled.
    fn cancelled(jobs: &mut Folder) -> Vec<String> {
        let cancelled = |order| match order {
            Ok(Order::Cancel(Target::File { name, .. })) => name,
            other => panic!("{other:?}"),
        };
        jobs.poll().unwrap().into_iter().map(cancelled).collect()
    }

    #[test]
    fn a_file_that_cancels_is_another_wish_only_when_it_has_changed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.cancel");
        fs::write(&path, "").unwrap();
        let mut jobs = folder(directory.path(), &["a.json"]);
        assert_eq!(cancelled(&mut jobs), ["a.json"]);
        let taken = jobs.taken.cancellations["a.cancel"];

        // As after a restart: the record of the run knows the file.
        let mut again = folder(directory.path(), &["a.json"]);
        again.taken.cancellations.insert("a.cancel".into(), taken);
        assert!(cancelled(&mut again).is_empty());
        let later = SystemTime::now() + std::time::Duration::from_secs(1);
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(later).unwrap();
        assert_eq!(cancelled(&mut again), ["a.json"]);
    }

    #[test]
    fn a_file_of_orders_is_taken_once_it_is_complete_and_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("now.order");
        let mut jobs = folder(directory.path(), &[]);
        fs::write(&path, "").unwrap();
        for _ in 0..3 {
            assert!(jobs.poll().unwrap().is_empty());
        }
        fs::write(&path, "roll").unwrap();
        assert!(jobs.poll().unwrap().is_empty());
        fs::write(&path, "rollback\ncancel all\nmake it so\n{}").unwrap();
        assert!(jobs.poll().unwrap().is_empty());
        let orders = jobs.poll().unwrap();
        assert!(
            matches!(
                orders.as_slice(),
                [
                    Ok(Order::Rollback),
                    Ok(Order::Cancel(Target::All)),
                    Err(_),
                    Err(_)
                ]
            ),
            "{orders:?}"
        );
        assert!(!path.exists());
        assert!(jobs.poll().unwrap().is_empty());
    }

    #[test]
    fn a_link_is_no_file_of_orders_so_that_nobody_else_s_file_is_shown_or_removed() {
        let (elsewhere, directory) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secret = elsewhere.path().join("credentials");
        fs::write(&secret, "aws_secret_access_key = hidden\n").unwrap();
        let link = directory.path().join("now.order");
        std::os::unix::fs::symlink(&secret, link).unwrap();
        let mut jobs = folder(directory.path(), &[]);
        let mut shown = String::new();
        for _ in 0..3 {
            for order in jobs.poll().unwrap() {
                shown += &format!("{:#}\n", order.unwrap_err());
            }
        }
        assert!(!shown.contains("hidden"), "{shown}");
        assert_eq!(shown.lines().count(), 1, "{shown}");
    }

    #[test]
    fn what_is_not_an_order_is_repeated_in_part() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("a.order"), "x".repeat(1 << 19)).unwrap();
        let mut jobs = folder(directory.path(), &[]);
        assert!(jobs.poll().unwrap().is_empty());
        let [Err(error)] = &jobs.poll().unwrap()[..] else {
            panic!("it is not an order")
        };
        assert!(error.to_string().len() < 1_000);
    }

    #[test]
    fn a_job_file_that_does_not_end_fills_no_memory() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        // It takes no place on the disk, and reads as zeros.
        fs::File::create(&path).unwrap().set_len(1 << 30).unwrap();
        let mut jobs = folder(directory.path(), &[]);
        let [Err(error)] = &jobs.poll().unwrap()[..] else {
            panic!("it is not a job")
        };
        assert!(format!("{error:#}").contains("larger than"), "{error:#}");
    }

    #[test]
    fn a_pipe_among_the_job_files_keeps_no_other_waiting() {
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("a.json");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        fs::write(directory.path().join("b.json"), JOB).unwrap();
        let mut jobs = folder(directory.path(), &[]);
        let (done, polled) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let _ = done.send(jobs.poll().unwrap());
        });
        let orders = polled.recv_timeout(std::time::Duration::from_secs(10));
        let orders = orders.expect("it waits for nobody who writes");
        assert!(matches!(&orders[..], [Err(_), Ok(_)]), "{orders:?}");
    }

    #[test]
    fn a_job_is_checked_against_the_plugin_that_serves_now() {
        let directory = tempfile::tempdir().unwrap();
        let job = r#"{ "externalId": "churn", "attributes": { "new-one": "1" } }"#;
        fs::write(directory.path().join("a.json"), job).unwrap();
        let swapped = Arc::new(AtomicBool::new(false));
        let is_swapped = Arc::clone(&swapped);
        let plugin = ServingPlugin::new(move || {
            let mut description = samples::description();
            if !is_swapped.load(Ordering::Relaxed) {
                return (Digest::compute(b"old"), description);
            }
            let new = samples::attribute_definition("new-one");
            description.job_attributes.push(new);
            (Digest::compute(b"new"), description)
        });
        let mut jobs = Folder::new(directory.path(), plugin, Taken::default());
        let [Err(error)] = &jobs.poll().unwrap()[..] else {
            panic!("the old plugin has no such attribute")
        };
        assert!(format!("{error:#}").contains("new-one"), "{error:#}");
        assert!(jobs.poll().unwrap().is_empty());
        swapped.store(true, Ordering::Relaxed);
        assert_eq!(starts(jobs.poll().unwrap()), ["a.json"]);
    }
}
