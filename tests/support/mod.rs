//! What the end-to-end tests share.

mod answer;
mod clock;
mod component;
mod load;
mod records;
mod stage;
mod wire;

pub(crate) use answer::{answer, refusal};
pub(crate) use clock::SharedClock;
pub(crate) use component::RELEASED_VARIABLE;
pub(crate) use load::{swaps_under_load, user_agent_version};
pub(crate) use model_checks::{cases, runner};
pub(crate) use records::{attribute, job, names_in_state, parameter, unknown_run};
pub(crate) use stage::{
    ACCESS_KEY_ID, GUID, ONE_STEP, REGION, SECRET, STEP, Stage, credentials, load, plugin, slot,
};
pub(crate) use wire::{Sent, Wire};
