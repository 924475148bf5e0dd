//! The directory of the cache of machine code: made private, and refused if another user could have
//! put code there.
//!
//! The rule is that of OpenSSH for the files that it trusts, and follows symbolic links: each
//! directory on the way from the root, and each link, belongs to the host's user or to root, and
//! nobody else may write to it. As an exception, a parent may be writable by all if its sticky bit is
//! set, as that of `/tmp` is: there only the owner of an entry can replace it, and the entry on the
//! way is checked itself. `fs-mistrust`, which has this rule too, was considered: it also refuses what
//! others can read, by the names of groups, and brings in some twenty crates.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use crate::host_error::HostError;

/// Write permission for the group or for all.
const WRITE_BY_OTHERS: u32 = 0o022;
const STICKY: u32 = 0o1000;
const PRIVATE: u32 = 0o700;
const PERMISSIONS: u32 = 0o7777;
const ROOT: u32 = 0;

/// Symbolic links that are followed at most, as many as Linux follows.
const MOST_LINKS: usize = 40;

/// Makes `directory` if there is none, and makes it private if it belongs to the host's user.
///
/// # Errors
///
/// Its path isn't absolute, it can't be made, or others can write to it or replace it.
pub(crate) fn secure(directory: &Path) -> Result<(), HostError> {
    let user = rustix::process::geteuid().as_raw();
    secure_for(directory, user).map_err(|reason| HostError::Cache {
        directory: directory.to_owned(),
        reason,
    })
}

fn secure_for(directory: &Path, user: u32) -> Result<(), String> {
    if !directory.is_absolute() {
        return Err("the path isn't absolute".to_owned());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(PRIVATE)
        .create(directory)
        .map_err(|error| format!("it can't be made: {error}"))?;
    let metadata = check_path(directory, user)?;
    let open_to_others = metadata.mode() & PERMISSIONS & !PRIVATE != 0;
    if metadata.uid() == user && open_to_others {
        fs::set_permissions(directory, Permissions::from_mode(PRIVATE))
            .map_err(|error| format!("it can't be made private: {error}"))?;
    }
    Ok(())
}

/// Checks each directory and each link on the way to a directory. Returns the directory's metadata.
fn check_path(directory: &Path, user: u32) -> Result<Metadata, String> {
    let mut here = PathBuf::from("/");
    let mut metadata = examine(&here)?;
    check(&here, &metadata, user, directory == here)?;
    let mut rest = parts(directory);
    let mut links = 0;
    while let Some(part) = rest.pop_front() {
        match part {
            Part::Root => here = PathBuf::from("/"),
            Part::Parent => {
                here.pop();
            }
            Part::Name(name) => {
                let next = here.join(name);
                metadata = examine(&next)?;
                if metadata.is_symlink() {
                    check_owner(&next, &metadata, user)?;
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(format!(
                            "too many symbolic links on the way to {}",
                            next.display()
                        ));
                    }
                    let target = fs::read_link(&next).map_err(|error| unreadable(&next, &error))?;
                    let mut target = parts(&target);
                    target.append(&mut rest);
                    rest = target;
                } else {
                    check(&next, &metadata, user, rest.is_empty())?;
                    here = next;
                }
            }
        }
    }
    // The last part may have been `..`.
    let metadata = examine(&here)?;
    check(&here, &metadata, user, true)?;
    Ok(metadata)
}

/// A part of a path.
enum Part {
    Root,
    Parent,
    Name(OsString),
}

fn parts(path: &Path) -> VecDeque<Part> {
    path.components()
        .filter_map(|component| match component {
            Component::RootDir => Some(Part::Root),
            Component::ParentDir => Some(Part::Parent),
            Component::Normal(name) => Some(Part::Name(name.to_owned())),
            Component::CurDir | Component::Prefix(_) => None,
        })
        .collect()
}

