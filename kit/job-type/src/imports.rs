//! The real host: the imports of the contract.

use crate::contract::aws_signing::{self, Error as SigningError, Scope};
use crate::contract::http::{self, Error as HttpError, Request, Response};
use crate::contract::log::{self, Level};
use crate::contract::{aws_signing::Credentials, clock};
use crate::host::{Host, SigningCredentials};

/// The imports. They exist only in a component: a native call panics.
#[derive(Debug, Clone, Copy, Default)]
pub struct Imports;

impl Host for Imports {
    fn send(&self, request: &Request) -> Result<Response, HttpError> {
        http::send(request)
    }

    fn send_all(&self, requests: &[Request]) -> Vec<Result<Response, HttpError>> {
        http::send_all(requests)
    }

    fn credentials(&self, scope: &Scope) -> Result<SigningCredentials, SigningError> {
        aws_signing::get(scope).map(Credentials::into)
    }

    fn refresh_credentials(&self, scope: &Scope) -> Result<SigningCredentials, SigningError> {
        aws_signing::refresh(scope).map(Credentials::into)
    }

    fn now(&self) -> u64 {
        clock::now()
    }

    fn deadline(&self) -> u64 {
        clock::deadline()
    }

    fn jitter(&self, max_milliseconds: u64) -> u64 {
        clock::jitter(max_milliseconds)
    }

    fn sleep(&self, milliseconds: u64) {
        clock::sleep(milliseconds);
    }

    fn log(&self, level: Level, message: &str) {
        log::write(level, message);
    }
}
