//! A service together with CloudWatch Logs: the two that a job type on AWS talks to on one connection.

use job_type_kit::contract::{
    Attribute, AttributeDefinition, Connection, ConnectionReport, Error, Need,
};
use job_type_kit::{Context, Findings};

use crate::client::{Client, Operation};
use crate::connection::{self, Settings};
use crate::endpoint::Endpoint;
use crate::logs;
use crate::partition::Partition;
use crate::service::Service;

/// A job type's services.
#[derive(Debug, Clone, Copy)]
pub struct Platform {
    /// The service that runs its jobs.
    pub main: &'static Service,
    /// CloudWatch Logs, by [`logs::service`].
    pub logs: &'static Service,
    /// Checks what else a connection has, beside where requests go: its other attributes.
    pub check: fn(&[Attribute], &mut Findings),
}

/// Where the requests of one connection go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// To the service.
    pub main: Settings,
    /// To CloudWatch Logs, where the connection names an endpoint for it.
    pub own_logs: Option<Endpoint>,
}

/// What can be given for a connection to any service.
pub fn definitions() -> Vec<AttributeDefinition> {
    let mut definitions = connection::definitions().to_vec();
    definitions.push(logs::definition());
    definitions
}

impl Platform {
    /// Reads a connection, and adds what is wrong with it to `findings`. `None` where the endpoint is not
    /// known.
    pub fn read(&self, connection: &Connection, findings: &mut Findings) -> Option<Endpoints> {
        let main = connection::settings(self.main, connection, findings);
        let own_logs = logs::own_endpoint(connection, findings);
        (self.check)(&connection.attributes, findings);
        let main = main?;
        Some(Endpoints { main, own_logs })
    }

    /// What a connection needs: the endpoints, and signing for both services.
    pub fn needs(&self, connection: &Connection) -> Vec<Need> {
        let mut needs = Vec::new();
        if let Some(endpoints) = self.read(connection, &mut Findings::default()) {
            needs.push(Need::http(endpoints.main.endpoint.origin()));
            let logs = self.logs_settings(connection, endpoints);
            let logs = Need::http(logs.endpoint.origin());
            if !needs.contains(&logs) {
                needs.push(logs);
            }
        }
        needs.extend([self.main, self.logs].map(|service| Need::aws_signing(service.signing_name)));
        needs
    }

    /// A client of the service.
    ///
    /// # Errors
    /// `InvalidConnection` with all that is wrong with the connection.
    pub fn client<'a>(&self, context: Context<'a>) -> Result<Client<'a>, Error> {
        let endpoints = self.read_whole(context.connection)?;
        Ok(Client::new(context.host, self.main, endpoints.main))
    }

    /// The same, and a client of CloudWatch Logs.
    ///
    /// # Errors
    /// As for [`Platform::client`].
    pub fn clients<'a>(&self, context: Context<'a>) -> Result<(Client<'a>, Client<'a>), Error> {
        let endpoints = self.read_whole(context.connection)?;
        let main = Client::new(context.host, self.main, endpoints.main.clone());
        let logs = self.logs_settings(context.connection, endpoints);
        Ok((main, Client::new(context.host, self.logs, logs)))
    }

    fn logs_settings(&self, connection: &Connection, endpoints: Endpoints) -> Settings {
        logs::settings(self.logs, connection, &endpoints.main, endpoints.own_logs)
    }

    /// Reads a connection with which nothing is wrong.
    fn read_whole(&self, connection: &Connection) -> Result<Endpoints, Error> {
        let mut findings = Findings::default();
        let endpoints = self.read(connection, &mut findings);
        let hint = "Nothing was sent to AWS. Correct the connection and try again.";
        findings.finish(endpoints, "InvalidConnection", hint)
    }

    /// Tests a connection by one request, for which it needs the endpoint, the credentials and the
    /// permission. `found` says what the answer shows beside these.
    ///
    /// # Errors
    /// As for [`Platform::client`], and the error of the request.
    pub fn test<O: Operation>(
        &self,
        context: Context<'_>,
        input: &O,
        found: impl FnOnce(O::Output) -> &'static str,
    ) -> Result<ConnectionReport, Error> {
        let client = self.client(context)?;
        let found = found(client.ask(input)?);
        let (name, region) = (self.main.name, client.region().as_str());
        Ok(ConnectionReport {
            message: format!("{name} in {region} takes these credentials; {found}."),
            details: vec![
                Attribute::new("endpoint", client.endpoint().url.as_str()),
                Attribute::new("partition", Partition::for_region(region).id),
            ],
        })
    }
}

#[cfg(test)]
mod tests;
