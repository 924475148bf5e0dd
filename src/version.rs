//! The component's version.

/// What the build was stamped with in `SAGEMAKER_PIPELINE_VERSION`, else the package's version.
pub(crate) const VERSION: &str = match option_env!("SAGEMAKER_PIPELINE_VERSION") {
    Some(stamped) => stamped,
    None => env!("CARGO_PKG_VERSION"),
};
