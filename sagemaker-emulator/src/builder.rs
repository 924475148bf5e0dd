//! Sets an emulator up and starts it.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::arn::Place;
use crate::clock::{Clock, SystemClock};
use crate::credentials::Credentials;
use crate::emulator::Emulator;
use crate::errors::StartError;
use crate::model::Model;
use crate::pipeline::Pipeline;
use crate::server;
use crate::settings::Settings;
use crate::shared::Shared;
use crate::shipped;
use crate::store::TokenRepeat;
use crate::timeline::Timing;

/// What an emulator is to be like.
pub struct Builder {
    settings: Settings,
    port: u16,
    clock: Box<dyn Clock>,
    credentials: Vec<Credentials>,
    pipelines: Vec<Pipeline>,
    folders: Vec<PathBuf>,
    with_shipped: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            settings: Settings {
                place: Place {
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
        }
    }
}

impl Builder {
    /// The region it plays; `us-east-1` by default.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.place.region = region.into();
        self
    }

    /// The account it plays, twelve digits; `123456789012` by default.
    pub fn account_id(mut self, account_id: impl Into<String>) -> Self {
        self.settings.place.account_id = account_id.into();
        self
    }

    /// The port to listen on; 0, the default, for any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The clock; the machine's by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Accepts further credentials. Without any, `emulator` / `emulator-secret` are accepted.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials.push(credentials);
        self
    }

    /// How long a step takes; 2 seconds by default.
    pub fn step_duration(mut self, duration: Duration) -> Self {
        self.settings.timing.step = duration;
        self
    }

    /// How long a Callback step waits for its callback; an hour by default.
    pub fn callback_duration(mut self, duration: Duration) -> Self {
        self.settings.timing.callback = duration;
        self
    }

    /// How long running steps take to stop; 1 second by default.
    pub fn stop_duration(mut self, duration: Duration) -> Self {
        self.settings.timing.stop = duration;
        self
    }

    /// How long a Callback step holds its execution in Stopping; 10 seconds by default.
    pub fn callback_stop_duration(mut self, duration: Duration) -> Self {
        self.settings.timing.callback_stop = duration;
        self
    }

    /// How a repeated client token is answered; with the first answer by default.
    pub fn token_repeat(mut self, token_repeat: TokenRepeat) -> Self {
        self.settings.token_repeat = token_repeat;
        self
    }

    /// Refuses what exceeds this many requests a second as throttled; no limit by default.
    pub fn requests_per_second(mut self, most: u32) -> Self {
        self.settings.requests_per_second = Some(most);
        self
    }

    /// Adds a pipeline.
    pub fn pipeline(self, name: impl Into<String>, definition: impl Into<String>) -> Self {
        self.with_pipeline(Pipeline::new(name, definition))
    }

    /// Adds a pipeline with all that can be said about it.
    pub fn with_pipeline(mut self, pipeline: Pipeline) -> Self {
        self.pipelines.push(pipeline);
        self
    }

    /// Adds each `<name>.json` of a folder, with its `<name>.meta.json` where there is one.
    pub fn pipelines_from(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// Adds the example pipelines that are built in.
    pub fn shipped_pipelines(mut self) -> Self {
        self.with_shipped = true;
        self
    }

    /// Listens on 127.0.0.1 and serves until the emulator is dropped. Needs a Tokio runtime.
    ///
    /// # Errors
    ///
    /// The port can't be listened on, or pipelines can't be read.
    pub async fn start(mut self) -> Result<Emulator, StartError> {
        if self.credentials.is_empty() {
            let default = Credentials::new("emulator", "emulator-secret");
            self.credentials.push(default);
        }
        let mut pipelines = self.pipelines;
        for folder in &self.folders {
            pipelines.extend(Pipeline::read_folder(folder)?);
        }
        if self.with_shipped {
            pipelines.extend(shipped::pipelines()?);
        }

        let shared = Shared::new(self.settings, Model::load()?, self.clock, self.credentials);
        for pipeline in pipelines {
            add_pipeline(&shared, pipeline)?;
        }
        let shared = Arc::new(shared);
        let listen = async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
            listener.local_addr().map(|address| (listener, address))
        };
        let (listener, address) = listen.await.map_err(|source| StartError::Listen {
            port: self.port,
            source,
        })?;
        let (stop, stopped) = oneshot::channel::<()>();
        let router = server::router(Arc::clone(&shared));
        tokio::spawn(async move {
            let server = axum::serve(listener, router).with_graceful_shutdown(async {
                // The sender is never used: that it is dropped is the sign.
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
}

fn add_pipeline(shared: &Shared, pipeline: Pipeline) -> Result<(), StartError> {
    let name = &pipeline.name;
    if !shared.model.accepts("PipelineName", name) {
        return Err(StartError::PipelineName { name: name.clone() });
    }
    let settings = &shared.settings;
    let owner = settings.place.user("emulator");
    let role = settings.default_role();
    let now = shared.now();
    let mut state = shared.state();
    state
        .store
        .add_pipeline(pipeline, &settings.place, role, owner, now);
    Ok(())
}
