//! A network that answers requests by a function and records them.

use async_trait::async_trait;
use polysync_host::{BodyMeter, HttpClient, HttpRequest, HttpResponse, TransportError};
use sagemaker_emulator::Operation;
use serde_json::Value;
use std::fmt;
use std::sync::Mutex;

/// A request that the component sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) url: String,
    pub(crate) operation: Operation,
    pub(crate) body: Value,
}

/// Status, headers and body.
pub(crate) type Reply = (u16, Vec<(String, String)>, Vec<u8>);

/// A network without a connection to anywhere.
pub(crate) struct Wire {
    answer: Box<dyn Fn(&Sent) -> Reply + Send + Sync>,
    sent: Mutex<Vec<Sent>>,
}

impl Wire {
    /// Answers every request with this body.
    pub(crate) fn answering(body: &str) -> Self {
        let body = body.as_bytes().to_vec();
        Self::replying(move |_| (200, Vec::new(), body.clone()))
    }

    /// Answers every request with the reply of a function.
    pub(crate) fn replying(answer: impl Fn(&Sent) -> Reply + Send + Sync + 'static) -> Self {
        Self {
            answer: Box::new(answer),
            sent: Mutex::default(),
        }
    }

    /// The requests sent since the last call of this function, in order.
    pub(crate) fn take_sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpClient for Wire {
    async fn send(
        &self,
        request: HttpRequest,
        _: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        let target = request.headers["x-amz-target"].to_str().unwrap();
        let sent = Sent {
            url: request.url.to_string(),
            operation: target.rsplit('.').next().unwrap().parse().unwrap(),
            body: serde_json::from_slice(&request.body).unwrap(),
        };
        let (status, headers, body) = (self.answer)(&sent);
        self.sent.lock().unwrap().push(sent);
        let headers: std::collections::HashMap<_, _> = headers.into_iter().collect();
        Ok(HttpResponse {
            status,
            headers: (&headers).try_into().unwrap(),
            body,
        })
    }
}
