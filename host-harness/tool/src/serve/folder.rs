//! A folder of job files, polled for new ones.

use std::collections::{HashMap, HashSet};
use std::fs::{self, ReadDir};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, ensure};
use jiff::Timestamp;
use polysync_host::Digest;

use super::order::{self, Order, Target};
use super::serving_plugins::{ServingPlugins, TypedJob};
use crate::job::file::JobFile;

/// The most bytes of a file of orders.
const MOST_ORDER_BYTES: u64 = 1 << 20;

/// A folder of job files. `NAME.json` is a job, run once; `NAME.cancel` beside it cancels the run;
/// `NAME.order` has orders, and is removed before they are carried out.
pub(crate) struct Folder {
    path: PathBuf,
    plugins: ServingPlugins,
    taken: Taken,
    /// The files that couldn't be read as a job, with what that depended on.
    broken: HashMap<String, (Changed, Vec<Digest>)>,
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
    pub(crate) fn new(path: &Path, plugins: ServingPlugins, taken: Taken) -> Self {
        Self {
            path: path.to_owned(),
            plugins,
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
        match text.with_context(|| format!("cannot take the orders of {}", path.display())) {
            Ok(text) => text
                .lines()
                .filter_map(|line| order::from_line(line, &self.plugins).transpose())
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
        let depends_on = (self.changed(&name), self.plugins.digests());
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

    fn read(&self, path: &Path) -> Result<TypedJob> {
        // To open a pipe waits for somebody who writes to it.
        let is_file = fs::metadata(path).map(|metadata| metadata.is_file());
        ensure!(is_file?, "{} is not a file", path.display());
        let file = JobFile::read(path)?;
        self.plugins
            .job(file)
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
mod tests;
