//! What a plugin may ask for, and what only an operator can grant.

use super::*;

fn request(capability: &str, value: &str) -> Result<GrantRequest, String> {
    let need = Need {
        capability: capability.to_owned(),
        value: value.to_owned(),
    };
    GrantRequest::from_need(&need).map_err(|refused| refused.reason())
}

#[test]
fn an_origin_on_the_public_internet_may_be_asked_for() {
    for origin in [
        "https://example.com",
        "https://api.example.co.uk",
        "https://api.sagemaker.*.amazonaws.com",
        "https://api.sagemaker.*.amazonaws.com.cn",
        "https://*.example.com",
        "https://s3.eu-west-1.amazonaws.com",
    ] {
        let request = request("http", origin).expect("a request");
        assert_eq!(request.to_string(), format!("http {origin}"));
    }
}

/// Needs that an operator could write as a grant, or that look like one.
const GREEDY: &[(&str, &str)] = &[
    ("http://example.com", "a plugin may ask for https:// only"),
    (
        "https://example.com:8443",
        "a plugin may ask for port 443 only",
    ),
    (
        "https://corp.example.com private",
        "only an operator can let a name resolve to addresses of private networks",
    ),
    (
        "https://127.0.0.1",
        "a plugin may ask for a name, not for an address",
    ),
    (
        "https://[2600:1f18::1]",
        "a plugin may ask for a name, not for an address",
    ),
    (
        "https://1.1.1.1",
        "a plugin may ask for a name, not for an address",
    ),
    (
        "https://169.254.169.254",
        "a plugin may ask for a name, not for an address",
    ),
    (
        "https://10.0.0.1 private",
        "only an operator can let a name resolve to addresses of private networks",
    ),
    (
        "https://0x7f000001",
        "its host must be written as it is used: `127.0.0.1`",
    ),
    (
        "https://2130706433",
        "its host must be written as it is used: `127.0.0.1`",
    ),
    (
        "https://localhost",
        "`localhost` doesn't belong to the public internet",
    ),
    (
        "https://redis",
        "`redis` doesn't belong to the public internet",
    ),
    (
        "https://vault.corp.internal",
        "`vault.corp.internal` doesn't belong to the public internet",
    ),
    ("https://com", "anybody can register names below `com`"),
    ("https://co.uk", "anybody can register names below `co.uk`"),
    (
        "https://*.com",
        "`*` among the last two labels would grant the names of others",
    ),
    (
        "https://*.co.uk",
        "`*` would stand for names of others: anybody can register names below `co.uk`",
    ),
    (
        "https://*.github.io",
        "`*` would stand for names of others: anybody can register names below `github.io`",
    ),
    (
        "https://*.s3.amazonaws.com",
        "`*` would stand for names of others: anybody can register names below `s3.amazonaws.com`",
    ),
    (
        "https://*.corp.internal",
        "`*` would stand for names of others: `corp.internal` doesn't belong to the public internet",
    ),
    (
        "https://www.*.kawasaki.jp",
        "`*` would stand for names of others: anybody can register names below `x.kawasaki.jp`",
    ),
    (
        "https://ec2-1-1-1-1.*.compute.amazonaws.com",
        "`*` would stand for names of others: anybody can register names below \
         `x.compute.amazonaws.com`",
    ),
    ("https://*.*.example.com", "`*` may occur once"),
    (
        "https://api*.example.com",
        "`*` stands for a whole label of the name, not for a part of one",
    ),
    (
        "https://user@example.com",
        "user information doesn't belong in a URL",
    ),
    (
        "https://example.com/path",
        "an origin is scheme, host and port, without a path",
    ),
    (
        "https://example.com?query",
        "an origin is scheme, host and port, without a path",
    ),
    (
        "https://example.com/",
        "it isn't written as it is used: `https://example.com`",
    ),
    (
        "https://EXAMPLE.com",
        "it isn't written as it is used: `https://example.com`",
    ),
    (
        " https://example.com",
        "white space, control characters and backslashes don't belong in a URL",
    ),
    (
        "https://under_score.example.com",
        "a name has labels of letters, digits and hyphens",
    ),
    (
        "https://xn--pple-43d.com",
        "a name with letters of other alphabets can look like another",
    ),
    ("*", "it is not a URL: relative URL without a base"),
    ("", "it is not a URL: relative URL without a base"),
];

#[test]
fn what_is_more_than_a_plugin_may_ask_for_is_refused_with_the_reason() {
    for (origin, reason) in GREEDY {
        assert_eq!(
            request("http", origin),
            Err((*reason).to_owned()),
            "{origin}"
        );
    }
}

#[test]
fn any_signing_name_may_be_asked_for_because_a_person_sees_it() {
    for service in ["sagemaker", "iam", "sts"] {
        let request = request("aws-signing", service).expect("a request");
        assert_eq!(request.to_string(), format!("aws-signing {service}"));
    }
    for service in ["", "*", "SageMaker", "a b", &"a".repeat(65)] {
        assert!(request("aws-signing", service).is_err(), "{service}");
    }
    assert_eq!(
        request("files", "/etc"),
        Err("this host has no such capability, only `http` and `aws-signing`".to_owned())
    );
}

#[test]
fn a_refusal_repeats_no_control_characters_and_no_more_than_a_line() {
    let need = Need {
        capability: "http".to_owned(),
        value: "\x1b[2J\nfaked line".to_owned(),
    };
    let refused = GrantRequest::from_need(&need).expect_err("not an origin");
    let shown = refused.to_string();
    assert!(shown.starts_with("http \\u{1b}[2J\\nfaked"), "{shown}");
    for label in ["x", "X", "%78"] {
        let need = Need {
            capability: "http".to_owned(),
            value: format!("https://{}.com", label.repeat(1 << 20)),
        };
        let refused = GrantRequest::from_need(&need).expect_err("not a name");
        let shown = refused.to_string();
        assert!(shown.len() < 400, "{} bytes: {label}", shown.len());
    }
}
