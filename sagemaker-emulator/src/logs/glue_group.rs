//! The log groups that runs of Glue jobs write to: a job may name any group, and Glue adds the part.

use std::fmt;

/// A log group that a run can write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GlueGroup<'a> {
    /// `LogGroupName` of the run.
    pub(super) name: &'a str,
    pub(super) part: GluePart,
}

/// What a group is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GluePart {
    /// What the script prints.
    Output,
    /// What Glue reports, and the script's errors.
    Error,
}

impl GluePart {
    const ALL: [Self; 2] = [Self::Output, Self::Error];

    fn suffix(self) -> &'static str {
        match self {
            Self::Output => "/output",
            Self::Error => "/error",
        }
    }
}

impl<'a> GlueGroup<'a> {
    pub(super) fn parse(name: &'a str) -> Option<Self> {
        GluePart::ALL.into_iter().find_map(|part| {
            let name = name.strip_suffix(part.suffix())?;
            Some(Self { name, part })
        })
    }
}

impl fmt::Display for GlueGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        f.write_str(self.part.suffix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_known_by_the_part_that_glue_adds() {
        for (name, part) in [
            ("/aws-glue/jobs/output", GluePart::Output),
            ("/aws-glue/jobs/error", GluePart::Error),
        ] {
            let group = GlueGroup::parse(name).unwrap();
            assert_eq!((group.name, group.part), ("/aws-glue/jobs", part));
            assert_eq!(group.to_string(), name);
        }
        assert_eq!(GlueGroup::parse("/aws-glue/jobs"), None);
    }
}
