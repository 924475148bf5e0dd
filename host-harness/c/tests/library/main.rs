//! The functions that other languages call, called as they call them: by pointers, lengths and JSON.

mod calls;
mod complete;
mod handles;
mod library;
mod questions;
mod swaps;
