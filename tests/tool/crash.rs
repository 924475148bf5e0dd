//! kill -9 of `serve` between the request that starts a run and its answer, at each point of a sweep,
//! and a restart: one execution per run, never two, none lost. The same for a cancellation.
//!
//! A proxy between the tool and the emulator holds the exchange at a point, the tool is killed, and
//! then the rest arrives or is lost. So where the tool dies doesn't depend on a clock.
//!
//! `POLYSYNC_CRASH_POINTS` is the number of points on each request and answer; 8 if not set.
#![cfg(unix)]

use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use sagemaker_emulator::Operation;
use serde_json::Value;

use crate::running::Running;
use crate::support::Stage;

const RUNS: usize = 2;
const START: &str = "SageMaker.StartPipelineExecution";
const STOP: &str = "SageMaker.StopPipelineExecution";

/// Where the exchange is held.
#[derive(Debug, Clone, Copy)]
enum Point {
    /// The platform has this part of the request; the rest may arrive after the crash.
    Request { part: Part, rest_arrives: bool },
    /// The tool has this part of the answer.
    Answer(Part),
}

/// The first `first` of `of` parts.
#[derive(Debug, Clone, Copy)]
struct Part {
    first: usize,
    of: usize,
}

impl Part {
    fn split(self, bytes: &[u8]) -> (&[u8], &[u8]) {
        bytes.split_at(bytes.len() * self.first / self.of)
    }
}

/// A point to wait for, once.
struct Hold {
    operation: &'static str,
    point: Point,
    reached: Sender<()>,
    go_on: Receiver<()>,
}

/// Passes on the messages between the tool and the emulator.
struct Proxy {
    address: String,
    hold: Arc<Mutex<Option<Hold>>>,
}

impl Proxy {
    fn to(emulator: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let hold = Arc::<Mutex<Option<Hold>>>::default();
        let emulator = emulator.strip_prefix("http://").unwrap().to_owned();
        thread::spawn({
            let hold = Arc::clone(&hold);
            move || {
                for client in listener.incoming() {
                    let (hold, emulator) = (Arc::clone(&hold), emulator.clone());
                    // That connections break off is the purpose of these tests.
                    thread::spawn(move || pass_on(client?, &emulator, &hold));
                }
            }
        });
        Self { address, hold }
    }

    /// Holds the next request for an operation at a point. Returns what is sent when the point is
    /// reached, and the sender that lets the request go on.
    fn hold_at(&self, operation: &'static str, point: Point) -> (Receiver<()>, Sender<()>) {
        let (reached, is_reached) = channel();
        let (go_on, goes_on) = channel();
        *self.hold.lock().unwrap() = Some(Hold {
            operation,
            point,
            reached,
            go_on: goes_on,
        });
        (is_reached, go_on)
    }
}

fn pass_on(mut client: TcpStream, emulator: &str, hold: &Mutex<Option<Hold>>) -> io::Result<()> {
    let mut server = TcpStream::connect(emulator)?;
    while let Some(request) = message(&mut client)? {
        let is_for = |hold: &mut Hold| {
            let operation = hold.operation.as_bytes();
            request
                .windows(operation.len())
                .any(|part| part == operation)
        };
        let hold = hold.lock().unwrap().take_if(is_for);
        match hold {
            None => {
                server.write_all(&request)?;
                let Some(answer) = message(&mut server)? else {
                    break;
                };
                client.write_all(&answer)?;
            }
            Some(hold) => {
                let wait = || {
                    hold.reached.send(()).unwrap();
                    hold.go_on.recv().unwrap();
                };
                match hold.point {
                    Point::Request { part, rest_arrives } => {
                        let (first, rest) = part.split(&request);
                        server.write_all(first)?;
                        wait();
                        if rest_arrives {
                            server.write_all(rest)?;
                            // The platform is done when it has answered, though the tool is gone.
                            message(&mut server)?;
                        }
                    }
                    Point::Answer(part) => {
                        server.write_all(&request)?;
                        let answer = message(&mut server)?.unwrap_or_default();
                        client.write_all(part.split(&answer).0)?;
                        wait();
                    }
                }
                hold.reached.send(()).unwrap();
                break;
            }
        }
    }
    Ok(())
}

