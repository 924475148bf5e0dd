//! The forms of errors in AWS JSON 1.1, and the answers of proxies: each gives a class, a code, a
//! message, a request ID and a hint.

use crate::support::{GUID, Stage, Wire, job, refusal};
use polysync_host::contract::{Error, ErrorClass};
use std::sync::Arc;

const REQUEST_ID: &str = "571ba0b5-4b0a-4b0a-8e5f-0f8fad5bd9cb";

const TYPE: &str = "x-amzn-errortype";

type Headers = &'static [(&'static str, &'static str)];

/// Headers and bodies that all say `ValidationException` with the message `no`.
const VARIANTS: [(Headers, &str); 12] = [
    (&[], r#"{"__type":"ValidationException","message":"no"}"#),
    (
        &[],
        r#"{"__type":"com.amazonaws.sagemaker#ValidationException","message":"no"}"#,
    ),
    (
        &[],
        r#"{"__type":"ValidationException:http://internal.amazon.com/coral/","message":"no"}"#,
    ),
    (
        &[],
        r#"{"__type":"com.amazonaws.sagemaker#ValidationException:http://internal.amazon.com/coral/","Message":"no"}"#,
    ),
    (&[], r#"{"code":"ValidationException","Message":"no"}"#),
    (
        &[],
        r#"{"__type":"ValidationException","Message":"no","message":null}"#,
    ),
    (
        &[],
        r#"{"__type":"ValidationException","message":"","errorMessage":"no"}"#,
    ),
    (
        &[],
        "\n {\"message\": \"no\", \"__type\": \"ValidationException\", \"More\": [{}]}\n",
    ),
    (&[(TYPE, "ValidationException")], r#"{"message":"no"}"#),
    (
        &[(
            TYPE,
            "ValidationException:http://internal.amazon.com/coral/",
        )],
        r#"{"Message":"no"}"#,
    ),
    (
        &[(TYPE, "com.amazonaws.sagemaker#ValidationException")],
        r#"{"message":"no"}"#,
    ),
    (
        &[(TYPE, "ValidationException")],
        r#"{"__type":"Other","message":"no"}"#,
    ),
];

const PAGE: &str = "<html>\n<body><h1>Bad Gateway</h1></body></html>";

/// Status and body, and the class and the message of the error.
const WITHOUT_CODE: [(u16, &str, ErrorClass, &str); 10] = [
    (
        400,
        "",
        ErrorClass::Other,
        "SageMaker answered StartPipelineExecution with HTTP 400",
    ),
    (
        403,
        "",
        ErrorClass::Denied,
        "SageMaker answered StartPipelineExecution with HTTP 403",
    ),
    (
        403,
        "{}",
        ErrorClass::Denied,
        "SageMaker answered StartPipelineExecution with HTTP 403",
    ),
    (
        407,
        PAGE,
        ErrorClass::Denied,
        "<html> <body><h1>Bad Gateway</h1></body></html>",
    ),
    (
        429,
        "",
        ErrorClass::Throttled,
        "SageMaker answered StartPipelineExecution with HTTP 429",
    ),
    (
        500,
        "",
        ErrorClass::Unavailable,
        "SageMaker answered StartPipelineExecution with HTTP 500",
    ),
    (
        502,
        PAGE,
        ErrorClass::Unavailable,
        "<html> <body><h1>Bad Gateway</h1></body></html>",
    ),
    (503, "[1, 2]", ErrorClass::Unavailable, "[1, 2]"),
    (
        504,
        "upstream timed out",
        ErrorClass::Unavailable,
        "upstream timed out",
    ),
    (
        307,
        "",
        ErrorClass::Other,
        "SageMaker answered StartPipelineExecution with HTTP 307",
    ),
];

async fn error(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
    let stage = Stage::new().await;
    let headers: Vec<_> = headers
        .iter()
        .chain(&[("x-amzn-requestid", REQUEST_ID)])
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let body = body.as_bytes().to_vec();
    let wire = Wire::replying(move |_| (status, headers.clone(), body.clone()));
    let job_type = stage.job_type_on(&Arc::new(wire));
    refusal(job_type.start(&job("p", &[]), GUID).await)
}

#[tokio::test]
async fn the_code_and_the_message_are_read_wherever_aws_puts_them() {
    for (headers, body) in VARIANTS {
        let error = error(400, headers, body).await;
        assert_eq!(error.code, "ValidationException", "{headers:?} {body}");
        assert_eq!(error.message, "no", "{headers:?} {body}");
        assert_eq!(error.class, ErrorClass::Invalid);
        assert!(
            error
                .hint
                .contains("the type that the pipeline definition declares")
        );
        assert_eq!(error.request_id.as_deref(), Some(REQUEST_ID));
        assert!(!error.retryable);
    }
}

#[tokio::test]
async fn the_code_of_an_error_without_one_is_its_http_status() {
    for (status, body, class, message) in WITHOUT_CODE {
        let error = error(status, &[], body).await;
        assert_eq!(error.code, format!("HTTP {status}"));
        assert_eq!(
            (error.class, error.message.as_str()),
            (class, message),
            "{status} {body}"
        );
        assert_eq!(error.request_id.as_deref(), Some(REQUEST_ID));
        assert!(!error.hint.is_empty(), "{status} {body}");
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_parsed_is_an_error() {
    for body in [
        "<html><title>Sign in</title></html>",
        "null",
        "[]",
        "\"text\"",
        "{\"PipelineExecutionArn\": 3}",
        "{\"PipelineExecutionArn\": \"arn:aws",
        "\u{feff}",
    ] {
        let error = error(200, &[], body).await;
        assert_eq!(
            (error.class, error.code.as_str()),
            (ErrorClass::Other, "UnreadableResponse"),
            "{body}"
        );
        assert!(
            error.message.contains("StartPipelineExecution"),
            "{error:?}"
        );
        assert!(error.hint.contains("proxy"), "{error:?}");
        assert_eq!(error.request_id.as_deref(), Some(REQUEST_ID));
        // The execution may have been started, and a retry with the same GUID returns it.
        assert!(error.retryable);
    }
    // An empty body counts as an object without members.
    assert_eq!(
        error(200, &[], "").await.code,
        error(200, &[], "{}").await.code
    );
}
