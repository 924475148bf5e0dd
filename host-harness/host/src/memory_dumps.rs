//! A test that the secret is never in a guest's memory: at each request and after each kind of call
//! of a real plugin, against a platform that checks its signatures, the whole linear memory is dumped
//! and searched.

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
use crate::loading::plugin::Plugin;
use crate::sandbox::engine;

const ACCESS_KEY_ID: &str = "AKIDINMEMORY";
const SECRET: &str = "secret-never-to-be-printed-nor-in-a-guest";
const REGION: &str = "eu-west-1";
const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

const ONE_STEP: &str = r#"{"Version": "2020-12-01", "Steps": [{"Name": "Work", "Type": "Processing", "Arguments": {}}]}"#;

/// The capacity of each memory in bytes, which is more than the plugin uses.
const CAPACITY: usize = 2 << 20;

/// The memories that are in use, and the dumps since the last search.
#[derive(Default)]
struct Memories {
    live: Mutex<Vec<Weak<Bytes>>>,
    dumps: Mutex<Vec<Vec<u8>>>,
}

/// Atomic, because the engine writes to the bytes behind a shared reference.
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

/// A memory that is dumped when the engine drops it.
struct Dumped {
    bytes: Arc<Bytes>,
    used: usize,
    memories: Arc<Memories>,
}

/// Makes memories that are dumped.
struct Dumping(Arc<Memories>);

/// The host's own client, which also dumps the memories when a request is sent, right after the
/// plugin has signed it.
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
    reason = "only memory that the test provides can be read after a call"
)]
// SAFETY: the bytes are on the heap and don't move; `byte_capacity` is their number, and the first
// `used` of them are in use; the engine and the dumps access them, the dumps only by atomic loads
// while no WebAssembly runs.
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
    reason = "only memory that the test provides can be read after a call"
)]
// SAFETY: the engine is configured to rely on neither a reservation nor guard pages, as asserted.
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

/// The real plugin in a host whose memories are dumped, and a platform that checks signatures.
struct Stage {
    memories: Arc<Memories>,
    plugin: Plugin,
    emulator: Emulator,
}

impl Stage {
    async fn new() -> Self {
        let emulator = Emulator::builder()
            .region(REGION)
            .credentials(sagemaker_emulator::Credentials::new(ACCESS_KEY_ID, SECRET))
            .pipeline("one-step", ONE_STEP);
        let memories = Arc::<Memories>::default();
        let host = host(&memories);
        let plugin = host.load(test_components::sagemaker_pipeline()).await;
        Self {
            plugin: plugin.expect("the plugin"),
            emulator: emulator.start().await.expect("an emulator"),
            memories,
        }
    }

    fn job_type(&self, secret: &str) -> JobType {
        let connection = Connection {
            region: REGION.to_owned(),
            endpoint: Some(self.emulator.url()),
            attributes: Vec::new(),
        };
        let credentials = Credentials::new(ACCESS_KEY_ID, secret, None, None, "test");
        let grants = Grants::none()
            .allow_http(self.emulator.url().parse().expect("a grant"))
            .allow_signing("sagemaker")
            .expect("a grant");
        let client = DumpingClient {
            client: ReqwestClient::new().expect("a client"),
            memories: Arc::clone(&self.memories),
        };
        let access = Access::new(grants, SharedCredentialsProvider::new(credentials))
            .with_http_client(Arc::new(client));
        self.plugin.for_connection(connection, access)
    }

    /// Searches what the calls since the last search have left, which must not hold the secret.
    /// Returns whether it holds the key's id.
    #[track_caller]
    fn search(&self, call: &str) -> bool {
        let dumps = std::mem::take(&mut *self.memories.dumps.lock().expect("no panic"));
        assert!(!dumps.is_empty(), "{call}: nothing was dumped");
        let (first, second) = SECRET.split_at(SECRET.len() / 2);
        for memory in &dumps {
            for part in [first, second] {
                assert!(!contains(memory, part), "{call}: the secret was in memory");
            }
        }
        dumps.iter().any(|memory| contains(memory, ACCESS_KEY_ID))
    }
}

#[tokio::test]
async fn the_secret_is_not_in_the_memory_of_a_plugin_after_any_kind_of_call() {
    let stage = Stage::new().await;
    assert!(!stage.search("describe"));

    let job_type = stage.job_type(SECRET);
    let job = Job {
        external_id: "one-step".to_owned(),
        attributes: Vec::new(),
        parameters: Vec::new(),
    };

    job_type.validate(&job, None).await.expect("no fault");
    assert!(!stage.search("validate"));

    // Each of these signs, so the key's id shows that the right memory is searched.
    macro_rules! signed {
        ($function:ident($($argument:expr),*)) => {{
            let answer = job_type.$function($($argument),*).await.expect("no fault");
            assert!(stage.search(stringify!($function)), stringify!($function));
            answer
        }};
    }
    signed!(test_connection()).expect("a connection");
    signed!(discover(None)).expect("jobs");
    signed!(inspect("one-step")).expect("a job");
    let started = signed!(start(&job, GUID)).expect("a run");
    let run = Run {
        external_id: Some(job.external_id.clone()),
        run_id: started.run_id,
    };
    signed!(status(&run)).expect("a status");
    signed!(steps(&run, None)).expect("steps");
    signed!(cancel(&run, GUID)).expect("a cancellation");
    signed!(retry(&run, &[], GUID)).expect_err("nothing to retry");

    let url = job_type.monitor_url(&run).await.expect("no fault");
    url.expect("a URL");
    assert!(!stage.search("monitor-url"));
}

#[tokio::test]
async fn a_refused_secret_is_not_in_the_memory_of_a_plugin_after_the_refresh() {
    let stage = Stage::new().await;
    assert!(!stage.search("describe"));

    let job_type = stage.job_type(&format!("not-the-{SECRET}"));
    let report = job_type.test_connection().await.expect("no fault");
    report.expect_err("refused");
    assert!(stage.search("test-connection with a wrong secret"));
}
