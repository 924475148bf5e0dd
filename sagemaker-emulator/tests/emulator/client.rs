//! An emulator whose clock stands still, and a small client that signs with aws-sigv4.
//!
//! `reqwest` was considered: it hides how much of a response arrived, which the tests of faults check.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials as AwsCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use sagemaker_emulator::{Builder, Clock, Emulator, ManualClock};
use serde_json::{Value, json};

pub(crate) const STEP: Duration = Duration::from_secs(60);
/// A test fails if a response takes longer.
const TIME_LIMIT: Duration = Duration::from_secs(60);
pub(crate) const TOKEN: &str = "0123456789-0123456789-0123456789";

/// An emulator with the pipelines `One` and `Two`, and a client of it.
pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) client: Client,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    pub(crate) async fn with(set_up: impl FnOnce(Builder) -> Builder) -> Self {
        let now = UNIX_EPOCH + Duration::from_millis(1_800_000_000_250);
        let clock = Arc::new(ManualClock::new(now));
        let builder = Emulator::builder()
            .clock(Arc::clone(&clock))
            .step_duration(STEP)
            .stop_duration(Duration::from_secs(5))
            .pipeline("One", ONE_STEP)
            .pipeline("Two", TWO_STEPS);
        let emulator = set_up(builder).start().await.unwrap();
        let client = Client::new(&emulator, Arc::clone(&clock));
        Self {
            emulator,
            clock,
            client,
        }
    }

    /// Starts an execution and returns its ARN.
    pub(crate) fn start(&self, pipeline: &str, token: &str) -> String {
        let request = json!({"PipelineName": pipeline, "ClientRequestToken": token});
        let answer = self.client.call("StartPipelineExecution", request).ok();
        answer["PipelineExecutionArn"].as_str().unwrap().to_owned()
    }

    pub(crate) fn describe(&self, arn: &str) -> Value {
        let request = json!({"PipelineExecutionArn": arn});
        self.client.call("DescribePipelineExecution", request).ok()
    }

    pub(crate) fn status(&self, arn: &str) -> String {
        let answer = self.describe(arn);
        answer["PipelineExecutionStatus"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) fn steps(&self, arn: &str) -> Vec<Value> {
        let request = json!({"PipelineExecutionArn": arn, "SortOrder": "Ascending"});
        let answer = self.client.call("ListPipelineExecutionSteps", request).ok();
        answer["PipelineExecutionSteps"].as_array().unwrap().clone()
    }
}

const ONE_STEP: &str = r#"{"Version":"2020-12-01","Steps":[{"Name":"Only","Type":"Training"}]}"#;
const TWO_STEPS: &str = r#"{
    "Parameters": [{"Name": "Count", "Type": "Integer", "DefaultValue": 1}],
    "Steps": [
        {"Name": "First", "Type": "Processing"},
        {"Name": "Second", "Type": "Training", "DependsOn": ["First"]}
    ]
}"#;

/// A request with further members, which replace those of the same name.
pub(crate) fn with_members(mut request: Value, members: Value) -> Value {
    if let (Value::Object(request), Value::Object(members)) = (&mut request, members) {
        request.extend(members);
    }
    request
}

/// The credentials, and how requests are signed.
#[derive(Clone)]
pub(crate) struct Client {
    address: String,
    clock: Arc<ManualClock>,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    pub(crate) region: String,
    pub(crate) service: String,
    target_prefix: &'static str,
    /// Seconds that the client's clock is ahead of the emulator's.
    pub(crate) skew: i64,
}

impl Client {
    fn new(emulator: &Emulator, clock: Arc<ManualClock>) -> Self {
        Self {
            address: emulator.url().replace("http://", ""),
            clock,
            access_key_id: "emulator".to_owned(),
            secret_access_key: "emulator-secret".to_owned(),
            session_token: None,
            region: "us-east-1".to_owned(),
            service: "sagemaker".to_owned(),
            target_prefix: "SageMaker",
            skew: 0,
        }
    }

    /// The same client for Glue.
    pub(crate) fn glue(&self) -> Self {
        Self {
            service: "glue".to_owned(),
            target_prefix: "AWSGlue",
            ..self.clone()
        }
    }

    /// The same client for CloudWatch Logs.
    pub(crate) fn logs(&self) -> Self {
        Self {
            service: "logs".to_owned(),
            target_prefix: "Logs_20140328",
            ..self.clone()
        }
    }

    /// Sends a signed request for an operation.
    pub(crate) fn call(&self, operation: &str, body: Value) -> Answer {
        let body = body.to_string();
        let headers = self.signed_headers(operation, &body);
        self.send("POST", "/", &headers, &body)
    }

    pub(crate) fn signed_headers(&self, operation: &str, body: &str) -> Vec<(String, String)> {
        let mut headers = vec![
            ("host".to_owned(), self.address.clone()),
            (
                "content-type".to_owned(),
                "application/x-amz-json-1.1".to_owned(),
            ),
            (
                "x-amz-target".to_owned(),
                format!("{}.{operation}", self.target_prefix),
            ),
        ];
        let token = self.session_token.clone();
        let identity = AwsCredentials::new(
            &self.access_key_id,
            &self.secret_access_key,
            token,
            None,
            "test",
        )
        .into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(&self.service)
            .time(self.time())
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let request = SignableRequest::new(
            "POST",
            format!("http://{}/", self.address),
            headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
            SignableBody::Bytes(body.as_bytes()),
        )
        .unwrap();
        let (instructions, _) = sign(request, &params).unwrap().into_parts();
        let (signed, _) = instructions.into_parts();
        let signed = signed
            .iter()
            .map(|header| (header.name().to_owned(), header.value().to_owned()));
        headers.extend(signed);
        headers
    }

    fn time(&self) -> SystemTime {
        let skew = Duration::from_secs(self.skew.unsigned_abs());
        match self.skew < 0 {
            true => self.clock.now() - skew,
            false => self.clock.now() + skew,
        }
    }

    /// Sends a request as it is given, and reads until the connection ends.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: &str,
    ) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !headers.iter().any(|(name, _)| name == "host") {
            request.push_str("host: localhost\r\n");
        }
        request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(TIME_LIMIT)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        Answer::read(&String::from_utf8(answer).unwrap())
    }
}

/// A response, as much of it as arrived.
#[derive(Debug)]
pub(crate) struct Answer {
    /// `None` if nothing arrived.
    pub(crate) status: Option<u16>,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let headers = lines.filter_map(|line| line.split_once(": "));
        Self {
            status,
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The body of a success.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, Some(200), "{}", self.body);
        self.json()
    }

    /// The code of a refusal, which the body and the header both contain.
    pub(crate) fn code(&self) -> String {
        let code = self.json()["__type"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert_eq!(self.header("x-amzn-errortype").unwrap_or_default(), code);
        code
    }

    pub(crate) fn message(&self) -> String {
        let body = self.json();
        let message = body["message"].as_str().or(body["Message"].as_str());
        message.unwrap_or_default().to_owned()
    }
}
