//! Signature Version 4 with a signing key that the host derived. `aws_sigv4::http_request::sign` does
//! not serve: it derives the key from the secret access key, which stays in the host. So this module
//! makes the canonical request, and `aws_sigv4` makes the signature.
//!
//! Source: AWS, "Create a signed AWS API request". The tests compare each signature with that of
//! `http_request::sign`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use aws_sigv4::sign::v4::calculate_signature;
use job_type_kit::SigningCredentials;
use job_type_kit::contract::aws_signing::Scope;
use job_type_kit::contract::http::Header;
use sha2::{Digest, Sha256};

/// The signed parts of a request, whose method is `POST` and whose URL has no query.
#[derive(Debug)]
pub struct Signable<'a> {
    /// The URL's path, as an [`Endpoint`](crate::endpoint::Endpoint) has it: nothing in it needs
    /// encoding or normalising, so that it is its own canonical form.
    pub path: &'a str,
    /// The headers to sign beside those that signing adds; names in lower case.
    pub headers: &'a [(&'a str, &'a str)],
    /// The whole body.
    pub body: &'a [u8],
}

/// Signs a request. Returns the headers to add: `x-amz-date`, `x-amz-security-token` where there is a
/// session token, and `authorization`. `amz_date` is a time as
/// [`time::amz_date`](crate::time::amz_date) writes it.
pub fn sign(
    request: &Signable<'_>,
    credentials: &SigningCredentials,
    scope: &Scope,
    amz_date: &str,
) -> Vec<Header> {
    let mut added = vec![Header::new("x-amz-date", amz_date)];
    if let Some(token) = &credentials.session_token {
        added.push(Header::new("x-amz-security-token", token));
    }
    let signed: BTreeMap<&str, &str> = request
        .headers
        .iter()
        .copied()
        .chain(added.iter().map(|header| (&*header.name, &*header.value)))
        .collect();
    let signed_headers = signed.keys().copied().collect::<Vec<_>>().join(";");

    let canonical_request = canonical_request(request, &signed, &signed_headers);
    let credential_scope = [&*scope.date, &scope.region, &scope.service, "aws4_request"].join("/");
    let string_to_sign = [
        "AWS4-HMAC-SHA256",
        amz_date,
        &credential_scope,
        &sha256_hex(canonical_request.as_bytes()),
    ]
    .join("\n");
    let signature = calculate_signature(&credentials.signing_key, string_to_sign.as_bytes());
    let authorization = [
        "AWS4-HMAC-SHA256 Credential=",
        &credentials.access_key_id,
        "/",
        &credential_scope,
        ", SignedHeaders=",
        &signed_headers,
        ", Signature=",
        &signature,
    ]
    .concat();
    added.push(Header::new("authorization", authorization));
    added
}

fn canonical_request(
    request: &Signable<'_>,
    headers: &BTreeMap<&str, &str>,
    signed_headers: &str,
) -> String {
    let mut canonical_headers = String::new();
    for (name, value) in headers {
        canonical_headers.extend([name, ":", &canonical_value(value), "\n"]);
    }
    [
        "POST",
        request.path,
        // The query.
        "",
        &canonical_headers,
        signed_headers,
        &sha256_hex(request.body),
    ]
    .join("\n")
}

/// A header's value without surrounding blanks, and with one blank in place of several.
fn canonical_value(value: &str) -> Cow<'_, str> {
    if value.bytes().any(|byte| byte.is_ascii_whitespace()) {
        Cow::Owned(value.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(value)
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::amz_date;
    use aws_credential_types::Credentials;
    use aws_sigv4::http_request::{self, SignableBody, SignableRequest, SigningSettings};
    use aws_sigv4::sign::v4;
    use job_type_kit::contract::aws_signing::Credentials as SigningKey;
    use job_type_kit::iso_8601;
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
                service: "sagemaker".to_owned(),
            };
            let credentials = SigningCredentials::from(SigningKey {
                access_key_id: "AKIDEXAMPLE".to_owned(),
                session_token: token.clone(),
                expires_at: None,
                signing_key: v4::generate_signing_key(&secret, time, &region, "sagemaker").as_ref().to_vec(),
            });

            let added = sign(&request, &credentials, &scope, &date);

            let authorization = added.iter().find(|h| h.name == "authorization").map(|h| h.value.as_str());
            let whole = Credentials::new("AKIDEXAMPLE", &secret, token, None, "test");
            let url = format!("https://{host}{path}");
            let expected = reference(&url, &request, &whole, &region, milliseconds);
            prop_assert_eq!(authorization, Some(expected.as_str()), "{}", iso_8601(milliseconds));
        }
    }
}
