//! A network on which every request gets the same answer, and is remembered.

use async_trait::async_trait;
use polysync_harness::{BodyMeter, HttpClient, HttpRequest, HttpResponse, TransportError};
use std::sync::Mutex;

#[derive(Debug)]
pub(crate) struct Wire {
    body: Vec<u8>,
    urls: Mutex<Vec<String>>,
}

impl Wire {
    pub(crate) fn answering(body: &str) -> Self {
        Self {
            body: body.as_bytes().to_vec(),
            urls: Mutex::default(),
        }
    }

    /// What was asked for, in order.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.urls.lock().unwrap().clone()
    }
}

#[async_trait]
impl HttpClient for Wire {
    async fn send(
        &self,
        request: HttpRequest,
        _: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        self.urls.lock().unwrap().push(request.url.to_string());
        Ok(HttpResponse {
            status: 200,
            headers: Default::default(),
            body: self.body.clone(),
        })
    }
}
