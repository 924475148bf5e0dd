//! Credentials, region and endpoint from where every AWS tool takes them.
//!
//! Credentials come from the chain of the AWS SDKs: environment variables, the profiles of `~/.aws`
//! (with assumed roles, single sign-on, web identity and processes), and the roles of containers and
//! instances.

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use crate::egress::ca_bundle::CaBundle;

/// The AWS configuration of this machine and user.
#[derive(Debug, Clone)]
pub struct AwsEnvironment {
    /// Looks credentials up each time it is asked; a [`JobType`](crate::JobType) caches them.
    pub credentials: SharedCredentialsProvider,
    /// The region that was asked for, else that of `AWS_REGION`, `AWS_DEFAULT_REGION`, or the
    /// profile.
    pub region: Option<String>,
    /// The base URL for all services, from `AWS_ENDPOINT_URL` or the profile.
    pub endpoint: Option<String>,
}

impl AwsEnvironment {
    /// Reads the configuration. `profile` and `region`, where given, replace the configured ones.
    ///
    /// Looks no credentials up, and never fails: what is wrong with a profile shows when its
    /// credentials are looked up. The lookup goes through the proxies of `HTTPS_PROXY`, `HTTP_PROXY`
    /// and `NO_PROXY`, as with every AWS tool.
    pub async fn load(profile: Option<&str>, region: Option<&str>) -> Self {
        Self::load_trusting(profile, region, None).await
    }

    /// Like [`load`](Self::load), for a network where `bundle` names the certificate authority of a
    /// proxy or a server: lookups of credentials trust it beside the system's authorities.
    pub async fn load_trusting(
        profile: Option<&str>,
        region: Option<&str>,
        bundle: Option<&CaBundle>,
    ) -> Self {
        let mut profile_region = ProfileFileRegionProvider::builder();
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).no_credentials();
        if let Some(profile) = profile {
            profile_region = profile_region.profile_name(profile);
            loader = loader.profile_name(profile);
        }
        // Not the SDK's whole chain, which ends with the instance's metadata: outside EC2 that takes
        // seconds, and an instance in one region may well run jobs in another.
        let regions = RegionProviderChain::first_try(region.map(|r| Region::new(r.to_owned())))
            .or_else(EnvironmentVariableRegionProvider::new())
            .or_else(profile_region.build());
        let config = loader.region(regions).load().await;
        let region = config.region().map(ToString::to_string);
        Self {
            credentials: SharedCredentialsProvider::new(Chain {
                profile: profile.map(str::to_owned),
                region: region.clone(),
                http: bundle.map(http_client),
            }),
            region,
            endpoint: config.endpoint_url().map(str::to_owned),
        }
    }
}

/// A client like the SDK's own, which trusts a bundle too.
fn http_client(bundle: &CaBundle) -> SharedHttpClient {
    let trusted = TrustStore::default().with_pem_certificate(bundle.pem());
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector =
            ConnectorBuilder::default().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        // The SDK's builder never fails.
        if let Ok(context) = TlsContext::builder()
            .with_trust_store(trusted.clone())
            .build()
        {
            connector.set_tls_context(context);
        }
        connector.set_proxy_config(Some(ProxyConfig::from_env()));
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.build()
    })
}

/// Builds the SDK's chain for each lookup: the chain reads the profiles only once, and a person who
/// renews their credentials shouldn't have to restart the host.
#[derive(Debug)]
struct Chain {
    profile: Option<String>,
    region: Option<String>,
    /// The SDK's own if none.
    http: Option<SharedHttpClient>,
}

impl Chain {
    async fn look_up(&self) -> provider::Result {
        let region = self.region.clone().map(Region::new);
        let config = match &self.http {
            Some(client) => ProviderConfig::default().with_http_client(client.clone()),
            None => ProviderConfig::default(),
        };
        let config = config.with_region(region.clone());
        match &self.profile {
            // A profile that was asked for by name takes precedence over the environment.
            Some(profile) => {
                let provider = ProfileFileCredentialsProvider::builder()
                    .configure(&config)
                    .profile_name(profile)
                    .build();
                provider.provide_credentials().await
            }
            None => {
                let mut chain = DefaultCredentialsChain::builder().configure(config);
                chain.set_region(region);
                chain.build().await.provide_credentials().await
            }
        }
    }
}

impl ProvideCredentials for Chain {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.look_up())
    }
}
