//! Credentials, region and endpoint as every AWS tool finds them.
//!
//! The chain of the AWS SDKs: environment variables, the profiles of `~/.aws` (with assumed roles,
//! single sign-on, web identity and processes), and the roles of containers and instances.

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};

/// What the AWS configuration of this machine and user says.
#[derive(Debug, Clone)]
pub struct AwsEnvironment {
    /// Credentials, looked for each time they are asked for; [`JobType`](crate::JobType) keeps them.
    pub credentials: SharedCredentialsProvider,
    /// The region: the one that was asked for, else `AWS_REGION`, `AWS_DEFAULT_REGION`, or that of
    /// the profile.
    pub region: Option<String>,
    /// The endpoint of all services, from `AWS_ENDPOINT_URL` or the profile.
    pub endpoint: Option<String>,
}

impl AwsEnvironment {
    /// Reads the configuration, of a profile other than the default one or for another region if
    /// they are given. Credentials are looked for later.
    pub async fn load(profile: Option<&str>, region: Option<&str>) -> Self {
        let mut profile_region = ProfileFileRegionProvider::builder();
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).no_credentials();
        if let Some(profile) = profile {
            profile_region = profile_region.profile_name(profile);
            loader = loader.profile_name(profile);
        }
        // Not the SDK's whole chain, which ends with the instance's metadata: on a machine that is
        // no instance that takes seconds, and an instance in one region may well serve another.
        let regions = RegionProviderChain::first_try(region.map(|r| Region::new(r.to_owned())))
            .or_else(EnvironmentVariableRegionProvider::new())
            .or_else(profile_region.build());
        let config = loader.region(regions).load().await;
        let region = config.region().map(ToString::to_string);
        Self {
            credentials: SharedCredentialsProvider::new(Chain {
                profile: profile.map(str::to_owned),
                region: region.clone(),
            }),
            region,
            endpoint: config.endpoint_url().map(str::to_owned),
        }
    }
}

/// The chain, made anew for each look: the SDK's own reads the profiles only once, and a person who
/// renews their credentials shouldn't have to start the host again.
#[derive(Debug)]
struct Chain {
    profile: Option<String>,
    region: Option<String>,
}

impl Chain {
    async fn look(&self) -> provider::Result {
        let region = self.region.clone().map(Region::new);
        match &self.profile {
            // A profile that was asked for by name is meant, whatever the environment holds.
            Some(profile) => {
                let config = ProviderConfig::default().with_region(region);
                let provider = ProfileFileCredentialsProvider::builder()
                    .configure(&config)
                    .profile_name(profile)
                    .build();
                provider.provide_credentials().await
            }
            None => {
                let mut chain = DefaultCredentialsChain::builder();
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
        future::ProvideCredentials::new(self.look())
    }
}
