//! A constructor of a job that was found.

use crate::contract::DiscoveredJob;

impl DiscoveredJob {
    /// A job that the platform knows by its name. Everything else is empty.
    pub fn named(job_type: &str, name: String) -> Self {
        Self {
            external_id: name.clone(),
            name,
            display_name: None,
            description: None,
            job_type: job_type.to_owned(),
            attributes: Vec::new(),
            parameters: Vec::new(),
            notes: Vec::new(),
            details: Vec::new(),
        }
    }
}
