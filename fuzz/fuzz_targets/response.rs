//! Every call of the guest, compiled natively, and the responses to its requests.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| adversary::native(bytes));
