//! How much memory the entries of a list take. A type that gets another member doesn't compile until
//! it is counted here.

use polysync_host::contract::{Attribute, DeclaredParameter, DiscoveredJob, Link, Step};

/// What a value takes, in bytes: its own size and that of what it points to.
pub(crate) trait Size: Sized {
    /// What the value points to.
    fn pointed_to(&self) -> usize;

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

fn sum(sizes: impl IntoIterator<Item = usize>) -> usize {
    sizes.into_iter().fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_texts_of_a_job_and_of_its_parts_count() {
        let job = samples::discovered_job();
        let mut longer = job.clone();
        longer.description = Some("x".repeat(1_000));
        let before = job.description.as_deref().map_or(0, str::len);
        assert_eq!(longer.size(), job.size() - before + 1_000);
        let attribute = Attribute {
            name: "x".repeat(10),
            value: "x".repeat(20),
        };
        longer.details.push(attribute.clone());
        assert_eq!(
            longer.size(),
            job.size() - before + 1_000 + 30 + size_of::<Attribute>()
        );
    }
}
