//! A watch by a clock on which waiting takes no time.

use std::sync::Mutex;

use async_trait::async_trait;

use super::*;
use crate::host::Host;
use crate::limits::Limits;
use crate::loading::error::LoadFault;
use crate::sandbox::fault::CallFault;

/// Runs an action when it was waited this often for longer than a file has to rest.
type Action = Box<dyn FnMut(usize) + Send>;

/// A clock that is ahead by what was waited for.
struct Waits {
    waited: Mutex<(SystemTime, Vec<Duration>)>,
    action: Mutex<Action>,
}

impl std::fmt::Debug for Waits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Waits")
    }
}

impl Waits {
    fn new(action: impl FnMut(usize) + Send + 'static) -> Arc<Self> {
        Arc::new(Self {
            waited: Mutex::new((SystemTime::now(), Vec::new())),
            action: Mutex::new(Box::new(action)),
        })
    }

    /// The waits that were longer than a file has to rest.
    fn long(&self) -> Vec<Duration> {
        self.waited.lock().expect("no panic").1.clone()
    }
}

#[async_trait]
impl Clock for Waits {
    fn now(&self) -> SystemTime {
        self.waited.lock().expect("no panic").0
    }

    async fn sleep(&self, duration: Duration) {
        let count = {
            let mut waited = self.waited.lock().expect("no panic");
            waited.0 += duration;
            if duration <= REST {
                return;
            }
            waited.1.push(duration);
            waited.1.len()
        };
        (self.action.lock().expect("no panic"))(count);
        // Lets an event be found first.
        tokio::task::yield_now().await;
    }

    fn random(&self, max: u64) -> u64 {
        max
    }
}

/// A slot that serves from a file.
async fn slot(path: &Path) -> Slot {
    slot_with(path, Limits::recommended()).await
}

async fn slot_with(path: &Path, limits: Limits) -> Slot {
    fs::copy(test_components::sagemaker_pipeline(), path).expect("a copy");
    let host = Host::new(limits).expect("a host");
    Slot::new(host.load(path).await.expect("a plugin"))
}

fn replace(path: &Path, by: &Path) {
    let new = path.with_extension("new");
    fs::copy(by, &new).expect("a copy");
    fs::rename(new, path).expect("a rename");
}

#[tokio::test]
async fn a_file_system_that_sends_no_events_is_polled() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plugin.wasm");
    let slot = slot(&path).await;
    let waits = Waits::new({
        let path = path.clone();
        move |count| {
            if count == 3 {
                replace(&path, test_components::sagemaker_pipeline_next());
            }
        }
    });
    let mut watch = Watch::polling(&slot, path).with_clock(waits.clone());
    let swap = watch.next().await.expect("a swap");
    assert!(matches!(swap, Swap::Done { to, .. } if to.version == "0.2.0"));
    assert_eq!(waits.long(), [POLL; 3]);
}

#[tokio::test]
async fn a_describe_that_timed_out_is_tried_again_and_reported_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plugin.wasm");
    let limits = Limits {
        call_timeout: Duration::from_secs(1),
        ..Limits::recommended()
    };
    let slot = slot_with(&path, limits).await;
    let spinning = test_components::text::describing("(loop br 0) unreachable");
    fs::write(&path, spinning).expect("a file");
    let waits = Waits::new({
        let path = path.clone();
        move |count| {
            if count == 4 {
                replace(&path, test_components::sagemaker_pipeline_next());
            }
        }
    });
    let mut watch = Watch::polling(&slot, path).with_clock(waits.clone());
    let error = watch.next().await.expect_err("it spins");
    let timed_out = LoadFault::Describe(CallFault::Timeout {
        limit: Duration::from_secs(1),
    });
    assert_eq!(error.fault.to_string(), timed_out.to_string());
    assert!(waits.long().is_empty());

    // The next that is returned isn't the same failure again, but what came of another file.
    let swap = watch.next().await.expect("a swap");
    assert!(matches!(swap, Swap::Done { to, .. } if to.version == "0.2.0"));
    assert_eq!(waits.long()[..2], [1, 2].map(Duration::from_secs));
}

#[tokio::test]
async fn the_wait_for_the_next_try_doubles_up_to_a_minute() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plugin.wasm");
    let slot = slot(&path).await;
    let mut watch = Watch::polling(&slot, path);
    let error = LoadError {
        origin: "a file".into(),
        fault: LoadFault::Read(io::ErrorKind::PermissionDenied.into()),
    };
    let mut waits = Vec::new();
    let mut earlier = None;
    for _ in 0..8 {
        watch.retry_later(earlier.take(), &error);
        earlier = watch.retry.take();
        waits.extend(earlier.iter().map(|retry| retry.wait.as_secs()));
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_made_readable_has_changed() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plugin.wasm");
    fs::write(&path, "a file").expect("a file");
    let set = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
    set(0o000);
    let unreadable = fingerprint(&path);
    // The file system's clock may be coarse.
    while fingerprint(&path) == unreadable {
        set(0o600);
    }
    assert_eq!(
        unreadable.map(|file| file.modified),
        fingerprint(&path).map(|file| file.modified)
    );
}

#[tokio::test]
async fn a_plugin_that_was_rolled_back_from_does_not_come_back_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plugin.wasm");
    let slot = slot(&path).await;
    replace(&path, test_components::sagemaker_pipeline_next());
    let waits = Waits::new({
        let path = path.clone();
        move |count| {
            if count == 2 {
                fs::write(&path, "another").expect("a file");
            }
        }
    });
    let mut watch = Watch::polling(&slot, path).with_clock(waits);
    let swapped = watch.next().await;
    assert!(matches!(swapped, Ok(Swap::Done { .. })), "{swapped:?}");
    slot.rollback().expect("an earlier plugin");
    // Nothing brings the plugin back that was rolled back from: the next outcome is another file's.
    let error = watch.next().await.expect_err("not a component");
    assert!(
        matches!(error.fault, LoadFault::NotAComponent(_)),
        "{error}"
    );
    assert_eq!(slot.identity().version, "0.1.0");
}

#[tokio::test]
async fn after_a_restart_too_a_plugin_that_was_rolled_back_from_waits_for_another_content() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plugin.wasm");
    let slot = slot(&path).await;
    let bad = fs::read(test_components::sagemaker_pipeline_next()).expect("a component");
    fs::write(&path, &bad).expect("a file");
    let waits = Waits::new({
        let path = path.clone();
        move |count| {
            if count == 2 {
                fs::write(&path, "another").expect("a file");
            }
        }
    });
    let watch = Watch::polling(&slot, path).with_clock(waits);
    let mut watch = watch.after(Digest::compute(&bad));
    let error = watch.next().await.expect_err("not a component");
    assert!(
        matches!(error.fault, LoadFault::NotAComponent(_)),
        "{error}"
    );
    assert_eq!(slot.identity().generation, 1);
}

#[test]
#[cfg(unix)]
fn a_change_of_permissions_is_a_change_of_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plugin.wasm");
    fs::write(&path, "").expect("a file");
    let before = fingerprint(&path);
    // The system's clock of files moves by milliseconds, so that one change can be too early.
    let is_seen = (0..100_000).any(|_| {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its owner");
        fingerprint(&path) != before
    });
    assert!(is_seen);
}
