//! What the handles stand for. A handle is a number and not an address, so that one that was closed already,
//! or twice, or is of the wrong kind, is an error and nothing worse; and so that handles can be closed in any
//! order and from any thread. No number is given out twice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::connection::EmbeddedConnection;
use crate::errors::Failure;
use crate::host::EmbeddedHost;
use crate::slot::EmbeddedSlot;
use crate::status::PsStatus;

/// The handles of the process: a C ABI has nowhere else to keep them.
static OBJECTS: LazyLock<RwLock<HashMap<u64, Object>>> = LazyLock::new(RwLock::default);
static NEXT: AtomicU64 = AtomicU64::new(1);

/// What a handle stands for.
#[derive(Debug, Clone)]
pub(crate) enum Object {
    Host(Arc<EmbeddedHost>),
    Slot(Arc<EmbeddedSlot>),
    Connection(Arc<EmbeddedConnection>),
}

impl Object {
    fn kind(&self) -> &'static str {
        match self {
            Self::Host(_) => "host",
            Self::Slot(_) => "slot",
            Self::Connection(_) => "connection",
        }
    }

    fn host(&self) -> &Arc<EmbeddedHost> {
        match self {
            Self::Host(host) => host,
            Self::Slot(slot) => &slot.host,
            Self::Connection(connection) => &connection.host,
        }
    }
}

/// Gives out a number.
pub(crate) fn number() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Keeps a host under its number.
pub(crate) fn keep_host(host: Arc<EmbeddedHost>) {
    write().insert(host.number, Object::Host(host));
}

/// Keeps a slot or a connection under its number, as long as its host is there.
///
/// # Errors
/// The host is gone.
pub(crate) fn keep(number: u64, object: Object) -> Result<(), Failure> {
    let mut objects = write();
    let host = object.host().number;
    if !objects.contains_key(&host) {
        return Err(not_found(host));
    }
    objects.insert(number, object);
    Ok(())
}

/// What a handle stands for.
///
/// # Errors
/// Nothing.
pub(crate) fn find(handle: u64) -> Result<Object, Failure> {
    read()
        .get(&handle)
        .cloned()
        .ok_or_else(|| not_found(handle))
}

/// The host that a handle stands for.
///
/// # Errors
/// It stands for nothing, or for something else.
pub(crate) fn host(handle: u64) -> Result<Arc<EmbeddedHost>, Failure> {
    match find(handle)? {
        Object::Host(host) => Ok(host),
        other => Err(wrong_kind(handle, &other, "host")),
    }
}

/// The slot that a handle stands for.
///
/// # Errors
/// As for [`host`].
pub(crate) fn slot(handle: u64) -> Result<Arc<EmbeddedSlot>, Failure> {
    match find(handle)? {
        Object::Slot(slot) => Ok(slot),
        other => Err(wrong_kind(handle, &other, "slot")),
    }
}

/// Forgets a slot or a connection.
pub(crate) fn forget(handle: u64) {
    // What is dropped may itself take time: not under the lock.
    let object = write().remove(&handle);
    drop(object);
}

/// Forgets a host, with its slots and connections.
pub(crate) fn forget_host(host: &Arc<EmbeddedHost>) {
    let objects: Vec<_> = {
        let mut objects = write();
        let is_of_host = |object: &Object| Arc::ptr_eq(object.host(), host);
        let numbers = objects.iter().filter(|(_, object)| is_of_host(object));
        let numbers: Vec<_> = numbers.map(|(number, _)| *number).collect();
        numbers
            .iter()
            .filter_map(|number| objects.remove(number))
            .collect()
    };
    drop(objects);
}

fn read() -> RwLockReadGuard<'static, HashMap<u64, Object>> {
    OBJECTS.read().unwrap_or_else(PoisonError::into_inner)
}

fn write() -> RwLockWriteGuard<'static, HashMap<u64, Object>> {
    OBJECTS.write().unwrap_or_else(PoisonError::into_inner)
}

fn not_found(handle: u64) -> Failure {
    Failure::host(
        PsStatus::NotFound,
        "NoSuchHandle",
        format!("the handle {handle} stands for nothing: it was closed, or its host is"),
        "Use handles that this library gave, until you close them.",
    )
}

fn wrong_kind(handle: u64, object: &Object, wanted: &str) -> Failure {
    let kind = object.kind();
    Failure::host(
        PsStatus::Invalid,
        "WrongHandle",
        format!("the handle {handle} is that of a {kind}, and this needs a {wanted}"),
        "Pass the other handle.",
    )
}
