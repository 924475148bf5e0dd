//! Floods that no single limit of a body or a lookup stops: headers, responses, and refreshes of
//! credentials.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use polysync_host::Limits;

use crate::egress::Server;
use crate::stage::Stage;

/// A response without a body, whose headers have somewhat more than 40,000 bytes.
fn headers_only() -> String {
    let value = "x".repeat(1_000);
    let headers: String = (0..40)
        .map(|number| format!("x-{number}: {value}\r\n"))
        .collect();
    format!("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n{headers}\r\n")
}

async fn order(limits: Limits, order: &str) -> String {
    let server = Server::answering(headers_only());
    let stage = Stage::new(limits).await.grant(&server.origin);
    let order = format!("{order} {}", server.origin);
    stage.order(&order).await.expect("no fault")
}

#[tokio::test]
async fn the_headers_of_a_response_count() {
    let limits = Limits {
        response_bytes: 40_000,
        ..Limits::recommended()
    };
    assert_eq!(
        order(limits, "send").await,
        "ErrorKind::BodyTooLarge: the response is larger than 40000 bytes (`Limits::response_bytes`)"
    );
}

#[tokio::test]
async fn the_headers_of_the_responses_of_one_send_all_count_together() {
    let limits = Limits {
        send_all_bytes: 100_000,
        requests_at_once: 1,
        ..Limits::recommended()
    };
    assert_eq!(
        order(limits, "send-all 5").await,
        "2 good, 3 too large, 0 denied, 0 other"
    );
}

#[tokio::test]
async fn the_responses_of_a_call_count_together_and_no_request_is_sent_past_their_limit() {
    let limits = Limits {
        received_bytes_per_call: 100_000,
        ..Limits::recommended()
    };
    assert_eq!(
        order(limits, "send-in-turn 5").await,
        "2 good, 1 too large, 2 denied, 0 other"
    );
}

/// Counts its lookups.
#[derive(Debug)]
struct Counting(Arc<AtomicUsize>);

impl ProvideCredentials for Counting {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.fetch_add(1, Ordering::Relaxed);
        let credentials = Credentials::new("AKID", "never-to-be-printed", None, None, "test");
        future::ProvideCredentials::ready(Ok(credentials))
    }
}

#[tokio::test]
async fn a_flood_of_refreshes_looks_credentials_up_once() {
    let lookups = Arc::new(AtomicUsize::new(0));
    let provider = SharedCredentialsProvider::new(Counting(Arc::clone(&lookups)));
    let stage = Stage::new(Limits::recommended()).await.signing(provider);
    let today = jiff::Timestamp::now().strftime("%Y%m%d");
    let answer = stage.order(&format!("refresh 10000 {today}")).await;
    assert_eq!(answer.as_deref(), Ok("refreshed"));
    assert_eq!(lookups.load(Ordering::Relaxed), 1);
}
