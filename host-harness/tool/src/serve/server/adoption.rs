//! The run of the platform that an operator names as the one that an uncertain start began.

use uuid::Uuid;

use super::{Server, not_served};
use crate::failure::Failure;
use crate::runs::call::{CallFailure, flatten};
use crate::runs::ending::Ending;
use crate::runs::event::{Event, RunEvent};
use crate::runs::record::Record;
use crate::runs::runner::Context;
use crate::serve::sources::Incoming;

impl Server {
    /// The record of a run that is taken for this run of the platform, with what the runs of its job type
    /// share; or the report that it can't be.
    async fn adopted(
        &self,
        guid: Uuid,
        run_id: &str,
    ) -> Result<Result<(Context, Record), Event>, Failure> {
        if self.runs.contains_key(&guid) {
            return Ok(Err(not_adopted(guid, "it is not over")));
        }
        let Some(mut record) = self.ledger.get(guid).await? else {
            return Ok(Err(not_adopted(guid, "it isn't in this ledger")));
        };
        let Some(context) = self.context(&record.job_type) else {
            return Ok(Err(not_adopted(guid, &not_served(&record.job_type))));
        };
        Ok(match record.want_adopted(run_id.to_owned()) {
            true => Ok((context, record)),
            false => Err(not_adopted(guid, "whether it was started is known")),
        })
    }

    /// Asks the platform about the run that an operator names as the one that an uncertain start began,
    /// because one that is named wrongly couldn't be put right later. The answer comes in later.
    pub(super) async fn adopt(&mut self, guid: Uuid, run_id: String) -> Result<(), Failure> {
        let (context, record) = match self.adopted(guid, &run_id).await? {
            Ok(adopted) => adopted,
            Err(refused) => return self.report(&refused),
        };
        let Some(run) = record.run() else {
            return Ok(());
        };
        let job_type = context.job_type;
        let incoming = self.incoming.clone();
        self.tasks.spawn(async move {
            let known = flatten(job_type.status(&run).await).map(drop);
            // Nobody receives it any more when everything ends.
            let _ = incoming.send(Incoming::Adoption {
                guid,
                run_id,
                known,
            });
            None
        });
        Ok(())
    }

    /// Takes the platform's answer about a run that an operator named.
    pub(super) async fn asked_about(
        &mut self,
        guid: Uuid,
        run_id: &str,
        known: Result<(), CallFailure>,
    ) -> Result<(), Failure> {
        match known {
            Ok(()) => self.follow_adopted(guid, run_id).await,
            Err(failure) => {
                let why = format!("the platform doesn't say how that run is: {failure}");
                self.report(&not_adopted(guid, &why))
            }
        }
    }

    /// Follows the run that an operator names as the one that an uncertain start began.
    async fn follow_adopted(&mut self, guid: Uuid, run_id: &str) -> Result<(), Failure> {
        let (context, record) = match self.adopted(guid, run_id).await? {
            Ok(adopted) => adopted,
            Err(refused) => return self.report(&refused),
        };
        self.ledger.put(&record, None).await?;
        self.counts.reopen(guid, Ending::Uncertain);
        let adopted = Event::Run(Box::new(record.clone()), RunEvent::Adopted);
        self.report(&adopted)?;
        self.run(context, record);
        Ok(())
    }
}

fn not_adopted(guid: Uuid, why: &str) -> Event {
    Event::NotTaken(format!("the run {guid} can't be adopted: {why}"))
}
