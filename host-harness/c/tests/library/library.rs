//! The library as a program uses it: a host, its events, and an emulated platform.
#![allow(unsafe_code, reason = "the tests call functions with C's conventions")]

use std::ffi::c_char;
use std::time::Duration;

use polysync_host_c::PsStatus;
use polysync_host_c::abi::{
    PsHandle, PsText, ps_answer, ps_call, ps_cancel, ps_close, ps_connection_new, ps_host_new,
    ps_next, ps_slot_new, ps_text_free,
};
use sagemaker_emulator::Emulator;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const PIPELINE: &str = r#"{
    "Version": "2020-12-01",
    "Steps": [{ "Name": "Train", "Type": "Training", "Arguments": {} }]
}"#;

/// A host. It is closed when it is dropped.
pub(crate) struct Library {
    pub(crate) host: PsHandle,
    /// Events that came before the one that was waited for.
    pub(crate) passed: Vec<Value>,
}

impl Library {
    pub(crate) fn new() -> Self {
        Self::with_options(&json!({}))
    }

    pub(crate) fn with_options(options: &Value) -> Self {
        let host = host_new(&options.to_string()).expect("a host");
        Self {
            host,
            passed: Vec::new(),
        }
    }

    /// A slot with this component.
    pub(crate) fn slot(&mut self, component: &std::path::Path) -> PsHandle {
        let slot = slot_new(self.host).expect("a slot");
        let load = json!({ "call": "load", "source": { "file": component } });
        let answer = self.answer(slot, &load).expect("the plugin loads");
        assert_eq!(answer["outcome"], "loaded");
        slot
    }

    /// Makes a call and waits for its answer, or its error.
    pub(crate) fn answer(&mut self, handle: PsHandle, request: &Value) -> Result<Value, Value> {
        let call = call(handle, request).expect("the call is accepted");
        self.ended(call)
    }

    /// Waits for the end of a call.
    pub(crate) fn ended(&mut self, call: u64) -> Result<Value, Value> {
        let event = self.event(|event| event["call"] == call);
        match event["event"].as_str() {
            Some("answer") => Ok(event["answer"].clone()),
            _ => Err(event["error"].clone()),
        }
    }

    /// Waits for an event.
    pub(crate) fn event(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(place) = self.passed.iter().position(&is_wanted) {
            return self.passed.remove(place);
        }
        loop {
            let event = next(self.host, 60_000).expect("an event within a minute");
            if is_wanted(&event) {
                return event;
            }
            self.passed.push(event);
        }
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        ps_close(self.host);
        ps_close(self.host);
    }
}

/// SageMaker, with a pipeline `p` of one step that takes an hour, in a runtime of its own.
pub(crate) struct Platform {
    pub(crate) emulator: Emulator,
    _runtime: Runtime,
}

impl Platform {
    pub(crate) fn start() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let started = Emulator::builder()
            .pipeline("p", PIPELINE)
            .step_duration(Duration::from_secs(3600))
            .start();
        let emulator = runtime.block_on(started).expect("the emulator starts");
        Self {
            emulator,
            _runtime: runtime,
        }
    }

    /// A connection to it, with everything granted, and these members beside.
    pub(crate) fn connection(&self, members: Value) -> Value {
        let url = self.emulator.url();
        let mut document = json!({
            "name": "test",
            "connection": { "region": "us-east-1", "endpoint": url },
            "grants": { "http": [url], "awsSigning": ["sagemaker", "logs"] },
        });
        let document_members = document.as_object_mut().expect("an object");
        document_members.extend(members.as_object().expect("an object").clone());
        document
    }
}

/// The credentials that the emulator takes, as the answer to a question.
pub(crate) fn emulator_credentials() -> Value {
    json!({ "accessKeyId": "emulator", "secretAccessKey": "emulator-secret" })
}

/// The text, which is freed.
pub(crate) fn taken(text: PsText) -> String {
    let copy = match text.data.is_null() {
        true => String::new(),
        false => {
            // SAFETY: the library made it of this many bytes.
            let bytes = unsafe { std::slice::from_raw_parts(text.data.cast(), text.length) };
            String::from_utf8(bytes.to_vec()).expect("UTF-8")
        }
    };
    // SAFETY: it came from the library, and nobody has it any more.
    unsafe { ps_text_free(text) };
    copy
}

fn nothing() -> PsText {
    PsText {
        data: std::ptr::null_mut(),
        length: 0,
    }
}

/// What a function gave, or its status and its error.
type Given<T> = Result<T, (PsStatus, Value)>;

fn given<T>(status: PsStatus, value: T, error: PsText) -> Given<T> {
    let error = taken(error);
    match status {
        PsStatus::Ok => Ok(value),
        status => {
            let document: Value = serde_json::from_str(&error).unwrap_or_default();
            Err((status, document["error"].clone()))
        }
    }
}

fn pointer(text: &str) -> *const c_char {
    text.as_ptr().cast()
}

pub(crate) fn host_new(options: &str) -> Given<PsHandle> {
    let (mut host, mut error) = (0, nothing());
    // SAFETY: the pointers are to values that live longer than the call.
    let status = unsafe {
        ps_host_new(
            pointer(options),
            options.len(),
            &raw mut host,
            &raw mut error,
        )
    };
    given(status, host, error)
}

pub(crate) fn slot_new(host: PsHandle) -> Given<PsHandle> {
    let (mut slot, mut error) = (0, nothing());
    // SAFETY: as above.
    let status = unsafe { ps_slot_new(host, &raw mut slot, &raw mut error) };
    given(status, slot, error)
}

pub(crate) fn connection_new(slot: PsHandle, document: &Value) -> Given<PsHandle> {
    let (mut connection, mut error) = (0, nothing());
    let text = document.to_string();
    // SAFETY: as above.
    let status = unsafe {
        let error = &raw mut error;
        ps_connection_new(slot, pointer(&text), text.len(), &raw mut connection, error)
    };
    given(status, connection, error)
}

pub(crate) fn call(handle: PsHandle, request: &Value) -> Given<u64> {
    call_text(handle, request.to_string().as_bytes())
}

pub(crate) fn call_text(handle: PsHandle, request: &[u8]) -> Given<u64> {
    let (mut call, mut error) = (0, nothing());
    let pointer = request.as_ptr().cast();
    // SAFETY: as above.
    let status = unsafe {
        ps_call(
            handle,
            pointer,
            request.len(),
            &raw mut call,
            &raw mut error,
        )
    };
    given(status, call, error)
}

pub(crate) fn cancel(host: PsHandle, call: u64) -> PsStatus {
    ps_cancel(host, call)
}

pub(crate) fn reply(host: PsHandle, question: u64, answer: &Value) -> PsStatus {
    let text = answer.to_string();
    let mut error = nothing();
    // SAFETY: as above.
    let status = unsafe { ps_answer(host, question, pointer(&text), text.len(), &raw mut error) };
    taken(error);
    status
}

pub(crate) fn next(host: PsHandle, milliseconds: i64) -> Given<Value> {
    let mut event = nothing();
    // SAFETY: as above.
    let status = unsafe { ps_next(host, milliseconds, &raw mut event) };
    let text = taken(event);
    let document: Value = serde_json::from_str(&text).unwrap_or_default();
    match status {
        PsStatus::Ok => Ok(document),
        status => Err((status, document["error"].clone())),
    }
}
