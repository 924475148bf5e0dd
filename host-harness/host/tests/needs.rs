//! What a slot does about a plugin that asks for more than was granted.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::contract::Connection;
use polysync_host::{
    Access, Grants, Host, JobType, Limits, LoadFault, NeedsPolicy, Slot, Source, Swap,
    WhenNeedsGrow,
};
use test_components::text;

const ORIGIN: (&str, &str) = ("http", "https://api.example.com");
const SIGNING: (&str, &str) = ("aws-signing", "example");
const MORE: (&str, &str) = ("http", "https://reports.example.com");

fn plugin(needs: &[(&str, &str)]) -> Source {
    Source::bytes(text::asking_for("asking", needs))
}

/// A slot with a connection in use, which is granted nothing.
async fn slot(needs: &[(&str, &str)], policy: NeedsPolicy) -> (Slot, JobType) {
    slot_of_granted(needs, policy, Grants::none()).await
}

/// The same, with a connection that is granted this.
async fn slot_of_granted(
    needs: &[(&str, &str)],
    policy: NeedsPolicy,
    grants: Grants,
) -> (Slot, JobType) {
    let host = Host::new(Limits::recommended()).expect("a host");
    let first = host.load(plugin(needs)).await.expect("a plugin");
    let slot = Slot::with_policy(first, policy);
    let connection = Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    };
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    let credentials = SharedCredentialsProvider::new(credentials);
    let in_use = slot.for_connection(connection, Access::new(grants, credentials));
    (slot, in_use)
}

fn swap_in() -> NeedsPolicy {
    NeedsPolicy {
        when_needs_grow: WhenNeedsGrow::Swap,
        ..NeedsPolicy::default()
    }
}

/// What a swap was made without.
fn missing(swap: Swap) -> String {
    match swap {
        Swap::Done { missing, .. } => missing.to_string(),
        Swap::Unchanged { serving } => panic!("{serving} serves already"),
    }
}

#[tokio::test]
async fn by_default_a_plugin_that_asks_for_more_is_refused_by_the_name_of_what_is_missing() {
    let (slot, _in_use) = slot(&[ORIGIN], NeedsPolicy::default()).await;
    let error = slot.swap(plugin(&[ORIGIN, SIGNING, MORE])).await;
    let error = error.expect_err("it asks for more");
    assert_eq!(
        error.to_string(),
        "cannot load the component: it asks for more than is granted: \
         aws-signing example, http https://reports.example.com; grant that first, then swap again"
    );
    assert!(matches!(error.fault, LoadFault::NeedsGrow { missing } if missing.valid().len() == 2));
    assert_eq!(slot.identity().generation, 1);
}

#[tokio::test]
async fn a_plugin_that_asks_for_less_or_for_the_same_in_another_order_takes_over() {
    let (slot, _in_use) = slot(&[ORIGIN, SIGNING], NeedsPolicy::default()).await;
    for needs in [&[SIGNING, ORIGIN][..], &[ORIGIN], &[]] {
        let swap = slot.swap(plugin(needs)).await.expect("no more is asked");
        assert_eq!(missing(swap), "");
    }
}

#[tokio::test]
async fn what_was_granted_beyond_the_first_plugins_needs_is_not_missing() {
    let (slot, _in_use) = slot(&[ORIGIN], NeedsPolicy::default()).await;
    slot.swap(plugin(&[ORIGIN, MORE]))
        .await
        .expect_err("not yet");
    slot.set_policy(NeedsPolicy {
        granted: Grants::none().allow_http(MORE.1.parse().expect("a grant")),
        ..NeedsPolicy::default()
    });
    let swap = slot.swap(plugin(&[ORIGIN, MORE])).await.expect("granted");
    assert_eq!(missing(swap), "");
}

#[tokio::test]
async fn what_the_connection_itself_is_granted_is_not_missing() {
    let grants = Grants::none().allow_http(MORE.1.parse().expect("a grant"));
    let (slot, _in_use) = slot_of_granted(&[ORIGIN], NeedsPolicy::default(), grants).await;
    let swap = slot.swap(plugin(&[ORIGIN, MORE])).await.expect("granted");
    assert_eq!(missing(swap), "");
}

#[tokio::test]
async fn a_plugin_that_asks_for_one_origin_of_a_pattern_that_was_asked_for_takes_over() {
    let pattern = ("http", "https://api.*.example.com");
    let (slot, _in_use) = slot(&[pattern], NeedsPolicy::default()).await;
    let one = ("http", "https://api.eu-west-1.example.com");
    let swap = slot.swap(plugin(&[one])).await.expect("it asks for less");
    assert_eq!(missing(swap), "");
}

#[tokio::test]
async fn a_policy_may_swap_it_in_and_each_such_swap_names_what_is_missing() {
    let (slot, _in_use) = slot(&[ORIGIN], swap_in()).await;
    let swap = slot.swap(plugin(&[ORIGIN, MORE])).await.expect("a swap");
    assert_eq!(missing(swap), "http https://reports.example.com");
    // It is still missing for the plugin after that.
    let swap = slot.swap(plugin(&[MORE, ORIGIN])).await.expect("a swap");
    assert_eq!(missing(swap), "http https://reports.example.com");
    let swap = slot.swap(plugin(&[ORIGIN, ("http", "http://127.0.0.1:1")]));
    assert_eq!(
        missing(swap.await.expect("a swap")),
        "http http://127.0.0.1:1"
    );
}

#[tokio::test]
async fn a_rollback_is_never_refused_and_names_what_is_missing() {
    let (slot, _in_use) = slot(&[ORIGIN], swap_in()).await;
    slot.swap(plugin(&[ORIGIN, MORE])).await.expect("a swap");
    slot.swap(plugin(&[])).await.expect("a swap");
    slot.set_policy(NeedsPolicy::default());
    let back = slot.rollback().expect("an earlier plugin");
    assert_eq!(missing(back), "http https://reports.example.com");
}
