//! Hostile plugins. Each ends in the right error, within its limit; then the host serves the next
//! call, and nothing of its pool is in use.

mod calls;
mod compile_bombs;
mod descriptions;
mod egress;
mod files;
mod floods;
mod logs;
mod memory;
mod needs;
mod neighbours;
mod stage;
mod statuses;
mod text;
mod traces;
