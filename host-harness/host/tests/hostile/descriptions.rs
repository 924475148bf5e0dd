//! Plugins that lie about themselves, or say too much: each is refused when it is loaded.

use polysync_host::{Host, Limits, Source};
use test_components::text;

/// The length of the name of the plugin that was loaded, or why it wasn't.
async fn loaded(component: Vec<u8>) -> Result<usize, String> {
    let host = Host::new(Limits::recommended()).expect("a host");
    let loaded = host.load(Source::bytes(component)).await;
    assert_eq!(host.usage(), Default::default());
    match loaded {
        Ok(plugin) => Ok(plugin.description().name.len()),
        Err(error) => Err(error.to_string()),
    }
}

#[tokio::test]
async fn a_description_within_the_rules_is_accepted() {
    let plugin = text::described_as("modest", "1.0.0", 3);
    assert_eq!(loaded(plugin).await, Ok(3));
}

#[tokio::test]
async fn a_name_of_60_mb() {
    let plugin = text::described_as("boastful", "1.0.0", 60 << 20);
    assert_eq!(
        loaded(plugin).await.expect_err("it must be refused"),
        "cannot load the component: its description can't be used: \
         `name` has 62914560 bytes, and at most 256 are allowed"
    );
}

#[tokio::test]
async fn an_id_of_escape_sequences() {
    let plugin = text::described_as("\u{1b}[2J\u{1b}]0;owned\u{7}", "1.0.0", 3);
    assert_eq!(
        loaded(plugin).await.expect_err("it must be refused"),
        "cannot load the component: its description can't be used: `id` is not in kebab-case, which \
         is words of lower-case letters and digits with a hyphen between them, beginning with a letter"
    );
}

#[tokio::test]
async fn a_version_with_a_forged_line() {
    let plugin = text::described_as("forger", "1.0.0\nswapped to 2.0.0", 3);
    assert_eq!(
        loaded(plugin).await.expect_err("it must be refused"),
        "cannot load the component: its description can't be used: \
         `version` is not a semantic version, such as `1.2.3`"
    );
}
