//! Opens a file that nobody but its owner can read or write: a ledger says what runs where and with which
//! parameters, and what it says is done.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Why a file isn't private.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotPrivate {
    #[error("others can {0} it; run `chmod 600` on it if you trust what is in it")]
    File(&'static str),
    #[error("it belongs to another user (uid {0}); give a file of your own")]
    FileOfOther(u32),
    #[error(
        "others can write to its folder {0}, and could replace it; \
         run `chmod go-w` on the folder, or give a file in another one"
    )]
    Folder(String),
    #[error(
        "its folder {0} belongs to another user (uid {1}); give a file in a folder of your own"
    )]
    FolderOfOther(String, u32),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Opens a file to read and write, or makes one that is private.
pub(crate) fn open(path: &Path) -> Result<File, NotPrivate> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        check_folder(path)?;
        options.mode(0o600);
        if std::fs::canonicalize(path).is_err() {
            // Nothing is there, or a link that leads nowhere: whoever made that must not say where.
            options.create_new(true);
        }
        let file = options.open(path)?;
        check_file(&file)?;
        Ok(file)
    }
    #[cfg(not(unix))]
    Ok(options.open(path)?)
}

#[cfg(unix)]
const OTHERS_CAN_READ: u32 = 0o044;
#[cfg(unix)]
const OTHERS_CAN_WRITE: u32 = 0o022;
/// In such a folder, only a file's owner can rename or remove it.
#[cfg(unix)]
const STICKY: u32 = 0o1000;

#[cfg(unix)]
fn check_folder(path: &Path) -> Result<(), NotPrivate> {
    use std::os::unix::fs::MetadataExt;
    // Of a link, the folder of the file that it leads to.
    let path = std::fs::canonicalize(path).or_else(|_| std::path::absolute(path))?;
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    let metadata = std::fs::metadata(folder)?;
    let name = folder.display().to_string();
    let others_can_write = metadata.mode() & OTHERS_CAN_WRITE != 0;
    let root = 0;
    match metadata.uid() {
        _ if others_can_write && metadata.mode() & STICKY == 0 => Err(NotPrivate::Folder(name)),
        uid if uid != root && uid != me() => Err(NotPrivate::FolderOfOther(name, uid)),
        _ => Ok(()),
    }
}

/// Asks the open file and not its path, which may name another file meanwhile.
#[cfg(unix)]
fn check_file(file: &File) -> Result<(), NotPrivate> {
    use std::os::unix::fs::MetadataExt;
    let metadata = file.metadata()?;
    if metadata.uid() != me() {
        return Err(NotPrivate::FileOfOther(metadata.uid()));
    }
    match metadata.mode() {
        mode if mode & OTHERS_CAN_WRITE != 0 => Err(NotPrivate::File("write")),
        mode if mode & OTHERS_CAN_READ != 0 => Err(NotPrivate::File("read")),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn me() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn refusal(path: &Path) -> String {
        open(path).unwrap_err().to_string()
    }

    #[test]
    fn a_new_file_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        let file = open(&path).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        open(&path).unwrap();
    }

    #[test]
    fn a_file_that_others_can_read_or_write_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        fs::write(&path, "").unwrap();
        for (mode, what) in [
            (0o640, "read"),
            (0o604, "read"),
            (0o620, "write"),
            (0o602, "write"),
        ] {
            set(&path, mode);
            let expected = format!("others can {what} it; run `chmod 600`");
            assert!(refusal(&path).starts_with(&expected), "{mode:o}");
        }
        set(&path, 0o600);
        open(&path).unwrap();
    }

    #[test]
    fn a_folder_that_others_can_write_to_is_refused_unless_they_cannot_replace_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        for mode in [0o770, 0o707, 0o777] {
            set(folder.path(), mode);
            assert!(
                refusal(&path).starts_with("others can write to its folder "),
                "{mode:o}"
            );
        }
        assert!(!path.exists());
        for mode in [0o755, 0o1777] {
            set(folder.path(), mode);
            open(&path).unwrap();
        }
    }

    #[test]
    fn of_a_link_the_folder_of_the_file_counts() {
        let folder = tempfile::tempdir().unwrap();
        let shared = folder.path().join("shared");
        fs::create_dir(&shared).unwrap();
        let file = shared.join("runs.db");
        open(&file).unwrap();
        let link = folder.path().join("runs.db");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        open(&link).unwrap();
        set(&shared, 0o777);
        assert!(refusal(&link).starts_with("others can write to its folder "));
    }

    #[test]
    fn a_link_that_leads_nowhere_makes_no_file_elsewhere() {
        let (shared, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        // Anybody can put a link into such a folder.
        set(shared.path(), 0o1777);
        let target = elsewhere.path().join("made");
        let link = shared.path().join("runs.db");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        open(&link).unwrap_err();
        assert!(!target.exists());
    }
}
