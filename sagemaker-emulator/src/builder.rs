//! Configures and starts an emulator.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::access::credentials::Credentials;
use crate::api::model::Model;
use crate::api::service::AwsService;
use crate::arn::Account;
use crate::clock::{Clock, SystemClock};
use crate::emulator::Emulator;
use crate::execution::attempt::Timing;
use crate::glue::job::GlueJob;
use crate::glue::shipped as shipped_glue;
use crate::http::router::router;
use crate::pipeline::{Pipeline, folder, shipped};
use crate::settings::Settings;
use crate::start_error::StartError;
use crate::state::Shared;
use crate::store::tokens::TokenRepeat;

/// The configuration of an emulator.
pub struct Builder {
    settings: Settings,
    port: u16,
    clock: Box<dyn Clock>,
    credentials: Vec<Credentials>,
    pipelines: Vec<Pipeline>,
    folders: Vec<PathBuf>,
    with_shipped: bool,
    glue_jobs: Vec<GlueJob>,
}

impl Emulator {
    /// Returns a builder with the default configuration.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            settings: Settings {
                account: Account {
                    region: "us-east-1".to_owned(),
                    account_id: "123456789012".to_owned(),
                },
                timing: Timing {
                    step: Duration::from_secs(2),
                    callback: Duration::from_secs(60 * 60),
                    stop: Duration::from_secs(1),
                    callback_stop: Duration::from_secs(10),
                },
                token_repeat: TokenRepeat::default(),
                requests_per_second: None,
            },
            port: 0,
            clock: Box::new(SystemClock::default()),
            credentials: Vec::new(),
            pipelines: Vec::new(),
            folders: Vec::new(),
            with_shipped: false,
            glue_jobs: Vec::new(),
        }
    }
}

impl Builder {
    /// The region of the account; `us-east-1` by default.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.account.region = region.into();
        self
    }

    /// The account's ID, twelve digits; `123456789012` by default.
    pub fn account_id(mut self, account_id: impl Into<String>) -> Self {
        self.settings.account.account_id = account_id.into();
        self
    }

    /// The port to listen on; by default 0, which selects a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The clock; the system's by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Accepts these credentials too. By default, the access key `emulator` with the secret
    /// `emulator-secret` is accepted.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials.push(credentials);
        self
    }

    /// The duration of a step; 2 seconds by default.
    pub fn step_duration(mut self, duration: Duration) -> Self {
        self.settings.timing.step = duration;
        self
    }

    /// The time until the callback of a Callback step arrives; an hour by default.
    pub fn callback_duration(mut self, duration: Duration) -> Self {
        self.settings.timing.callback = duration;
        self
    }

    /// The time that running steps take to stop; 1 second by default.
    pub fn stop_duration(mut self, duration: Duration) -> Self {
        self.settings.timing.stop = duration;
        self
    }

    /// The time that a running Callback step takes to stop; 10 seconds by default.
    pub fn callback_stop_duration(mut self, duration: Duration) -> Self {
        self.settings.timing.callback_stop = duration;
        self
    }

    /// The response to a repeated client token; the first response by default.
    pub fn token_repeat(mut self, token_repeat: TokenRepeat) -> Self {
        self.settings.token_repeat = token_repeat;
        self
    }

    /// Throttles requests above this number a second; no limit by default.
    pub fn requests_per_second(mut self, limit: u32) -> Self {
        self.settings.requests_per_second = Some(limit);
        self
    }

    /// Adds a pipeline with this name and definition.
    pub fn pipeline(self, name: impl Into<String>, definition: impl Into<String>) -> Self {
        self.with_pipeline(Pipeline::new(name, definition))
    }

    /// Adds a pipeline.
    pub fn with_pipeline(mut self, pipeline: Pipeline) -> Self {
        self.pipelines.push(pipeline);
        self
    }

    /// Adds each `<name>.json` of a folder, with its `<name>.meta.json` and its `<name>.logs/<step>.log` if
    /// there are any.
    pub fn pipelines_from(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// Adds the built-in example pipelines.
    pub fn shipped_pipelines(mut self) -> Self {
        self.with_shipped = true;
        self
    }

    /// Adds a Glue job.
    pub fn glue_job(mut self, job: GlueJob) -> Self {
        self.glue_jobs.push(job);
        self
    }

    /// Adds the built-in example jobs of Glue.
    pub fn shipped_glue_jobs(mut self) -> Self {
        self.glue_jobs.extend(shipped_glue::jobs());
        self
    }

    /// Listens on 127.0.0.1 and serves until the emulator is dropped. Needs a Tokio runtime.
    ///
    /// # Errors
    ///
    /// The emulator can't listen on the port, or pipelines can't be read, or pipelines or Glue jobs have
    /// invalid names.
    pub async fn start(mut self) -> Result<Emulator, StartError> {
        if self.credentials.is_empty() {
            let default = Credentials::new("emulator", "emulator-secret");
            self.credentials.push(default);
        }
        let mut pipelines = self.pipelines;
        for path in &self.folders {
            pipelines.extend(folder::read(path)?);
        }
        if self.with_shipped {
            pipelines.extend(shipped::pipelines()?);
        }
        let shared = Shared::new(self.settings, Model::load()?, self.clock, self.credentials);
        for pipeline in pipelines {
            add_pipeline(&shared, pipeline)?;
        }
        for job in self.glue_jobs {
            add_glue_job(&shared, job)?;
        }
        listen(self.port, Arc::new(shared)).await
    }
}

async fn listen(port: u16, shared: Arc<Shared>) -> Result<Emulator, StartError> {
    let listen_error = |source| StartError::Listen { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(listen_error)?;
    let address = listener.local_addr().map_err(listen_error)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let router = router(Arc::clone(&shared));
    tokio::spawn(async move {
        let server = axum::serve(listener, router).with_graceful_shutdown(async {
            // Nothing is ever sent; the emulator drops the sender.
            let _ = stopped.await;
        });
        if let Err(error) = server.await {
            tracing::error!(%error, "the server ended");
        }
    });
    Ok(Emulator {
        shared,
        address,
        _stop: stop,
    })
}

fn add_pipeline(shared: &Shared, pipeline: Pipeline) -> Result<(), StartError> {
    let name = &pipeline.name;
    if !shared
        .model
        .accepts(AwsService::SageMaker, "PipelineName", name)
    {
        return Err(StartError::PipelineName { name: name.clone() });
    }
    let settings = &shared.settings;
    let owner = settings.account.user_arn("emulator");
    let role = settings.default_role();
    let now = shared.now();
    let mut state = shared.state();
    state
        .store
        .add_pipeline(pipeline, &settings.account, role, owner, now);
    Ok(())
}

fn add_glue_job(shared: &Shared, job: GlueJob) -> Result<(), StartError> {
    let name = &job.name;
    if !shared.model.accepts(AwsService::Glue, "NameString", name) {
        return Err(StartError::GlueJobName { name: name.clone() });
    }
    let now = shared.now();
    shared.state().store.glue.add_job(job, now);
    Ok(())
}
