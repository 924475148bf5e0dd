//! How the plugin's requests leave: through which proxies, and which authorities are trusted.

use std::path::Path;

use anyhow::Context;
use polysync_host::contract::ErrorClass;
use polysync_host::{CaBundle, ClientOptions, Proxies, ReqwestClient};

use crate::cli::global::GlobalArgs;
use crate::failure::Failure;

/// The certificate authorities of `--ca-bundle`.
pub(crate) fn ca_bundle(global: &GlobalArgs) -> Result<Option<CaBundle>, Failure> {
    let path = global.ca_bundle.as_deref();
    let Some(path) = path.filter(|path| !path.as_os_str().is_empty()) else {
        return Ok(None);
    };
    Ok(Some(read(path)?))
}

fn read(path: &Path) -> anyhow::Result<CaBundle> {
    let cannot = || format!("cannot use the CA bundle {}", path.display());
    let pem = std::fs::read(path).with_context(cannot)?;
    CaBundle::parse(&pem).with_context(cannot)
}

/// The client that the command line asks for; none for the host's own.
pub(crate) fn client(
    global: &GlobalArgs,
    bundle: Option<&CaBundle>,
) -> Result<Option<ReqwestClient>, Failure> {
    if !global.proxy_from_env && bundle.is_none() {
        return Ok(None);
    }
    let mut options = ClientOptions::default();
    if let Some(bundle) = bundle {
        options = options.with_ca_bundle(bundle);
    }
    if global.proxy_from_env {
        let proxies = Proxies::from_env().map_err(anyhow::Error::new)?;
        options = options.with_proxies(match global.proxy_resolves_names {
            true => proxies.resolving_names(),
            false => proxies,
        });
    }
    let client = ReqwestClient::with_options(options).map_err(anyhow::Error::new)?;
    Ok(Some(client))
}

/// The failure, and where the platform can't be reached, which option about proxies may help.
pub(crate) fn explain(global: &GlobalArgs, mut failure: Failure) -> Failure {
    if let Some(advice) = advice(global)
        && let Some(error) = failure.platform_mut()
        && error.class == ErrorClass::Unavailable
    {
        let space = if error.hint.is_empty() { "" } else { " " };
        error.hint += &format!("{space}{advice}");
    }
    failure
}

/// Nothing where the environment names no proxy.
fn advice(global: &GlobalArgs) -> Option<String> {
    let variable = Proxies::env_variable()?;
    match (global.proxy_from_env, global.proxy_resolves_names) {
        (false, _) => Some(format!(
            "{variable} is set, but the plugin's requests use no proxy: --proxy-from-env sends them \
             through it."
        )),
        (true, false) => Some(format!(
            "If only the proxy of {variable} can resolve names, add --proxy-resolves-names."
        )),
        (true, true) => None,
    }
}
