//! Which versions of the contract a host serves, and how it refuses others.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::contract::{Connection, ContractVersion, ErrorClass, LogPosition, Run};
use polysync_host::{
    Access, Grants, Host, Limits, LoadFault, NeedsPolicy, Plugin, Slot, Source, Swap,
};
use test_components::contract::Contract;
use test_components::text;

const ORIGIN: (&str, &str) = ("http", "https://api.eu-west-1.example.com");
const ALL_ORIGINS: (&str, &str) = ("http", "https://api.*.example.com");
const OTHER_ORIGINS: (&str, &str) = ("http", "https://api.*.example.org");
const LOGS_ORIGIN: (&str, &str) = ("http", "https://logs.eu-west-1.example.com");
const SIGNING: (&str, &str) = ("aws-signing", "example");
const LOGS_SIGNING: (&str, &str) = ("aws-signing", "logs");

fn host() -> Host {
    Host::new(Limits::recommended()).expect("a host")
}

async fn load(component: Vec<u8>) -> Plugin {
    let loaded = host().load(Source::bytes(component)).await;
    loaded.expect("a plugin")
}

/// Why a component isn't loaded, without where it is from.
async fn refusal(component: Vec<u8>) -> String {
    let error = host().load(Source::bytes(component)).await;
    let fault = error.expect_err("it must be refused").fault;
    assert!(matches!(fault, LoadFault::Contract(_)), "{fault}");
    fault.to_string()
}

fn access(grants: Grants) -> Access {
    let credentials = Credentials::new("AKID", "secret", None, None, "test");
    Access::new(grants, SharedCredentialsProvider::new(credentials))
}

fn connection() -> Connection {
    Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    }
}

fn by_0_1(needs: &[(&str, &str)]) -> Source {
    Source::bytes(text::asking_by_0_1_for("asking", needs))
}

fn by_0_2(needs: &[(&str, &str)]) -> Source {
    Source::bytes(text::asking_for("asking", needs))
}

#[tokio::test]
async fn a_plugin_of_each_version_is_served_and_says_which_version_it_has() {
    for version in ["0.1.0", "0.2.0"] {
        let plugin = load(text::of_contract(&Contract::released(version), "example")).await;
        assert_eq!(plugin.contract().to_string(), version);
        let identity = Slot::new(plugin).identity();
        assert_eq!(identity.contract.to_string(), version);
        let shown = identity.to_string();
        let start = format!("example 0.0.1 (contract {version}, generation 1, sha256 ");
        assert!(shown.starts_with(&start), "{shown}");
    }
    assert!(ContractVersion::V0_1_0 < ContractVersion::V0_2_0);
}

#[tokio::test]
async fn a_plugin_of_a_later_patch_that_needs_nothing_more_is_served() {
    let patch = Contract::latest().numbered("0.2.1").with_export("pause");
    let plugin = load(text::of_contract(&patch, "example")).await;
    assert_eq!(plugin.contract(), ContractVersion::V0_2_0);
    let patch = Contract::released("0.1.0").numbered("0.1.7");
    let plugin = load(text::of_contract(&patch, "example")).await;
    assert_eq!(plugin.contract(), ContractVersion::V0_1_0);
}

#[tokio::test]
async fn a_plugin_that_needs_what_a_later_patch_has_is_refused_by_the_name_of_it() {
    let patch = Contract::latest().numbered("0.2.1");
    let patch = patch.with_import("http", "send-later");
    assert_eq!(
        refusal(text::of_contract(&patch, "example")).await,
        "it doesn't keep to the contract: it needs the function `send-later` of \
         `polysync:job-type/http` in version 0.2.1 of the contract, and this host has versions 0.1.0 \
         and 0.2.0: update the host, or build the plugin for one of these"
    );
}

