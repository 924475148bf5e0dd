//! A host that stores compiled plugins in the user's cache directory.

use anyhow::Context;
use polysync_host::{Host, HostError, Limits};

use crate::cli::global::GlobalArgs;
use crate::failure::Failure;
use crate::output::note;
use crate::render::event::warning;
use crate::session::user_directory::user_directory;

/// A host that stores what it compiles, unless that is switched off or isn't possible.
pub(crate) fn with_cache(limits: Limits, global: &GlobalArgs) -> Result<Host, Failure> {
    let directory = match (&global.cache, global.no_cache) {
        (_, true) => None,
        (Some(given), _) => Some(std::path::absolute(given).context("cannot use --cache")?),
        (None, _) => user_directory("XDG_CACHE_HOME", ".cache"),
    };
    let Some(directory) = directory else {
        return Ok(Host::new(limits).map_err(anyhow::Error::new)?);
    };
    match Host::with_cache(limits.clone(), &directory) {
        Err(error @ HostError::Cache { .. }) => {
            note(&warning(format_args!(
                "{error}; the plugin is compiled each time it is used"
            )));
            Ok(Host::new(limits).map_err(anyhow::Error::new)?)
        }
        host => Ok(host.map_err(anyhow::Error::new)?),
    }
}
