//! A proxy between the tool and the emulator that holds an exchange at a point.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::running::Running;

/// Where the exchange is held.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Point {
    /// The platform has this part of the request; the rest may arrive after the crash.
    Request { part: Part, rest_arrives: bool },
    /// The tool has this part of the answer.
    Answer(Part),
}

/// The first `first` of `of` parts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) first: usize,
    pub(crate) of: usize,
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
pub(crate) struct Proxy {
    pub(crate) address: String,
    hold: Arc<Mutex<Option<Hold>>>,
}

impl Proxy {
    pub(crate) fn to(emulator: &str) -> Self {
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

    /// Holds the next request for an operation at a point.
    pub(crate) fn hold_at(&self, operation: &'static str, point: Point) -> Held {
        let (reached, is_reached) = channel();
        let (go_on, goes_on) = channel();
        *self.hold.lock().unwrap() = Some(Hold {
            operation,
            point,
            reached,
            go_on: goes_on,
        });
        Held {
            reached: is_reached,
            go_on,
        }
    }
}

/// An exchange that is held when it comes to its point.
pub(crate) struct Held {
    reached: Receiver<()>,
    go_on: Sender<()>,
}

impl Held {
    /// Kills the tool when the point is reached, and returns when the platform is done with the request.
    pub(crate) fn kill(self, tool: &mut Running) {
        self.reached.recv().unwrap();
        tool.kill();
        self.go_on.send(()).unwrap();
        self.reached.recv().unwrap();
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
