//! Plugins that look for what another call, or another connection, has left.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::Limits;

use crate::stage::{Function, Stage, answer};

#[tokio::test]
async fn a_call_finds_nothing_in_its_memory_that_an_earlier_one_has_left() {
    // With one place, each call gets the memory of the one before it.
    let stage = Stage::new(Limits {
        concurrent_calls: 1,
        ..Limits::recommended()
    })
    .await;
    for _ in 0..3 {
        assert_eq!(stage.order("remember").await.as_deref(), Ok("0"));
    }
}

#[tokio::test]
async fn a_connection_gets_the_keys_of_its_own_credentials_only() {
    let credentials = |key| {
        let credentials = Credentials::new(key, "never-to-be-printed", None, None, "test");
        SharedCredentialsProvider::new(credentials)
    };
    let today = jiff::Timestamp::now().strftime("%Y%m%d");
    let order = format!("key {today}");
    let stage = Stage::new(Limits::recommended()).await;
    let other = stage
        .beside(stage.plugin.clone())
        .signing(credentials("OTHER"));
    let stage = stage.signing(credentials("OWN"));
    let (own, others) = (stage.connection(&order), other.connection(&order));
    for _ in 0..2 {
        let key = answer(&own, Function::Status).await;
        assert_eq!(key.as_deref(), Ok("OWN"));
        let key = answer(&others, Function::Status).await;
        assert_eq!(key.as_deref(), Ok("OTHER"));
    }
}
