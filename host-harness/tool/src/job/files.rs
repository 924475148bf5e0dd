//! Writing job files for the jobs of a discovery.

use std::fs::{self, File};
use std::hash::Hasher;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use fnv::FnvHasher;
use polysync_host::contract::DiscoveredJob;

use super::file::JobFile;
use crate::failure::Failure;
use crate::render::text;

/// The longest name, without what the tool adds, that every file system takes.
const LONGEST_NAME: usize = 100;

/// Writes a file for each job of a job type, leaves alone those that are there, and says what it did.
pub(crate) fn write(
    directory: &Path,
    job_type: &str,
    jobs: &[DiscoveredJob],
) -> Result<String, Failure> {
    fs::create_dir_all(directory)
        .with_context(|| format!("cannot make the directory {}", directory.display()))?;
    let mut report = String::new();
    for job in jobs {
        let path = directory.join(file_name(&job.external_id));
        let created = match File::create_new(&path) {
            Ok(mut file) => contents(job_type, job)
                .and_then(|text| file.write_all(&text))
                .map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        };
        let line = match created.with_context(|| format!("cannot write {}", path.display()))? {
            true => format!("wrote {}{}\n", path.display(), missing_values(job)),
            false => format!("kept {}, which is there already\n", path.display()),
        };
        report.push_str(&line);
    }
    Ok(report)
}

fn contents(job_type: &str, job: &DiscoveredJob) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(&JobFile::for_discovered(job_type, job))?;
    text.push(b'\n');
    Ok(text)
}

/// What the user has to fill in.
fn missing_values(job: &DiscoveredJob) -> String {
    let missing: Vec<_> = job
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
        .map(|p| text::line(&p.name))
        .collect();
    match missing.as_slice() {
        [] => String::new(),
        missing => format!("; fill in {}", missing.join(", ")),
    }
}

/// A name for any external id. Where characters had to be replaced, a hash of the whole id keeps two
/// ids apart. `sanitize-filename` and the like were considered: they give two ids one name.
fn file_name(external_id: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let safe: String = external_id
        .chars()
        .take(LONGEST_NAME)
        .map(|c| if is_safe(c) { c } else { '_' })
        .collect();
    let safe = if safe.starts_with('.') {
        format!("_{safe}")
    } else {
        safe
    };
    if safe == external_id && !safe.is_empty() {
        format!("{safe}.json")
    } else {
        format!("{safe}-{:016x}.json", hash(external_id))
    }
}

/// FNV-1a with 64 bits, which is the same on each machine and in each version of the tool.
fn hash(text: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_file_reads_back_as_the_job_with_nothing_set() {
        let directory = tempfile::tempdir().unwrap();
        let jobs = [samples::discovered_job()];
        let written = write(directory.path(), "example-pipeline", &jobs).unwrap();

        assert!(written.ends_with("churn.json; fill in Data\n"), "{written}");
        let file = JobFile::read(&directory.path().join("churn.json")).unwrap();
        let expected = JobFile::for_discovered("example-pipeline", &samples::discovered_job());
        assert_eq!(file, expected);
        assert_eq!(file.job_type.as_deref(), Some("example-pipeline"));
        assert_eq!(file.external_id.as_deref(), Some("churn"));
        assert!(
            file.parameters
                .iter()
                .all(|parameter| parameter.value.0.is_none())
        );
    }

    #[test]
    fn a_file_that_is_there_stays_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("churn.json");
        fs::write(&path, "mine").unwrap();

        let jobs = [samples::discovered_job()];
        let written = write(directory.path(), "example-pipeline", &jobs).unwrap();

        assert!(written.starts_with("kept "), "{written}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }

    #[test]
    fn an_external_id_does_not_lead_out_of_the_directory() {
        for id in [
            "../../etc/passwd",
            "/etc/passwd",
            "..",
            ".",
            "",
            "a/b",
            "a\\b",
            "nul\0",
            &"x".repeat(5_000),
        ] {
            let name = file_name(id);
            assert!(name.ends_with(".json") && name.len() < 140, "{name}");
            assert!(
                !name.starts_with('.') && !name.contains(['/', '\\', '\0']),
                "{name}"
            );
        }
    }

    #[test]
    fn an_id_has_the_same_file_on_each_machine_and_in_each_version() {
        assert_eq!(file_name("a/b"), "a_b-e620c3190468cf61.json");
    }

    #[test]
    fn ids_that_look_alike_have_different_files() {
        assert_ne!(file_name("a/b"), file_name("a_b"));
        assert_ne!(file_name("a/b"), file_name("a\\b"));
        assert_eq!(file_name("nightly-scoring"), "nightly-scoring.json");
    }
}
