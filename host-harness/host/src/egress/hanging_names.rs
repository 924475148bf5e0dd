//! Names whose lookup never ends keep neither a request past its time nor a plugin from being loaded.

use std::sync::Arc;
use std::time::Duration;

use crate::egress::client::ReqwestClient;
use crate::egress::client_options::ClientOptions;
use crate::egress::lookup::tests::Hanging;
use crate::egress::transport::{HttpResponse, TransportError};
use crate::host::Host;
use crate::limits::Limits;
use crate::testing;

/// Lets the lookups end when the test ends, however it does: a runtime waits for its threads.
struct Release(Arc<Hanging>);

impl Drop for Release {
    fn drop(&mut self) {
        self.0.release();
    }
}

async fn get(client: &ReqwestClient, url: &str) -> Result<HttpResponse, TransportError> {
    testing::get(client, url, Duration::from_millis(100)).await
}

#[test]
fn requests_end_in_time_and_plugins_are_loaded_while_names_hang() {
    // One thread for blocking work, which a lookup on that pool would occupy for ever.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let lookup = Arc::new(Hanging::default());
    let _release = Release(Arc::clone(&lookup));
    let client = ReqwestClient::build(ClientOptions::default(), lookup.clone()).expect("a client");
    runtime.block_on(async {
        for name in ["a.hanging.test", "b.hanging.test"] {
            let error = get(&client, &format!("https://{name}/")).await;
            let error = error.expect_err("no address");
            assert!(matches!(error, TransportError::Timeout { .. }), "{error}");
        }
        let host = Host::new(Limits::recommended()).expect("a host");
        let load = host.load(test_components::misbehaving());
        let loaded = tokio::time::timeout(Duration::from_secs(120), load).await;
        loaded.expect("it is loaded").expect("a plugin");
    });
}
