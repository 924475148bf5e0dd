//! What the job type is and what can be given for it: the contract's self-description.

/// How a value is entered and checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
}

/// Something that can be given for a job or a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeDefinition {
    /// The attribute's name.
    pub key: &'static str,
    /// What a form calls it.
    pub label: &'static str,
    /// One or two sentences for whoever fills the form.
    pub help: &'static str,
    /// How it is entered.
    pub kind: Kind,
    /// Least and greatest value of an integer.
    pub range: Option<(i64, i64)>,
    /// Least and greatest length of a text, in characters.
    pub length: Option<(u32, u32)>,
    /// A regular expression for the whole value.
    pub pattern: Option<&'static str>,
}

/// Something that an operator has to grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// An origin, with `*` for one label.
    Http(String),
    /// A signing name.
    AwsSigning(&'static str),
}

/// The job type's self-description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Stable for ever.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// For people.
    pub platform: &'static str,
    /// Of this plugin.
    pub version: &'static str,
    /// What the platform calls the external id.
    pub external_id_label: &'static str,
    /// What can be given for a job.
    pub job_attributes: Vec<AttributeDefinition>,
    /// What can be given for a connection.
    pub connection_attributes: Vec<AttributeDefinition>,
    /// Which of the contract's optional calls are offered.
    pub features: &'static [&'static str],
    /// What it can't work without.
    pub needs: Vec<Need>,
}
