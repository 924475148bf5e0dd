//! A server of a few lines, for tests that decide about each byte of an answer.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Serves each connection to 127.0.0.1 on a thread of its own, and returns the port.
pub fn serve(answer: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || answer(stream));
        }
    });
    port
}

/// Reads the head of a request, with its empty line.
pub fn head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
        head.extend(byte);
    }
    String::from_utf8_lossy(&head).into_owned()
}
