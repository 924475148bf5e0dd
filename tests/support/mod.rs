//! What the end-to-end tests share.

mod answer;
mod cases;
mod clock;
mod records;
mod stage;
mod wire;

pub(crate) use answer::{answer, refusal};
pub(crate) use cases::{cases, runner};
pub(crate) use clock::SharedClock;
pub(crate) use records::{attribute, job, names_in_state, parameter, unknown_run};
pub(crate) use stage::{
    ACCESS_KEY_ID, GUID, ONE_STEP, REGION, SECRET, STEP, Stage, credentials, load, plugin,
};
pub(crate) use wire::{Sent, Wire};
