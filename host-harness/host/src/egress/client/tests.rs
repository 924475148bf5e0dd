//! The client against servers on this machine.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue};
use url::Url;

use super::*;
use crate::egress::body_meter::{BodyTooLarge, SharedMeter};

/// Starts a server that answers its first connection, and returns its port.
fn serve(answer: impl FnOnce(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        if let Ok((stream, _)) = listener.accept() {
            answer(stream);
        }
    });
    port
}

/// Reads the head of a request, then answers.
fn answer_with(answer: &'static [u8]) -> impl FnOnce(TcpStream) {
    move |mut stream| {
        head(&mut stream);
        let _ = stream.write_all(answer);
    }
}

fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
        head.extend(byte);
    }
    String::from_utf8_lossy(&head).into_owned()
}

async fn get(url: &str) -> Result<HttpResponse, TransportError> {
    get_under(AddressPolicy::Loopback, url).await
}

async fn get_under(addresses: AddressPolicy, url: &str) -> Result<HttpResponse, TransportError> {
    let request = HttpRequest {
        method: Method::GET,
        url: Url::parse(url).expect("a URL"),
        headers: HeaderMap::from_iter([(
            "x-example".parse().expect("a name"),
            HeaderValue::from_static("1"),
        )]),
        body: Vec::new(),
        addresses,
        timeout: Duration::from_millis(500),
    };
    let mut meter = BodyMeter::new(8, SharedMeter::new(8));
    let client = ReqwestClient::new().expect("a client");
    client.send(request, &mut meter).await
}

async fn assert_broken_exchange(port: u16) {
    let answer = get(&format!("http://127.0.0.1:{port}/")).await;
    assert!(
        matches!(answer, Err(TransportError::Protocol { .. })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn an_address_in_a_url_is_checked_like_one_that_a_name_resolves_to() {
    let port = serve(answer_with(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    for addresses in [AddressPolicy::Public, AddressPolicy::Private] {
        let error = get_under(addresses, &format!("http://127.0.0.1:{port}/")).await;
        let denied =
            format!("requests to 127.0.0.1:{port} are denied: it is an address of this machine");
        assert_eq!(error.expect_err("denied"), TransportError::Denied(denied));
    }
    let error = get_under(AddressPolicy::Private, "http://[fd00:ec2::254]/").await;
    let denied = "requests to [fd00:ec2::254] are denied: \
                  it is an address of a cloud's metadata service";
    assert_eq!(
        error.expect_err("denied"),
        TransportError::Denied(denied.to_owned())
    );
}

#[tokio::test]
async fn any_status_is_an_answer() {
    let port = serve(answer_with(
        b"HTTP/1.1 503 Busy\r\nX-One: 1\r\ncontent-length: 4\r\n\r\nbusy",
    ));
    let response = get(&format!("http://127.0.0.1:{port}/"))
        .await
        .expect("an answer");
    assert_eq!(response.status, 503);
    assert_eq!(response.body, b"busy");
    assert_eq!(response.headers["x-one"], "1");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let port = serve(answer_with(
        b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    ));
    let response = get(&format!("http://127.0.0.1:{port}/"))
        .await
        .expect("an answer");
    assert_eq!(response.status, 302);
}

#[tokio::test]
async fn a_refused_connection_is_no_connection() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("an address").port()
    };
    let error = get(&format!("http://127.0.0.1:{port}/"))
        .await
        .expect_err("closed");
    assert!(
        matches!(&error, TransportError::Connect { .. }),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .starts_with(&format!("no connection to 127.0.0.1:{port}: "))
    );
}

#[tokio::test]
async fn a_connection_that_breaks_off_before_the_answer_is_a_broken_exchange() {
    let port = serve(|mut stream| drop(head(&mut stream)));
    assert_broken_exchange(port).await;
    // Closing with the request still unread resets the connection.
    let port = serve(|mut stream| drop(stream.read(&mut [0])));
    assert_broken_exchange(port).await;
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_broken_exchange() {
    let port = serve(answer_with(
        b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nabc",
    ));
    assert_broken_exchange(port).await;
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_a_broken_exchange() {
    let port = serve(answer_with(b"220 mail.example.com ESMTP\r\n"));
    assert_broken_exchange(port).await;
}

#[tokio::test]
async fn a_body_past_the_limit_is_given_up_before_its_end() {
    // The server never ends the body: a client that waited for it would run into the timeout.
    let port = serve(|mut stream| {
        head(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n123456789");
        let _ = stream.read(&mut [0]);
    });
    let error = get(&format!("http://127.0.0.1:{port}/"))
        .await
        .expect_err("too large");
    assert_eq!(error, BodyTooLarge::Alone { limit: 8 }.into());
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_a_timeout() {
    let port = serve(|mut stream| drop(stream.read_to_end(&mut Vec::new())));
    let error = get(&format!("http://127.0.0.1:{port}/"))
        .await
        .expect_err("silent");
    assert!(matches!(error, TransportError::Timeout { .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_a_tls_failure() {
    let port = serve(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let error = get(&format!("https://127.0.0.1:{port}/"))
        .await
        .expect_err("no TLS");
    assert!(matches!(error, TransportError::Tls { .. }), "{error:?}");
}

#[tokio::test]
async fn a_name_that_resolves_to_this_machine_is_denied() {
    let port = serve(|_| ());
    let error = get_under(AddressPolicy::Public, &format!("http://localhost:{port}/"))
        .await
        .expect_err("denied");
    assert!(matches!(&error, TransportError::Denied(_)), "{error:?}");
    let message = error.to_string();
    assert_eq!(
        message,
        "requests to localhost are denied: it resolves to an address of this machine"
    );
}

#[tokio::test]
async fn the_only_header_that_is_added_is_the_documented_one() {
    let (send, received) = std::sync::mpsc::channel();
    let port = serve(move |mut stream| {
        let _ = send.send(head(&mut stream));
    });
    let _ = get(&format!("http://127.0.0.1:{port}/a?b")).await;
    let head = received.recv().expect("a request");
    assert_eq!(
        head,
        format!(
            "GET /a?b HTTP/1.1\r\nx-example: 1\r\naccept: */*\r\nhost: 127.0.0.1:{port}\r\n\r\n"
        )
    );
}
