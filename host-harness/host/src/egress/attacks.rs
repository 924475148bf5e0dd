//! Attacks on the grants that must be denied, and requests and grants that must be allowed.

use crate::egress::addresses::AddressPolicy;
use crate::egress::grant::HttpGrant;
use crate::egress::policy::check;

fn grants(grants: &[&str]) -> Vec<HttpGrant> {
    grants
        .iter()
        .map(|grant| grant.parse().expect("a grant"))
        .collect()
}

const AWS: &str = "https://api.sagemaker.*.amazonaws.com";

#[test]
fn a_granted_origin_is_allowed_with_any_path_and_query() {
    let grants = grants(&[AWS, "http://127.0.0.1:4566", "https://[2600:1f18::1]:8443"]);
    for url in [
        "https://api.sagemaker.eu-west-1.amazonaws.com",
        "https://api.sagemaker.eu-west-1.amazonaws.com/",
        "https://api.sagemaker.eu-west-1.amazonaws.com:443/a/b?c=d%20e",
        "https://API.SageMaker.EU-West-1.AmazonAWS.com/",
        "http://127.0.0.1:4566/",
        "https://[2600:1f18::1]:8443/",
    ] {
        assert!(check(&grants, url).is_ok(), "{url}");
    }
}

/// URLs that the grants of the test below don't allow.
const ATTACKS: &[&str] = &[
    // Another host, or a name that only looks like a granted one.
    "https://example.com/",
    "https://api.sagemaker.eu-west-1.amazonaws.com.example.com/",
    "https://example.com/api.sagemaker.eu-west-1.amazonaws.com",
    "https://example.com?api.sagemaker.eu-west-1.amazonaws.com",
    "https://xapi.sagemaker.eu-west-1.amazonaws.com/",
    "https://amazonaws.com/",
    // `*` is one label: neither none, nor two, nor an empty one.
    "https://api.sagemaker.amazonaws.com/",
    "https://api.sagemaker.a.b.amazonaws.com/",
    "https://api.sagemaker..amazonaws.com/",
    "https://api.sagemaker.*.amazonaws.com./",
    "https://api.sagemaker.eu-west-1.amazonaws.com./",
    // User information that pretends to be the host.
    "https://api.sagemaker.eu-west-1.amazonaws.com@example.com/",
    "https://user:password@api.sagemaker.eu-west-1.amazonaws.com/",
    "https://@api.sagemaker.eu-west-1.amazonaws.com/",
    "https://:@api.sagemaker.eu-west-1.amazonaws.com/",
    // Another scheme or port.
    "http://api.sagemaker.eu-west-1.amazonaws.com/",
    "http://api.sagemaker.eu-west-1.amazonaws.com:443/",
    "https://api.sagemaker.eu-west-1.amazonaws.com:444/",
    "https://api.sagemaker.eu-west-1.amazonaws.com:80/",
    "https://api.sagemaker.eu-west-1.amazonaws.com:/",
    "https://api.sagemaker.eu-west-1.amazonaws.com:0443/",
    "https://127.0.0.1:4566/",
    "http://127.0.0.1/",
    "http://127.0.0.1:4567/",
    "ftp://127.0.0.1:4566/",
    "file:///etc/passwd",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "ws://127.0.0.1:4566/",
    // A granted address in a notation that a reader takes for something else.
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.1/",
    "https://127.0.0.1./",
    "https://127.0.0.01/",
    "https://%31%32%37.0.0.1/",
    "https://127。0。0。1/",
    "https://１２７.0.0.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::0001]/",
    // Other addresses of the machine, and the metadata services.
    "https://127.0.0.2/",
    "https://0.0.0.0/",
    "https://localhost/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://metadata.google.internal/",
    // Characters that parsers disagree on.
    "https://api.sagemaker.eu-west-1.amazonaws.com\\@example.com/",
    "https:\\\\api.sagemaker.eu-west-1.amazonaws.com/",
    "https://example.com\\.api.sagemaker.eu-west-1.amazonaws.com/",
    "https:/api.sagemaker.eu-west-1.amazonaws.com/",
    "https:api.sagemaker.eu-west-1.amazonaws.com/",
    "https:///api.sagemaker.eu-west-1.amazonaws.com/",
    "//api.sagemaker.eu-west-1.amazonaws.com/",
    "/path",
    "",
    " https://api.sagemaker.eu-west-1.amazonaws.com/",
    "https://api.sagemaker.eu-west-1.amazonaws.com/ ",
    "https://api.sagemaker.eu-west-1.amazonaws.com/\r\nHost: example.com",
    "https://api.sagemaker.\teu-west-1.amazonaws.com/",
    "https://api.sagemaker.\u{a0}.amazonaws.com/",
    "https://api.sagemaker.eu-west-1.amazonaws.com%00.example.com/",
    "https://api%2esagemaker.eu-west-1.amazonaws.com/",
    "https://api.sagemaker.%65u-west-1.amazonaws.com/",
    // Fragments, which would hide what follows.
    "https://api.sagemaker.eu-west-1.amazonaws.com/#@example.com",
    "https://example.com#.api.sagemaker.eu-west-1.amazonaws.com/",
    "https://api.sagemaker.eu-west-1.amazonaws.com#",
    // Letters of other alphabets, and characters that fold into a dot or into nothing.
    "https://api.sаgemaker.eu-west-1.amazonaws.com/",
    "https://api.sagemaker.eu-west-1.amazonaws。com/",
    "https://api.sagemaker.eu\u{ad}-west-1.amazonaws.com/",
    "https://api.sagemaker.ﬁ.amazonaws.com/",
    "https://api.sagemaker.bücher.amazonaws.com/",
];

