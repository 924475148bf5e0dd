//! A service for tests.

use job_type_kit::contract::ErrorClass;

use crate::service::{Service, UserAgent};

pub(crate) static ECHO: Service = Service {
    name: "Echo",
    signing_name: "echo",
    target_prefix: "EchoService",
    endpoint_rule: |_, variant| if variant.fips { "echo-fips" } else { "echo" },
    user_agent: UserAgent {
        product: "polysync-echo",
        version: "1.2.3",
    },
    class: |code| (code == "TooManyEchoes").then_some(ErrorClass::Limit),
    hint: |operation, code| {
        (operation == "Shout" && code == "ValidationException").then_some("Shout louder.")
    },
    lost_answer: "Try again; nothing happens twice.",
};
