//! Which failures are tried again, how often, and after how long: the AWS SDKs' standard mode.
//!
//! `aws-smithy-runtime` has this mode, but bound to its own asynchronous client and timer; here the
//! host sends and waits.
//!
//! | what | attempts in all | delay before attempt n+1 |
//! | --- | --- | --- |
//! | throttling, by code or HTTP 429 | 3 | random(0..1) × min(1 s × 2ⁿ⁻¹, 20 s) |
//! | transient: HTTP 500, 502, 503, 504, request timeouts, a broken TLS handshake, no or half a response | 3 | random(0..1) × min(50 ms × 2ⁿ⁻¹, 20 s) |
//! | expired token | once more, with fresh credentials | none |
//! | a wrong clock, where the answer's `Date` says by how much | once more, with the right time | none |
//! | a conflict, where the operation's policy says that it passes | as the policy says | as for throttling |
//!
//! An operation that must not be carried out twice, and whose service does not recognise a repetition, is
//! called by the policy [`ONCE`]: a request that may have been carried out isn't sent again.
//!
//! Nothing else is tried again, and nothing past the call's deadline. Where a service names a delay
//! (`x-amz-retry-after`), that delay applies. Where a service refuses many requests of one kind as too
//! many, the [`pace`](super::pace) changes, and each request is sent as often as that takes. The SDKs'
//! retry quota is not needed here: it lives as long as a client, which is one call.

use job_type_kit::contract::ErrorClass;
use job_type_kit::contract::http::ErrorKind as HttpErrorKind;

use crate::error::{CallError, ServiceError};
use crate::service::Service;

/// How often an operation is sent at most, in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// After transient failures.
    pub attempts: u32,
    /// Where the service throttles: 1 if the caller slows down by itself.
    pub throttled_attempts: u32,
    /// After a `ConflictException`: 1 if it means that the request can't be carried out.
    pub conflict_attempts: u32,
    /// Whether a request is sent again that the service may have carried out: `false` where that would
    /// do it twice.
    pub repeats: bool,
}

/// The SDKs' standard mode.
pub const STANDARD: Policy = Policy {
    attempts: 3,
    throttled_attempts: 3,
    conflict_attempts: 1,
    repeats: true,
};

/// The standard mode, for requests that the service must not carry out twice: only what surely was not
/// carried out is sent again, such as a request that was throttled.
pub const ONCE: Policy = Policy {
    repeats: false,
    ..STANDARD
};

/// The standard mode, for requests whose [`Pace`](super::pace::Pace) follows from the refusals.
pub const PACED: Policy = Policy {
    throttled_attempts: 1,
    ..STANDARD
};

/// Whether and how a failure is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retryability {
    /// The service asks to slow down.
    Throttled,
    /// The failure may pass by itself.
    Transient,
    /// The session token has expired.
    ExpiredToken,
    /// The request's time was wrong; the service's clock says this.
    ClockSkew {
        /// Milliseconds since 1970.
        service_time: u64,
    },
    /// The resource is busy.
    Conflict,
    /// The same request fails again.
    No,
}

const THROTTLING_CODES: [&str; 14] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];
const TRANSIENT_CODES: [&str; 2] = ["RequestTimeout", "RequestTimeoutException"];
const EXPIRED_TOKEN_CODES: [&str; 2] = ["ExpiredToken", "ExpiredTokenException"];
const CLOCK_SKEW_CODES: [&str; 5] = [
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "RequestTimeTooSkewed",
    // The request's time is too long ago, not the token's: a clock that is slow.
    "RequestExpired",
    "AuthFailure",
];

/// AWS accepts requests whose time is off by up to five minutes. A signature that is refused with a
/// clock nearer than that was refused for another reason.
const SKEW_THAT_MATTERS_MILLISECONDS: u64 = 4 * 60 * 1000;

/// Decides whether and how a failure is tried again; `signed_at` is the time in the signature.
pub fn classify(service: &Service, error: &CallError, signed_at: u64) -> Retryability {
    match error {
        CallError::Service(error) => classify_service_error(service, error, signed_at),
        CallError::Transport(error) => match error.kind {
            // A handshake can break for a moment, and nothing was done. A certificate that is not
            // trusted costs two more attempts.
            HttpErrorKind::Timeout
            | HttpErrorKind::Connect
            | HttpErrorKind::Tls
            | HttpErrorKind::Protocol => Retryability::Transient,
            HttpErrorKind::Denied | HttpErrorKind::BodyTooLarge => Retryability::No,
        },
        CallError::Garbled { .. } | CallError::Credentials(_) | CallError::Deadline { .. } => {
            Retryability::No
        }
    }
}

