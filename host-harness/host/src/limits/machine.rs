//! Whether what limits add up to fits the memory of the machine, or of the container.
//!
//! `sysinfo` was considered: it reads the limit of the outermost control group alone, and lists
//! processes, disks and networks besides.

use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// What calls can hold together by the limits of a host is more than the machine or the container has.
/// Printed as a sentence that says what to lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryShortfall {
    /// What calls can hold together, in bytes.
    pub needed: u64,
    /// What there is, in bytes.
    pub available: u64,
}

impl fmt::Display for MemoryShortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MIB: u64 = 1 << 20;
        write!(
            f,
            "by these limits calls can hold {} MiB together, and this machine or container has {} MiB; \
             lower `Limits::concurrent_calls`, `total_memory_bytes`, `transfer_bytes` or `send_all_bytes`",
            self.needed.div_ceil(MIB),
            self.available / MIB
        )
    }
}

impl MemoryShortfall {
    /// The difference between what is needed and what there is under `root`, if there is less.
    pub(crate) fn find(needed: u64, root: &Path) -> Option<Self> {
        let available = available(root)?;
        (needed > available).then_some(Self { needed, available })
    }
}

/// The memory of the machine whose file system begins at `root`, or what the control groups of this
/// process leave of it. None where it isn't known, as on systems other than Linux.
fn available(root: &Path) -> Option<u64> {
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default();
    let groups = read("proc/self/cgroup");
    let limits = groups
        .lines()
        .filter_map(group)
        .flat_map(|(folder, path, file)| {
            limits(&root.join("sys/fs/cgroup").join(folder), &path, file)
        });
    total(&read("proc/meminfo")).into_iter().chain(limits).min()
}

/// `MemTotal` of `/proc/meminfo`, in bytes.
fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// Where the control group of a line of `/proc/self/cgroup` keeps its limit on memory: the folder of
/// the hierarchy, the path in it, and the file. Version 2 has one hierarchy with the number 0.
fn group(line: &str) -> Option<(&'static str, PathBuf, &'static str)> {
    let (hierarchy, rest) = line.split_once(':')?;
    let (controllers, path) = rest.split_once(':')?;
    // In a container, the path can be that on the machine, and can begin with `/..`.
    let path = Path::new(path)
        .components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect();
    if hierarchy == "0" {
        Some(("", path, "memory.max"))
    } else if controllers.split(',').any(|name| name == "memory") {
        Some(("memory", path, "memory.limit_in_bytes"))
    } else {
        None
    }
}

/// The limits of a group and of those around it. A group without a limit says `max`, or has no file.
fn limits<'a>(
    hierarchy: &'a Path,
    path: &'a Path,
    file: &'a str,
) -> impl Iterator<Item = u64> + use<> {
    let limits: Vec<u64> = path
        .ancestors()
        .filter_map(|group| fs::read_to_string(hierarchy.join(group).join(file)).ok())
        .filter_map(|limit| limit.trim().parse().ok())
        .collect();
    limits.into_iter()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const MEMINFO: (&str, &str) = (
        "proc/meminfo",
        "MemTotal:        8000000 kB\nMemFree:         1000000 kB\n",
    );

    /// A file system with these files.
    fn system(files: &[(&str, &str)]) -> TempDir {
        let root = tempfile::tempdir().expect("a directory");
        for (path, content) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("it is made");
            fs::write(path, content).expect("it is written");
        }
        root
    }

    fn available_in(files: &[(&str, &str)]) -> Option<u64> {
        available(system(files).path())
    }

    #[test]
    fn without_control_groups_it_is_the_memory_of_the_machine() {
        assert_eq!(available_in(&[MEMINFO]), Some(8_192_000_000));
        assert_eq!(available_in(&[]), None);
    }

    #[test]
    fn the_least_limit_of_the_groups_around_the_process_counts() {
        let files = [
            MEMINFO,
            ("proc/self/cgroup", "0::/system.slice/polysync.service\n"),
            ("sys/fs/cgroup/system.slice/memory.max", "4000000000\n"),
            (
                "sys/fs/cgroup/system.slice/polysync.service/memory.max",
                "max\n",
            ),
        ];
        assert_eq!(available_in(&files), Some(4_000_000_000));
    }

    #[test]
    fn version_1_of_control_groups_is_read_too() {
        let files = [
            MEMINFO,
            (
                "proc/self/cgroup",
                "5:devices:/\n4:cpu,memory:/docker/abc\n0::/\n",
            ),
            (
                "sys/fs/cgroup/memory/memory.limit_in_bytes",
                "9223372036854771712\n",
            ),
            (
                "sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes",
                "536870912\n",
            ),
        ];
        assert_eq!(available_in(&files), Some(536_870_912));
    }

    #[test]
    fn in_a_container_the_path_is_the_machine_s_and_the_limit_is_at_the_root() {
        let files = [
            MEMINFO,
            ("proc/self/cgroup", "0::/../kubepods/pod1\n"),
            ("sys/fs/cgroup/memory.max", "268435456\n"),
        ];
        assert_eq!(available_in(&files), Some(268_435_456));
    }

    #[test]
    fn a_shortfall_says_what_to_lower() {
        let root = system(&[("proc/meminfo", "MemTotal: 1048576 kB\n")]);
        assert_eq!(MemoryShortfall::find(1 << 30, root.path()), None);
        let shortfall =
            MemoryShortfall::find((1 << 30) + 1, root.path()).expect("a byte is missing");
        assert_eq!(
            shortfall.to_string(),
            "by these limits calls can hold 1025 MiB together, and this machine or container has \
             1024 MiB; lower `Limits::concurrent_calls`, `total_memory_bytes`, `transfer_bytes` or \
             `send_all_bytes`"
        );
    }
}
