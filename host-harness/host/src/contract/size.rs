//! How much memory a value of the contract takes. A type that gets another member doesn't compile until
//! it is counted here.

use super::{Attribute, DeclaredParameter, DiscoveredJob, Error, Link, RunStatus, Step};

/// How much memory a value of the contract takes, for a host that bounds what it keeps. In bytes.
pub trait Size: Sized {
    /// What the value points to.
    fn pointed_to(&self) -> usize;

    /// What the value takes: its own size and that of what it points to.
    fn size(&self) -> usize {
        size_of::<Self>().saturating_add(self.pointed_to())
    }
}

impl Size for String {
    fn pointed_to(&self) -> usize {
        self.len()
    }
}

impl<T: Size> Size for Option<T> {
    fn pointed_to(&self) -> usize {
        self.as_ref().map_or(0, T::pointed_to)
    }
}

impl<T: Size> Size for Vec<T> {
    fn pointed_to(&self) -> usize {
        sum(self.iter().map(T::size))
    }
}

impl Size for Attribute {
    fn pointed_to(&self) -> usize {
        let Self { name, value } = self;
        sum([name, value].map(Size::pointed_to))
    }
}

impl Size for Link {
    fn pointed_to(&self) -> usize {
        let Self { label, url } = self;
        sum([label, url].map(Size::pointed_to))
    }
}

impl Size for DeclaredParameter {
    fn pointed_to(&self) -> usize {
        let Self {
            name,
            data_type,
            required: _,
            default_value,
            allowed_values,
            description,
        } = self;
        sum([
            name.pointed_to(),
            data_type.pointed_to(),
            default_value.pointed_to(),
            allowed_values.pointed_to(),
            description.pointed_to(),
        ])
    }
}

impl Size for DiscoveredJob {
    fn pointed_to(&self) -> usize {
        let Self {
            external_id,
            name,
            display_name,
            description,
            job_type,
            attributes,
            parameters,
            notes,
            details,
        } = self;
        sum([
            external_id.pointed_to(),
            name.pointed_to(),
            display_name.pointed_to(),
            description.pointed_to(),
            job_type.pointed_to(),
            attributes.pointed_to(),
            notes.pointed_to(),
            parameters.pointed_to(),
            details.pointed_to(),
        ])
    }
}

impl Size for Step {
    fn pointed_to(&self) -> usize {
        let Self {
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
        } = self;
        sum([
            name.pointed_to(),
            display_name.pointed_to(),
            kind.pointed_to(),
            platform_status.pointed_to(),
            reason.pointed_to(),
            resource_id.pointed_to(),
            links.pointed_to(),
            details.pointed_to(),
        ])
    }
}

impl Size for RunStatus {
    fn pointed_to(&self) -> usize {
        let Self {
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
        } = self;
        sum([
            platform_status.pointed_to(),
            message.pointed_to(),
            failed_steps.pointed_to(),
            outputs.pointed_to(),
            details.pointed_to(),
        ])
    }
}

impl Size for Error {
    fn pointed_to(&self) -> usize {
        let Self {
            class: _,
            code,
            message,
            hint,
            retryable: _,
            request_id,
            details,
        } = self;
        sum([
            code.pointed_to(),
            message.pointed_to(),
            hint.pointed_to(),
            request_id.pointed_to(),
            details.pointed_to(),
        ])
    }
}

impl<T: Size, E: Size> Size for Result<T, E> {
    fn pointed_to(&self) -> usize {
        match self {
            Ok(value) => value.pointed_to(),
            Err(error) => error.pointed_to(),
        }
    }
}

fn sum(sizes: impl IntoIterator<Item = usize>) -> usize {
    sizes.into_iter().fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(length: usize) -> Attribute {
        Attribute {
            name: "x".repeat(length),
            value: String::new(),
        }
    }

    #[test]
    fn the_texts_and_the_entries_of_a_value_count() {
        let error = |details: Vec<Attribute>| Error {
            class: crate::contract::ErrorClass::Other,
            code: "1".to_owned(),
            message: "22".to_owned(),
            hint: String::new(),
            retryable: false,
            request_id: Some("333".to_owned()),
            details,
        };
        assert_eq!(error(Vec::new()).size(), size_of::<Error>() + 6);
        let with_detail = error(vec![attribute(1_000)]);
        assert_eq!(
            with_detail.size(),
            size_of::<Error>() + 6 + size_of::<Attribute>() + 1_000
        );
        let answer: Result<Attribute, Error> = Err(with_detail);
        assert_eq!(answer.pointed_to(), 6 + size_of::<Attribute>() + 1_000);
    }
}
