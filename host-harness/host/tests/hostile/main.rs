//! What hostile plugins come to. Each ends in the one right error, within its limit; then the host
//! serves the next call, nothing of the pool is in use, and memory is back where it was.

mod calls;
mod egress;
mod files;
mod stage;
