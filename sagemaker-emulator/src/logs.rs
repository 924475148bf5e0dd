//! CloudWatch Logs, as far as it concerns the steps of pipelines and the runs of Glue jobs: what they
//! write, and how it is read.

mod describe_log_streams;
mod event;
mod filter_log_events;
mod get_log_events;
mod glue_group;
mod glue_run;
mod group;
mod lines;
mod page;
mod pattern;
mod reader;
mod run;
mod step_group;
mod stream;
mod time_range;

pub(crate) use self::describe_log_streams::describe_log_streams;
pub(crate) use self::filter_log_events::filter_log_events;
pub(crate) use self::get_log_events::get_log_events;
pub(crate) use self::page::PageContent;
pub(crate) use self::reader::{LogReader, listing};
