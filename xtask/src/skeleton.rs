//! A new job type to begin from: the one of the guide, under another name.
//!
//! The guide's code is compiled and tested with the kit, so what is written here builds.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::Workspace;

const GUIDE: &str = include_str!("../../docs/writing-a-job-type.md");

/// A job type's package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skeleton {
    /// Its folder.
    pub folder: PathBuf,
    /// Its name, which is the job type's id too: in kebab-case.
    pub name: String,
}

impl Skeleton {
    /// A job type whose name is that of its folder.
    ///
    /// # Errors
    /// Where that is not a name in kebab-case.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        let name = folder.file_name().and_then(|name| name.to_str());
        let name = name.with_context(|| format!("{} has no name", folder.display()))?;
        ensure!(
            is_kebab_case(name),
            "the folder's name becomes the job type's id, and {name:?} can't be one: give a name of \
             lower-case letters and digits with hyphens between them, such as nightly-report"
        );
        Ok(Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
        })
    }

    /// Writes the package. Its folder is new or empty.
    ///
    /// # Errors
    /// Where the folder has files, or can't be written.
    pub fn write(&self, workspace: &Workspace) -> Result<()> {
        let folder = self.folder.display();
        if fs::read_dir(&self.folder).is_ok_and(|mut files| files.next().is_some()) {
            bail!("{folder} is not empty: give the name of a new folder");
        }
        let kit = workspace.root.join("kit").join("job-type");
        let files = [
            ("Cargo.toml", self.manifest(&kit)?),
            ("src/lib.rs", self.code()?),
        ];
        fs::create_dir_all(self.folder.join("src"))
            .with_context(|| format!("can't make the folder {folder}"))?;
        for (file, text) in files {
            let path = self.folder.join(file);
            fs::write(&path, text).with_context(|| format!("can't write {}", path.display()))?;
        }
        // It builds with the versions that the kit is tested with.
        let lock = workspace.root.join("Cargo.lock");
        fs::copy(&lock, self.folder.join("Cargo.lock"))
            .with_context(|| format!("can't copy {}", lock.display()))?;
        Ok(())
    }

    fn manifest(&self, kit: &Path) -> Result<String> {
        let kit = kit.to_str().context("the repository's path is not UTF-8")?;
        let kit = kit.replace('\\', "\\\\").replace('"', "\\\"");
        let manifest = with_each_replaced(
            block("toml")?,
            &[
                ("\"report-job\"", format!("{:?}", self.name)),
                ("\"../polysync/kit/job-type\"", format!("\"{kit}\"")),
                ("   # where you cloned this repository", String::new()),
            ],
        )?;
        // So that it is a package of its own, in a folder of this repository too.
        Ok(format!("{manifest}\n[workspace]\n"))
    }

    fn code(&self) -> Result<String> {
        let words = self.name.split('-');
        let type_name: String = words.map(capitalized).collect();
        with_each_replaced(
            block("rust,test_harness")?,
            &[
                ("pub struct Report;", format!("pub struct {type_name};")),
                (
                    "JobType for Report {",
                    format!("JobType for {type_name} {{"),
                ),
                ("export!(Report)", format!("export!({type_name})")),
                ("Report::status(", format!("{type_name}::status(")),
                ("id: \"report\"", format!("id: {:?}", self.name)),
                (
                    "name: \"Report\"",
                    format!("name: {:?}", capitalized(&self.name).replace('-', " ")),
                ),
            ],
        )
    }
}

fn is_kebab_case(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.len() <= 64
        && name.split('-').all(is_word)
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}

/// The guide's first block of code in this language.
fn block(language: &str) -> Result<&'static str> {
    let fence = format!("```{language}\n");
    let block = GUIDE
        .split_once(&fence)
        .and_then(|(_, rest)| rest.split_once("```"));
    let (code, _) = block.with_context(|| format!("the guide has no code in {language}"))?;
    Ok(code)
}

/// The text with other texts in place of some that it has to have.
fn with_each_replaced(text: &str, replacements: &[(&str, String)]) -> Result<String> {
    let mut text = text.to_owned();
    for (old, new) in replacements {
        ensure!(text.contains(old), "the guide's code doesn't have {old}");
        text = text.replace(old, new);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str) -> (tempfile::TempDir, Skeleton) {
        let parent = tempfile::tempdir().unwrap();
        let skeleton = Skeleton::in_folder(&parent.path().join(name)).unwrap();
        skeleton.write(&Workspace::locate().unwrap()).unwrap();
        (parent, skeleton)
    }

    #[test]
    fn it_has_the_folders_name_in_each_spelling() {
        let (_parent, skeleton) = written("nightly-import2");
        let read = |file: &str| fs::read_to_string(skeleton.folder.join(file)).unwrap();
        assert!(read("Cargo.toml").contains("name = \"nightly-import2\""));
        let code = read("src/lib.rs");
        for part in [
            "pub struct NightlyImport2;",
            "export!(NightlyImport2)",
            "id: \"nightly-import2\"",
            "name: \"Nightly import2\"",
        ] {
            assert!(code.contains(part), "{part}");
        }
    }

    #[test]
    fn a_folder_with_files_stays_as_it_is() {
        let (_parent, skeleton) = written("report");
        let error = skeleton.write(&Workspace::locate().unwrap()).unwrap_err();
        assert!(error.to_string().contains("is not empty"), "{error}");
    }

    #[test]
    fn a_name_that_no_job_type_can_have_is_refused() {
        for name in ["Report", "a b", "1st", "a--b", "-a", "ä", &"a".repeat(65)] {
            assert!(Skeleton::in_folder(Path::new(name)).is_err(), "{name}");
        }
        assert!(Skeleton::in_folder(Path::new("..")).is_err());
    }
}
