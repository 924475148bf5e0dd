//! A pool that is always full: every call that waits for a place gets one, and then a slot.

use std::sync::Arc;

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::contract::{Attribute, Connection, Run};
use polysync_host::{
    Access, BodyMeter, CallError, Grants, Host, HttpClient, HttpRequest, HttpResponse, Limits,
    TransportError,
};

const ORIGIN: &str = "https://busy.example";

/// Answers each request after other tasks have run.
struct Busy;

#[async_trait]
impl HttpClient for Busy {
    async fn send(
        &self,
        _: HttpRequest,
        _: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
        Ok(HttpResponse {
            status: 200,
            headers: Default::default(),
            body: Vec::new(),
        })
    }
}

/// The engine searches one part of its pool after the other for a free slot. If other calls take a
/// slot in a part that it has yet to search, and free one in a part that it has searched, it finds
/// none, although there is always one.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn no_call_with_a_place_finds_the_pool_full() {
    // The engine's pool has several parts if it has at least 128 slots.
    let slots = 128;
    let host = Host::new(Limits {
        concurrent_calls: slots,
        slot_share_percent: 100,
        connection_share_percent: 100,
        memories: 1,
        ..Limits::recommended()
    })
    .expect("a host");
    let plugin = host
        .load(test_components::misbehaving())
        .await
        .expect("a plugin");
    let connection = Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: vec![Attribute {
            name: "order".to_owned(),
            value: format!("send {ORIGIN}/"),
        }],
    };
    let credentials = Credentials::new("AKID", "never-to-be-printed", None, None, "test");
    let access = Access::new(
        Grants::none().allow_http(ORIGIN.parse().expect("a grant")),
        SharedCredentialsProvider::new(credentials),
    )
    .with_http_client(Arc::new(Busy));
    let job_type = plugin.for_connection(connection, access);
    let callers = (0..2 * slots).map(|_| {
        let job_type = job_type.clone();
        tokio::spawn(async move {
            for _ in 0..50 {
                let run = Run {
                    external_id: Some("job".to_owned()),
                    run_id: "run".to_owned(),
                };
                let error = job_type
                    .status(&run)
                    .await?
                    .expect_err("the plugin answers an order with an error");
                assert_eq!(error.message, "status 200");
            }
            Ok::<_, CallError>(())
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.expect("a caller").expect("a slot");
    }
}
