//! The file of what a person has accepted, for which plugin.
//!
//! ```json
//! {
//!   "plugins": [
//!     {
//!       "id": "example",
//!       "sha256": "332b82034ebd…",
//!       "granted": ["http https://api.*.example.com"],
//!       "denied": ["aws-signing example"]
//!     }
//!   ]
//! }
//! ```
//!
//! An entry answers for a build of a plugin if each request is among `granted` or `denied`. Without
//! `sha256`, it answers for every build with that id. The last entry that answers counts, without what
//! an entry after it denies for that build. A request that the plugin may not make can't be
//! granted here: only requests that the plugin makes are looked up.

use std::fs::{self, DirBuilder};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use polysync_host::{Digest, GrantRequest};
use serde::{Deserialize, Serialize};

use crate::private_file::{self, NotPrivate};

/// Largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The file, which need not exist.
#[derive(Debug)]
pub(crate) struct GrantsFile(PathBuf);

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    plugins: Vec<Entry>,
}

/// What was decided for a plugin.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<Sha256>,
    #[serde(default)]
    granted: Vec<String>,
    #[serde(default)]
    denied: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Sha256(Digest);

impl TryFrom<String> for Sha256 {
    type Error = polysync_host::InvalidDigest;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

impl From<Sha256> for String {
    fn from(digest: Sha256) -> Self {
        digest.0.to_string()
    }
}

impl Entry {
    fn decides(&self, request: &GrantRequest) -> bool {
        let name = request.to_string();
        self.granted.contains(&name) || self.denied.contains(&name)
    }

    /// What is in both lists is denied.
    fn grants(&self, request: &GrantRequest) -> bool {
        let name = request.to_string();
        self.granted.contains(&name) && !self.denied.contains(&name)
    }
}

impl GrantsFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The requests that were granted, if all of them were decided for this build.
    ///
    /// # Errors
    ///
    /// The file can't be read, isn't a grants file, or could be another user's words.
    pub(crate) fn decided(
        &self,
        id: &str,
        digest: Digest,
        requests: &[GrantRequest],
    ) -> Result<Option<Vec<GrantRequest>>> {
        let mut entries = self.read()?.plugins;
        entries
            .retain(|entry| entry.id == id && entry.sha256.is_none_or(|pinned| pinned.0 == digest));
        let answers = |entry: &Entry| requests.iter().all(|request| entry.decides(request));
        let Some(at) = entries.iter().rposition(answers) else {
            return Ok(None);
        };
        let (_, last) = entries.split_at(at);
        let is_granted = |request: &&GrantRequest| {
            let denies = |entry: &Entry| entry.denied.contains(&request.to_string());
            last.first().is_some_and(|entry| entry.grants(request)) && !last.iter().any(denies)
        };
        Ok(Some(requests.iter().filter(is_granted).cloned().collect()))
    }

    /// Records that a person has accepted these requests of a build, in addition to what was decided
    /// for it before.
    ///
    /// # Errors
    ///
    /// The file can't be read or written.
    pub(crate) fn accept(&self, id: &str, digest: Digest, requests: &[GrantRequest]) -> Result<()> {
        let mut contents = self.read()?;
        let pinned = Some(Sha256(digest));
        let is_this = |entry: &Entry| entry.id == id && entry.sha256 == pinned;
        let names: Vec<_> = requests.iter().map(ToString::to_string).collect();
        let plugins = &mut contents.plugins;
        let mut entry = match plugins.iter().position(is_this) {
            Some(at) => plugins.remove(at),
            None => Entry {
                id: id.to_owned(),
                sha256: pinned,
                granted: Vec::new(),
                denied: Vec::new(),
            },
        };
        entry.denied.retain(|name| !names.contains(name));
        entry.granted.retain(|name| !names.contains(name));
        entry.granted.extend(names);
        // The last one counts more than what was denied before.
        plugins.push(entry);
        self.write(&contents)
            .with_context(|| format!("cannot write the grants to {}", self.0.display()))
    }

    fn read(&self) -> Result<Contents> {
        let cannot = || format!("cannot take grants from {}", self.0.display());
        let file = match private_file::open_to_read(&self.0) {
            Err(NotPrivate::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Contents::default());
            }
            opened => opened.with_context(cannot)?,
        };
        let mut text = String::new();
        let length = file.take(LARGEST + 1).read_to_string(&mut text);
        let length = length.with_context(cannot)?;
        ensure!(
            u64::try_from(length).is_ok_and(|length| length <= LARGEST),
            "{}: it is larger than {LARGEST} bytes",
            cannot()
        );
        serde_json::from_str(&text)
            .map_err(|error| anyhow!("{error}: correct it, or remove the file to be asked again"))
            .with_context(cannot)
    }

    /// Replaces the file by one that only its owner can read.
    fn write(&self, contents: &Contents) -> Result<()> {
        // A link stays one.
        let path = fs::canonicalize(&self.0).unwrap_or_else(|_| self.0.clone());
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new("."));
        private_directory().create(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, contents)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(&path)?;
        Ok(())
    }
}

#[cfg(unix)]
fn private_directory() -> DirBuilder {
    let mut builder = DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(builder.recursive(true), 0o700);
    builder
}

