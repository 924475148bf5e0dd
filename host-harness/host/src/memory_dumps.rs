//! The secret is never in a guest's memory: at each request and after each kind of call of a real
//! plugin, against a platform that checks its signatures, the whole linear memory is dumped and
//! looked through.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, Weak};

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use sagemaker_emulator::Emulator;
use wasmtime::{InstanceAllocationStrategy, LinearMemory, MemoryCreator, MemoryType};

use crate::access::Access;
use crate::access::grants::Grants;
use crate::contract::{Connection, Job, Run};
use crate::egress::body_meter::BodyMeter;
use crate::egress::client::ReqwestClient;
use crate::egress::transport::{HttpClient, HttpRequest, HttpResponse, TransportError};
use crate::host::Host;
use crate::job_type::JobType;
use crate::limits::Limits;
use crate::sandbox::engine;

const ACCESS_KEY_ID: &str = "AKIDINMEMORY";
const SECRET: &str = "secret-never-to-be-printed-nor-in-a-guest";
const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

const ONE_STEP: &str = r#"{"Version": "2020-12-01", "Steps": [{"Name": "Work", "Type": "Processing", "Arguments": {}}]}"#;

/// More than the plugin uses, in bytes.
const CAPACITY: usize = 2 << 20;

/// The memories that are in use, and what memories held.
#[derive(Default)]
struct Memories {
    live: Mutex<Vec<Weak<Bytes>>>,
    dumps: Mutex<Vec<Vec<u8>>>,
}

/// Atomic, because the engine writes to them behind a shared reference.
type Bytes = [AtomicU8];

impl Memories {
    fn dump(&self, bytes: &Bytes) {
        let dump = bytes.iter().map(|byte| byte.load(Ordering::Relaxed));
        self.dumps.lock().expect("no panic").push(dump.collect());
    }

    fn dump_live(&self) {
        let live = self.live.lock().expect("no panic");
        for memory in live.iter().filter_map(Weak::upgrade) {
            self.dump(&memory);
        }
    }
}

/// A memory that is dumped when it is given back.
struct Dumped {
    bytes: Arc<Bytes>,
    used: usize,
    memories: Arc<Memories>,
}

/// Makes such memories.
struct Dumping(Arc<Memories>);

/// The host's own client, which dumps the memories when a request is sent: its signature was made
/// just before.
struct DumpingClient {
    client: ReqwestClient,
    memories: Arc<Memories>,
}

#[async_trait]
impl HttpClient for DumpingClient {
    async fn send(
        &self,
        request: HttpRequest,
        body: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        self.memories.dump_live();
        self.client.send(request, body).await
    }
}

#[allow(
    unsafe_code,
    reason = "memory of the host's own is the only way to see it after a call"
)]
// SAFETY: the bytes are on the heap and stay where they are; there are as many as `byte_capacity`
// says, of which the first `used` are in use; only the engine reads and writes them.
unsafe impl LinearMemory for Dumped {
    fn byte_size(&self) -> usize {
        self.used
    }

    fn byte_capacity(&self) -> usize {
        self.bytes.len()
    }

    fn grow_to(&mut self, size: usize) -> wasmtime::Result<()> {
        assert!(size <= self.bytes.len());
        self.used = size;
        Ok(())
    }

    fn as_ptr(&self) -> *mut u8 {
        self.bytes.as_ptr().cast_mut().cast()
    }
}

#[allow(
    unsafe_code,
    reason = "memory of the host's own is the only way to see it after a call"
)]
// SAFETY: the engine is told to count on neither a reservation nor guard pages.
unsafe impl MemoryCreator for Dumping {
    fn new_memory(
        &self,
        _: MemoryType,
        minimum: usize,
        _: Option<usize>,
        reserved: Option<usize>,
        guard: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        assert_eq!((reserved.unwrap_or(0), guard), (0, 0));
        let bytes: Arc<Bytes> = (0..CAPACITY).map(|_| AtomicU8::new(0)).collect();
        self.0
            .live
            .lock()
            .expect("no panic")
            .push(Arc::downgrade(&bytes));
        Ok(Box::new(Dumped {
            bytes,
            used: minimum,
            memories: Arc::clone(&self.0),
        }))
    }
}

