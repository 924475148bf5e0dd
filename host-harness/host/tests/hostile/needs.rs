//! Plugins that ask for more than any plugin may have: what they ask for is not a request that can be
//! accepted, and they replace no plugin that asks for less.

use polysync_host::contract::Connection;
use polysync_host::{
    CallError, CallFault, GrantRequests, Grants, Host, Limits, Plugin, Slot, Source,
};
use test_components::text;

use crate::stage::Stage;

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
