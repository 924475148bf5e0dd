//! Files that must not be another user's words: the ledger says what runs where and what is done, and the
//! grants file says what a plugin may do.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Why a file can't be trusted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotPrivate {
    #[error("others can {can} it; run `chmod {mode}` on it if you trust what is in it")]
    File {
        can: &'static str,
        mode: &'static str,
    },
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

/// Opens a file to read and write, or makes one. Nobody but its owner can read or write it.
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
        check_owner(&file, &[me()])?;
        check_mode(&file, OTHERS_CAN_WRITE, "write to", "600")?;
        check_mode(&file, OTHERS_CAN_READ, "read", "600")?;
        Ok(file)
    }
    #[cfg(not(unix))]
    Ok(options.open(path)?)
}

/// Opens a file to read that only its owner can write to: the user, or root, who may have written it for
/// the user.
pub(crate) fn open_to_read(path: &Path) -> Result<File, NotPrivate> {
    #[cfg(unix)]
    {
        check_folder(path)?;
        let file = File::open(path)?;
        check_owner(&file, &[me(), ROOT])?;
        check_mode(&file, OTHERS_CAN_WRITE, "write to", "go-w")?;
        Ok(file)
    }
    #[cfg(not(unix))]
    Ok(File::open(path)?)
}

#[cfg(unix)]
const ROOT: u32 = 0;
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
    match metadata.uid() {
        _ if others_can_write && metadata.mode() & STICKY == 0 => Err(NotPrivate::Folder(name)),
        uid if uid != ROOT && uid != me() => Err(NotPrivate::FolderOfOther(name, uid)),
        _ => Ok(()),
    }
}

/// Asks the open file and not its path, which may name another file meanwhile.
#[cfg(unix)]
fn check_owner(file: &File, owners: &[u32]) -> Result<(), NotPrivate> {
    use std::os::unix::fs::MetadataExt;
    match file.metadata()?.uid() {
        uid if owners.contains(&uid) => Ok(()),
        uid => Err(NotPrivate::FileOfOther(uid)),
    }
}

/// Refuses a file that others can do what `bits` say; `mode` takes that from them.
#[cfg(unix)]
fn check_mode(
    file: &File,
    bits: u32,
    can: &'static str,
    mode: &'static str,
) -> Result<(), NotPrivate> {
    use std::os::unix::fs::MetadataExt;
    match file.metadata()?.mode() & bits {
        0 => Ok(()),
        _ => Err(NotPrivate::File { can, mode }),
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
            (0o620, "write to"),
            (0o602, "write to"),
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
    fn a_file_to_read_may_be_read_by_others_and_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grants.json");
        let refusal = || open_to_read(&path).unwrap_err().to_string();
        assert!(matches!(open_to_read(&path), Err(NotPrivate::Io(_))));
        fs::write(&path, "").unwrap();
        set(&path, 0o644);
        open_to_read(&path).unwrap();
        for mode in [0o664, 0o646] {
            set(&path, mode);
            assert!(refusal().starts_with("others can write to it; run `chmod go-w`"));
        }
        set(&path, 0o600);
        set(folder.path(), 0o777);
        assert!(refusal().starts_with("others can write to its folder "));
    }

    #[test]
    fn a_file_of_another_user_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = open(&folder.path().join("runs.db")).unwrap();
        check_owner(&file, &[me()]).unwrap();
        let refusal = check_owner(&file, &[me() + 1]).unwrap_err().to_string();
        assert!(
            refusal.starts_with("it belongs to another user"),
            "{refusal}"
        );
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