impl Drop for Dumped {
    fn drop(&mut self) {
        self.memories.dump(&self.bytes[..self.used]);
    }
}

/// A host whose plugins' memories are dumped.
fn host(memories: &Arc<Memories>) -> Host {
    let limits = Limits::recommended();
    let mut config = engine::config(&limits, None);
    config
        .allocation_strategy(InstanceAllocationStrategy::OnDemand)
        .memory_init_cow(false)
        .with_host_memory(Arc::new(Dumping(Arc::clone(memories))))
        .memory_reservation(0)
        .memory_reservation_for_growth(0)
        .memory_guard_size(0);
    Host::build(limits, &config).expect("a host")
}

fn contains(memory: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(memory).contains(text)
}

/// Looks through what the calls since the last look have left: whether the key's id was there.
#[track_caller]
fn look_through(memories: &Memories, call: &str) -> bool {
    let dumps = std::mem::take(&mut *memories.dumps.lock().expect("no panic"));
    assert!(!dumps.is_empty(), "{call}: nothing was dumped");
    let (first, second) = SECRET.split_at(SECRET.len() / 2);
    for memory in &dumps {
        for part in [first, second] {
            assert!(!contains(memory, part), "{call}: the secret was in memory");
        }
    }
    dumps.iter().any(|memory| contains(memory, ACCESS_KEY_ID))
}

#[tokio::test]
async fn the_secret_is_not_in_the_memory_of_a_plugin_after_any_kind_of_call() {
    let emulator = Emulator::builder()
        .region("eu-west-1")
        .credentials(sagemaker_emulator::Credentials::new(ACCESS_KEY_ID, SECRET))
        .pipeline("one-step", ONE_STEP);
    let emulator = emulator.start().await.expect("an emulator");
    let memories = Arc::<Memories>::default();
    let plugin = host(&memories)
        .load(test_components::sagemaker_pipeline())
        .await
        .expect("the plugin");
    assert!(!look_through(&memories, "describe"));

    let connection = Connection {
        region: "eu-west-1".to_owned(),
        endpoint: Some(emulator.url()),
        attributes: Vec::new(),
    };
    let credentials = |secret: &str| {
        let found = Credentials::new(ACCESS_KEY_ID, secret, None, None, "test");
        let grants = Grants::none()
            .allow_http(emulator.url().parse().expect("a grant"))
            .allow_signing("sagemaker")
            .expect("a grant");
        let client = DumpingClient {
            client: ReqwestClient::new().expect("a client"),
            memories: Arc::clone(&memories),
        };
        let access = Access::new(grants, SharedCredentialsProvider::new(found))
            .with_http_client(Arc::new(client));
        plugin.for_connection(connection.clone(), access)
    };
    let job_type: JobType = credentials(SECRET);
    let job = Job {
        external_id: "one-step".to_owned(),
        attributes: Vec::new(),
        parameters: Vec::new(),
    };

    job_type.validate(&job, None).await.expect("no fault");
    assert!(!look_through(&memories, "validate"));

    // Each of these signs, so that the key's id shows that the right memory is looked at.
    macro_rules! signed {
        ($function:ident($($argument:expr),*)) => {{
            let answer = job_type.$function($($argument),*).await.expect("no fault");
            assert!(look_through(&memories, stringify!($function)), stringify!($function));
            answer
        }};
    }
    signed!(test_connection()).expect("a connection");
    signed!(discover(None)).expect("jobs");
    signed!(inspect("one-step")).expect("a job");
    let started = signed!(start(&job, GUID)).expect("a run");
    let run = Run {
        external_id: job.external_id.clone(),
        run_id: started.run_id,
    };
    signed!(status(&run)).expect("a status");
    signed!(steps(&run, None)).expect("steps");
    signed!(cancel(&run, GUID)).expect("a cancellation");
    signed!(retry(&run, &[], GUID)).expect_err("nothing to retry");

    job_type
        .monitor_url(&run)
        .await
        .expect("no fault")
        .expect("an address");
    assert!(!look_through(&memories, "monitor-url"));

    // Refused, refreshed, and refused again.
    let refused = credentials(&format!("not-the-{SECRET}"));
    refused
        .test_connection()
        .await
        .expect("no fault")
        .expect_err("refused");
    assert!(look_through(
        &memories,
        "test-connection with a wrong secret"
    ));
}
