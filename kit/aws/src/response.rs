//! Reads an HTTP response: the operation's output, or the service's error (AWS JSON 1.1). The Rust SDKs
//! generate such a reader into the crate of each service, where it is private.

use job_type_kit::contract::http::Response;
use job_type_kit::{cut, non_blank};
use serde::{Deserialize, de::DeserializeOwned};

use crate::error::{CallError, ServiceError};
use crate::json;
use crate::time::http_date;

/// How many characters of a service's text an error has. An error may be that of a thousand runs.
const CHARACTERS: usize = 4_096;

/// Tells a response of success from the service's refusal.
///
/// # Errors
/// [`CallError::Service`] for any status but 2xx.
pub fn success(response: Response) -> Result<Response, CallError> {
    if (200..300).contains(&response.status) {
        Ok(response)
    } else {
        Err(CallError::Service(service_error(&response)))
    }
}

/// Reads the output in a response of success.
///
/// # Errors
/// [`CallError::Garbled`] where the body is anything else.
pub fn parse<T: DeserializeOwned>(
    operation: &'static str,
    response: &Response,
) -> Result<T, CallError> {
    // An operation without members to return may answer with nothing at all.
    let body: &[u8] = if response.body.is_empty() {
        b"{}"
    } else {
        &response.body
    };
    str::from_utf8(body)
        .map_err(|error| error.to_string())
        .and_then(|text| json::from_str(text).map_err(|error| error.to_string()))
        .map_err(|reason| CallError::Garbled {
            operation,
            reason: format!(
                "{}; it begins with {:?}",
                cut(reason, CHARACTERS),
                beginning(&response.body)
            ),
            request_id: request_id(response),
        })
}

/// The members of a refusal, wherever services put them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    #[serde(deserialize_with = "json::lenient")]
    code: Option<String>,
    #[serde(rename = "__type", deserialize_with = "json::lenient")]
    kind: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    message: Option<String>,
    #[serde(rename = "Message", deserialize_with = "json::lenient")]
    message_in_pascal_case: Option<String>,
    #[serde(rename = "errorMessage", deserialize_with = "json::lenient")]
    error_message: Option<String>,
}

fn service_error(response: &Response) -> ServiceError {
    let refusal = str::from_utf8(&response.body)
        .ok()
        .and_then(|text| json::from_str::<Refusal>(text).ok());
    // The beginning of a proxy's page, for example, helps more than an empty message.
    let no_refusal = match &refusal {
        None if !response.body.is_empty() => beginning(&response.body),
        _ => String::new(),
    };
    let refusal = refusal.unwrap_or_default();
    let code = [
        response.header("x-amzn-errortype"),
        refusal.code.as_deref(),
        refusal.kind.as_deref(),
    ]
    .into_iter()
    .find_map(|code| bare_code(code?))
    .map_or_else(|| format!("HTTP {}", response.status), str::to_owned);
    let message = [
        refusal.message,
        refusal.message_in_pascal_case,
        refusal.error_message,
    ]
    .into_iter()
    .find_map(non_blank)
    .unwrap_or(no_refusal);
    ServiceError {
        code,
        message: cut(message, CHARACTERS),
        status: response.status,
        request_id: request_id(response),
        retry_after_milliseconds: response
            .header("x-amz-retry-after")
            .and_then(|value| value.parse().ok()),
        date: response.header("date").and_then(http_date),
    }
}

/// The code without its namespace and URL: `com.amazonaws.sagemaker#ValidationException:http://…` is
/// `ValidationException`. `None` where the rest is not one word: hosts compare codes, and show them.
fn bare_code(code: &str) -> Option<&str> {
    const LONGEST: usize = 128;
    let code = code.split(':').next()?;
    let code = code.rsplit('#').next()?.trim();
    let is_word = code
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    (is_word && (1..=LONGEST).contains(&code.len())).then_some(code)
}

fn request_id(response: &Response) -> Option<String> {
    ["x-amzn-requestid", "x-amz-request-id"]
        .into_iter()
        .find_map(|name| response.header(name))
        .filter(|id| !id.is_empty())
        .map(|id| cut(id.to_owned(), CHARACTERS))
}

