//! Signature Version 4 with a key that the host derived: canonical request, string to sign,
//! signature. The secret access key is never here.
//!
//! Source: AWS, "Create a signed AWS API request". The tests hold each signature against
//! `aws_sigv4::http_request::sign`.

use crate::host::{Scope, SigningCredentials};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// How long the texts of a call mostly are, in bytes: they grow where that isn't enough.
const CANONICAL_REQUEST: usize = 512;
const SIGNED_HEADERS: usize = 80;
const STRING_TO_SIGN: usize = 192;
const AUTHORIZATION: usize = 320;

/// What is signed of a request. The method is `POST` and there is no query.
#[derive(Debug)]
pub struct Signable<'a> {
    /// The URL's path, as an [`Endpoint`](super::endpoint::Endpoint) has it: nothing in it needs
    /// encoding or normalising, so that it is its own canonical form.
    pub path: &'a str,
    /// The headers to sign beside those that signing adds; names lower-case.
    pub headers: &'a [(&'static str, &'a str)],
    /// The whole body.
    pub body: &'a [u8],
}

/// The headers that signing adds: `x-amz-date`, `x-amz-security-token` where there is a session
/// token, and `authorization`.
pub fn sign(
    request: &Signable<'_>,
    credentials: &SigningCredentials,
    scope: &Scope,
    amz_date: &str,
) -> Vec<(&'static str, String)> {
    let mut headers: Vec<(&str, &str)> = Vec::with_capacity(request.headers.len() + 2);
    let token = credentials.session_token.as_deref();
    let added = [
        Some(("x-amz-date", amz_date)),
        token.map(|token| ("x-amz-security-token", token)),
    ];
    for header in request
        .headers
        .iter()
        .copied()
        .chain(added.into_iter().flatten())
    {
        let at = headers.partition_point(|earlier| *earlier < header);
        headers.insert(at, header);
    }

    let mut canonical = String::with_capacity(CANONICAL_REQUEST);
    for text in ["POST\n", request.path, "\n\n"] {
        canonical.push_str(text);
    }
    let mut signed_headers = String::with_capacity(SIGNED_HEADERS);
    for (name, value) in &headers {
        if !signed_headers.is_empty() {
            signed_headers.push(';');
        }
        signed_headers.push_str(name);
        canonical.push_str(name);
        canonical.push(':');
        push_canonical_value(&mut canonical, value);
        canonical.push('\n');
    }
    for text in ["\n", &signed_headers, "\n"] {
        canonical.push_str(text);
    }
    push_hex(&mut canonical, &Sha256::digest(request.body));

    let mut string_to_sign = String::with_capacity(STRING_TO_SIGN);
    for text in ["AWS4-HMAC-SHA256\n", amz_date, "\n"] {
        string_to_sign.push_str(text);
    }
    let scope_begins = string_to_sign.len();
    for text in [
        &scope.date,
        "/",
        &scope.region,
        "/",
        scope.service,
        "/aws4_request",
    ] {
        string_to_sign.push_str(text);
    }
    let scope = string_to_sign
        .get(scope_begins..)
        .unwrap_or_default()
        .to_owned();
    string_to_sign.push('\n');
    push_hex(&mut string_to_sign, &Sha256::digest(canonical.as_bytes()));
    // There is no key that HMAC doesn't take.
    let signature = Hmac::<Sha256>::new_from_slice(&credentials.signing_key)
        .map(|key| key.chain_update(&string_to_sign).finalize().into_bytes())
        .unwrap_or_default();

    let mut authorization = String::with_capacity(AUTHORIZATION);
    for text in [
        "AWS4-HMAC-SHA256 Credential=",
        &credentials.access_key_id,
        "/",
        &scope,
        ", SignedHeaders=",
        &signed_headers,
        ", Signature=",
    ] {
        authorization.push_str(text);
    }
    push_hex(&mut authorization, &signature);
    let mut added = vec![("x-amz-date", amz_date.to_owned())];
    added.extend(token.map(|token| ("x-amz-security-token", token.to_owned())));
    added.push(("authorization", authorization));
    added
}

