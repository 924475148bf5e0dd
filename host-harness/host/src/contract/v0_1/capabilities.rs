//! The four capabilities for plugins of version 0.1: those of version 0.2, in its types.

use super::bindings::capabilities::{aws_signing, clock, http, log};
use super::translate::{Translate, cases, record};
use crate::capabilities::aws_signing::SigningCapability;
use crate::capabilities::clock::ClockCapability;
use crate::capabilities::http::HttpCapability;
use crate::capabilities::log::LogCapability;
use crate::contract::v0_2::bindings::capabilities::{
    aws_signing as aws_signing_0_2, clock as clock_0_2, http as http_0_2, log as log_0_2,
};

record!(aws_signing => aws_signing_0_2, Scope { date, region, service });
record!(aws_signing_0_2 => aws_signing, Credentials {
    access_key_id, session_token, expires_at, signing_key,
});
cases!(aws_signing_0_2 => aws_signing, ErrorKind { NotGranted, Unavailable });
record!(aws_signing_0_2 => aws_signing, Error { kind, message });

record!(http => http_0_2, Header { name, value });
record!(http => http_0_2, Request {
    method, url, headers, body,
} adding timeout: None);
record!(http_0_2 => http, Header { name, value });
record!(http_0_2 => http, Response { status, headers, body });
cases!(http_0_2 => http, ErrorKind { Denied, Timeout, Connect, Tls, BodyTooLarge, Protocol });
record!(http_0_2 => http, Error { kind, message });

cases!(log => log_0_2, Level { Trace, Debug, Info, Warn, Error });

impl aws_signing::Host for SigningCapability {
    async fn get(
        &mut self,
        scope: aws_signing::Scope,
    ) -> Result<aws_signing::Credentials, aws_signing::Error> {
        let got = aws_signing_0_2::Host::get(self, scope.translate()).await;
        got.map(Translate::translate).map_err(Translate::translate)
    }

    async fn refresh(
        &mut self,
        scope: aws_signing::Scope,
    ) -> Result<aws_signing::Credentials, aws_signing::Error> {
        let got = aws_signing_0_2::Host::refresh(self, scope.translate()).await;
        got.map(Translate::translate).map_err(Translate::translate)
    }
}

impl clock::Host for ClockCapability {
    fn now(&mut self) -> u64 {
        clock_0_2::Host::now(self)
    }

    fn deadline(&mut self) -> u64 {
        clock_0_2::Host::deadline(self)
    }

    fn jitter(&mut self, max_milliseconds: u64) -> u64 {
        clock_0_2::Host::jitter(self, max_milliseconds)
    }

    async fn sleep(&mut self, milliseconds: u64) {
        clock_0_2::Host::sleep(self, milliseconds).await;
    }
}

impl http::Host for HttpCapability {
    async fn send(
        &mut self,
        request: http::Request,
    ) -> wasmtime::Result<Result<http::Response, http::Error>> {
        let answer = http_0_2::Host::send(self, request.translate()).await?;
        Ok(answer
            .map(Translate::translate)
            .map_err(Translate::translate))
    }

    async fn send_all(
        &mut self,
        requests: Vec<http::Request>,
    ) -> wasmtime::Result<Vec<Result<http::Response, http::Error>>> {
        let answers = http_0_2::Host::send_all(self, requests.translate()).await?;
        let answer = |answer: Result<http_0_2::Response, http_0_2::Error>| {
            answer
                .map(Translate::translate)
                .map_err(Translate::translate)
        };
        Ok(answers.into_iter().map(answer).collect())
    }
}

impl log::Host for LogCapability {
    fn write(&mut self, level: log::Level, message: String) {
        log_0_2::Host::write(self, level.translate(), message);
    }
}