#[tokio::test]
async fn a_plugin_that_needs_an_interface_of_a_later_patch_is_refused_by_the_name_of_it() {
    let text = r#"(component
        (import "polysync:job-type/metrics@0.2.1" (instance (export "count" (func)))))"#;
    let refusal = refusal(wat::parse_str(text).expect("valid text")).await;
    assert!(
        refusal.contains(
            "it needs the functions of `polysync:job-type/metrics` in version 0.2.1 of the contract, \
             and this host has versions 0.1.0 and 0.2.0"
        ),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_plugin_of_another_version_is_refused_by_the_versions_that_the_host_has() {
    let later = Contract::latest().numbered("0.3.0");
    let refused = refusal(text::of_contract(&later, "example")).await;
    for clause in [
        "it imports `polysync:job-type/http` in version 0.3.0 of the contract",
        "it exports `polysync:job-type/job-type` in version 0.3.0 of the contract, and this host has \
         versions 0.1.0 and 0.2.0: update the host, or build the plugin for one of these",
    ] {
        assert!(refused.contains(clause), "{refused}");
    }
    let earlier = Contract::released("0.1.0").numbered("0.0.9");
    let refused = refusal(text::of_contract(&earlier, "example")).await;
    assert!(
        refused.ends_with(
            "it exports `polysync:job-type/job-type` in version 0.0.9 of the contract, and this host \
             has versions 0.1.0 and 0.2.0: build the plugin for one of these"
        ),
        "{refused}"
    );
}

#[tokio::test]
async fn a_plugin_whose_types_are_not_those_of_its_version_is_told_so_in_words() {
    for (version, own, other) in [
        // Of an import, and of an export.
        ("0.1.0", "status: u16,", "status: u32,"),
        ("0.2.0", "status: u16,", "status: u32,"),
        ("0.1.0", "finished: bool,", "finished: u8,"),
        ("0.2.0", "poll-after: option<u64>,", "poll-after: u64,"),
    ] {
        let changed = Contract::released(version).with_text(own, other);
        let refused = refusal(text::of_contract(&changed, "example")).await;
        let start = format!(
            "it doesn't keep to the contract: its types aren't those of version {version} of the \
             contract: "
        );
        assert!(refused.starts_with(&start), "{refused}");
    }
}

#[tokio::test]
async fn what_a_plugin_of_version_0_1_cannot_do_is_an_error_in_words() {
    let plugin = load(text::asking_by_0_1_for("asking", &[])).await;
    assert_eq!(plugin.description().features, ["idempotent-start"]);
    let job_type = plugin.for_connection(connection(), access(Grants::none()));
    let run = Run {
        external_id: None,
        run_id: "run".to_owned(),
    };
    let logs = job_type.logs(&run, "step", &LogPosition::Oldest).await;
    let error = logs.expect("the plugin isn't asked").expect_err("no logs");
    assert_eq!(error.class, ErrorClass::Unsupported);
    assert!(error.message.contains("version 0.1.0"), "{error:?}");
    // It makes the page's address of the job's id, and would make a wrong one of an empty id.
    let page = job_type.monitor_url(&run).await;
    let error = page.expect("the plugin isn't asked").expect_err("no page");
    assert_eq!(error.class, ErrorClass::Invalid);
    assert!(error.message.contains("external id"), "{error:?}");
}

#[tokio::test]
async fn the_needs_of_a_plugin_of_version_0_1_are_those_of_its_description() {
    let plugin = load(text::asking_by_0_1_for("asking", &[ALL_ORIGINS, SIGNING])).await;
    let requests = plugin.requests(&connection()).await.expect("its needs");
    assert_eq!(
        requests.to_string(),
        "http https://api.*.example.com, aws-signing example"
    );
}

/// A slot with two connections in use that are granted what a plugin of version 0.1 asked for.
async fn slot(first: Source) -> (Slot, [polysync_host::JobType; 2]) {
    let first = host().load(first).await.expect("a plugin");
    let slot = Slot::new(first);
    let grants = Grants::none()
        .allow_http(ORIGIN.1.parse().expect("a grant"))
        .allow_signing(SIGNING.1)
        .expect("a grant");
    let in_use = [(); 2].map(|()| slot.for_connection(connection(), access(grants.clone())));
    (slot, in_use)
}

fn granting_logs() -> NeedsPolicy {
    NeedsPolicy {
        granted: Grants::none()
            .allow_http(LOGS_ORIGIN.1.parse().expect("a grant"))
            .allow_signing(LOGS_SIGNING.1)
            .expect("a grant"),
        ..NeedsPolicy::default()
    }
}

/// Between which versions of the contract a swap was.
fn versions(swap: Swap) -> (String, String) {
    match swap {
        Swap::Done { from, to, missing } => {
            assert!(missing.is_empty(), "{missing}");
            (from.contract.to_string(), to.contract.to_string())
        }
        Swap::Unchanged { serving } => panic!("{serving} serves already"),
    }
}

#[tokio::test]
async fn a_plugin_of_version_0_2_that_reads_logs_takes_over_when_that_is_granted() {
    let (slot, _in_use) = slot(by_0_1(&[ALL_ORIGINS, OTHER_ORIGINS, SIGNING])).await;
    let with_logs = || by_0_2(&[ORIGIN, SIGNING, LOGS_ORIGIN, LOGS_SIGNING]);
    let error = slot.swap(with_logs()).await.expect_err("not granted");
    assert_eq!(
        error.fault.to_string(),
        "it asks for more than is granted: http https://logs.eu-west-1.example.com, aws-signing logs; \
         grant that first, then swap again"
    );
    slot.set_policy(granting_logs());
    let swap = slot.swap(with_logs()).await.expect("granted");
    assert_eq!(versions(swap), ("0.1.0".to_owned(), "0.2.0".to_owned()));
    let back = slot.rollback().expect("an earlier plugin");
    assert_eq!(versions(back), ("0.2.0".to_owned(), "0.1.0".to_owned()));
}

#[tokio::test]
async fn a_plugin_of_version_0_1_takes_over_though_it_names_origins_of_other_connections() {
    let (slot, _in_use) = slot(by_0_2(&[ORIGIN, SIGNING])).await;
    let swap = slot.swap(by_0_1(&[ALL_ORIGINS, OTHER_ORIGINS, SIGNING]));
    let swap = swap.await.expect("origins aren't compared");
    assert_eq!(versions(swap), ("0.2.0".to_owned(), "0.1.0".to_owned()));
    // Nor are they between two plugins of 0.1, as long as it is only known what 0.2 needed.
    let swap = slot.swap(by_0_1(&[ALL_ORIGINS, SIGNING])).await;
    versions(swap.expect("origins aren't compared"));
}

#[tokio::test]
async fn a_plugin_of_version_0_1_that_signs_for_more_than_the_one_of_0_2_is_refused() {
    let (slot, _in_use) = slot(by_0_2(&[ORIGIN, SIGNING])).await;
    let error = slot.swap(by_0_1(&[ALL_ORIGINS, SIGNING, ("aws-signing", "iam")]));
    let error = error.await.expect_err("it asks for more");
    assert_eq!(
        error.fault.to_string(),
        "it asks for more than is granted: aws-signing iam; grant that first, then swap again"
    );
}

#[tokio::test]
async fn between_plugins_of_version_0_1_every_need_counts() {
    let (slot, _in_use) = slot(by_0_1(&[ALL_ORIGINS, SIGNING])).await;
    let error = slot.swap(by_0_1(&[ALL_ORIGINS, OTHER_ORIGINS, SIGNING]));
    let error = error.await.expect_err("it asks for more");
    assert_eq!(
        error.fault.to_string(),
        "it asks for more than is granted: http https://api.*.example.org; \
         grant that first, then swap again"
    );
}
