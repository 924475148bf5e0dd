//! Pipeline definitions.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| adversary::definition(bytes));
