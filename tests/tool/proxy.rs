//! Proxies of the environment, and certificate authorities of the operator's.

use std::fs;

use sagemaker_emulator::Credentials;
use test_network::proxy::Proxy;
use test_network::tls::TlsServer;

use crate::support::{ACCESS_KEY_ID, SECRET, Stage, assert_in_order, run};

/// The platform's URL, whose name only a proxy can resolve.
const PLATFORM: &str = "http://platform.invalid";

/// The proxy's password, which nothing may print.
const PASSWORD: &str = "hidden-from-everybody";

fn port(stage: &Stage) -> u16 {
    let url = stage.emulator.url();
    let (_, port) = url.rsplit_once(':').unwrap();
    port.trim_end_matches('/').parse().unwrap()
}

fn address(proxy: &Proxy) -> String {
    format!("http://user:{PASSWORD}@127.0.0.1:{}", proxy.port)
}

#[test]
fn requests_go_through_the_proxy_of_the_environment_if_the_operator_says_so() {
    let stage = Stage::new();
    let proxy = Proxy::to(port(&stage));
    let options = ["-vvv", "--proxy-from-env", "--proxy-resolves-names"];
    let mut command = stage.command(&[&["test-connection"][..], &options].concat());
    let ended = run(command
        .env("AWS_ENDPOINT_URL", PLATFORM)
        .env("HTTP_PROXY", address(&proxy)));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.stderr.contains(PASSWORD), "{}", ended.stderr);
    let heads = proxy.heads();
    assert!(
        heads[0].starts_with("POST http://platform.invalid/ "),
        "{heads:?}"
    );
    assert!(!stage.emulator.requests().is_empty());
}

#[test]
fn hosts_of_no_proxy_are_asked_directly_and_a_cgi_program_passes_http_proxy_over() {
    let stage = Stage::new();
    let proxy = Proxy::to(port(&stage));
    let ask = |more: Option<(&str, &str)>| {
        let options = ["--proxy-from-env", "--proxy-resolves-names"];
        let mut command = stage.command(&[&["test-connection"][..], &options].concat());
        command
            .env("AWS_ENDPOINT_URL", PLATFORM)
            .env("http_proxy", address(&proxy))
            .envs(more);
        run(&mut command).code
    };
    assert_eq!(ask(None), Some(0));
    let asked = proxy.heads().len();
    // A host that goes through none; and a CGI program, for which a client can set HTTP_PROXY.
    for direct in [("NO_PROXY", "platform.invalid"), ("REQUEST_METHOD", "GET")] {
        assert_eq!(ask(Some(direct)), Some(1), "{direct:?}");
        assert_eq!(proxy.heads().len(), asked, "{direct:?}");
    }
}

#[test]
fn a_name_that_only_the_proxy_can_resolve_is_an_error_that_names_the_option() {
    let stage = Stage::new();
    let proxy = Proxy::to(port(&stage));
    let mut command = stage.command(&["test-connection", "--proxy-from-env"]);
    let ended = run(command
        .env("AWS_ENDPOINT_URL", PLATFORM)
        .env("HTTP_PROXY", address(&proxy)));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_in_order(
        &ended.stderr,
        &[
            "before it asks its proxy",
            "hint: ",
            "--proxy-resolves-names",
        ],
    );
    assert!(!ended.stderr.contains("Proxies::"), "{}", ended.stderr);
    assert_eq!(proxy.heads(), [""; 0]);
}

#[test]
fn without_the_option_no_proxy_is_used_and_the_error_says_that_there_is_one() {
    let stage = Stage::new();
    let proxy = Proxy::to(port(&stage));
    let failing = |arguments: &[&str]| {
        let mut command = stage.command(arguments);
        run(command
            .env("AWS_ENDPOINT_URL", PLATFORM)
            .env("HTTPS_PROXY", address(&proxy)))
    };
    let hint = "HTTPS_PROXY is set, but the plugin's requests use no proxy: --proxy-from-env";
    for arguments in [&["test-connection"][..], &["discover"]] {
        let ended = failing(arguments);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_in_order(&ended.stderr, &["error: ", "hint: ", hint]);
    }
    let json = failing(&["test-connection", "--json"]).json(1);
    let shown = json["error"]["hint"].as_str().unwrap();
    assert!(shown.contains(hint), "{shown}");
    assert_eq!(proxy.heads(), [""; 0]);
}

#[test]
fn credentials_come_from_a_server_of_a_private_authority_that_the_operator_trusts() {
    let stage = Stage::new();
    let credentials = format!(
        r#"{{"AccessKeyId": "{ACCESS_KEY_ID}", "SecretAccessKey": "{SECRET}", "Token": "token",
            "Expiration": "2099-01-01T00:00:00Z"}}"#
    );
    let server = TlsServer::new(&["localhost"], &credentials);
    let known = Credentials::new(ACCESS_KEY_ID, SECRET).session_token("token");
    stage.emulator.replace_credentials(vec![known]);
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("ca.pem");
    fs::write(&bundle, &server.authority).unwrap();
    let ask = |bundle: Option<&str>| {
        let mut command = stage.command(&["test-connection"]);
        command
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY")
            .env(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                format!("https://localhost:{}/", server.port),
            );
        if let Some(bundle) = bundle {
            command.args(["--ca-bundle", bundle]);
        }
        run(&mut command)
    };
    let ended = ask(None);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("no credentials"), "{ended:?}");
    let trusting = ask(bundle.to_str());
    assert_eq!(trusting.code, Some(0), "{trusting:?}");
}

#[test]
fn a_ca_bundle_that_cannot_be_used_is_named() {
    let stage = Stage::new();
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("ca.pem");
    for (text, reason) in [
        (None, "No such file"),
        (Some("no PEM"), "isn't a list of X.509"),
    ] {
        if let Some(text) = text {
            fs::write(&bundle, text).unwrap();
        }
        let ended = stage.tool(&["test-connection", "--ca-bundle", bundle.to_str().unwrap()]);
        assert_in_order(
            ended.sentence(1),
            &["cannot use the CA bundle ", "ca.pem: ", reason],
        );
    }
}
