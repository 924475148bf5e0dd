//! Plugins that ask for more than any plugin may have: what they ask for is not a request that can be
//! accepted, and they replace no plugin that asks for less.

use polysync_host::contract::{Attribute, Connection};
use polysync_host::{
    CallError, CallFault, GrantRequests, Grants, Host, Limits, LoadFault, Plugin, Slot, Source,
};
use test_components::text;

use crate::stage::{SHORT, Stage};

/// Ten kinds of greedy need, and the reason why each can't be accepted.
const GREEDY: [(&str, &str, &str); 10] = [
    // The metadata service of the cloud, which gives out credentials.
    ("http", "http://169.254.169.254", "not for an address"),
    // A service of the machine.
    ("http", "http://127.0.0.1:6379", "not for an address"),
    ("http", "https://localhost", "public internet"),
    // A service of the company's network.
    ("http", "https://vault.corp.internal", "public internet"),
    (
        "http",
        "https://api.example.com private",
        "only an operator",
    ),
    // Every name that anybody registers.
    ("http", "https://*.com", "names of others"),
    ("http", "https://*.s3.amazonaws.com", "names of others"),
    // Plain text, for whoever listens.
    ("http", "http://api.example.com", "https:// only"),
    // Another service of a host that is known for its web pages.
    ("http", "https://example.com:22", "port 443 only"),
    // A capability that this host doesn't have.
    ("files", "/etc/shadow", "no such capability"),
];

async fn load(host: &Host, needs: &[(&str, &str)]) -> Plugin {
    let component = text::asking_for("misbehaving", needs);
    let plugin = host.load(Source::bytes(component)).await;
    plugin.expect("it is loaded, to be shown")
}

fn connection() -> Connection {
    Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    }
}

async fn requests(plugin: &Plugin) -> Result<GrantRequests, CallError> {
    plugin.requests(&connection()).await
}

#[tokio::test]
async fn a_greedy_need_is_shown_with_the_reason_and_nothing_of_it_can_be_accepted() {
    let host = Host::new(Limits::recommended()).expect("a host");
    for (capability, value, reason) in GREEDY {
        let plugin = load(&host, &[(capability, value)]).await;
        let requests = requests(&plugin).await.expect("its needs");
        assert_eq!(
            Grants::none().accept(requests.valid()),
            Grants::none(),
            "{value}"
        );
        let [refused] = requests.refused() else {
            panic!("{requests:?}")
        };
        assert_eq!((refused.capability(), refused.value()), (capability, value));
        assert!(refused.reason().contains(reason), "{refused}");
    }
}

#[tokio::test]
async fn a_plugin_that_asks_to_sign_for_iam_is_shown_to_whoever_decides() {
    let host = Host::new(Limits::recommended()).expect("a host");
    let plugin = load(&host, &[("aws-signing", "iam"), ("aws-signing", "sts")]).await;
    let requests = requests(&plugin).await.expect("its needs");
    assert_eq!(requests.to_string(), "aws-signing iam, aws-signing sts");
    assert_eq!(requests.valid().len(), 2);
}

#[tokio::test]
async fn a_greedy_plugin_replaces_none_that_asks_for_less() {
    let stage = Stage::new(Limits::recommended()).await;
    let slot = Slot::new(stage.plugin.clone());
    let _in_use = slot.for_connection(connection(), stage.access());
    for (capability, value, _) in GREEDY {
        let component = text::asking_for("misbehaving", &[(capability, value)]);
        let error = slot.swap(Source::bytes(component)).await;
        let error = error.expect_err("it asks for more");
        assert_eq!(
            error.to_string(),
            format!(
                "cannot load the component: it asks for more than is granted: {capability} {value}; \
                 grant that first, then swap again"
            )
        );
        assert_eq!(slot.identity().generation, 1);
        stage.serves().await;
    }
}

