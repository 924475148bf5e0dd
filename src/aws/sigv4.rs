//! Signature Version 4 with a key that the host derived: canonical request, string to sign,
//! signature. The secret access key is never here.
//!
//! Source: AWS, "Create a signed AWS API request". The tests hold each signature against
//! `aws_sigv4::http_request::sign`.

use crate::host::{Scope, SigningCredentials};
use sha2::{Digest, Sha256};
use std::fmt::Write;

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
    let mut headers: Vec<(&str, &str)> = request.headers.to_vec();
    headers.push(("x-amz-date", amz_date));
    if let Some(token) = &credentials.session_token {
        headers.push(("x-amz-security-token", token));
    }
    headers.sort_unstable();

    let signed_headers = headers
        .iter()
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .join(";");
    let mut canonical = format!("POST\n{}\n\n", request.path);
    for (name, value) in &headers {
        canonical.push_str(name);
        canonical.push(':');
        push_canonical_value(&mut canonical, value);
        canonical.push('\n');
    }
    canonical.push('\n');
    canonical.push_str(&signed_headers);
    canonical.push('\n');
    push_sha256(&mut canonical, request.body);

    let scope_text = format!(
        "{}/{}/{}/aws4_request",
        scope.date, scope.region, scope.service
    );
    let mut string_to_sign = format!("AWS4-HMAC-SHA256\n{amz_date}\n{scope_text}\n");
    push_sha256(&mut string_to_sign, canonical.as_bytes());
    let signature = aws_sigv4::sign::v4::calculate_signature(
        &credentials.signing_key,
        string_to_sign.as_bytes(),
    );

    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope_text}, SignedHeaders={signed_headers}, \
         Signature={signature}",
        credentials.access_key_id
    );
    let mut added = vec![("x-amz-date", amz_date.to_owned())];
    if let Some(token) = &credentials.session_token {
        added.push(("x-amz-security-token", token.clone()));
    }
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

fn push_sha256(out: &mut String, bytes: &[u8]) {
    for byte in Sha256::digest(bytes) {
        // Writing to a string can't fail.
        let _ = write!(out, "{byte:02x}");
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
