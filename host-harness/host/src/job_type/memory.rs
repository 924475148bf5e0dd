//! How much memory an answer takes that the host holds while it waits for others.

use super::Answer;
use crate::contract::{Attribute, Error, Link, RunStatus, Step};

/// The bytes of an answer: of its lists' entries and of its texts.
pub(super) fn of_answer(answer: &Answer<RunStatus>) -> usize {
    size_of_val(answer)
        + match answer {
            Ok(Ok(status)) => of_status(status),
            Ok(Err(error)) => of_error(error),
            Err(_) => 0,
        }
}

fn of_status(status: &RunStatus) -> usize {
    // Destructured without `..`, so that a new member can't be forgotten here.
    let RunStatus {
        state: _,
        platform_status,
        finished: _,
        poll_after: _,
        message,
        started_at: _,
        updated_at: _,
        ended_at: _,
        failed_steps,
        outputs,
        details,
    } = status;
    platform_status.len()
        + of_optional(message)
        + of_list(failed_steps, of_step)
        + of_list(outputs, of_attribute)
        + of_list(details, of_attribute)
}

fn of_step(step: &Step) -> usize {
    let Step {
        name,
        display_name,
        kind,
        state: _,
        platform_status,
        started_at: _,
        ended_at: _,
        attempts: _,
        cache_hit: _,
        has_log: _,
        reason,
        resource_id,
        links,
        details,
    } = step;
    name.len()
        + kind.len()
        + platform_status.len()
        + of_optional(display_name)
        + of_optional(reason)
        + of_optional(resource_id)
        + of_list(links, |Link { label, url }| label.len() + url.len())
        + of_list(details, of_attribute)
}

fn of_error(error: &Error) -> usize {
    let Error {
        class: _,
        code,
        message,
        hint,
        retryable: _,
        request_id,
        details,
    } = error;
    code.len()
        + message.len()
        + hint.len()
        + of_optional(request_id)
        + of_list(details, of_attribute)
}

fn of_attribute(Attribute { name, value }: &Attribute) -> usize {
    name.len() + value.len()
}

fn of_optional(text: &Option<String>) -> usize {
    text.as_ref().map_or(0, String::len)
}

fn of_list<T>(list: &[T], of_entry: impl Fn(&T) -> usize) -> usize {
    size_of_val(list) + list.iter().map(of_entry).sum::<usize>()
}