#[tokio::test]
async fn a_flood_of_needs() {
    // A person can't read more before granting them.
    const LIMIT: usize = 256;
    let names: Vec<_> = (0..=LIMIT).map(|number| format!("s{number}")).collect();
    let needs: Vec<_> = names.iter().map(|name| ("aws-signing", &**name)).collect();
    let host = Host::new(Limits::recommended()).expect("a host");
    let most = requests(&load(&host, &needs[1..]).await).await;
    assert_eq!(most.expect("its needs").valid().len(), LIMIT);

    let error = requests(&load(&host, &needs).await).await;
    let fault = error.expect_err("too many").fault;
    assert!(matches!(fault, CallFault::UnfitAnswer { .. }), "{fault}");
    assert_eq!(host.usage(), Default::default());
}

/// A connection with an order for the plugin that misbehaves.
fn ordering(order: &str) -> Connection {
    let order = Attribute {
        name: "order".to_owned(),
        value: order.to_owned(),
    };
    Connection {
        attributes: vec![order],
        ..connection()
    }
}

fn short() -> Limits {
    Limits {
        call_timeout: SHORT,
        ..Limits::recommended()
    }
}

#[tokio::test]
async fn needs_that_use_up_a_limit() {
    let stage = Stage::new(short()).await;
    let fault = async |order: &str| {
        let requests = stage.plugin.requests(&ordering(order)).await;
        stage.serves().await;
        requests.expect_err("a fault").fault
    };
    let limit = Limits::recommended().memory_bytes;
    assert_eq!(fault("take-memory").await, CallFault::OutOfMemory { limit });
    assert_eq!(fault("loop").await, CallFault::Timeout { limit: SHORT });
    assert!(matches!(fault("trap").await, CallFault::Trap { .. }));
}

#[tokio::test]
async fn a_need_with_escape_sequences() {
    let stage = Stage::new(Limits::recommended()).await;
    let requests = stage.plugin.requests(&ordering("escape-identifiers")).await;
    let fault = requests.expect_err("it can't be shown").fault;
    assert!(matches!(fault, CallFault::UnfitAnswer { .. }), "{fault}");
    assert!(!fault.to_string().contains(char::is_control), "{fault:?}");
}

#[tokio::test]
async fn a_plugin_whose_needs_hang_replaces_none() {
    let stage = Stage::new(short()).await;
    let asking = load(&stage.host, &[]).await;
    let slot = Slot::new(asking);
    let _in_use = slot.for_connection(ordering("loop"), stage.access());
    let error = slot.swap(test_components::misbehaving()).await;
    let error = error.expect_err("it hangs");
    assert!(
        matches!(error.fault, LoadFault::Needs(CallFault::Timeout { limit }) if limit == SHORT),
        "{error}"
    );
    assert!(error.fault.may_pass());
    assert_eq!(slot.identity().generation, 1);
    stage.serves().await;
}

#[tokio::test]
async fn a_plugin_whose_needs_hang_can_be_replaced() {
    let stage = Stage::new(short()).await;
    let slot = Slot::new(stage.plugin.clone());
    let _in_use = slot.for_connection(ordering("loop"), stage.access());
    let asking = |needs| Source::bytes(text::asking_for("misbehaving", needs));
    // It isn't known what the plugin that serves needs, so only what is granted counts as decided.
    let error = slot.swap(asking(&[("aws-signing", "iam")])).await;
    let error = error.expect_err("nobody has decided about it");
    assert!(
        matches!(error.fault, LoadFault::NeedsGrow { .. }),
        "{error}"
    );
    slot.swap(asking(&[])).await.expect("it asks for nothing");
}

#[tokio::test]
async fn a_plugin_whose_needs_hang_can_be_rolled_back_from_and_to() {
    let stage = Stage::new(short()).await;
    let slot = Slot::new(load(&stage.host, &[]).await);
    let _in_use = slot.for_connection(ordering("loop"), stage.access());
    slot.rollback_to(test_components::misbehaving())
        .await
        .expect("a rollback is never refused");
    let kept = text::asking_for("misbehaving", &[("aws-signing", "iam")]);
    slot.rollback_to(Source::bytes(kept))
        .await
        .expect("a rollback is never refused");
    assert_eq!(slot.identity().generation, 3);
}
