//! What is sent of a request, what is refused, and what a plugin gets of the answer.

use std::sync::Mutex;

use super::*;
use crate::testing::{AnswerBy, ManualClock};

const ORIGIN: &str = "https://api.example.com";

/// Sends a request. Returns the request that the client got, and what the plugin gets.
async fn exchange(
    limits: Limits,
    request: Request,
) -> (Option<HttpRequest>, Result<Response, Error>) {
    let sent = Arc::new(Mutex::new(None));
    let client = Arc::new(AnswerBy({
        let sent = Arc::clone(&sent);
        move |request: &HttpRequest| {
            *sent.lock().expect("no panic") = Some(request.clone());
            Ok(HttpResponse {
                status: 200,
                headers: HeaderMap::new(),
                body: Vec::new(),
            })
        }
    }));
    let deadline = Deadline::after(limits.call_timeout, &*ManualClock::new());
    let together = SharedMeter::new(limits.response_bytes);
    let grants = vec![ORIGIN.parse().expect("a grant")];
    let egress = Egress::new(client, grants, Arc::new(limits));
    let answer = egress.send(request, deadline, together).await;
    (sent.lock().expect("no panic").take(), answer)
}

/// The error for a request that must not be sent.
async fn refusal(limits: Limits, request: Request) -> Error {
    let (sent, answer) = exchange(limits, request).await;
    assert!(sent.is_none(), "{sent:?}");
    answer.expect_err("a request that must not be sent")
}

async fn refusal_kind(request: Request) -> ErrorKind {
    refusal(Limits::recommended(), request).await.kind
}

fn get() -> Request {
    Request {
        method: "GET".to_owned(),
        url: format!("{ORIGIN}/"),
        headers: Vec::new(),
        body: Vec::new(),
        timeout: None,
    }
}

#[tokio::test]
async fn a_request_has_the_shorter_of_its_own_timeout_and_the_hosts() {
    let limits = Limits {
        request_timeout: Duration::from_secs(30),
        ..Limits::recommended()
    };
    for (own, seconds) in [(None, 30), (Some(5_000), 5), (Some(u64::MAX), 30)] {
        let request = Request {
            timeout: own,
            ..get()
        };
        let (sent, _) = exchange(limits.clone(), request).await;
        let timeout = sent.expect("a request").timeout;
        assert_eq!(timeout, Duration::from_secs(seconds), "{own:?}");
    }
}

#[tokio::test]
async fn a_request_that_is_not_granted_is_denied() {
    let mut request = get();
    request.url = "https://example.com/".to_owned();
    assert_eq!(refusal_kind(request).await, ErrorKind::Denied);
}

#[tokio::test]
async fn headers_of_the_connection_and_the_method_connect_are_denied() {
    for name in ["Host", "content-length", "Transfer-Encoding", "connection"] {
        let mut request = get();
        request.headers.push(Header {
            name: name.to_owned(),
            value: "example.com".to_owned(),
        });
        assert_eq!(refusal_kind(request).await, ErrorKind::Denied, "{name}");
    }
    let mut request = get();
    request.method = "CONNECT".to_owned();
    assert_eq!(refusal_kind(request).await, ErrorKind::Denied);
}

#[tokio::test]
async fn a_request_that_is_not_valid_http_is_not_sent_and_its_values_are_not_repeated() {
    let mut request = get();
    request.method = "G E T".to_owned();
    assert_eq!(refusal_kind(request).await, ErrorKind::Protocol);
    for (name, value) in [("a b", "1"), ("", "1"), ("a", "secret\r\nb: 2")] {
        let mut request = get();
        request.headers.push(Header {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        let error = refusal(Limits::recommended(), request).await;
        assert_eq!(error.kind, ErrorKind::Protocol);
        assert!(!error.message.contains("secret"));
    }
}

#[tokio::test]
async fn a_request_past_the_limit_is_denied_by_the_name_of_the_limit() {
    let limits = Limits {
        request_bytes: 3,
        ..Limits::recommended()
    };
    let mut request = get();
    request.body = vec![0; 4];
    let error = refusal(limits, request).await;
    assert_eq!(error.kind, ErrorKind::Denied);
    assert_eq!(
        error.message,
        "the request has 31 bytes with its URL and headers, and 3 are allowed \
         (`Limits::request_bytes`)"
    );
}

#[tokio::test]
async fn method_url_and_headers_of_a_request_count() {
    let header = |value: &str| Header {
        name: "x".to_owned(),
        value: value.to_owned(),
    };
    let mut request = get();
    request.headers = vec![header("12"), header("345")];
    request.body = vec![0; 7];
    let bytes = "GET".len() + ORIGIN.len() + 1 + (32 + 3) + (32 + 4) + 7;
    let limits = |request_bytes| Limits {
        request_bytes,
        ..Limits::recommended()
    };
    let error = refusal(limits(bytes - 1), request.clone()).await;
    assert_eq!(error.kind, ErrorKind::Denied);
    let (sent, _) = exchange(limits(bytes), request).await;
    assert!(sent.is_some());
}

#[tokio::test]
async fn a_refusal_repeats_only_the_beginning_of_what_the_plugin_wrote() {
    let long = "\u{1}".repeat(100_000);
    let requests = [
        Request {
            url: format!("{ORIGIN}/{long}"),
            ..get()
        },
        Request {
            method: long.clone(),
            ..get()
        },
        Request {
            headers: vec![Header {
                name: long.clone(),
                value: String::new(),
            }],
            ..get()
        },
    ];
    for request in requests {
        let error = refusal(Limits::recommended(), request).await;
        assert!(error.message.len() < 2_000, "{} bytes", error.message.len());
    }
}

#[tokio::test]
async fn a_name_under_a_star_is_no_longer_than_a_name_can_be() {
    let grants = vec!["https://api.*.example.com".parse().expect("a grant")];
    let client = Arc::new(AnswerBy(|request: &HttpRequest| {
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let reason = "refused".to_owned();
        Err(TransportError::Connect { host, reason })
    }));
    let limits = Limits::recommended();
    let deadline = Deadline::after(limits.call_timeout, &*ManualClock::new());
    let together = SharedMeter::new(limits.response_bytes);
    let egress = Egress::new(client, grants, Arc::new(limits));
    let request = Request {
        url: format!("https://api.{}.example.com/", "a".repeat(100_000)),
        ..get()
    };
    let error = egress.send(request, deadline, together).await;
    let error = error.expect_err("no such name");
    assert_eq!(error.kind, ErrorKind::Denied, "{:.100}", error.message);
    assert!(error.message.len() < 2_000, "{} bytes", error.message.len());
}

#[tokio::test]
async fn a_request_gives_up_before_the_call_does() {
    let limits = Limits {
        call_timeout: Duration::from_secs(10),
        request_timeout: Duration::from_secs(60),
        ..Limits::recommended()
    };
    let (sent, answer) = exchange(limits, get()).await;
    answer.expect("an answer");
    let timeout = sent.expect("a request").timeout;
    assert!(timeout <= Duration::from_secs(9), "{timeout:?}");
}