fn examine(path: &Path) -> Result<Metadata, String> {
    fs::symlink_metadata(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    format!("{} can't be examined: {error}", path.display())
}

/// Refuses a directory that others can write to; `last` for the cache's own directory, for which the
/// sticky bit is no excuse, because others could add entries.
fn check(path: &Path, metadata: &Metadata, user: u32, last: bool) -> Result<(), String> {
    check_owner(path, metadata, user)?;
    let mode = metadata.mode();
    let sticky = !last && mode & STICKY != 0;
    if mode & WRITE_BY_OTHERS != 0 && !sticky {
        return Err(format!(
            "others can write to {path} (mode {mode:o}), and what is in the cache is run as machine \
             code; empty the cache, then run `chmod go-w {path}`",
            path = path.display(),
            mode = mode & PERMISSIONS
        ));
    }
    Ok(())
}

fn check_owner(path: &Path, metadata: &Metadata, user: u32) -> Result<(), String> {
    let owner = metadata.uid();
    if owner != user && owner != ROOT {
        return Err(format!(
            "{} belongs to another user (uid {owner}), who could put machine code there; \
             use a directory of your own",
            path.display()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{chown, symlink};

    use tempfile::TempDir;

    use super::*;

    /// A temporary directory that is private.
    fn temporary() -> TempDir {
        tempfile::tempdir().expect("a directory")
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("the mode is set");
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it exists").mode() & PERMISSIONS
    }

    fn refusal(directory: &Path) -> String {
        secure(directory)
            .expect_err("it must be refused")
            .to_string()
    }

    #[test]
    fn a_directory_that_is_made_is_private_and_so_are_its_parents() {
        let parent = temporary();
        let (outer, inner) = (parent.path().join("a"), parent.path().join("a/b"));
        secure(&inner).expect("it is made");
        assert_eq!((mode(&outer), mode(&inner)), (0o700, 0o700));
    }

    #[test]
    fn a_directory_that_others_can_only_read_is_made_private() {
        let directory = temporary();
        set_mode(directory.path(), 0o755);
        secure(directory.path()).expect("it is the user's");
        assert_eq!(mode(directory.path()), 0o700);
    }

    #[test]
    fn a_directory_that_others_can_write_to_is_refused_with_what_to_do() {
        for open in [0o770, 0o707, 0o720, 0o1777] {
            let directory = temporary();
            set_mode(directory.path(), open);
            let path = directory.path().display();
            assert_eq!(
                refusal(directory.path()),
                format!(
                    "compiled components can't be kept in {path}: others can write to {path} \
                     (mode {open:o}), and what is in the cache is run as machine code; \
                     empty the cache, then run `chmod go-w {path}`"
                )
            );
            assert_eq!(mode(directory.path()), open, "it is left as it was");
        }
    }

    #[test]
    fn a_directory_whose_parent_others_can_write_to_is_refused_by_the_name_of_the_parent() {
        let parent = temporary();
        let directory = parent.path().join("cache");
        fs::create_dir(&directory).expect("it is made");
        set_mode(parent.path(), 0o777);
        let todo = format!("`chmod go-w {}`", parent.path().display());
        assert!(refusal(&directory).ends_with(&todo));
    }

    #[test]
    fn a_parent_that_all_can_write_to_is_accepted_with_the_sticky_bit() {
        let parent = temporary();
        set_mode(parent.path(), 0o1777);
        secure(&parent.path().join("cache")).expect("nobody else can replace it");
    }

    #[test]
    fn a_directory_of_another_user_is_refused() {
        let directory = temporary();
        // Only root can give a directory away; anybody can ask for somebody else.
        let given_away = chown(directory.path(), Some(54_321), None).is_ok();
        let user = rustix::process::geteuid().as_raw();
        let user = if given_away { user } else { user + 1 };
        let reason = secure_for(directory.path(), user).expect_err("it is another user's");
        assert!(reason.contains("belongs to another user (uid "), "{reason}");
    }

    #[test]
    fn a_link_is_followed_and_what_it_leads_to_is_checked() {
        let (links, open) = (temporary(), temporary());
        let target = open.path().join("cache");
        fs::create_dir(&target).expect("it is made");
        let first = links.path().join("first");
        let second = links.path().join("second");
        symlink(&target, &first).expect("a link");
        symlink("first", &second).expect("a link");
        secure(&second).expect("nobody else can write there");
        set_mode(open.path(), 0o777);
        assert!(refusal(&second).contains("others can write to"));
    }

    #[test]
    fn a_link_in_a_directory_that_others_can_write_to_is_refused() {
        let (open, target) = (temporary(), temporary());
        let link = open.path().join("link");
        symlink(target.path(), &link).expect("a link");
        set_mode(open.path(), 0o777);
        assert!(refusal(&link).contains("others can write to"));
    }

    #[test]
    fn links_that_lead_in_a_circle_are_an_error() {
        let directory = temporary();
        let link = directory.path().join("link");
        symlink(&link, &link).expect("a link");
        assert!(refusal(&link).contains("can't be made"));
        assert!(check_path(&link, ROOT).is_err());
    }

    #[test]
    fn a_path_that_is_not_absolute_is_refused() {
        assert_eq!(
            refusal(Path::new("cache")),
            "compiled components can't be kept in cache: the path isn't absolute"
        );
    }
}