/// One HTTP message: headers, and as much of a body as they say. None where the other side is done.
fn message(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .map_or(0, |length| length.trim().parse().unwrap());
            if bytes.len() >= head.len() + 4 + length {
                return Ok(Some(bytes));
            }
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(None),
            read => bytes.extend(&buffer[..read]),
        }
    }
}

/// Serves until all jobs are done.
fn serve(stage: &Stage, proxy: &Proxy, folder: &Path) -> Running {
    serve_with(stage, proxy, folder, &["--until-done"])
}

fn serve_with(stage: &Stage, proxy: &Proxy, folder: &Path, options: &[&str]) -> Running {
    let ledger = folder.join("runs.db");
    let jobs = folder.join("jobs");
    let mut arguments = vec!["serve", "--json", "--poll-interval", "50ms", "--ledger"];
    arguments.extend([ledger.to_str().unwrap(), "--jobs", jobs.to_str().unwrap()]);
    arguments.extend(options);
    let mut command = stage.command(&arguments);
    command.env("AWS_ENDPOINT_URL", &proxy.address);
    Running::new(command)
}

/// Kills the tool at a point, and starts it again.
fn crash_at(point: Point) {
    let stage = Stage::new();
    let proxy = Proxy::to(&stage.emulator.url());
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("jobs")).unwrap();
    for number in 0..RUNS {
        let job = folder.path().join(format!("jobs/{number}.json"));
        fs::write(job, r#"{ "externalId": "one-step" }"#).unwrap();
    }
    let (reached, go_on) = proxy.hold_at(START, point);
    let mut first = serve(&stage, &proxy, folder.path());
    reached.recv().unwrap();
    first.kill();
    go_on.send(()).unwrap();
    reached.recv().unwrap();

    let events = serve(&stage, &proxy, folder.path()).end().events(0);
    let served: &Value = events.last().unwrap();
    assert_eq!(served["runs"]["success"], RUNS, "{point:?}: {served}");
    let created = stage.emulator.executions_created();
    assert_eq!(created, RUNS, "{point:?}");
}

/// The parts of the sweep, from nothing to everything.
fn parts() -> impl Iterator<Item = Part> {
    let points = std::env::var("POLYSYNC_CRASH_POINTS").map_or(8, |points| points.parse().unwrap());
    (0..=points).map(move |first| Part { first, of: points })
}

#[test]
fn a_crash_before_the_platform_has_the_whole_request_loses_no_run() {
    for part in parts() {
        crash_at(Point::Request {
            part,
            rest_arrives: false,
        });
    }
}

#[test]
fn a_crash_while_the_request_is_on_its_way_starts_no_run_twice() {
    for part in parts() {
        crash_at(Point::Request {
            part,
            rest_arrives: true,
        });
    }
}

#[test]
fn a_crash_while_the_answer_is_on_its_way_starts_no_run_twice() {
    for part in parts() {
        crash_at(Point::Answer(part));
    }
}

#[test]
fn a_cancellation_that_a_crash_interrupts_is_repeated_as_the_same_wish() {
    let stage = Stage::new();
    let proxy = Proxy::to(&stage.emulator.url());
    let folder = tempfile::tempdir().unwrap();
    let jobs = folder.path().join("jobs");
    fs::create_dir(&jobs).unwrap();
    fs::write(jobs.join("long.json"), r#"{ "externalId": "waiting" }"#).unwrap();
    let nothing = Part { first: 0, of: 1 };
    let (reached, go_on) = proxy.hold_at(STOP, Point::Answer(nothing));
    let mut first = serve_with(&stage, &proxy, folder.path(), &[]);
    // Cancelled before its start is sent, it would be withdrawn.
    first.until(r#""event":"started""#);
    fs::write(jobs.join("long.cancel"), "").unwrap();
    reached.recv().unwrap();
    first.kill();
    go_on.send(()).unwrap();
    reached.recv().unwrap();

    let events = serve(&stage, &proxy, folder.path()).end().events(4);
    assert_eq!(events.last().unwrap()["runs"]["cancelled"], 1);
    let requests = stage.emulator.requests();
    let stops = requests
        .iter()
        .filter(|request| request.operation == Some(Operation::StopPipelineExecution));
    let tokens: Vec<_> = stops.map(|stop| &stop.body["ClientRequestToken"]).collect();
    assert!(tokens.len() > 1, "{tokens:?}");
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
}
