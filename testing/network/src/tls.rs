//! A TLS server whose certificate a private authority signed.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::server::{head, serve};

/// A server that answers each request alike.
#[derive(Debug)]
pub struct TlsServer {
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// The certificate of its authority, as PEM.
    pub authority: String,
}

impl TlsServer {
    /// A server for these names, with a body of JSON or text.
    pub fn new(names: &[&str], body: &str) -> Self {
        let (config, authority) = configuration(names);
        let body = body.to_owned();
        let port = serve(move |stream: TcpStream| {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
            let mut stream = StreamOwned::new(connection, stream);
            if head(&mut stream).starts_with("GET ") {
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                     content-length: {length}\r\n\r\n{body}"
                );
                let _ = stream.write_all(answer.as_bytes());
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        });
        Self { port, authority }
    }
}

fn configuration(names: &[&str]) -> (Arc<ServerConfig>, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().expect("a key");
    let pem = authority
        .self_signed(&authority_key)
        .expect("a certificate")
        .pem();
    let issuer = Issuer::new(authority, authority_key);

    let key = KeyPair::generate().expect("a key");
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let certificate = CertificateParams::new(names)
        .and_then(|parameters| parameters.signed_by(&key, &issuer))
        .expect("a certificate");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a configuration");
    (Arc::new(config), pem)
}
