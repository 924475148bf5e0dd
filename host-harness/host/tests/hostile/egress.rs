//! Plugins that try to reach hosts and addresses that aren't granted.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use async_trait::async_trait;
use polysync_host::{
    AddressPolicy, BodyMeter, HttpClient, HttpRequest, HttpResponse, Limits, ReqwestClient,
    TransportError,
};

use crate::stage::Stage;

/// A server on this machine that gives each request the same answer and counts its connections.
pub(crate) struct Server {
    pub(crate) origin: String,
    connections: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let connections = Arc::new(AtomicUsize::new(0));
        let (answer, count) = (answer.into(), Arc::clone(&connections));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::Relaxed);
                // A client may break off before the end of the answer.
                let _ = answer_with(stream, &answer);
            }
        });
        Self {
            origin,
            connections,
        }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

fn answer_with(mut stream: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let mut request: Vec<u8> = Vec::new();
    let mut buffer = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            read => request.extend(&buffer[..read]),
        }
    }
    stream.write_all(answer)
}

async fn stage() -> Stage {
    Stage::new(Limits::recommended()).await
}

#[tokio::test]
async fn a_host_that_is_not_granted() {
    let server = Server::answering("");
    let stage = stage().await.grant("https://api.example.com");
    let answer = stage.order(&format!("send {}/x", server.origin)).await;
    let origin = &server.origin;
    assert_eq!(
        answer,
        Ok(format!(
            "ErrorKind::Denied: requests to {origin} are not granted; to allow them, grant `{origin}`"
        ))
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn the_address_of_the_instance_metadata() {
    let stage = stage().await.grant("https://*.example.com");
    for url in [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/meta-data/",
    ] {
        let answer = stage.order(&format!("send {url}")).await.expect("no fault");
        assert!(
            answer.starts_with("ErrorKind::Denied: requests to "),
            "{answer}"
        );
    }
}

/// Treats `localhost` like any other name, so that it stands for a name that somebody's name server
/// resolves to this machine.
#[derive(Debug)]
struct AsAnyName(ReqwestClient);

#[async_trait]
impl HttpClient for AsAnyName {
    async fn send(
        &self,
        mut request: HttpRequest,
        body: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        request.addresses = AddressPolicy::Public;
        self.0.send(request, body).await
    }
}

#[tokio::test]
async fn a_name_that_resolves_to_this_machine() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let origin = server.origin.replace("127.0.0.1", "localhost");
    let granted = stage().await.grant(&origin);
    let client = AsAnyName(ReqwestClient::new().expect("a client"));
    let answer = granted
        .client(client)
        .order(&format!("send {origin}"))
        .await
        .expect("no fault");
    assert!(
        answer.starts_with("ErrorKind::Denied: requests to localhost are denied: it resolves to "),
        "{answer}"
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    for target in [other.origin.as_str(), "http://169.254.169.254/"] {
        let server = Server::answering(format!(
            "HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n"
        ));
        let stage = stage().await.grant(&server.origin);
        let answer = stage.order(&format!("send {}", server.origin)).await;
        assert_eq!(answer.as_deref(), Ok("status 302"));
        assert_eq!(server.connections(), 1);
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_response_larger_than_the_limit() {
    let mut answer = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_vec();
    answer.extend([b'x'; 100_000]);
    let server = Server::answering(answer);
    let limits = Limits {
        response_bytes: 99_999,
        ..Limits::recommended()
    };
    let stage = Stage::new(limits).await.grant(&server.origin);
    let answer = stage.order(&format!("send {}", server.origin)).await;
    assert_eq!(
        answer.as_deref(),
        Ok("ErrorKind::BodyTooLarge: \
            the response is larger than 99999 bytes (`Limits::response_bytes`)")
    );
}

#[tokio::test]
async fn a_response_without_end() {
    // Without a length, the body ends with the connection.
    let mut answer = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    answer.extend(vec![b'x'; 1 << 20]);
    let server = Server::answering(answer);
    let limits = Limits {
        response_bytes: 1 << 16,
        ..Limits::recommended()
    };
    let stage = Stage::new(limits).await.grant(&server.origin);
    let answer = stage.order(&format!("send {}", server.origin)).await;
    assert!(
        answer
            .as_ref()
            .is_ok_and(|answer| answer.starts_with("ErrorKind::BodyTooLarge: ")),
        "{answer:?}"
    );
}