#[test]
fn attacks_on_the_grants_are_denied() {
    let grants = grants(&[
        AWS,
        "http://127.0.0.1:4566",
        "https://127.0.0.1",
        "https://[::1]",
    ]);
    for url in ATTACKS {
        assert!(check(&grants, url).is_err(), "{url:?} must be denied");
    }
}

#[test]
fn a_denial_says_what_to_grant() {
    let denial = |url| check(&[], url).expect_err("nothing is granted").to_string();
    assert_eq!(
        denial("https://api.example.com:8443/path?query"),
        "requests to https://api.example.com:8443 are not granted; \
         to allow them, grant `https://api.example.com:8443`"
    );
    assert_eq!(
        denial("http://10.0.0.1/path"),
        "requests to http://10.0.0.1 are not granted; to allow them, grant `http://10.0.0.1 private`"
    );
    assert_eq!(
        denial("http://169.254.169.254/latest/meta-data/"),
        "requests to http://169.254.169.254 are denied: \
         169.254.169.254 is a link-local address, and never connected to"
    );
    assert_eq!(
        denial("https://api.example.com./"),
        "a request to \"https://api.example.com./\" is denied: \
         the name ends with a dot; write it without"
    );
}

#[test]
fn the_grant_decides_which_addresses_a_name_may_resolve_to() {
    let grants = grants(&[
        "https://public.example.com",
        "https://inside.example.com private",
        "http://localhost:4566",
    ]);
    let addresses = |url| check(&grants, url).map(|allowed| allowed.addresses);
    assert_eq!(
        addresses("https://public.example.com/"),
        Ok(AddressPolicy::Public)
    );
    assert_eq!(
        addresses("https://inside.example.com/"),
        Ok(AddressPolicy::Private)
    );
    assert_eq!(
        addresses("http://localhost:4566/"),
        Ok(AddressPolicy::Loopback)
    );
}