/// Without surrounding blanks, and with one blank for several.
fn push_canonical_value(out: &mut String, value: &str) {
    for (i, word) in value.split_ascii_whitespace().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

fn push_hex(out: &mut String, bytes: &[u8]) {
    let digit = |nibble: u8| match nibble {
        0..=9 => char::from(b'0' + nibble),
        _ => char::from(b'a' - 10 + nibble),
    };
    out.reserve(2 * bytes.len());
    for byte in bytes {
        out.push(digit(byte >> 4));
        out.push(digit(byte & 0xf));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::datetime::{amz_date, iso_8601};
    use aws_credential_types::Credentials;
    use aws_sigv4::http_request::{self, SignableBody, SignableRequest, SigningSettings};
    use aws_sigv4::sign::v4;
    use proptest::prelude::*;
    use std::time::{Duration, UNIX_EPOCH};

    /// What `aws_sigv4::http_request::sign` makes of the same request.
    fn reference(
        url: &str,
        request: &Signable<'_>,
        credentials: &Credentials,
        region: &str,
        milliseconds: u64,
    ) -> String {
        let identity = credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name("sagemaker")
            .time(UNIX_EPOCH + Duration::from_millis(milliseconds))
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let signable = SignableRequest::new(
            "POST",
            url,
            request.headers.iter().copied(),
            SignableBody::Bytes(request.body),
        )
        .unwrap();
        let (instructions, _) = http_request::sign(signable, &params).unwrap().into_parts();
        let (headers, _) = instructions.into_parts();
        headers
            .into_iter()
            .find(|header| header.name() == "authorization")
            .map(|header| header.value().to_owned())
            .unwrap()
    }

    proptest! {
        #[test]
        fn a_signature_is_the_one_that_the_aws_sdk_makes(
            body in proptest::collection::vec(any::<u8>(), 0..300),
            target in "[A-Za-z.]{1,40}",
            secret in "[!-~]{1,60}",
            token in proptest::option::of("[A-Za-z0-9+/=]{1,400}"),
            region in "[a-z]{2}-[a-z]{4,9}-[1-9]",
            path in "(/[A-Za-z0-9_~-]{1,9}){0,3}/",
            seconds in 0u64..4_102_444_800,
        ) {
            let milliseconds = seconds * 1000;
            let host = format!("api.sagemaker.{region}.amazonaws.com");
            let request = Signable {
                path: &path,
                headers: &[
                    ("content-type", "application/x-amz-json-1.1"),
                    ("host", &host),
                    ("x-amz-target", &target),
                ],
                body: &body,
            };
            let time = UNIX_EPOCH + Duration::from_millis(milliseconds);
            let date = amz_date(milliseconds);
            let scope = Scope {
                date: date[..8].to_owned(),
                region: region.clone(),
                service: "sagemaker",
            };
            let credentials = SigningCredentials {
                access_key_id: "AKIDEXAMPLE".to_owned(),
                session_token: token.clone(),
                signing_key: v4::generate_signing_key(&secret, time, &region, "sagemaker").as_ref().to_vec(),
            };

            let added = sign(&request, &credentials, &scope, &date);

            let authorization = added.iter().find(|(n, _)| *n == "authorization").map(|(_, v)| v.as_str());
            let whole = Credentials::new("AKIDEXAMPLE", &secret, token, None, "test");
            let url = format!("https://{host}{path}");
            let expected = reference(&url, &request, &whole, &region, milliseconds);
            prop_assert_eq!(authorization, Some(expected.as_str()), "{}", iso_8601(milliseconds));
        }
    }

    #[test]
    fn debug_output_of_credentials_holds_neither_key_nor_token() {
        let credentials = SigningCredentials {
            access_key_id: "AKID".to_owned(),
            session_token: Some("TOKEN-MARKER".to_owned()),
            signing_key: b"KEY-MARKER".to_vec(),
        };
        let debug = format!("{credentials:?}");
        assert!(debug.contains("AKID") && !debug.contains("MARKER") && !debug.contains("75, 69"));
    }
}
