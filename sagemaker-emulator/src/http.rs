//! The emulator over HTTP: the API at `/`, the admin paths under `/_emulator/`.

mod admin;
mod endpoint;
mod injection;
mod reply;
mod request;
pub(crate) mod router;
mod service;
