//! An account for unit tests of operations.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::{Call, perform};
use crate::api::error::ServiceError;
use crate::api::model::Model;
use crate::api::operation::Operation;
use crate::arn::Account;
use crate::execution::attempt::Timing;
use crate::logs::PageContent;
use crate::settings::Settings;
use crate::store::Store;
use crate::store::tokens::TokenRepeat;

/// An account whose clock the test moves.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    model: Model,
    pub(crate) now: SystemTime,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let second = Duration::from_secs(1);
        let settings = Settings {
            account: Account {
                region: "us-gov-west-1".to_owned(),
                account_id: "123456789012".to_owned(),
            },
            timing: Timing {
                step: second,
                callback: second,
                stop: second,
                callback_stop: second,
            },
            token_repeat: TokenRepeat::default(),
            requests_per_second: None,
        };
        Self {
            store: Store::default(),
            settings,
            model: Model::load().unwrap(),
            now: UNIX_EPOCH + Duration::from_secs(1_800_000_000),
        }
    }

    /// Performs an operation, and checks both the request and the response against the model.
    pub(crate) fn call(&mut self, operation: Operation, body: &Value) -> Value {
        let answer = self.try_call(operation, body).unwrap();
        if let Err(error) = self.model.check_output(operation, &answer) {
            panic!("{operation}: {} {answer}", error.message);
        }
        answer
    }

    /// Performs an operation, unless it is refused.
    pub(crate) fn try_call(
        &mut self,
        operation: Operation,
        body: &Value,
    ) -> Result<Value, ServiceError> {
        self.model.check_input(operation, body)?;
        let call = Call {
            store: &mut self.store,
            settings: &self.settings,
            operation,
            body,
            content: PageContent::default(),
            caller_arn: self.settings.account.user_arn("someone"),
            now: self.now,
        };
        Ok(serde_json::from_str(&perform(call)?).unwrap())
    }
}
