//! A platform that answers from memory: without network and other processes, so that only the subject
//! is measured.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use polysync_host::{BodyMeter, HttpClient, HttpRequest, HttpResponse, TransportError};
use reqwest::header::{HeaderMap, HeaderValue};

use crate::stage::HEADERS;

/// Answers requests by a function of the operation and the request's body, after a latency.
pub(crate) struct FromMemory<F> {
    headers: HeaderMap,
    latency: Duration,
    answer: F,
}

impl<F: Fn(&str, &[u8]) -> String + Send + Sync + 'static> FromMemory<F> {
    pub(crate) fn answering(latency: Duration, answer: F) -> Arc<Self> {
        let headers = HEADERS
            .iter()
            .filter_map(|(name, value)| Some((name.parse().ok()?, HeaderValue::from_static(value))))
            .collect();
        Arc::new(Self {
            headers,
            latency,
            answer,
        })
    }
}

#[async_trait]
impl<F: Fn(&str, &[u8]) -> String + Send + Sync + 'static> HttpClient for FromMemory<F> {
    async fn send(
        &self,
        request: HttpRequest,
        _: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        let target = request.headers.get("x-amz-target");
        let operation = target
            .and_then(|target| target.to_str().ok()?.strip_prefix("SageMaker."))
            .unwrap_or_default();
        Ok(HttpResponse {
            status: 200,
            headers: self.headers.clone(),
            body: (self.answer)(operation, &request.body).into_bytes(),
        })
    }
}
