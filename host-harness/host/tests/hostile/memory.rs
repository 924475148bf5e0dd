//! Calls that together take more memory than all calls may.

use std::sync::Arc;

use async_trait::async_trait;
use polysync_host::{
    BodyMeter, CallFault, HttpClient, HttpRequest, HttpResponse, Limits, TransportError,
};
use tokio::sync::Semaphore;

use crate::stage::{Function, Stage};

const ORIGIN: &str = "https://gate.example";
const MIB: usize = 1 << 20;

/// Answers each request when the gate is opened for it.
#[derive(Clone)]
struct Gate {
    arrived: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

#[async_trait]
impl HttpClient for Gate {
    async fn send(
        &self,
        _: HttpRequest,
        _: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        self.arrived.add_permits(1);
        self.open.acquire().await.expect("it stays open").forget();
        Ok(HttpResponse {
            status: 200,
            headers: Default::default(),
            body: Vec::new(),
        })
    }
}

#[tokio::test]
async fn two_calls_together_take_more_than_all_may_and_each_alone_does_not() {
    let gate = Gate {
        arrived: Arc::new(Semaphore::new(0)),
        open: Arc::new(Semaphore::new(0)),
    };
    // Each of three calls, and the loading of a plugin, has a share of 8 MiB; 32 MiB are left.
    let limits = Limits {
        concurrent_calls: 3,
        total_memory_bytes: 64 * MIB,
        ..Limits::recommended()
    };
    let stage = Stage::new(limits).await;
    let stage = stage.grant(ORIGIN).client(gate.clone());
    let order = format!("hold-memory 24 {ORIGIN}/");

    let first = stage.call_alone(Function::Status, &order);
    let others = async {
        gate.arrived
            .acquire()
            .await
            .expect("the first holds its memory")
            .forget();
        let second = stage.call_alone(Function::Status, &order).await;
        let fault = CallFault::HostOutOfMemory { limit: 64 * MIB };
        assert_eq!(second, Err(fault));
        let modest = stage.call_alone(Function::Status, "log-line").await;
        assert_eq!(modest.as_deref(), Ok("logged"), "it has a share of its own");
        gate.open.add_permits(1);
    };
    let (first, ()) = tokio::join!(first, others);
    assert_eq!(first.as_deref(), Ok("status 200"));

    gate.open.add_permits(1);
    let alone = stage.order(&order).await;
    assert_eq!(alone.as_deref(), Ok("status 200"));
}
