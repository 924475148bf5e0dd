//! The library from other languages: their own tests, run against it.

mod c;
mod csharp;
mod python;
mod sdk;
mod stage;
