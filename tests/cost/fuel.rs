//! Counts the guest's instructions, in a host that has only the contract's four capabilities.

use aws_sigv4::sign::v4::generate_signing_key;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine, Store};

#[allow(missing_docs, unreachable_pub)]
mod bindings {
    wasmtime::component::bindgen!({ path: "wit/0.2.0", world: "plugin" });
}

use bindings::polysync::job_type::types::{Connection, Run, RunState};
use bindings::polysync::job_type::{aws_signing, clock, http, log, types};

/// 2026-11-01T12:00:00Z
const NOON: Duration = Duration::from_secs(1_793_534_400);
const ENOUGH: u64 = u64::MAX / 2;

/// Answers each request with the same body.
struct Capabilities {
    body: &'static str,
}

impl http::Host for Capabilities {
    fn send(&mut self, _: http::Request) -> Result<http::Response, http::Error> {
        Ok(http::Response {
            status: 200,
            headers: Vec::new(),
            body: self.body.as_bytes().to_vec(),
        })
    }

    fn send_all(
        &mut self,
        requests: Vec<http::Request>,
    ) -> Vec<Result<http::Response, http::Error>> {
        requests
            .into_iter()
            .map(|request| self.send(request))
            .collect()
    }
}

impl aws_signing::Host for Capabilities {
    fn get(
        &mut self,
        scope: aws_signing::Scope,
    ) -> Result<aws_signing::Credentials, aws_signing::Error> {
        let key = generate_signing_key("secret", UNIX_EPOCH + NOON, &scope.region, &scope.service);
        Ok(aws_signing::Credentials {
            access_key_id: "AKIDCOUNTED".to_owned(),
            session_token: None,
            expires_at: None,
            signing_key: key.as_ref().to_vec(),
        })
    }

    fn refresh(
        &mut self,
        scope: aws_signing::Scope,
    ) -> Result<aws_signing::Credentials, aws_signing::Error> {
        self.get(scope)
    }
}

impl clock::Host for Capabilities {
    fn now(&mut self) -> u64 {
        u64::try_from(NOON.as_millis()).unwrap()
    }

    fn deadline(&mut self) -> u64 {
        self.now() + 60_000
    }

    fn jitter(&mut self, most: u64) -> u64 {
        most
    }

    fn sleep(&mut self, _: u64) {}
}

impl types::Host for Capabilities {}

impl log::Host for Capabilities {
    fn write(&mut self, _: log::Level, _: String) {}
}

/// The instructions of one `status` of a run, whose request is answered with `body`, in a fresh
/// instance.
pub(super) fn status_instructions(component: &Path, run_id: &str, body: &'static str) -> u64 {
    let engine = Engine::new(Config::new().consume_fuel(true)).unwrap();
    let component = Component::from_file(&engine, component).unwrap();
    let mut linker = Linker::new(&engine);
    bindings::Plugin::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut Capabilities| state)
        .unwrap();
    let mut store = Store::new(&engine, Capabilities { body });
    store.set_fuel(ENOUGH).unwrap();
    let plugin = bindings::Plugin::instantiate(&mut store, &component, &linker).unwrap();
    let before = store.get_fuel().unwrap();
    let connection = Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    };
    let run = Run {
        external_id: Some("abalone".to_owned()),
        run_id: run_id.to_owned(),
    };
    let status = plugin
        .polysync_job_type_job_type()
        .call_status(&mut store, &connection, &run)
        .unwrap()
        .unwrap();
    assert_eq!(status.state, RunState::Running);
    before - store.get_fuel().unwrap()
}