#[test]
fn an_address_is_granted_only_if_a_name_could_resolve_to_it_under_the_same_grant() {
    let refused = |grant: &str| {
        let error = grant.parse::<HttpGrant>().expect_err(grant);
        error.to_string()
    };
    for (address, kind) in [
        ("169.254.169.254", "a link-local address"),
        ("169.254.170.2", "a link-local address"),
        ("[fe80::1]", "a link-local address"),
        ("[::ffff:a9fe:a9fe]", "a link-local address"),
        ("[64:ff9b::a9fe:a9fe]", "a link-local address"),
        (
            "[fd00:ec2::254]",
            "an address of a cloud's metadata service",
        ),
        (
            "100.100.100.200",
            "an address of a cloud's metadata service",
        ),
        ("168.63.129.16", "an address of a cloud's metadata service"),
        ("0.0.0.0", "a reserved address"),
        ("224.0.0.1", "a reserved address"),
        ("[::]", "a reserved address"),
    ] {
        let written = address.trim_matches(['[', ']']);
        let written: std::net::IpAddr = written.parse().expect("an address");
        let reason = format!("can't be granted: {written} is {kind}, and never connected to");
        for grant in [
            format!("http://{address}"),
            format!("https://{address}:8443 private"),
        ] {
            assert_eq!(refused(&grant), format!("`{grant}` {reason}"));
        }
        let endpoint = format!("http://{address}/base");
        let error = HttpGrant::from_endpoint(&endpoint).expect_err(address);
        assert_eq!(error.to_string(), format!("`{endpoint}` {reason}"));
    }
    for address in ["10.0.0.1", "192.168.1.1", "[fd12::1]", "[::ffff:a00:1]"] {
        let grant = format!("http://{address}");
        assert!(
            refused(&grant).ends_with(
                "is an address of a private network; to allow it, write `private` after the grant"
            ),
            "{address}"
        );
        let private: HttpGrant = format!("{grant} private").parse().expect("a grant");
        assert_eq!(HttpGrant::from_endpoint(&grant), Ok(private));
    }
}

#[test]
fn a_granted_address_has_the_policy_of_its_kind() {
    let grants = grants(&[
        "http://127.0.0.1:4566",
        "http://[::1]:4566",
        "http://10.0.0.1 private",
        "https://1.1.1.1",
    ]);
    let addresses = |url| check(&grants, url).map(|allowed| allowed.addresses);
    assert_eq!(
        addresses("http://127.0.0.1:4566/"),
        Ok(AddressPolicy::Loopback)
    );
    assert_eq!(addresses("http://[::1]:4566/"), Ok(AddressPolicy::Loopback));
    assert_eq!(addresses("http://10.0.0.1/"), Ok(AddressPolicy::Private));
    assert_eq!(addresses("https://1.1.1.1/"), Ok(AddressPolicy::Public));
}

#[test]
fn an_endpoint_of_the_operator_grants_its_origin_on_private_networks_too() {
    let grant = HttpGrant::from_endpoint("http://emulator:8080/base").expect("a URL");
    assert_eq!(grant.to_string(), "http://emulator:8080 private");
    assert_eq!(grant.to_string().parse(), Ok(grant));
}

#[test]
fn a_grant_is_printed_as_it_is_read() {
    for text in [
        AWS,
        "http://127.0.0.1:4566",
        "https://[::1]:8443",
        "https://[::ffff:7f00:1]",
        "https://a.example.com:444 private",
    ] {
        let grant: HttpGrant = text.parse().expect("a grant");
        assert_eq!(grant.to_string(), text);
    }
}

#[test]
fn a_text_that_is_not_an_origin_cannot_be_granted() {
    for grant in [
        "",
        "*",
        "https://*",
        "https://*.com",
        "https://example.*",
        "https://*.*.com",
        "https://api*.example.com",
        "https://a.**.example.com",
        "https://example.com/path",
        "https://example.com/?query",
        "https://user@example.com",
        "https://example.com.",
        "https://a..example.com",
        "https://0x7f.1",
        "ftp://example.com",
        "example.com",
        "https://example.com public",
        "https://example.com:*",
    ] {
        assert!(grant.parse::<HttpGrant>().is_err(), "{grant:?}");
    }
}

#[test]
fn an_error_about_a_grant_has_no_password() {
    for (grant, shown) in [
        (
            "https://user:hunter2@a.example.com",
            "https://…@a.example.com",
        ),
        ("user:hunter2@a.example.com", "…@a.example.com"),
        (
            "https://user:hunter2@evil@a.example.com private",
            "https://…@a.example.com private",
        ),
    ] {
        let error = grant.parse::<HttpGrant>().expect_err("it has a password");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert!(error.to_string().contains(shown), "{error}");
    }
}