/// The first characters of a body, for a person to recognise it.
fn beginning(body: &[u8]) -> String {
    const SHOWN: usize = 200;
    let text = String::from_utf8_lossy(body.get(..4 * SHOWN).unwrap_or(body));
    cut(text.split_whitespace().collect::<Vec<_>>().join(" "), SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use job_type_kit::testing::response;

    #[derive(Debug, Deserialize)]
    struct Answer {
        #[serde(rename = "message")]
        _message: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    struct Counted {
        #[serde(rename = "count")]
        _count: u32,
    }

    fn error(status: u16, headers: &[(&str, &str)], body: &str) -> (String, String) {
        let error = service_error(&response(status, headers, body));
        (error.code, error.message)
    }

    #[test]
    fn the_code_is_read_wherever_aws_puts_it() {
        let expected = ("ValidationException".to_owned(), "no".to_owned());
        for (headers, body) in [
            (
                &[][..],
                r#"{"__type":"ValidationException","message":"no"}"#,
            ),
            (
                &[],
                r#"{"__type":"com.amazonaws.sagemaker#ValidationException","Message":"no"}"#,
            ),
            (
                &[],
                r#"{"__type":"ValidationException:http://internal.amazon.com/coral/","errorMessage":"no"}"#,
            ),
            (&[], r#"{"code":"ValidationException","message":"no"}"#),
            (
                &[("x-amzn-errortype", "ValidationException:http://x/")],
                r#"{"message":"no"}"#,
            ),
            (
                &[("x-amzn-errortype", "ValidationException")],
                r#"{"__type":"Other","message":"no"}"#,
            ),
            (
                &[],
                r#"{"__type":"ValidationException","message":null,"Message":"no","extra":{}}"#,
            ),
        ] {
            assert_eq!(error(400, headers, body), expected, "{body}");
        }
    }

    #[test]
    fn a_code_that_is_not_a_word_is_passed_over() {
        let body = r#"{"code": "two words", "__type": "ValidationException"}"#;
        for header in [
            "",
            " ",
            "\u{feff}AccessDenied",
            "a b",
            "#:x",
            &"x".repeat(129),
        ] {
            let (code, _) = error(400, &[("x-amzn-errortype", header)], body);
            assert_eq!(code, "ValidationException", "{header:?}");
        }
    }

    #[test]
    fn an_error_without_a_code_is_named_by_its_status() {
        assert_eq!(error(503, &[], ""), ("HTTP 503".to_owned(), String::new()));
        assert_eq!(
            error(502, &[], "<html>\n  <h1>Bad Gateway</h1></html>"),
            (
                "HTTP 502".to_owned(),
                "<html> <h1>Bad Gateway</h1></html>".to_owned()
            )
        );
        assert_eq!(
            error(500, &[], "[1]"),
            ("HTTP 500".to_owned(), "[1]".to_owned())
        );
    }

    #[test]
    fn request_id_retry_after_and_date_are_read() {
        let error = service_error(&response(
            400,
            &[
                ("x-amzn-requestid", "abc"),
                ("x-amz-retry-after", "1500"),
                ("date", "Thu, 29 Feb 2024 12:34:56 GMT"),
            ],
            "{}",
        ));
        assert_eq!(error.request_id.as_deref(), Some("abc"));
        assert_eq!(error.retry_after_milliseconds, Some(1500));
        assert_eq!(error.date, Some(1_709_210_096_000));
    }

    #[test]
    fn a_success_that_can_not_be_read_shows_the_body() {
        for body in ["<html>login</html>", "[]", "null", r#"{"message": 3}"#] {
            let garbage = response(200, &[("x-amzn-requestid", "abc")], body);
            let text = parse::<Answer>("ListPipelines", &garbage)
                .err()
                .unwrap()
                .to_string();
            assert!(text.contains("ListPipelines"), "{text}");
            assert!(text.contains(&format!("{body:?}")), "{text}");
        }
    }

    #[test]
    fn long_pages_are_cut_between_characters() {
        let (_, message) = error(502, &[], &"é".repeat(5_000));
        assert_eq!(message.chars().count(), 200);
    }

    /// An error may be that of each of a thousand runs.
    #[test]
    fn what_an_error_tells_is_bounded() {
        let long = "é".repeat(50_000);
        let is_cut = |text: &str| text.chars().count() < 5_000 && text.contains('…');
        let body = serde_json::json!({"__type": "ValidationException", "message": long});
        let refusal = response(400, &[("x-amzn-requestid", &long)], &body.to_string());
        let error = service_error(&refusal);
        assert!(is_cut(&error.message) && error.request_id.is_some_and(|id| is_cut(&id)));
        let body = serde_json::json!({"count": long}).to_string();
        let garbled = parse::<Counted>("ListPipelines", &response(200, &[], &body));
        assert!(is_cut(&garbled.err().unwrap().to_string()));
    }
}
