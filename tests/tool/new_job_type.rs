//! A new job type, as `cargo xtask new` writes it: the tool loads it and runs a job of it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use serde_json::Value;

use crate::support::{Ended, assert_in_order, bare, run};

/// A service that answers the first request with nothing, and each later one that the run is done.
fn service() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let body = match request[..length].starts_with(b"GET") {
                true => "done",
                false => "",
            };
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
    });
    url
}

fn with_new_job_type(arguments: &[&str]) -> Ended {
    run(bare(arguments)
        .arg("--component")
        .arg(test_components::new_job_type())
        .args(["--region", "none"]))
}

#[test]
fn it_describes_itself_by_its_folders_name() {
    let description: Value = with_new_job_type(&["describe", "--json"]).json(0);
    assert_eq!(description["id"], "new-job-type");
    assert_eq!(description["name"], "New job type");
}

#[test]
fn it_says_that_it_offers_no_logs_before_anything_is_asked() {
    for options in [&[][..], &["--follow"], &["--step", "run"]] {
        let ended = with_new_job_type(&[&["logs", "reports/sales/runs/1"], options].concat());
        assert_eq!(
            ended.sentence(1),
            "the job type `new-job-type` doesn't offer `logs`"
        );
    }
}

#[test]
fn without_inspect_a_job_is_checked_offline_and_a_warning_says_what_was_left_out() {
    let check = |external_id| {
        with_new_job_type(&["validate", "--check-declared", "--external-id", external_id])
    };
    let wrong = check("a b");
    assert_in_order(wrong.text(1), &["error    external-id: has to be letters"]);
    let right = check("sales");
    assert_eq!(right.text(0), "The job is right.\n");
    for ended in [wrong, right] {
        assert_eq!(
            ended.stderr,
            "warning: the job type `new-job-type` doesn't offer `inspect`, so the job isn't compared \
             with what the platform declares\n"
        );
    }
}

#[test]
fn without_inspect_nothing_is_started_where_the_declaration_was_to_be_checked() {
    let url = service();
    for command in ["start", "run"] {
        let job = [command, "--external-id", "sales", "--check-declared"];
        let ended = with_new_job_type(&[&job[..], &["--endpoint-url", &url]].concat());
        assert_eq!(
            ended.sentence(1),
            "the job type `new-job-type` doesn't offer `inspect`, which --check-declared needs; \
             nothing was started"
        );
    }
}

#[test]
fn a_run_of_it_is_started_and_followed_to_its_end() {
    let url = service();
    let ended = with_new_job_type(&["run", "--external-id", "sales", "--endpoint-url", &url]);
    assert!(
        ended.text(0).contains("The run succeeded"),
        "{}",
        ended.stdout
    );
}
