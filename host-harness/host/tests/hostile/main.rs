//! Hostile plugins. Each ends in the right error, within its limit; then the host serves the next
//! call, and nothing of its pool is in use.

mod calls;
mod compile_bombs;
mod descriptions;
mod egress;
mod files;
mod memory;
mod floods;
mod neighbours;
mod needs;
mod stage;
mod text;
