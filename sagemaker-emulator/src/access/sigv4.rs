//! Verifies the AWS Signature Version 4 of a request, by AWS's documentation of the signing process.
//!
//! `aws-sigv4` was considered: it signs and doesn't verify, and the clients that this checks sign
//! with it.

use std::time::{Duration, SystemTime};

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::credentials::Credentials;
use crate::api::error::ServiceError;
use crate::api::service::AwsService;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";
const ALLOWED_SKEW: Duration = Duration::from_secs(5 * 60);
/// The headers that change the meaning of a request: if present, they have to be signed.
const ALWAYS_SIGNED: [&str; 4] = ["host", "x-amz-date", "x-amz-security-token", "x-amz-target"];

/// The parsed `Authorization` header.
struct Authorization<'a> {
    access_key_id: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

/// The region and the service that a signature has to be made for.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) region: &'a str,
    pub(crate) service: AwsService,
}

/// Returns the credentials that a request is signed with. `Err` is the service's refusal.
pub(crate) fn verify<'c>(
    parts: &Parts,
    body: &[u8],
    scope: Scope<'_>,
    accepted: &'c [Credentials],
    now: SystemTime,
) -> Result<&'c Credentials, ServiceError> {
    let header = header_value(&parts.headers, "authorization").ok_or_else(|| {
        ServiceError::new(
            403,
            "MissingAuthenticationTokenException",
            "Missing Authentication Token",
        )
    })?;
    let authorization = Authorization::parse(&header)?;
    authorization.check_scope(scope)?;
    authorization.check_signed_headers(&parts.headers)?;

    let signed_at = signing_time(&parts.headers)?;
    if signed_at.split('T').next() != Some(authorization.date) {
        return Err(ServiceError::invalid_signature(format!(
            "Date in Credential scope does not match the day of the request's date, {signed_at}."
        )));
    }
    check_skew(&signed_at, now)?;

    let token = header_value(&parts.headers, "x-amz-security-token");
    let credentials = accepted
        .iter()
        .filter(|credentials| credentials.access_key_id == authorization.access_key_id)
        .find(|credentials| credentials.session_token == token)
        .ok_or_else(ServiceError::unrecognized_client)?;
    authorization.check_signature(parts, body, &signed_at, &credentials.secret_access_key)?;
    if credentials.expires.is_some_and(|expires| expires <= now) {
        return Err(ServiceError::expired_token());
    }
    Ok(credentials)
}

impl<'a> Authorization<'a> {
    fn parse(header: &'a str) -> Result<Self, ServiceError> {
        let incomplete = |what: &str| {
            ServiceError::new(
                400,
                "IncompleteSignatureException",
                format!("Authorization header requires {what}."),
            )
        };
        let fields = header
            .strip_prefix(ALGORITHM)
            .ok_or_else(|| incomplete("the algorithm AWS4-HMAC-SHA256"))?;
        let field = |name: &str| {
            fields
                .split(',')
                .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
                .ok_or_else(|| incomplete(&format!("a '{name}' parameter")))
        };
        let credential: Vec<&str> = field("Credential")?.split('/').collect();
        let [access_key_id, date, region, service, "aws4_request"] = credential[..] else {
            return Err(incomplete(
                "a Credential of the form key/date/region/service/aws4_request",
            ));
        };
        Ok(Self {
            access_key_id,
            date,
            region,
            service,
            signed_headers: field("SignedHeaders")?.split(';').collect(),
            signature: field("Signature")?,
        })
    }

    fn check_scope(&self, scope: Scope<'_>) -> Result<(), ServiceError> {
        if self.region != scope.region {
            return Err(ServiceError::invalid_signature(format!(
                "Credential should be scoped to a valid region, not '{}'.",
                self.region
            )));
        }
        let service = scope.service.signing_name();
        if self.service != service {
            return Err(ServiceError::invalid_signature(format!(
                "Credential should be scoped to correct service: '{service}'."
            )));
        }
        Ok(())
    }

    fn check_signed_headers(&self, headers: &HeaderMap) -> Result<(), ServiceError> {
        let unsigned = ALWAYS_SIGNED.into_iter().find(|name| {
            headers.contains_key(HeaderName::from_static(name))
                && !self.signed_headers.contains(name)
        });
        match unsigned {
            Some(name) => Err(ServiceError::invalid_signature(format!(
                "'{name}' must be a 'SignedHeader' in the AWS Authorization."
            ))),
            None => Ok(()),
        }
    }

