//! The functions that other languages call. Each checks its arguments, does its work elsewhere, and lets no
//! panic out.

#![allow(
    unsafe_code,
    reason = "the functions are exported, and read and write what the caller points to"
)]

use std::ffi::c_char;
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use crate::connection::EmbeddedConnection;
use crate::errors::Failure;
use crate::host::EmbeddedHost;
use crate::panics::caught;
use crate::queue::Next;
use crate::registry::{self, Object};
use crate::slot::EmbeddedSlot;
use crate::status::PsStatus;

/// The version of this interface. A program that was built for another one doesn't use the library.
pub const PS_ABI_VERSION: u32 = 1;

/// A host, a slot or a connection. 0 is none.
pub type PsHandle = u64;

/// Text that the library made: UTF-8, with a zero after its end. `ps_text_free` frees it.
#[repr(C)]
#[derive(Debug)]
pub struct PsText {
    /// Null where the text is absent.
    pub data: *mut c_char,
    /// In bytes, without the zero.
    pub length: usize,
}

impl PsText {
    const NONE: Self = Self {
        data: std::ptr::null_mut(),
        length: 0,
    };

    fn new(text: String) -> Self {
        let length = text.len();
        let mut bytes = text.into_bytes();
        bytes.push(0);
        let bytes = Box::leak(bytes.into_boxed_slice());
        Self {
            data: bytes.as_mut_ptr().cast(),
            length,
        }
    }
}

/// The version of the interface, which a program compares with `PS_ABI_VERSION` of its header.
#[unsafe(no_mangle)]
pub extern "C" fn ps_abi_version() -> u32 {
    PS_ABI_VERSION
}

/// The version of the library, such as `0.1.0`.
#[unsafe(no_mangle)]
pub extern "C" fn ps_version() -> PsText {
    PsText::new(env!("CARGO_PKG_VERSION").to_owned())
}

/// Makes a host. `options` is JSON, or empty. Blocks for some milliseconds.
///
/// As all functions that have one, this one always writes `error`: a text without `data`, or the JSON of an
/// error, which the caller frees.
///
/// # Safety
/// `options` points to `length` bytes; `host` and `error` point to where their values go, or are null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ps_host_new(
    options: *const c_char,
    length: usize,
    host: *mut PsHandle,
    error: *mut PsText,
) -> PsStatus {
    // SAFETY: the caller promises it.
    let options = unsafe { text(options, length) };
    let made = caught(|| {
        let number = registry::number();
        registry::keep_host(EmbeddedHost::new(number, options?)?);
        Ok(number)
    });
    // SAFETY: the caller promises it.
    unsafe { give(made, host, error) }
}

/// Makes an empty slot of a host. Call `load` on it next.
///
/// # Safety
/// `slot` and `error` point to where their values go, or are null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ps_slot_new(
    host: PsHandle,
    slot: *mut PsHandle,
    error: *mut PsText,
) -> PsStatus {
    let made = caught(|| {
        let host = registry::host(host)?;
        let number = registry::number();
        let embedded = EmbeddedSlot::new(number, host);
        registry::keep(number, Object::Slot(Arc::new(embedded)))?;
        Ok(number)
    });
    // SAFETY: the caller promises it.
    unsafe { give(made, slot, error) }
}

/// Makes a connection of a slot that has a plugin. `document` is JSON.
///
/// # Safety
/// `document` points to `length` bytes; `connection` and `error` point to where their values go, or are
/// null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ps_connection_new(
    slot: PsHandle,
    document: *const c_char,
    length: usize,
    connection: *mut PsHandle,
    error: *mut PsText,
) -> PsStatus {
    // SAFETY: the caller promises it.
    let document = unsafe { text(document, length) };
    let made = caught(|| {
        let embedded = EmbeddedConnection::new(&*registry::slot(slot)?, document?)?;
        let number = registry::number();
        registry::keep(number, Object::Connection(Arc::new(embedded)))?;
        Ok(number)
    });
    // SAFETY: the caller promises it.
    unsafe { give(made, connection, error) }
}

/// Begins a call on a host, a slot or a connection. `request` is JSON. One event `answer` or `error` with the
/// number of the call ends it, if this function returns `PS_STATUS_OK`. Doesn't block.
///
/// Where another thread takes the events, it may take that event before this function returns.
///
/// # Safety
/// `request` points to `length` bytes; `call` and `error` point to where their values go, or are null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ps_call(
    handle: PsHandle,
    request: *const c_char,
    length: usize,
    call: *mut u64,
    error: *mut PsText,
) -> PsStatus {
    // SAFETY: the caller promises it.
    let request = unsafe { text(request, length) };
    let begun = caught(|| match registry::find(handle)? {
        Object::Host(host) => host.call(request?),
        Object::Slot(slot) => slot.call(request?),
        Object::Connection(connection) => connection.call(request?),
    });
    // SAFETY: the caller promises it.
    unsafe { give(begun, call, error) }
}

/// Ends a call early. Its event comes all the same, and the platform may have done what was asked. Returns
/// `PS_STATUS_NOT_FOUND` where the call has ended already, or was cancelled already. Doesn't block.
#[unsafe(no_mangle)]
pub extern "C" fn ps_cancel(host: PsHandle, call: u64) -> PsStatus {
    match caught(|| Ok(registry::host(host)?.cancel(call))) {
        Ok(true) => PsStatus::Ok,
        Ok(false) => PsStatus::NotFound,
        Err(failure) => failure.status(),
    }
}

