//! Requests through a proxy on this machine, to a TLS server whose certificate a private authority
//! signed.

use std::io::{self, Write};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use test_network::proxy::Proxy;
use test_network::server::{head, serve};
use test_network::tls::TlsServer;

use crate::egress::ca_bundle::CaBundle;
use crate::egress::client::ReqwestClient;
use crate::egress::client_options::ClientOptions;
use crate::egress::lookup::Lookup;
use crate::egress::proxies::Proxies;
use crate::egress::transport::{HttpResponse, TransportError};
use crate::testing;

/// The names of these tests.
#[derive(Debug)]
struct Names;

impl Lookup for Names {
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let addresses: &[&str] = match name {
            "api.example.test" => &["1.1.1.1"],
            "inside.example.test" => &["10.0.0.1"],
            "both.example.test" => &["1.1.1.1", "169.254.169.254"],
            "proxy.test" | "direct.example.test" => &["127.0.0.1"],
            _ => return Err(io::Error::other("no such name")),
        };
        let parsed = addresses
            .iter()
            .map(|text| text.parse().expect("an address"));
        Ok(parsed.collect())
    }
}

/// A server for any of the names above, and its authority.
fn tls_server() -> (u16, CaBundle) {
    let server = TlsServer::new(&["*.example.test", "unknown.test"], "server");
    let bundle = CaBundle::parse(server.authority.as_bytes()).expect("a bundle");
    (server.port, bundle)
}

fn client(options: ClientOptions) -> ReqwestClient {
    ReqwestClient::build(options, Arc::new(Names)).expect("a client")
}

/// A client that sends everything but what `no_proxy` names through the proxy.
fn through(proxy: &Proxy, no_proxy: &str) -> ClientOptions {
    let address = format!("http://user:hidden@proxy.test:{}", proxy.port);
    ClientOptions::default().with_proxies(Proxies::new(&address, no_proxy).expect("a proxy"))
}

async fn get(client: &ReqwestClient, url: &str) -> Result<HttpResponse, TransportError> {
    testing::get(client, url, Duration::from_secs(60)).await
}

#[tokio::test]
async fn a_request_goes_through_the_proxy_to_a_server_of_a_private_authority() {
    let (server, bundle) = tls_server();
    let proxy = Proxy::to(server);
    let options = through(&proxy, "").with_ca_bundle(&bundle);
    let client = client(options);
    let response = get(&client, "https://api.example.test/").await;
    assert_eq!(response.expect("an answer").body, b"server");
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1);
    assert!(
        heads[0].starts_with("CONNECT api.example.test:443 HTTP/1.1\r\n"),
        "{heads:?}"
    );
    // `user:hidden`
    assert!(
        heads[0]
            .to_lowercase()
            .contains("\r\nproxy-authorization: basic dxnlcjpoawrkzw4=\r\n"),
        "{heads:?}"
    );
}

#[tokio::test]
async fn a_private_authority_is_not_trusted_without_its_bundle() {
    let (server, _) = tls_server();
    let proxy = Proxy::to(server);
    let error = get(&client(through(&proxy, "")), "https://api.example.test/").await;
    let error = error.expect_err("not trusted");
    assert!(matches!(error, TransportError::Tls { .. }), "{error}");
}

#[tokio::test]
async fn a_target_with_an_address_that_is_not_allowed_is_denied_before_the_proxy_is_asked() {
    let proxy = Proxy::to(1);
    let client = client(through(&proxy, ""));
    for (name, kind) in [
        ("inside.example.test", "an address of a private network"),
        ("both.example.test", "a link-local address"),
    ] {
        for scheme in ["https", "http"] {
            let error = get(&client, &format!("{scheme}://{name}/")).await;
            let message = error.expect_err("denied").to_string();
            let start = format!("requests to {name} are denied: it resolves to {kind}");
            assert!(message.starts_with(&start), "{message}");
        }
    }
    assert_eq!(proxy.heads(), [""; 0]);
}

#[tokio::test]
async fn the_proxy_itself_cannot_be_reached() {
    let proxy = Proxy::to(1);
    for no_proxy in ["", "proxy.test"] {
        let url = format!("http://proxy.test:{}/", proxy.port);
        let error = get(&client(through(&proxy, no_proxy)), &url).await;
        let message = error.expect_err("denied").to_string();
        assert!(message.ends_with("are denied: it is a proxy of this host"));
    }
    assert_eq!(proxy.heads(), [""; 0]);
}

#[tokio::test]
async fn a_host_of_no_proxy_is_connected_to_directly_and_its_address_is_checked() {
    let proxy = Proxy::to(1);
    let client = client(through(&proxy, "example.test"));
    let error = get(&client, "https://direct.example.test/").await;
    assert_eq!(
        error.expect_err("denied").to_string(),
        "requests to direct.example.test are denied: it resolves to an address of this machine"
    );
    assert_eq!(proxy.heads(), [""; 0]);
}

#[tokio::test]
async fn only_a_proxy_that_is_trusted_with_names_gets_one_that_this_host_cannot_resolve() {
    let (server, bundle) = tls_server();
    let proxy = Proxy::to(server);
    let error = get(&client(through(&proxy, "")), "https://unknown.test/").await;
    let message = error.expect_err("no address").to_string();
    assert!(
        message.starts_with("no connection to unknown.test: no such name; the host looks")
            && message.ends_with("unless it leaves names to the proxy"),
        "{message}"
    );
    assert_eq!(proxy.heads(), [""; 0]);

    let proxies = Proxies::new(&format!("proxy.test:{}", proxy.port), "").expect("a proxy");
    let options = ClientOptions::default()
        .with_proxies(proxies.resolving_names())
        .with_ca_bundle(&bundle);
    let client = client(options);
    let response = get(&client, "https://unknown.test/").await;
    assert_eq!(response.expect("an answer").body, b"server");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_blamed_and_its_password_is_not_told() {
    let proxy = Proxy::refusing();
    let error = get(&client(through(&proxy, "")), "https://api.example.test/").await;
    let error = error.expect_err("refused");
    let message = format!("{error} {error:?}");
    assert!(
        message.starts_with("no connection to api.example.test: the host's proxy: "),
        "{message}"
    );
    for told in ["hidden", "proxy.test"] {
        assert!(!message.contains(told), "{message}");
    }
}

#[tokio::test]
async fn a_plain_request_is_the_proxys_to_forward() {
    let server = serve(|mut stream| {
        if head(&mut stream).starts_with("GET /a HTTP/1.1") {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nplain");
        }
    });
    let proxy = Proxy::to(server);
    let response = get(&client(through(&proxy, "")), "http://api.example.test/a").await;
    assert_eq!(response.expect("an answer").body, b"plain");
    let heads = proxy.heads();
    assert!(
        heads[0].starts_with("GET http://api.example.test/a HTTP/1.1\r\n"),
        "{heads:?}"
    );
}
