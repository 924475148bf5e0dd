//! From an HTTP response to the operation's output or the service's error (AWS JSON 1.1).

use super::datetime::http_date;
use super::error::{CallError, ServiceError};
use super::json::{Object, Shape};
use crate::host::HttpResponse;

/// A response of success, or the service's refusal.
pub fn success(response: HttpResponse) -> Result<HttpResponse, CallError> {
    if (200..300).contains(&response.status) {
        Ok(response)
    } else {
        Err(CallError::Service(service_error(&response)))
    }
}

/// What a response of success says.
pub fn parse<T: Shape>(operation: &'static str, response: &HttpResponse) -> Result<T, CallError> {
    // An operation without members to return may answer with nothing at all.
    let body: &[u8] = if response.body.is_empty() {
        b"{}"
    } else {
        &response.body
    };
    object(body)
        .and_then(|object| T::read(&object).map_err(|error| error.to_string()))
        .map_err(|reason| garbled(operation, &reason, response))
}

fn garbled(operation: &'static str, reason: &str, response: &HttpResponse) -> CallError {
    CallError::Garbled {
        operation,
        reason: format!("{reason}; it begins with {:?}", beginning(&response.body)),
        request_id: request_id(response),
    }
}

fn object(body: &[u8]) -> Result<Object<'_>, String> {
    let text = str::from_utf8(body).map_err(|error| error.to_string())?;
    Object::parse(text).map_err(|error| error.to_string())
}

fn service_error(response: &HttpResponse) -> ServiceError {
    let body = object(&response.body).ok();
    let text = |member| body.as_ref()?.text(member).ok().flatten();
    let header = response.header("x-amzn-errortype").and_then(bare_code);
    let code = header.map(str::to_owned).or_else(|| {
        ["code", "__type"]
            .into_iter()
            .find_map(|member| bare_code(&text(member)?).map(str::to_owned))
    });
    let message = ["message", "Message", "errorMessage"]
        .into_iter()
        .filter_map(text)
        .find(|message| !message.trim().is_empty());
    let message = match message {
        Some(message) => message,
        None if body.is_some() || response.body.is_empty() => String::new(),
        // A proxy's page, for example: its beginning says more than nothing.
        None => beginning(&response.body),
    };
    ServiceError {
        code: code.unwrap_or_else(|| format!("HTTP {}", response.status)),
        message,
        status: response.status,
        request_id: request_id(response),
        retry_after_milliseconds: response
            .header("x-amz-retry-after")
            .and_then(|value| value.parse().ok()),
        date: response.header("date").and_then(http_date),
    }
}

/// `com.amazonaws.sagemaker#ValidationException:http://…` is `ValidationException`. What is no word
/// then is none: hosts compare codes, and show them.
fn bare_code(code: &str) -> Option<&str> {
    const LONGEST: usize = 128;
    let code = code.split(':').next()?;
    let code = code.rsplit('#').next()?.trim();
    let is_word = code
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    (is_word && (1..=LONGEST).contains(&code.len())).then_some(code)
}

fn request_id(response: &HttpResponse) -> Option<String> {
    ["x-amzn-requestid", "x-amz-request-id"]
        .into_iter()
        .find_map(|name| response.header(name))
        .filter(|id| !id.is_empty())
        .map(str::to_owned)
}

/// Enough of a body to recognise it by.
fn beginning(body: &[u8]) -> String {
    const CHARACTERS: usize = 200;
    let text = String::from_utf8_lossy(body.get(..4 * CHARACTERS).unwrap_or(body));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > CHARACTERS {
        text.chars().take(CHARACTERS).chain("…".chars()).collect()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::json::JsonError;

    struct Answer;

    impl Shape for Answer {
        fn read(object: &Object<'_>) -> Result<Self, JsonError> {
            object.text("message").map(|_| Self)
        }
    }

    fn response(status: u16, headers: &[(&str, &str)], body: &str) -> HttpResponse {
        HttpResponse {
            status,
            headers: headers
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec(),
        }
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
    fn a_code_that_is_no_word_is_passed_over() {
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
    fn request_id_retry_after_and_date_are_kept() {
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
    fn a_success_with_garbage_says_what_came() {
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
        assert_eq!(message.chars().count(), 201);
    }
}