/// Answers a question: an event `credentials-asked` or `http-asked`. `answer` is JSON. Returns
/// `PS_STATUS_NOT_FOUND` where nobody waits for it any more. Doesn't block.
///
/// # Safety
/// `answer` points to `length` bytes; `error` points to where its value goes, or is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ps_answer(
    host: PsHandle,
    question: u64,
    answer: *const c_char,
    length: usize,
    error: *mut PsText,
) -> PsStatus {
    // SAFETY: the caller promises it.
    let answer = unsafe { text(answer, length) };
    let given = caught(|| {
        let is_taken = registry::host(host)?
            .questions
            .answer(question, answer?.to_owned());
        is_taken.then_some(()).ok_or_else(|| {
            Failure::host(
                PsStatus::NotFound,
                "Withdrawn",
                format!("nobody waits for the answer to question {question}"),
                "",
            )
        })
    });
    // SAFETY: the caller promises it.
    unsafe { give(given, std::ptr::null_mut(), error) }
}

/// Takes the next event of a host: JSON. Blocks for `timeout_milliseconds` at most, for ever where that is
/// negative. Returns `PS_STATUS_TIMEOUT` where none came, and `PS_STATUS_CLOSED` after the event `closed`, to
/// each thread that waits, when the host is gone with all its handles. With any other status, `event` is an error's
/// document. Several threads may take events.
///
/// # Safety
/// `event` points to where its value goes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ps_next(
    host: PsHandle,
    timeout_milliseconds: i64,
    event: *mut PsText,
) -> PsStatus {
    let timeout = match u64::try_from(timeout_milliseconds) {
        Ok(milliseconds) => Duration::from_millis(milliseconds),
        Err(_) => Duration::MAX,
    };
    let next = caught(|| {
        let embedded = registry::host(host)?;
        let next = embedded.next(timeout);
        if next == Next::Closed {
            registry::forget_host(&embedded);
            embedded.shut_down();
        }
        Ok(next)
    });
    let (status, text) = match next {
        Ok(Next::Event(text)) => (PsStatus::Ok, Some(text)),
        Ok(Next::Nothing) => (PsStatus::Timeout, None),
        Ok(Next::Closed) => (PsStatus::Closed, None),
        Err(failure) => (failure.status(), Some(failure.to_json())),
    };
    // SAFETY: the caller promises it.
    unsafe { put(event, text.map_or(PsText::NONE, PsText::new)) };
    status
}

/// Closes a handle. Doesn't block.
///
/// A slot or a connection is gone at once; its calls that are under way end by themselves, and their events
/// come. Of a host all calls end, and the event `closed` is its last: take events until `ps_next` returns
/// `PS_STATUS_CLOSED`. A host that is closed once more is gone at once, whatever events it has.
#[unsafe(no_mangle)]
pub extern "C" fn ps_close(handle: PsHandle) -> PsStatus {
    let closed = caught(|| {
        match registry::find(handle)? {
            Object::Host(host) if host.close() => {}
            Object::Host(host) => {
                registry::forget_host(&host);
                host.shut_down();
            }
            Object::Slot(_) | Object::Connection(_) => registry::forget(handle),
        }
        Ok(())
    });
    closed.map_or_else(|failure| failure.status(), |()| PsStatus::Ok)
}

/// Frees a text. One whose `data` is null is nothing to free.
///
/// # Safety
/// The text came from this library and wasn't freed before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ps_text_free(text: PsText) {
    if text.data.is_null() {
        return;
    }
    let bytes = std::ptr::slice_from_raw_parts_mut(text.data.cast::<u8>(), text.length + 1);
    // SAFETY: `PsText::new` made a box of this many bytes of it, and the caller gives it up.
    drop(unsafe { Box::from_raw(bytes) });
}

/// The text that an argument is.
///
/// # Safety
/// `data` points to `length` bytes that nobody changes as long as the text is used, or `length` is 0.
unsafe fn text<'a>(data: *const c_char, length: usize) -> Result<&'a str, Failure> {
    if data.is_null() || length == 0 {
        return Ok("");
    }
    // SAFETY: the caller promises it.
    let bytes = unsafe { slice::from_raw_parts(data.cast::<u8>(), length) };
    std::str::from_utf8(bytes).map_err(|error| {
        let hint = "Pass UTF-8, and its length in bytes.";
        Failure::invalid(format!("an argument is not UTF-8: {error}"), hint)
    })
}

/// Gives a value or an error to where the caller wants it.
///
/// # Safety
/// Both pointers are null or point to where their values go.
unsafe fn give<T>(result: Result<T, Failure>, value: *mut T, error: *mut PsText) -> PsStatus {
    let (status, text) = match result {
        Ok(made) => {
            // SAFETY: the caller promises it.
            unsafe { put(value, made) };
            (PsStatus::Ok, PsText::NONE)
        }
        Err(failure) if error.is_null() => (failure.status(), PsText::NONE),
        Err(failure) => (failure.status(), PsText::new(failure.to_json())),
    };
    // SAFETY: the caller promises it.
    unsafe { put(error, text) };
    status
}

/// # Safety
/// `place` is null or points to where a value goes. What is there is overwritten and not freed.
unsafe fn put<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: the caller promises it.
        unsafe { place.write(value) };
    }
}
