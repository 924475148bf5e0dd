//! A new job type, as `cargo xtask new` writes it: the tool loads it and runs a job of it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use serde_json::Value;

use crate::support::{Ended, bare, run};

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
fn a_run_of_it_is_started_and_followed_to_its_end() {
    let url = service();
    let ended = with_new_job_type(&["run", "--external-id", "sales", "--endpoint-url", &url]);
    assert!(
        ended.text(0).contains("The run succeeded"),
        "{}",
        ended.stdout
    );
}
