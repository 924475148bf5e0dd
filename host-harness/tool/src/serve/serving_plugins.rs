//! The plugins that serve at the moment, as far as jobs and orders are checked against them: which job type
//! a job or an order is for.

use std::fmt;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use polysync_host::contract::{Description, Job};
use polysync_host::{Digest, text};

use crate::job;
use crate::job::file::JobFile;

/// How much of a word that names no job type an error repeats, in bytes.
const EXCERPT: usize = 200;

type Ask = dyn Fn() -> Vec<(Digest, Description)> + Send + Sync;

/// The plugins that serve at the moment they are asked about, at least one. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ServingPlugins(Arc<Ask>);

/// A job, and the id of the job type that it is for.
#[derive(Debug, PartialEq)]
pub(crate) struct TypedJob {
    pub(crate) job_type: String,
    pub(crate) job: Job,
}

impl ServingPlugins {
    pub(crate) fn new(
        ask: impl Fn() -> Vec<(Digest, Description)> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(ask))
    }

    pub(crate) fn digests(&self) -> Vec<Digest> {
        self.0().into_iter().map(|(digest, _)| digest).collect()
    }

    /// The job of a job file, checked against the plugin of its job type.
    pub(crate) fn job(&self, file: JobFile) -> Result<TypedJob> {
        let description = self.named(file.job_type.as_deref(), |ids| {
            anyhow!("it doesn't say of which job type it is: add `jobType`, which is one of {ids}")
        })?;
        Ok(TypedJob {
            job: job::from_file(file, &description)?,
            job_type: description.id,
        })
    }

    /// The id of the job type that an order is for.
    pub(crate) fn job_type_of_order(&self, order: &str, job_type: Option<&str>) -> Result<String> {
        let description = self.named(job_type, |ids| {
            anyhow!(
                "`{order}` doesn't say which job type: write `{order} ID`, where ID is one of {ids}"
            )
        })?;
        Ok(description.id)
    }

    /// The description of the plugin with this id. Without one, the plugin has to be the only one.
    fn named(
        &self,
        id: Option<&str>,
        missing: impl FnOnce(&str) -> anyhow::Error,
    ) -> Result<Description> {
        let plugins = self.0();
        let ids = plugins.iter().map(|(_, description)| &description.id);
        let ids: Vec<_> = ids.map(|id| format!("`{id}`")).collect();
        let ids = ids.join(", ");
        let is_only = plugins.len() == 1;
        let mut descriptions = plugins.into_iter().map(|(_, description)| description);
        match id {
            None if is_only => descriptions.next().ok_or_else(|| missing(&ids)),
            None => Err(missing(&ids)),
            Some(id) => descriptions.find(|one| one.id == id).ok_or_else(|| {
                anyhow!(
                    "no plugin serves the job type `{}`; served: {ids}",
                    text::line(id, EXCERPT)
                )
            }),
        }
    }
}

impl fmt::Debug for ServingPlugins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServingPlugins")
            .field(&self.digests())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn job(plugins: &ServingPlugins, job_type: Option<&str>) -> Result<String> {
        let file = JobFile {
            job_type: job_type.map(str::to_owned),
            external_id: Some("churn".into()),
            ..JobFile::default()
        };
        plugins.job(file).map(|job| job.job_type)
    }

    #[test]
    fn where_one_plugin_serves_the_job_type_goes_without_saying() {
        let one = samples::serving_plugins(&["a"]);
        assert_eq!(job(&one, None).unwrap(), "a");
        assert_eq!(job(&one, Some("a")).unwrap(), "a");
        assert_eq!(one.job_type_of_order("swap", None).unwrap(), "a");
        assert_eq!(
            job(&one, Some("b")).unwrap_err().to_string(),
            "no plugin serves the job type `b`; served: `a`"
        );
    }

    #[test]
    fn where_several_serve_a_job_and_an_order_name_theirs() {
        let two = samples::serving_plugins(&["a", "b"]);
        for id in ["a", "b"] {
            assert_eq!(job(&two, Some(id)).unwrap(), id);
            let of_order = two.job_type_of_order("rollback", Some(id));
            assert_eq!(of_order.unwrap(), id);
        }
        assert_eq!(
            job(&two, None).unwrap_err().to_string(),
            "it doesn't say of which job type it is: add `jobType`, which is one of `a`, `b`"
        );
        assert_eq!(
            two.job_type_of_order("swap", None).unwrap_err().to_string(),
            "`swap` doesn't say which job type: write `swap ID`, where ID is one of `a`, `b`"
        );
        let unknown = two.job_type_of_order("swap", Some("c"));
        assert_eq!(
            unknown.unwrap_err().to_string(),
            "no plugin serves the job type `c`; served: `a`, `b`"
        );
    }
}
