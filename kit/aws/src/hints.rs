//! What a user can do about an error that any AWS service may answer.

use std::borrow::Cow;

use job_type_kit::contains;
use job_type_kit::contract::ErrorClass;

use crate::service::Service;

/// What to do about a refusal: the service's own hint for the operation, else one that holds for
/// every service.
pub fn hint(
    service: &Service,
    class: ErrorClass,
    operation: &str,
    code: &str,
    message: &str,
) -> Cow<'static, str> {
    match class {
        // AWS says so in the message alone. A further permission does not help against it.
        ErrorClass::Denied if contains(message, "explicit deny") => EXPLICIT_DENY.into(),
        // The code is that of a wrong key.
        ErrorClass::Denied if contains(message, "scoped to a valid region") => OTHER_REGION.into(),
        ErrorClass::Throttled => THROTTLED.into(),
        ErrorClass::Unavailable => unavailable(service).into(),
        _ => match (service.hint)(operation, code) {
            Some(hint) => hint.into(),
            None => by_code(service, class, operation, code),
        },
    }
}

const THROTTLED: &str = "AWS limits how many requests an account may make in a second, over all of its callers. \
     It works again in a moment; poll less often if it happens a lot.";

const EXPLICIT_DENY: &str = "A policy denies it explicitly, so that a further permission does not help. The message says \
     which kind of policy it is: have its owner change it.";

const OTHER_REGION: &str = "The endpoint is of another region than the connection. Correct the connection's region, or its \
     endpoint.";

fn unavailable(service: &Service) -> String {
    format!(
        "{} has a problem at present; it works again in a while. The AWS Health Dashboard lists \
         larger disturbances.",
        service.name
    )
}

/// The hints that name the service or the operation, else those that don't.
fn by_code(service: &Service, class: ErrorClass, operation: &str, code: &str) -> Cow<'static, str> {
    let Service {
        name, signing_name, ..
    } = service;
    let hint = match code {
        "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" | "NotAuthorized" => {
            format!(
                "The caller is missing {signing_name}:{operation}. Add it to the caller's policy."
            )
        }
        _ if class == ErrorClass::Invalid => {
            format!("{name} does not accept the request as it is; its message says which part.")
        }
        "OptInRequired" | "SubscriptionRequiredException" => format!(
            "The account is not signed up for {name} in this region. Enable it, or choose another \
             region."
        ),
        "UnknownOperationException" => format!(
            "The endpoint does not offer this operation. If the connection overrides the endpoint, \
             check that it is {name}'s."
        ),
        // AWS gave no code: the status stands in its place.
        _ if code.starts_with("HTTP ") => format!(
            "{name} gives its refusals a code, and this one has none. A proxy, a gateway or a wrong \
             endpoint may have answered in its place: check the connection's endpoint and the \
             network."
        ),
        _ => return of_any_service(class, code).into(),
    };
    hint.into()
}

fn of_any_service(class: ErrorClass, code: &str) -> &'static str {
    match code {
        "IdempotentParameterMismatch" | "IdempotentParameterMismatchException" => {
            "A request with the same token and other parameters was carried out before. Nothing was \
             done now; look for what the earlier request did, or use another GUID."
        }
        "ExpiredToken" | "ExpiredTokenException" => {
            "The session token has expired, and the host could not get a fresh one. Renew the \
             credentials (sign in again, or let the role be assumed anew)."
        }
        "UnrecognizedClientException" | "InvalidClientTokenId" | "InvalidAccessKeyId" => {
            "AWS does not know these credentials. Check the access key id, that the session token \
             belongs to it, that the key is active and of this partition, and that the region is \
             enabled for the account."
        }
        "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "RequestTimeTooSkewed"
        | "AuthFailure" => {
            "Either the secret access key does not belong to the access key id, or the host's clock \
             is wrong by more than five minutes. Check the key, and set the clock by NTP."
        }
        "RequestExpired" => {
            "The request was made too long ago by AWS's clock: the host's clock is slow. Set it by \
             NTP."
        }
        "MissingAuthenticationToken" | "MissingAuthenticationTokenException" => {
            "The request arrived without its signature. A proxy between the host and AWS may have \
             removed it."
        }
        _ => by_class(class),
    }
}

fn by_class(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::NotFound => {
            "Check the name, the region, and that the credentials are of the right account."
        }
        ErrorClass::Limit => "A quota is used up. Request an increase from AWS Service Quotas.",
        ErrorClass::Conflict => "Somebody else is changing the resource; try again in a moment.",
        _ => {
            "This version does not know the code. The message may say more; AWS's support finds the \
             request by its id."
        }
    }
}
