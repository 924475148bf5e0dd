//! End-to-end tests of the command-line tool: the program itself, with the compiled component,
//! against the emulator. One file a subject.

mod running;
mod support;

mod command_line;
mod components;
mod connection;
mod crash;
mod describe;
mod discovery;
mod followed;
mod following;
mod glue_job;
mod glue_runs;
mod grants;
mod hostile;
mod interrupts;
mod job_files;
mod logs;
mod moto;
mod new_job_type;
mod pages;
mod proxy;
mod refusals;
mod runs;
mod secrets;
mod serve;
mod uncertain;
mod validation;