#[cfg(not(unix))]
fn private_directory() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    builder
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use polysync_host::GrantRequests;
    use polysync_host::contract::Need;

    use super::*;

    fn requests(needs: &[(&str, &str)]) -> Vec<GrantRequest> {
        let need = |(capability, value): &(&str, &str)| Need {
            capability: (*capability).into(),
            value: (*value).into(),
        };
        let needs: Vec<_> = needs.iter().map(need).collect();
        GrantRequests::from_needs(&needs).valid().to_vec()
    }

    const ORIGIN: (&str, &str) = ("http", "https://api.example.com");
    const SIGNING: (&str, &str) = ("aws-signing", "example");

    fn build() -> Digest {
        Digest::compute(b"a build")
    }

    /// A file with this text, in a folder of its own.
    fn file(text: &str) -> (tempfile::TempDir, GrantsFile) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grants.json");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        (folder, GrantsFile::new(path))
    }

    fn granted(file: &GrantsFile, digest: Digest) -> Option<Vec<String>> {
        let decided = file.decided("example", digest, &requests(&[ORIGIN, SIGNING]));
        let names = |all: Vec<GrantRequest>| all.iter().map(ToString::to_string).collect();
        decided.unwrap().map(names)
    }

    #[test]
    fn what_was_accepted_stands_for_that_build_of_that_plugin_and_for_those_requests() {
        let folder = tempfile::tempdir().unwrap();
        let file = GrantsFile::new(folder.path().join("new/grants.json"));
        let all = requests(&[ORIGIN, SIGNING]);
        assert_eq!(granted(&file, build()), None);
        file.accept("example", build(), &all).unwrap();

        assert_eq!(
            file.decided("example", build(), &all).unwrap(),
            Some(all.clone())
        );
        let fewer = requests(&[SIGNING]);
        assert_eq!(
            file.decided("example", build(), &fewer).unwrap(),
            Some(fewer)
        );
        let other_build = Digest::compute(b"another build");
        assert_eq!(granted(&file, other_build), None);
        assert_eq!(file.decided("other", build(), &all).unwrap(), None);
        let more = requests(&[ORIGIN, SIGNING, ("aws-signing", "iam")]);
        assert_eq!(file.decided("example", build(), &more).unwrap(), None);
    }

    #[test]
    fn only_its_owner_can_read_and_write_it_and_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let file = GrantsFile::new(folder.path().join("new/grants.json"));
        file.accept("example", build(), &requests(&[ORIGIN]))
            .unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(file.path()), 0o600);
        assert_eq!(mode(file.path().parent().unwrap()), 0o700);
    }

    #[test]
    fn a_file_that_others_can_write_to_is_refused() {
        let (_folder, file) = file(r#"{ "plugins": [] }"#);
        for mode in [0o620, 0o602] {
            fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
            let error = file.decided("example", build(), &[]).unwrap_err();
            assert!(format!("{error:#}").contains("chmod go-w"), "{error:#}");
        }
    }

    #[test]
    fn a_person_may_deny_a_part_and_leave_the_build_open() {
        let (_folder, file) = file(
            r#"{ "plugins": [ { "id": "example",
                "granted": [ "http https://api.example.com", "aws-signing iam" ],
                "denied": [ "aws-signing example" ] } ] }"#,
        );
        assert_eq!(
            granted(&file, build()),
            Some(vec!["http https://api.example.com".to_owned()])
        );
    }

    #[test]
    fn what_a_later_entry_denies_for_a_build_no_earlier_one_grants() {
        let text = format!(
            r#"{{ "plugins": [
                {{ "id": "example", "granted": [ "http https://api.example.com", "aws-signing example" ] }},
                {{ "id": "example", "sha256": "{}", "denied": [ "aws-signing example" ] }} ] }}"#,
            build()
        );
        let (_folder, file) = file(&text);
        let origin = || Some(vec!["http https://api.example.com".to_owned()]);
        assert_eq!(granted(&file, build()), origin());
        let other = granted(&file, Digest::compute(b"another build"));
        assert_eq!(other.map(|granted| granted.len()), Some(2));
    }

    #[test]
    fn an_answer_counts_more_than_what_was_denied_before() {
        let text = format!(
            r#"{{ "plugins": [
                {{ "id": "example", "sha256": "{}", "granted": [] }},
                {{ "id": "example", "denied": [ "aws-signing example" ] }} ] }}"#,
            build()
        );
        let (_folder, file) = file(&text);
        assert_eq!(granted(&file, build()), None);
        let all = requests(&[ORIGIN, SIGNING]);
        file.accept("example", build(), &all).unwrap();
        assert_eq!(file.decided("example", build(), &all).unwrap(), Some(all));
    }

    #[test]
    fn what_is_accepted_later_is_added_and_other_entries_stay() {
        let (_folder, file) = file(r#"{ "plugins": [ { "id": "other", "denied": [ "x y" ] } ] }"#);
        file.accept("example", build(), &requests(&[SIGNING]))
            .unwrap();
        file.accept("example", build(), &requests(&[ORIGIN, SIGNING]))
            .unwrap();
        let text = fs::read_to_string(file.path()).unwrap();
        let expected = format!(
            r#"{{"plugins":[{{"id":"other","granted":[],"denied":["x y"]}},
            {{"id":"example","sha256":"{}",
            "granted":["http https://api.example.com","aws-signing example"],"denied":[]}}]}}"#,
            build()
        );
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&text), value(&expected));
    }

    #[test]
    fn a_file_that_is_damaged_grants_nothing_and_is_not_overwritten() {
        for text in [
            "",
            "{",
            r#"{ "plugins": [ { "id": "example", "grants": [] } ] }"#,
            r#"{ "plugins": [ { "id": "example", "sha256": "12" } ] }"#,
            &" ".repeat((1 << 20) + 1),
        ] {
            let (_folder, file) = file(text);
            let error = file.decided("example", build(), &[]).unwrap_err();
            assert!(format!("{error:#}").starts_with("cannot take grants from "));
            assert!(file.accept("example", build(), &[]).is_err());
            assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
        }
    }
}
