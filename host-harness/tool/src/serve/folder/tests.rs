//! Which files are taken as orders, when, and which are refused.

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
    Folder::new(path, samples::serving_plugins(&["a"]), taken)
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
                Ok(Order::Rollback(_)),
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
fn a_link_is_not_taken_as_a_file_of_orders_so_that_nobody_elses_file_is_shown_or_removed() {
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
    let plugins = ServingPlugins::new(move || {
        let mut description = samples::description();
        if !is_swapped.load(Ordering::Relaxed) {
            return vec![(Digest::compute(b"old"), description)];
        }
        let new = samples::attribute_definition("new-one");
        description.job_attributes.push(new);
        vec![(Digest::compute(b"new"), description)]
    });
    let mut jobs = Folder::new(directory.path(), plugins, Taken::default());
    let [Err(error)] = &jobs.poll().unwrap()[..] else {
        panic!("the old plugin has no such attribute")
    };
    assert!(format!("{error:#}").contains("new-one"), "{error:#}");
    assert!(jobs.poll().unwrap().is_empty());
    swapped.store(true, Ordering::Relaxed);
    assert_eq!(starts(jobs.poll().unwrap()), ["a.json"]);
}
