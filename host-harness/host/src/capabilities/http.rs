//! The capability `http`: one request or many, within the limits and grants.

use std::sync::Arc;

use futures_util::{StreamExt, stream};

use crate::contract::v0_2::bindings::capabilities::http::{Error, Host, Request, Response};
use crate::egress::body_meter::{CallMeter, SharedMeter};
use crate::egress::exchange::Egress;
use crate::limits::budget::Budget;
use crate::limits::deadline::Deadline;

/// The requests of one call.
pub(crate) struct HttpCapability {
    egress: Arc<Egress>,
    requests: Budget,
    received: Arc<CallMeter>,
    deadline: Deadline,
}

/// Ends the call of a plugin that sends more requests than it may.
#[derive(Debug, thiserror::Error)]
#[error("the call's requests are used up")]
pub(crate) struct TooManyRequests;

impl HttpCapability {
    pub(crate) fn new(egress: Arc<Egress>, deadline: Deadline) -> Self {
        Self {
            requests: Budget::new(egress.limits().requests_per_call),
            received: CallMeter::new(egress.limits().received_bytes_per_call),
            egress,
            deadline,
        }
    }

    fn count(&mut self, requests: usize) -> Result<(), TooManyRequests> {
        self.requests.take(requests).map_err(|_| TooManyRequests)
    }
}

impl Host for HttpCapability {
    async fn send(&mut self, request: Request) -> wasmtime::Result<Result<Response, Error>> {
        self.count(1)?;
        let together = SharedMeter::within(&self.received, self.egress.limits().response_bytes);
        Ok(self.egress.send(request, self.deadline, together).await)
    }

    async fn send_all(
        &mut self,
        requests: Vec<Request>,
    ) -> wasmtime::Result<Vec<Result<Response, Error>>> {
        self.count(requests.len())?;
        let (egress, deadline) = (&*self.egress, self.deadline);
        let together = SharedMeter::within(&self.received, egress.limits().send_all_bytes);
        Ok(stream::iter(requests)
            .map(|request| egress.send(request, deadline, Arc::clone(&together)))
            .buffered(egress.limits().requests_at_once)
            .collect()
            .await)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use reqwest::header::HeaderMap;

    use super::*;
    use crate::contract::v0_2::bindings::capabilities::http::ErrorKind;
    use crate::egress::body_meter::BodyMeter;
    use crate::egress::transport::{HttpClient, HttpRequest, HttpResponse, TransportError};
    use crate::limits::Limits;
    use crate::testing::{AnswerBy, ManualClock};

    const ORIGIN: &str = "https://api.example.com";

    fn capability(limits: Limits, client: Arc<dyn HttpClient>) -> HttpCapability {
        let deadline = Deadline::after(limits.call_timeout, &*ManualClock::new());
        let grants = vec![ORIGIN.parse().expect("a grant")];
        let egress = Egress::new(client, grants, Arc::new(limits));
        HttpCapability::new(Arc::new(egress), deadline)
    }

    fn get(path: &str) -> Request {
        Request {
            method: "GET".to_owned(),
            url: format!("{ORIGIN}{path}"),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: None,
        }
    }

    /// Answers with the path.
    fn echo(request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        Ok(HttpResponse {
            status: 200,
            headers: HeaderMap::new(),
            body: request.url.path().as_bytes().to_vec(),
        })
    }

    #[tokio::test]
    async fn the_requests_of_a_call_are_counted() {
        let limits = Limits {
            requests_per_call: 3,
            ..Limits::recommended()
        };
        let mut http = capability(limits, Arc::new(AnswerBy(echo)));
        assert!(http.send(get("/")).await.is_ok());
        assert!(http.send_all(vec![get("/"), get("/")]).await.is_ok());
        let error = http.send(get("/")).await.expect_err("the fourth");
        assert!(error.is::<TooManyRequests>());
    }

    #[tokio::test]
    async fn answers_come_in_the_order_of_the_requests_and_a_failure_affects_no_other() {
        let mut http = capability(
            Limits::recommended(),
            Arc::new(AnswerBy(|request: &HttpRequest| match request.url.path() {
                "/2" => Err(TransportError::Denied("no".to_owned())),
                _ => echo(request),
            })),
        );
        let requests = ["/1", "/2", "/3"].map(get).to_vec();
        let answers = http.send_all(requests).await.expect("no trap");
        let bodies: Vec<_> = answers
            .into_iter()
            .map(|a| a.ok().map(|a| a.body))
            .collect();
        assert_eq!(bodies, [Some(b"/1".to_vec()), None, Some(b"/3".to_vec())]);
    }

    #[tokio::test]
    async fn the_answers_of_one_send_all_are_bounded_together() {
        let limits = Limits {
            send_all_bytes: 5,
            requests_at_once: 1,
            ..Limits::recommended()
        };
        let mut http = capability(limits, Arc::new(AnswerBy(echo)));
        let requests = ["/1", "/2", "/3"].map(get).to_vec();
        let answers = http.send_all(requests).await.expect("no trap");
        let kinds: Vec<_> = answers
            .into_iter()
            .map(|a| a.err().map(|e| e.kind))
            .collect();
        assert_eq!(kinds, [None, None, Some(ErrorKind::BodyTooLarge)]);
    }

    #[tokio::test]
    async fn no_more_requests_run_at_once_than_the_limit() {
        /// Requests that run, and how many ran at most.
        #[derive(Default)]
        struct Running(usize, usize);

        struct Counting(Mutex<Running>);

        #[async_trait]
        impl HttpClient for Counting {
            async fn send(
                &self,
                request: HttpRequest,
                _body: &mut BodyMeter,
            ) -> Result<HttpResponse, TransportError> {
                {
                    let mut running = self.0.lock().expect("no panic");
                    running.0 += 1;
                    running.1 = running.1.max(running.0);
                }
                tokio::task::yield_now().await;
                self.0.lock().expect("no panic").0 -= 1;
                echo(&request)
            }
        }

        let client = Arc::new(Counting(Mutex::default()));
        let limits = Limits {
            requests_at_once: 4,
            ..Limits::recommended()
        };
        let mut http = capability(limits, Arc::clone(&client) as Arc<_>);
        let answers = http.send_all(vec![get("/"); 20]).await.expect("no trap");
        assert_eq!(answers.len(), 20);
        assert_eq!(client.0.lock().expect("no panic").1, 4);
    }
}
