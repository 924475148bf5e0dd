//! Refusals: their status, headers and bodies.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| adversary::error(bytes));