fn classify_service_error(service: &Service, error: &ServiceError, signed_at: u64) -> Retryability {
    let code = error.code.as_str();
    if THROTTLING_CODES.contains(&code) {
        return Retryability::Throttled;
    }
    if EXPIRED_TOKEN_CODES.contains(&code) {
        return Retryability::ExpiredToken;
    }
    if CLOCK_SKEW_CODES.contains(&code) {
        return match error.date {
            Some(service_time)
                if service_time.abs_diff(signed_at) > SKEW_THAT_MATTERS_MILLISECONDS =>
            {
                Retryability::ClockSkew { service_time }
            }
            _ => Retryability::No,
        };
    }
    if code == "ConflictException" {
        return Retryability::Conflict;
    }
    // A quota that is used up is not throttling, whatever the status.
    if (service.class)(code) == Some(ErrorClass::Limit) {
        return Retryability::No;
    }
    match error.status {
        _ if TRANSIENT_CODES.contains(&code) => Retryability::Transient,
        429 => Retryability::Throttled,
        500 | 502 | 503 | 504 => Retryability::Transient,
        _ => Retryability::No,
    }
}

/// The longest wait before attempt number `attempts_made + 1`, in milliseconds, before the random
/// factor.
pub fn longest_delay(retryability: Retryability, attempts_made: u32) -> u64 {
    const LONGEST: u64 = 20_000;
    let base: u64 = match retryability {
        Retryability::Throttled | Retryability::Conflict => 1_000,
        Retryability::Transient => 50,
        Retryability::ExpiredToken | Retryability::ClockSkew { .. } | Retryability::No => 0,
    };
    let factor = 1u64
        .checked_shl(attempts_made.saturating_sub(1))
        .unwrap_or(u64::MAX);
    base.saturating_mul(factor).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ECHO;
    use job_type_kit::contract::http::Error as HttpError;

    fn service(code: &str, status: u16) -> CallError {
        CallError::Service(ServiceError {
            code: code.to_owned(),
            message: String::new(),
            status,
            request_id: None,
            retry_after_milliseconds: None,
            date: None,
        })
    }

    #[test]
    fn the_code_decides_and_then_the_status() {
        for (code, status, expected) in [
            ("ThrottlingException", 400, Retryability::Throttled),
            ("SlowDown", 503, Retryability::Throttled),
            ("HTTP 429", 429, Retryability::Throttled),
            ("RequestTimeout", 400, Retryability::Transient),
            ("InternalFailure", 500, Retryability::Transient),
            ("HTTP 502", 502, Retryability::Transient),
            ("HTTP 504", 504, Retryability::Transient),
            ("HTTP 501", 501, Retryability::No),
            ("ExpiredTokenException", 400, Retryability::ExpiredToken),
            ("ConflictException", 400, Retryability::Conflict),
            ("TooManyEchoes", 400, Retryability::No),
            ("TooManyEchoes", 429, Retryability::No),
            ("ValidationException", 400, Retryability::No),
            ("AccessDeniedException", 400, Retryability::No),
            ("InvalidSignatureException", 403, Retryability::No),
        ] {
            assert_eq!(
                classify(&ECHO, &service(code, status), 0),
                expected,
                "{code} {status}"
            );
        }
    }

    #[test]
    fn lost_answers_and_broken_connections_are_transient() {
        for (kind, expected) in [
            (HttpErrorKind::Timeout, Retryability::Transient),
            (HttpErrorKind::Connect, Retryability::Transient),
            (HttpErrorKind::Protocol, Retryability::Transient),
            (HttpErrorKind::Denied, Retryability::No),
            (HttpErrorKind::Tls, Retryability::Transient),
            (HttpErrorKind::BodyTooLarge, Retryability::No),
        ] {
            let error = CallError::Transport(HttpError {
                kind,
                message: String::new(),
            });
            assert_eq!(classify(&ECHO, &error, 0), expected, "{kind:?}");
        }
    }

    #[test]
    fn a_refused_signature_is_clock_skew_only_if_the_clocks_are_apart() {
        for code in ["InvalidSignatureException", "RequestExpired"] {
            let at = |date| {
                let CallError::Service(mut error) = service(code, 403) else {
                    unreachable!()
                };
                error.date = Some(date);
                classify(&ECHO, &CallError::Service(error), 10_000_000)
            };
            assert_eq!(at(10_000_000 + 60_000), Retryability::No);
            for service_time in [20_000_000, 1] {
                assert_eq!(at(service_time), Retryability::ClockSkew { service_time });
            }
        }
    }

    #[test]
    fn the_delay_doubles_up_to_twenty_seconds() {
        let delays = |r| (1..=8).map(|n| longest_delay(r, n)).collect::<Vec<_>>();
        assert_eq!(
            delays(Retryability::Throttled),
            [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000]
        );
        assert_eq!(delays(Retryability::Transient)[..3], [50, 100, 200]);
        assert_eq!(longest_delay(Retryability::Throttled, u32::MAX), 20_000);
        assert_eq!(longest_delay(Retryability::ExpiredToken, 1), 0);
    }
}
