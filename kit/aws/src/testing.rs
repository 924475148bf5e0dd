//! A service for tests.

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
    hint: |operation, code| {
        (operation == "Shout" && code == "ValidationException").then_some("Shout louder.")
    },
    lost_answer: "Try again; nothing happens twice.",
};
