//! A proxy that connects to one port, whatever it is asked for, and keeps what it was asked for.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::server::{head, serve};

/// A proxy for CONNECT and for plain requests.
#[derive(Debug)]
pub struct Proxy {
    /// Its port on 127.0.0.1.
    pub port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// A proxy that connects to this port of 127.0.0.1.
    pub fn to(port: u16) -> Self {
        Self::new(move |head, client| pass_on(head, client, port))
    }

    /// A proxy that wants another password.
    pub fn refusing() -> Self {
        Self::new(|_, mut client| {
            client.write_all(
                b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
            )
        })
    }

    fn new(answer: impl Fn(&str, TcpStream) -> io::Result<()> + Clone + Send + 'static) -> Self {
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let got = Arc::clone(&heads);
        let port = serve(move |mut client| {
            let head = head(&mut client);
            got.lock().expect("no panic").push(head.clone());
            // A client may break off at any time.
            let _ = answer(&head, client);
        });
        Self { port, heads }
    }

    /// The heads of the requests that it got.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no panic").clone()
    }
}

fn pass_on(head: &str, mut client: TcpStream, port: u16) -> io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", port))?;
    if head.starts_with("CONNECT ") {
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    } else {
        server.write_all(for_server(head).as_bytes())?;
    }
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    io::copy(&mut server, &mut client)?;
    client.shutdown(Shutdown::Both)
}

/// The head with the path alone in its first line, and for a connection of one request: the next one
/// on it could be for another server.
fn for_server(head: &str) -> String {
    let (line, rest) = head.split_once("\r\n").unwrap_or((head, ""));
    let line: Vec<_> = line
        .split(' ')
        .map(|word| match word.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
            None => word,
        })
        .collect();
    format!("{}\r\nconnection: close\r\n{rest}", line.join(" "))
}