    fn check_signature(
        &self,
        parts: &Parts,
        body: &[u8],
        signed_at: &str,
        secret: &str,
    ) -> Result<(), ServiceError> {
        let canonical_request = format!(
            "{}\n{}\n{}\n{}\n{}\n{}",
            parts.method,
            parts.uri.path(),
            canonical_query(parts.uri.query().unwrap_or_default()),
            self.canonical_headers(&parts.headers),
            self.signed_headers.join(";"),
            hex::encode(Sha256::digest(body)),
        );
        let scope = format!(
            "{}/{}/{}/aws4_request",
            self.date, self.region, self.service
        );
        let to_sign = format!(
            "{ALGORITHM}\n{signed_at}\n{scope}\n{}",
            hex::encode(Sha256::digest(canonical_request.as_bytes())),
        );
        let key = [self.date, self.region, self.service, "aws4_request"]
            .iter()
            .fold(format!("AWS4{secret}").into_bytes(), |key, part| {
                hmac_sha256(&key, part).finalize().into_bytes().to_vec()
            });
        hex::decode(self.signature)
            .ok()
            .filter(|signature| hmac_sha256(&key, &to_sign).verify_slice(signature).is_ok())
            .map(|_| ())
            .ok_or_else(|| {
                ServiceError::invalid_signature(
                    "The request signature we calculated does not match the signature given. \
                     Check the secret access key and the signing method.",
                )
            })
    }

    fn canonical_headers(&self, headers: &HeaderMap) -> String {
        self.signed_headers
            .iter()
            .map(|name| {
                let value = header_value(headers, name).unwrap_or_default();
                let value: Vec<&str> = value.split_ascii_whitespace().collect();
                format!("{name}:{}\n", value.join(" "))
            })
            .collect()
    }
}

/// A header's value. Several headers of the same name are joined with commas, as the signing
/// process defines.
fn header_value(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<String> = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.contains('=') {
            true => pair.to_owned(),
            false => format!("{pair}="),
        })
        .collect();
    pairs.sort();
    pairs.join("&")
}

/// The request's date in the signed form: from `X-Amz-Date`, otherwise from `Date`.
fn signing_time(headers: &HeaderMap) -> Result<String, ServiceError> {
    let missing = || {
        ServiceError::new(
            400,
            "IncompleteSignatureException",
            "Authorization header requires a valid date in 'X-Amz-Date' or 'Date'.",
        )
    };
    if let Some(date) = header_value(headers, "x-amz-date") {
        return parse_time(&date).map(|_| date).ok_or_else(missing);
    }
    header_value(headers, "date")
        .and_then(|date| httpdate::parse_http_date(&date).ok())
        .and_then(format_time)
        .ok_or_else(missing)
}

fn check_skew(signed_at: &str, now: SystemTime) -> Result<(), ServiceError> {
    let (Some(time), Some(now_text)) = (parse_time(signed_at), format_time(now)) else {
        return Err(ServiceError::invalid_signature("The date is not valid."));
    };
    let edge = |edge: Option<SystemTime>| edge.and_then(format_time).unwrap_or_default();
    if time + ALLOWED_SKEW < now {
        return Err(ServiceError::invalid_signature(format!(
            "Signature expired: {signed_at} is now earlier than {} ({now_text} - 5 min.)",
            edge(now.checked_sub(ALLOWED_SKEW)),
        )));
    }
    if time > now + ALLOWED_SKEW {
        return Err(ServiceError::invalid_signature(format!(
            "Signature not yet current: {signed_at} is still later than {} ({now_text} + 5 min.)",
            edge(now.checked_add(ALLOWED_SKEW)),
        )));
    }
    Ok(())
}

fn parse_time(text: &str) -> Option<SystemTime> {
    let time = DateTime::strptime(DATE_FORMAT, text).ok()?;
    let time = time.to_zoned(TimeZone::UTC).ok()?;
    Some(SystemTime::from(time.timestamp()))
}

fn format_time(time: SystemTime) -> Option<String> {
    let time = Timestamp::try_from(time).ok()?;
    Some(time.strftime(DATE_FORMAT).to_string())
}

fn hmac_sha256(key: &[u8], data: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(data.as_bytes());
    mac
}
